"""``/tokens``: tokens for programs and screens; and the same routes for commands on this machine."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fastapi import Depends, Request
from fastapi.responses import Response

from f1timings.web.access import bodies, examples
from f1timings.web.access.control import AccessControl
from f1timings.web.access.request_identity import requester_of
from f1timings.web.http import lists
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content, json_response, no_content
from f1timings.web.http.route_list import RouteList

#: Where commands of the owner of the data folder list, create and revoke tokens.
OWNER_PATH: Final = "/api/internal/tokens"


def routes(access: AccessControl) -> RouteList:
    """The routes of tokens, for admins."""
    router = RouteList(tags=["access"], prefix="/tokens")

    @router.get(
        "",
        operation_id="list_tokens",
        summary="Tokens, without their secrets",
        dependencies=[Depends(no_parameters)],
        response_model=bodies.TokenListBody,
        responses=lists.described_list(
            bodies.TokenBody, examples.whole_list(examples.TOKEN), [examples.TOKEN], 406, 422, 500, 503
        ),
    )
    def list_tokens(request: Request) -> Response:
        return lists.answer(request, bodies.TokenBody, _list_body(access))

    @router.post(
        "",
        operation_id="create_token",
        summary="Create a token; its secret is shown only this once",
        status_code=201,
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        response_model=bodies.MadeTokenBody,
        responses=lists.described_creation(examples.MADE_TOKEN, 406, 415, 422, 500, 503),
    )
    def create_token(request: Request, new: bodies.NewTokenBody) -> Response:
        return _create(access, request, new)

    @router.delete(
        "/{token_id}",
        operation_id="revoke_token",
        summary="Revoke a token; screens that use it are disconnected within 5 s",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=described_no_content(404, 422, 500, 503),
    )
    def revoke_token(request: Request, token_id: str) -> Response:
        access.tokens.revoke(token_id, requester_of(request))
        return no_content()

    return router


def owner_routes(access: AccessControl) -> RouteList:
    """The same routes for commands; not part of the public API."""
    router = RouteList(include_in_schema=False)

    @router.get(OWNER_PATH, operation_id="list_tokens_for_owner")
    def list_tokens() -> Response:
        return json_response(_list_body(access))

    @router.post(OWNER_PATH, operation_id="create_token_for_owner")
    def create_token(request: Request, new: bodies.NewTokenBody) -> Response:
        return _create(access, request, new)

    @router.delete(OWNER_PATH + "/{token_id}", operation_id="revoke_token_for_owner")
    def revoke_token(request: Request, token_id: str) -> Response:
        access.tokens.revoke(token_id, requester_of(request))
        return no_content()

    return router


def _list_body(access: AccessControl) -> bodies.TokenListBody:
    tokens = access.directory.records.tokens.values()
    rows = [bodies.TokenBody.of(token, access.directory.shown) for token in tokens]
    return bodies.TokenListBody(items=rows, next=None)


def _create(access: AccessControl, request: Request, new: bodies.NewTokenBody) -> Response:
    token, secret = access.tokens.add(
        new.name, new.role, new.kind, by=requester_of(request), lasts=_lasts(access, new)
    )
    return json_response(bodies.MadeTokenBody.with_secret(token, secret, access.directory.shown), 201)


def _lasts(access: AccessControl, new: bodies.NewTokenBody) -> timedelta | None:
    """How long a new token lasts, None for one without an end."""
    if new.expires_in_s is not None:
        return timedelta(seconds=new.expires_in_s)
    return None if new.expires_at is None else new.expires_at - access.directory.server_now()
