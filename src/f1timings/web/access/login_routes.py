"""``setup``, ``login``, ``logout``, ``me``, ``logins``: how people come in, and how they leave."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.access.accounts import Account, Login, Token, checked_name, name_key
from f1timings.access.passwords import checked_password
from f1timings.errors import ActConflict, NotFound
from f1timings.web.access import bodies, examples
from f1timings.web.access.accounts.access import Access
from f1timings.web.access.accounts.register import Requester
from f1timings.web.access.answers import (
    agent_of,
    answer,
    by,
    identity_of,
    ip_of,
    made,
    nothing,
    silent,
    with_cookie,
    without_cookie,
)
from f1timings.web.http import lists
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters

_JSON_ONLY = [Depends(lists.accepts_json), Depends(no_parameters)]
# As names are compared, none can begin so.
_SETUP = " setup"
_PROBLEMS = (406, 413, 415, 422, 500, 503)


def routes(access: Access) -> APIRouter:
    """The routes of people."""
    router = APIRouter(tags=["access"])
    _coming(router, access)
    _leaving(router, access)
    _logins(router, access)
    return router


def _coming(router: APIRouter, access: Access) -> None:
    known, logins = access.keeper.known, access.keeper.logins

    @router.post(
        "/setup",
        operation_id="set_up",
        summary="Make the first account, with the code that the console shows",
        description="Logs it in as well. A code is good for 30 minutes; an old one brings a new one there.",
        status_code=201,
        dependencies=_JSON_ONLY,
        response_model=bodies.MeBody,
        responses=made(examples.ME, 401, 409, 429, *_PROBLEMS),
    )
    async def set_up(request: Request, asked: bodies.SetupBody) -> Response:
        if not known.needs_setup:
            raise ActConflict("There is an account already; log in with it.")
        name = checked_name(asked.name)
        password = checked_password(asked.password, name)
        _refuse_wrong_code(access, request, asked.code)
        password_hash = await access.hasher.hash(password)
        account, secret = await run_in_threadpool(
            logins.set_up, name, password_hash, Requester(name, ip_of(request)), agent_of(request)
        )
        access.code.spend()
        return with_cookie(_me_after(access, account, 201), request, secret)

    @router.post(
        "/login",
        operation_id="log_in",
        summary="Log in with name and password",
        description="Sets the cookie of a session: 8 hours unused, 24 hours at most. Who guesses must wait.",
        dependencies=_JSON_ONLY,
        response_model=bodies.MeBody,
        responses=lists.described(examples.ME, 401, 404, 429, *_PROBLEMS),
    )
    async def log_in(request: Request, asked: bodies.CredentialsBody) -> Response:
        account = await _proven(access, request, asked.name, asked.password)
        before = identity_of(request).by
        secret = await run_in_threadpool(
            logins.begin,
            account,
            Requester(account.name, ip_of(request)),
            agent_of(request),
            before if isinstance(before, Login) else None,
        )
        return with_cookie(_me_after(access, account, 200), request, secret)

    @router.get(
        "/me",
        operation_id="get_me",
        summary="Who am I, and what is open to me?",
        dependencies=_JSON_ONLY,
        response_model=bodies.MeBody,
        responses=lists.described(examples.ME, 406, 422),
    )
    async def me(request: Request) -> Response:
        actor = identity_of(request).actor
        return answer(bodies.MeBody.of(actor, known.needs_setup, known.reading))


def _leaving(router: APIRouter, access: Access) -> None:
    @router.post(
        "/logout",
        operation_id="log_out",
        summary="End this session",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=silent(422, 500, 503),
    )
    def log_out(request: Request) -> Response:
        login = identity_of(request).by
        if isinstance(login, Login):
            access.keeper.logins.leave(login, by(request))
        return without_cookie(nothing(), request)

    @router.post(
        "/me/password",
        operation_id="change_my_password",
        summary="Change one's own password",
        description="All other sessions of the account end.",
        status_code=204,
        dependencies=_JSON_ONLY,
        responses=silent(401, 403, 404, 429, *_PROBLEMS),
    )
    async def change_my_password(request: Request, asked: bodies.PasswordChangeBody) -> Response:
        login = identity_of(request).by
        if not isinstance(login, Login):
            raise ProblemError("forbidden", "Only who has logged in with a password can change it.")
        name = identity_of(request).actor.name
        password = checked_password(asked.new, name)
        account = await _proven(access, request, name, asked.current)
        password_hash = await access.hasher.hash(password)
        await run_in_threadpool(
            access.keeper.accounts.change_password, account.id, password_hash, login.id, by(request)
        )
        return nothing()


def _logins(router: APIRouter, access: Access) -> None:
    known = access.keeper.known

    @router.get(
        "/logins",
        operation_id="list_logins",
        summary="Sessions that go on: one's own, for an admin all",
        dependencies=[Depends(no_parameters)],
        response_model=bodies.LoginListBody,
        responses=lists.described_list(
            bodies.LoginBody, examples.whole_list(examples.LOGIN), [examples.LOGIN], 406, 422, 500, 503
        ),
    )
    def list_logins(request: Request) -> Response:
        identity = identity_of(request)
        accounts = known.registered.accounts
        rows = [
            bodies.LoginBody.of(one, accounts[one.account_id].name, known.last_seen_at(one), identity.by)
            for one in known.registered.logins.values()
            if known.is_current(one) and one.account_id in accounts and _may_see(identity.by, one, request)
        ]
        return lists.answer(request, bodies.LoginBody, bodies.LoginListBody(items=rows, next=None))

    @router.delete(
        "/logins/{login_id}",
        operation_id="end_login",
        summary="End a session: one of one's own, for an admin any",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=silent(404, 422, 500, 503),
    )
    def end_login(request: Request, login_id: str) -> Response:
        login = known.registered.logins.get(login_id)
        if login is None or not _may_see(identity_of(request).by, login, request):
            raise NotFound(f"There is no session {login_id!r}. GET /api/v1/logins lists those there are.")
        access.keeper.logins.end(login, by(request))
        return nothing()


def _may_see(own: Login | Token | None, login: Login, request: Request) -> bool:
    actor = identity_of(request).actor
    is_own = isinstance(own, Login) and own.account_id == login.account_id
    return is_own or actor.role == "admin"


def _refuse_wrong_code(access: Access, request: Request, code: str) -> None:
    """Count a try at the code.

    Raises:
        ProblemError: it is wrong or old.
    """
    ip = ip_of(request)
    _refuse_guessing(access, request, _SETUP, "setup")
    if access.code.is_right(code):
        access.throttle.succeeded(_SETUP, ip)
        return
    access.keeper.register.note_refused("", ip, "setup", "failed")
    if access.code.has_expired:
        access.code.show()
        raise ProblemError("unauthorised", "This code is no longer good; the console shows a new one.")
    raise ProblemError("unauthorised", "This is not the code that the server's console shows.")


async def _proven(access: Access, request: Request, name: str, password: str) -> Account:
    """The account of that name, if the password is its own; the work is the same if it is not.

    Raises:
        ProblemError: it is not, or somebody tries too often.
    """
    ip, key = ip_of(request), name_key(name.strip())
    _refuse_guessing(access, request, key, "login")
    account = access.keeper.known.account_named(key)
    is_right = await access.hasher.verify(account.password_hash if account else None, password)
    if account is None or not is_right or account.is_disabled:
        # A name that there is not may be a password typed into the wrong field: it is not written down.
        who = account.name if account else ""
        access.keeper.register.note_refused(who, ip, "login", "failed", "" if who else "unknown name")
        raise ProblemError("unauthorised", "Wrong name or password.")
    access.throttle.succeeded(key, ip)
    return account


def _refuse_guessing(access: Access, request: Request, key: str, what: str) -> None:
    ip = ip_of(request)
    wait_s = access.throttle.try_once(key, ip)
    if wait_s is None:
        return
    account = access.keeper.known.account_named(key)
    access.keeper.register.note_refused(account.name if account else "", ip, what, "throttled")
    seconds = max(1, round(wait_s))
    raise ProblemError(
        "too-many-attempts",
        f"Too many wrong tries from here; try again in {seconds} s. Who is logged in stays so.",
        headers={"Retry-After": str(seconds)},
    )


def _me_after(access: Access, account: Account, status: int) -> Response:
    known = access.keeper.known
    me = bodies.MeBody(
        name=account.name,
        role=account.role.value,
        kind="account",
        needs_setup=False,
        reading=known.reading,
    )
    return answer(me, status)
