"""``/me``: the sender's own identity and password."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.access.accounts import Login
from f1timings.access.passwords import validate_password
from f1timings.web.access import bodies, examples
from f1timings.web.access.attempts import check_password
from f1timings.web.access.control import AccessControl
from f1timings.web.access.request_identity import identity_of, requester_of
from f1timings.web.http import lists
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content, json_response, no_content
from f1timings.web.http.route_list import RouteList

_JSON_ONLY = [Depends(lists.accepts_json), Depends(no_parameters)]


def routes(access: AccessControl) -> RouteList:
    """The routes of the sender's own account."""
    router = RouteList(tags=["access"], prefix="/me")

    @router.get(
        "",
        operation_id="get_me",
        summary="Your name and role, and whether reading is open",
        dependencies=_JSON_ONLY,
        response_model=bodies.MeBody,
        responses=lists.described(examples.ME, 406, 422),
    )
    async def get_me(request: Request) -> Response:
        directory = access.directory
        actor = identity_of(request).actor
        return json_response(bodies.MeBody.of(actor, directory.needs_setup, directory.reading))

    @router.post(
        "/password",
        operation_id="change_my_password",
        summary="Change your password",
        description="All other logins of the account end.",
        status_code=204,
        dependencies=_JSON_ONLY,
        responses=described_no_content(401, 403, 404, 406, 415, 422, 429, 500, 503),
    )
    async def change_my_password(request: Request, change: bodies.PasswordChangeBody) -> Response:
        login = identity_of(request).credential
        if not isinstance(login, Login):
            raise ProblemError("forbidden", "Log in with your name and password to change the password.")
        name = identity_of(request).actor.name
        password = validate_password(change.new, name)
        account = await check_password(access, request, name=name, password=change.current)
        password_hash = await access.passwords.hash(password)
        await run_in_threadpool(
            access.accounts.change_password,
            account.id,
            password_hash,
            own_login=login.id,
            by=requester_of(request),
        )
        return no_content()

    return router
