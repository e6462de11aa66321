"""``accounts``: who may log in, and as what."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.access.accounts import checked_name
from f1timings.access.actors import Role
from f1timings.access.passwords import checked_password
from f1timings.errors import NotFound
from f1timings.web.access import bodies, examples
from f1timings.web.access.accounts.access import Access
from f1timings.web.access.accounts.accounts import AccountChange
from f1timings.web.access.answers import answer, by, made, nothing, silent
from f1timings.web.http import lists
from f1timings.web.http.queries import no_parameters

_JSON_ONLY = [Depends(lists.accepts_json), Depends(no_parameters)]
_PROBLEMS = (406, 413, 415, 422, 429, 500, 503)


def routes(access: Access) -> APIRouter:
    """The routes of accounts, for admins."""
    router = APIRouter(tags=["access"], prefix="/accounts")
    known, accounts = access.keeper.known, access.keeper.accounts

    @router.get(
        "",
        operation_id="list_accounts",
        summary="Accounts",
        dependencies=[Depends(no_parameters)],
        response_model=bodies.AccountListBody,
        responses=lists.described_list(
            bodies.AccountBody, examples.whole_list(examples.ACCOUNT), [examples.ACCOUNT], 406, 422, 500, 503
        ),
    )
    def list_accounts(request: Request) -> Response:
        rows = [bodies.AccountBody.of(one) for one in known.registered.accounts.values()]
        return lists.answer(request, bodies.AccountBody, bodies.AccountListBody(items=rows, next=None))

    @router.post(
        "",
        operation_id="create_account",
        summary="Make an account",
        status_code=201,
        dependencies=_JSON_ONLY,
        response_model=bodies.AccountBody,
        responses=made(examples.ACCOUNT, 409, *_PROBLEMS),
    )
    async def create_account(request: Request, asked: bodies.NewAccountBody) -> Response:
        name = checked_name(asked.name)
        password_hash = await access.hasher.hash(checked_password(asked.password, name))
        account = await run_in_threadpool(accounts.add, name, Role(asked.role), password_hash, by(request))
        return answer(bodies.AccountBody.of(account), 201)

    @router.patch(
        "/{account_id}",
        operation_id="update_account",
        summary="Change an account",
        description="Another password, or disabling it, ends its sessions. The last admin stays one.",
        dependencies=_JSON_ONLY,
        response_model=bodies.AccountBody,
        responses=lists.described(examples.ACCOUNT, 404, 409, *_PROBLEMS),
    )
    async def update_account(request: Request, account_id: str, asked: bodies.AccountEditBody) -> Response:
        before = known.registered.accounts.get(account_id)
        if before is None:
            raise NotFound(f"There is no account {account_id!r}. GET /api/v1/accounts lists those there are.")
        password_hash = None
        if asked.password is not None:
            password = checked_password(asked.password, asked.name or before.name)
            password_hash = await access.hasher.hash(password)
        change = AccountChange(
            asked.version,
            asked.name,
            None if asked.role is None else Role(asked.role),
            asked.is_disabled,
            password_hash,
        )
        account = await run_in_threadpool(accounts.change, account_id, change, by(request))
        return answer(bodies.AccountBody.of(account))

    @router.delete(
        "/{account_id}",
        operation_id="delete_account",
        summary="Delete an account; its sessions end, its tokens go on",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=silent(404, 409, 422, 500, 503),
    )
    def delete_account(request: Request, account_id: str) -> Response:
        accounts.delete(account_id, by(request))
        return nothing()

    return router
