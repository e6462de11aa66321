"""QR codes as SVG: a rig's code opens the page for taking a seat, a driver's code identifies the driver."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import segno
from fastapi import Depends, Request
from fastapi.responses import Response

from f1timings.meeting import people
from f1timings.web.http import acting, lists
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.rigs.routes import RigPath, need_known_rig
from f1timings.web.rigs.seat_bodies import DriverId
from f1timings.web.services import Services

SVG = "image/svg+xml"
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.%]{2,60}\](:\d{1,5})?")
_LOOPBACK = re.compile(r"(localhost|127(\.\d+){3}|\[::1\])(?=:|$)", re.IGNORECASE)
_EXAMPLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41">…</svg>'


def routes(services: Services) -> RouteList:
    """The routes of QR codes."""
    router = RouteList(tags=["rigs"], dependencies=[Depends(no_parameters)])

    @router.get(
        "/rigs/{rig}/qr.svg",
        operation_id="get_rig_qr",
        summary="A QR code to stick on a rig; it opens the page on which a driver takes a seat there",
        dependencies=[Depends(need_known_rig(services))],
        response_class=Response,
        responses=_described(404, 422, 500, 503),
    )
    def get_rig_qr(request: Request, rig: RigPath) -> Response:
        return _svg_response(f"{_origin(request, services)}/me?rig={quote(rig, safe='')}")

    @router.get(
        "/drivers/{driver_id}/qr.svg",
        operation_id="get_driver_qr",
        summary="A QR code for a driver's phone; a person who shows it acts as that driver",
        response_class=Response,
        responses=_described(401, 403, 404, 422, 500, 503),
    )
    def get_driver_qr(request: Request, driver_id: DriverId) -> Response:
        driver = services.reads.get_record(people.Driver, driver_id)
        if driver is None or driver.is_deleted:
            raise acting.no_such("driver", driver_id, "/api/v1/drivers")
        return _svg_response(f"{_origin(request, services)}/me?token={quote(driver.token, safe='')}")

    return router


def host_for_devices(host: str, addresses: Sequence[str]) -> str:
    """Return the host and port at which other devices reach a server that a client reached at ``host``.

    Args:
        addresses: of the pages in networks, the most likely first.
    """
    loopback = _LOOPBACK.match(host)
    if loopback is None or not addresses:
        return host
    return addresses[0] + host[loopback.end() :]


def build_svg(text: str) -> bytes:
    """Return a QR code without styles and scripts, so that every content security policy allows it."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, light="#fff"
    )
    return picture.getvalue()


def _svg_response(text: str) -> Response:
    # Not stored: it contains the address that this client used, and a driver's code is as secret as a PIN.
    return Response(build_svg(text), media_type=SVG, headers={"Cache-Control": "no-store"})


def _origin(request: Request, services: Services) -> str:
    """Return this server's address for other devices.

    It is the address that the client used, unless that means "this machine".

    Raises:
        ProblemError: the Host header is not an address.
    """
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise ProblemError("bad-request", "The Host header is not an address; use the server's own address.")
    return f"{request.scope['scheme']}://{host_for_devices(host, services.page_addresses())}"


def _described(*problems: int) -> dict[int | str, dict[str, Any]]:
    responses = lists.described({}, *problems)
    responses[200] = {"content": {SVG: {"schema": {"type": "string"}, "example": _EXAMPLE}}}
    return responses
