"""``/accounts``: the accounts and their roles."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.access.accounts import validate_name
from f1timings.access.passwords import validate_password
from f1timings.web.access import bodies, examples
from f1timings.web.access.control import AccessControl
from f1timings.web.access.credentials.accounts import AccountChange
from f1timings.web.access.request_identity import requester_of
from f1timings.web.http import acting, lists
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content, json_response, no_content
from f1timings.web.http.route_list import RouteList

_JSON_ONLY = [Depends(lists.accepts_json), Depends(no_parameters)]
_PROBLEMS = (406, 415, 422, 429, 500, 503)


def routes(access: AccessControl) -> RouteList:
    """The routes of accounts, for admins."""
    router = RouteList(tags=["access"], prefix="/accounts")
    _add_list_route(router, access)
    _add_create_route(router, access)
    _add_update_route(router, access)
    _add_delete_route(router, access)
    return router


def _add_list_route(router: APIRouter, access: AccessControl) -> None:
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
        accounts = access.directory.records.accounts.values()
        rows = [bodies.AccountBody.of(account) for account in accounts]
        return lists.answer(request, bodies.AccountBody, bodies.AccountListBody(items=rows, next=None))


def _add_create_route(router: APIRouter, access: AccessControl) -> None:
    @router.post(
        "",
        operation_id="create_account",
        summary="Create an account",
        status_code=201,
        dependencies=_JSON_ONLY,
        response_model=bodies.AccountBody,
        responses=lists.described_creation(examples.ACCOUNT, 409, *_PROBLEMS),
    )
    async def create_account(request: Request, new: bodies.NewAccountBody) -> Response:
        name = validate_name(new.name)
        password_hash = await access.passwords.hash(validate_password(new.password, name))
        account = await run_in_threadpool(
            access.accounts.add, name, new.role, password_hash, by=requester_of(request)
        )
        return json_response(bodies.AccountBody.of(account), 201)


def _add_update_route(router: APIRouter, access: AccessControl) -> None:
    @router.patch(
        "/{account_id}",
        operation_id="update_account",
        summary="Change an account",
        description=(
            "A new password, or disabling the account, ends its logins. "
            "The last admin cannot be disabled or get another role."
        ),
        dependencies=_JSON_ONLY,
        response_model=bodies.AccountBody,
        responses=lists.described(examples.ACCOUNT, 404, 409, *_PROBLEMS),
    )
    async def update_account(request: Request, account_id: str, edit: bodies.AccountEditBody) -> Response:
        current = access.directory.records.accounts.get(account_id)
        if current is None:
            raise acting.no_such("account", account_id, "/api/v1/accounts")
        password_hash = None
        if edit.password is not None:
            password = validate_password(edit.password, edit.name or current.name)
            password_hash = await access.passwords.hash(password)
        change = AccountChange(
            version=edit.version,
            name=edit.name,
            role=edit.role,
            is_disabled=edit.is_disabled,
            password_hash=password_hash,
        )
        by = requester_of(request)
        account = await run_in_threadpool(access.accounts.change, account_id, change, by)
        return json_response(bodies.AccountBody.of(account))


def _add_delete_route(router: APIRouter, access: AccessControl) -> None:
    @router.delete(
        "/{account_id}",
        operation_id="delete_account",
        summary="Delete an account; its logins and tokens end, displays stay",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=described_no_content(404, 409, 422, 500, 503),
    )
    def delete_account(request: Request, account_id: str) -> Response:
        access.accounts.delete(account_id, requester_of(request))
        return no_content()
