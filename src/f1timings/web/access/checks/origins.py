"""The check for foreign pages: a page of another site must not change anything here (CSRF)."""

from __future__ import annotations

from typing import Final

from fastapi import Request

from f1timings.traces.lap_files import MEDIA_TYPE as LAP_FILE
from f1timings.web.access.credentials.identity import Identity
from f1timings.web.http.problems import ProblemError

# A form of another site cannot send these types, and a script there must ask first, which we do not allow.
_SAFE_TYPES: Final = frozenset({"application/json", "image/png", "image/jpeg", "image/webp", LAP_FILE})


def is_same_origin(origin: str, host: str) -> bool:
    """Whether an Origin header, such as ``http://192.168.1.5:8080``, names the host of the request."""
    return bool(host) and origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def refuse_foreign_page(request: Request, identity: Identity) -> None:
    """Refuse a change that a page of another site may have sent.

    A browser adds our cookie to requests from any page. A request that has an Authorization header and does
    not rely on a cookie is not checked: only programs send such requests.

    Raises:
        ProblemError: the request comes from a foreign page, or is a form that any page can send.
    """
    if "authorization" in request.headers and not identity.has_cookie:
        return
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if origin is not None and not is_same_origin(origin, host):
        raise ProblemError("forbidden-origin")
    if site not in (None, "same-origin", "none"):
        raise ProblemError("forbidden-origin")
    if identity.has_cookie and origin is None and site is None:
        raise ProblemError(
            "forbidden-origin",
            "A change with a login cookie needs the Origin header. Programs should send a token instead.",
        )
    if _has_body(request) and _media_type(request) not in _SAFE_TYPES:
        raise ProblemError("unsupported-media-type")


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
