"""The login cookie: scripts cannot read it, and other sites cannot send it with a change."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from f1timings.access.accounts import LOGIN_LONGEST
from f1timings.web.access.credentials.identity import COOKIE


def with_login_cookie(response: Response, request: Request, secret: str) -> Response:
    """The response, which stores the secret of a login in the browser."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LOGIN_LONGEST.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def without_login_cookie(response: Response, request: Request) -> Response:
    """The response, which deletes the login cookie in the browser."""
    response.delete_cookie(
        COOKIE, path="/", secure=request.url.scheme == "https", httponly=True, samesite="lax"
    )
    return response
