"""``/setup``, ``/login``, ``/logout``: the first account, logging in and logging out."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.access.accounts import Account, Login, validate_name
from f1timings.access.passwords import validate_password
from f1timings.errors import ActConflict
from f1timings.web.access import bodies, examples
from f1timings.web.access.attempts import check_password, check_setup_code
from f1timings.web.access.control import AccessControl
from f1timings.web.access.cookies import with_login_cookie, without_login_cookie
from f1timings.web.access.credentials.changes import Requester
from f1timings.web.access.request_identity import agent_of, identity_of, ip_of, requester_of
from f1timings.web.http import lists
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content, json_response, no_content
from f1timings.web.http.route_list import RouteList

_JSON_ONLY = [Depends(lists.accepts_json), Depends(no_parameters)]
_PROBLEMS = (406, 415, 422, 500, 503)


def routes(access: AccessControl) -> RouteList:
    """The routes of setting up, logging in and logging out."""
    router = RouteList(tags=["access"])
    _add_setup_route(router, access)
    _add_login_route(router, access)
    _add_logout_route(router, access)
    return router


def _add_setup_route(router: APIRouter, access: AccessControl) -> None:
    @router.post(
        "/setup",
        operation_id="set_up",
        summary="Create the first account with the code from the console",
        description=(
            "The account is an admin and is logged in at once. A code is valid for 30 minutes. "
            "Sending an expired code prints a new one on the console."
        ),
        status_code=201,
        dependencies=_JSON_ONLY,
        response_model=bodies.MeBody,
        responses=lists.described_creation(examples.ME, 401, 409, 429, *_PROBLEMS),
    )
    async def set_up(request: Request, setup: bodies.SetupBody) -> Response:
        if not access.directory.needs_setup:
            raise ActConflict("account-exists")
        name = validate_name(setup.name)
        password = validate_password(setup.password, name)
        check_setup_code(access, request, setup.code)
        password_hash = await access.passwords.hash(password)
        by = Requester(name, ip_of(request))
        account, secret = await run_in_threadpool(
            access.logins.set_up, name, password_hash, by=by, agent=agent_of(request)
        )
        access.setup_code.discard()
        return with_login_cookie(_me_response(access, account, 201), request, secret)


def _add_login_route(router: APIRouter, access: AccessControl) -> None:
    @router.post(
        "/login",
        operation_id="log_in",
        summary="Log in with name and password",
        description=(
            "Sets the login cookie. A login ends after 8 hours without use, at the latest after 24 hours. "
            "After five wrong attempts, each further attempt must wait."
        ),
        dependencies=_JSON_ONLY,
        response_model=bodies.MeBody,
        responses=lists.described(examples.ME, 401, 404, 429, *_PROBLEMS),
    )
    async def log_in(request: Request, credentials: bodies.CredentialsBody) -> Response:
        account = await check_password(access, request, name=credentials.name, password=credentials.password)
        previous = identity_of(request).credential
        secret = await run_in_threadpool(
            access.logins.begin,
            account,
            by=Requester(account.name, ip_of(request)),
            agent=agent_of(request),
            previous=previous if isinstance(previous, Login) else None,
        )
        return with_login_cookie(_me_response(access, account, 200), request, secret)


def _add_logout_route(router: APIRouter, access: AccessControl) -> None:
    @router.post(
        "/logout",
        operation_id="log_out",
        summary="Log out",
        description="Ends this browser's login and deletes its cookie.",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=described_no_content(422, 500, 503),
    )
    def log_out(request: Request) -> Response:
        login = identity_of(request).credential
        if isinstance(login, Login):
            access.logins.log_out(login, requester_of(request))
        return without_login_cookie(no_content(), request)


def _me_response(access: AccessControl, account: Account, status: int) -> Response:
    me = bodies.MeBody(
        name=account.name,
        role=account.role,
        kind="account",
        needs_setup=False,
        reading=access.directory.reading,
    )
    return json_response(me, status)
