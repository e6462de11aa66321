"""``tokens``: what programs and screens show; and the same for commands on this machine."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.access.actors import Role
from f1timings.web.access import bodies, examples
from f1timings.web.access.accounts.access import Access
from f1timings.web.access.answers import answer, by, made, nothing, silent
from f1timings.web.http import lists
from f1timings.web.http.queries import no_parameters

#: Where a command of the owner of the data folder makes, lists and revokes tokens.
OWNER_PATH: Final = "/api/internal/tokens"


def routes(access: Access) -> APIRouter:
    """The routes of tokens, for admins."""
    router = APIRouter(tags=["access"], prefix="/tokens")

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
        return lists.answer(request, bodies.TokenBody, _all(access))

    @router.post(
        "",
        operation_id="create_token",
        summary="Make a token; its secret is shown this once",
        status_code=201,
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        response_model=bodies.MadeTokenBody,
        responses=made(examples.MADE_TOKEN, 406, 413, 415, 422, 500, 503),
    )
    def create_token(request: Request, asked: bodies.NewTokenBody) -> Response:
        return _made(access, request, asked)

    @router.delete(
        "/{token_id}",
        operation_id="revoke_token",
        summary="Revoke a token; screens that show it are cut within 5 s",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=silent(404, 422, 500, 503),
    )
    def revoke_token(request: Request, token_id: str) -> Response:
        access.keeper.tokens.revoke(token_id, by(request))
        return nothing()

    return router


def owner_routes(access: Access) -> APIRouter:
    """The same for commands; no part of the public API."""
    router = APIRouter(include_in_schema=False)

    @router.get(OWNER_PATH, operation_id="list_tokens_for_owner")
    def list_tokens() -> Response:
        return answer(_all(access))

    @router.post(OWNER_PATH, operation_id="create_token_for_owner")
    def create_token(request: Request, asked: bodies.NewTokenBody) -> Response:
        return _made(access, request, asked)

    @router.delete(OWNER_PATH + "/{token_id}", operation_id="revoke_token_for_owner")
    def revoke_token(request: Request, token_id: str) -> Response:
        access.keeper.tokens.revoke(token_id, by(request))
        return nothing()

    return router


def _all(access: Access) -> bodies.TokenListBody:
    tokens = access.keeper.known.registered.tokens.values()
    return bodies.TokenListBody(items=[bodies.TokenBody.of(token) for token in tokens], next=None)


def _made(access: Access, request: Request, asked: bodies.NewTokenBody) -> Response:
    token, secret = access.keeper.tokens.add(
        asked.name, Role(asked.role), asked.kind, asked.expires_at, by(request)
    )
    return answer(bodies.MadeTokenBody.made(token, secret), 201)
