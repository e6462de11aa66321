"""How the routes of access answer and are described: status, body, cookie, problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from f1timings.access.accounts import LOGIN_LONGEST
from f1timings.web.access.accounts.register import Requester
from f1timings.web.access.checks.identity import COOKIE, Identity
from f1timings.web.http import lists
from f1timings.web.http.negotiation import JSON

_NO_STORE: Final = {"Cache-Control": "no-store"}


def answer(body: BaseModel, status: int = 200) -> Response:
    """A body that nobody keeps a copy of."""
    return Response(body.model_dump_json(), status_code=status, media_type=JSON, headers=_NO_STORE)


def nothing() -> Response:
    """Done, with nothing to say."""
    return Response(status_code=204, headers=_NO_STORE)


def made(example: Mapping[str, object], *problems: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that makes something: its example at 201, and the problems."""
    responses = lists.described(example, *problems)
    responses[201] = responses.pop(200)
    return responses


def silent(*problems: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that answers nothing but problems."""
    responses = lists.described({}, *problems)
    del responses[200]
    return {204: {"description": "Done"}, **responses}


def with_cookie(response: Response, request: Request, secret: str) -> Response:
    """Let the browser keep the secret of its login; scripts cannot read it, other sites do not send it."""
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


def without_cookie(response: Response, request: Request) -> Response:
    """Let the browser forget its login."""
    response.delete_cookie(
        COOKIE, path="/", secure=request.url.scheme == "https", httponly=True, samesite="lax"
    )
    return response


def identity_of(request: Request) -> Identity:
    """Who asks, as the gate has found out."""
    identity: Identity = request.state.identity
    return identity


def ip_of(request: Request) -> str:
    """Where a request is from."""
    return request.client.host if request.client else ""


def by(request: Request) -> Requester:
    """Who makes a change, for the log."""
    return Requester(identity_of(request).actor.name, ip_of(request))


def agent_of(request: Request) -> str:
    """The browser's own name for itself."""
    return request.headers.get("user-agent", "")
