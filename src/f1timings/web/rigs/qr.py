"""QR codes as SVG: one for a rig, to sit down at it, and one for a driver, to say who sits down."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import quote

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.errors import NotFound
from f1timings.meeting import people
from f1timings.web.http import lists
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters
from f1timings.web.rigs.routes import RigPath, is_known
from f1timings.web.rigs.seat_bodies import DriverId
from f1timings.web.services import Services

SVG = "image/svg+xml"
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.%]{2,60}\](:\d{1,5})?")
_EXAMPLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41">…</svg>'


def routes(services: Services) -> APIRouter:
    """The pictures."""
    router = APIRouter(tags=["rigs"], dependencies=[Depends(no_parameters)])

    @router.get(
        "/rigs/{rig}/qr.svg",
        operation_id="get_rig_qr",
        summary="A QR code to stick on a rig: its page lets a driver sit down there",
        dependencies=[Depends(is_known(services))],
        response_class=Response,
        responses=_described(404, 422, 500, 503),
    )
    def get_rig_qr(request: Request, rig: RigPath) -> Response:
        return _picture(f"{_origin(request)}/me?rig={quote(rig, safe='')}")

    @router.get(
        "/drivers/{driver_id}/qr.svg",
        operation_id="get_driver_qr",
        summary="A QR code for a driver's phone: whoever shows it is that driver",
        response_class=Response,
        responses=_described(401, 403, 404, 422, 500, 503),
    )
    def get_driver_qr(request: Request, driver_id: DriverId) -> Response:
        driver = services.reads.get_record(people.Driver, driver_id)
        if driver is None or driver.is_deleted:
            raise NotFound(f"There is no driver {driver_id!r}. GET /api/v1/drivers lists those there are.")
        return _picture(f"{_origin(request)}/me?token={quote(driver.token, safe='')}")

    return router


def svg(text: str) -> bytes:
    """A QR code without any style or script, so that it shows under every content security policy."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, light="#fff"
    )
    return picture.getvalue()


def _picture(text: str) -> Response:
    # It holds the address that this client used, and a driver's one is as good as the PIN.
    return Response(svg(text), media_type=SVG, headers={"Cache-Control": "no-store"})


def _origin(request: Request) -> str:
    """This server's address as the client used it: others on the same network reach it there, too.

    Raises:
        ProblemError: it is no address.
    """
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise ProblemError("bad-request", "Ask under the server's own address; the Host header is none.")
    return f"{request.scope['scheme']}://{host}"


def _described(*problems: int) -> dict[int | str, dict[str, Any]]:
    responses = lists.described({}, *problems)
    responses[200] = {"content": {SVG: {"schema": {"type": "string"}, "example": _EXAMPLE}}}
    return responses
