"""``/logins``: the list of current logins, and ending one of them."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import Response

from f1timings.access.accounts import Login
from f1timings.access.roles import Role
from f1timings.web.access import bodies, examples
from f1timings.web.access.control import AccessControl
from f1timings.web.access.credentials.identity import Identity
from f1timings.web.access.request_identity import identity_of, requester_of
from f1timings.web.http import acting, lists
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content, no_content
from f1timings.web.http.route_list import RouteList


def routes(access: AccessControl) -> RouteList:
    """The routes of logins: their own for everyone, all for admins."""
    router = RouteList(tags=["access"], prefix="/logins")
    directory = access.directory

    @router.get(
        "",
        operation_id="list_logins",
        summary="Current logins: your own; for an admin, all",
        dependencies=[Depends(no_parameters)],
        response_model=bodies.LoginListBody,
        responses=lists.described_list(
            bodies.LoginBody, examples.whole_list(examples.LOGIN), [examples.LOGIN], 406, 422, 500, 503
        ),
    )
    def list_logins(request: Request) -> Response:
        identity = identity_of(request)
        accounts = directory.records.accounts
        rows = [
            bodies.LoginBody.of(
                login,
                account=accounts[login.account_id].name,
                last_seen_at=directory.last_seen_at(login),
                own=identity.credential,
                shown=directory.shown,
            )
            for login in directory.records.logins.values()
            if directory.is_current(login) and login.account_id in accounts and _may_see(identity, login)
        ]
        return lists.answer(request, bodies.LoginBody, bodies.LoginListBody(items=rows, next=None))

    @router.delete(
        "/{login_id}",
        operation_id="end_login",
        summary="End one of your logins; as an admin, any login",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=described_no_content(404, 422, 500, 503),
    )
    def end_login(request: Request, login_id: str) -> Response:
        login = directory.records.logins.get(login_id)
        if login is None or not _may_see(identity_of(request), login):
            raise acting.no_such("login", login_id, "/api/v1/logins")
        access.logins.end(login, requester_of(request))
        return no_content()

    return router


def _may_see(identity: Identity, login: Login) -> bool:
    own = identity.credential
    is_own = isinstance(own, Login) and own.account_id == login.account_id
    return is_own or identity.actor.has_role(Role.ADMIN)
