"""What every route asks first: is this one allowed to call it, and did one of our own pages send it."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.requests import HTTPConnection

from f1timings.web.access.accounts.keeper import Keeper
from f1timings.web.access.checks.hosts import is_same_origin
from f1timings.web.access.checks.identity import Identity
from f1timings.web.access.checks.policy import POLICY, Audience, is_allowed, key_of
from f1timings.web.http.problems import ProblemError

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_JSON: Final = "application/json"
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}
_WANTED: Final = {
    Audience.MARSHAL: "Only a marshal or an admin may do this; ask an admin for the role.",
    Audience.ADMIN: "Only an admin may do this.",
    Audience.OWNER: "Only a command of this server's owner may do this.",
}


class Guard:
    """A dependency of the whole application: each request passes it before its route sees it."""

    def __init__(self, keeper: Keeper) -> None:
        self._known = keeper.known
        self._register = keeper.register

    async def __call__(self, connection: HTTPConnection) -> None:
        """Let the request through, or answer with what is missing.

        Raises:
            ProblemError: it may not.
        """
        if connection.scope["type"] != "http":
            return  # the gate has looked at sockets
        request = Request(connection.scope)
        identity: Identity = request.state.identity
        key = key_of(request.scope.get("route"))
        try:
            if request.method not in SAFE_METHODS:
                _refuse_foreign_pages(request, identity)
            self._refuse_others(request, identity, key)
        except ProblemError as refusal:
            if request.method not in SAFE_METHODS:
                self._note(request, identity, key, refusal)
            raise

    def _refuse_others(self, request: Request, identity: Identity, key: str) -> None:
        who = POLICY.get(key)
        if who is None:
            if _path(request).startswith("/api"):
                raise LookupError(f"web/access/checks/policy.py does not say who may call {key}")
            return  # a page: it shows nothing but what it then asks the API for
        if who is Audience.ANYONE:
            return
        if identity.wrong:
            raise ProblemError("unauthorised", identity.wrong, headers=_CHALLENGE)
        if not is_allowed(who, identity.actor, self._known.reading):
            raise self._refusal(identity, who)
        if identity.actor.kind == "display" and request.method not in SAFE_METHODS:
            raise ProblemError("forbidden", "A display's token only reads.")

    def _refusal(self, identity: Identity, who: Audience) -> ProblemError:
        if identity.actor.role is not None and who is not Audience.OWNER:
            return ProblemError("forbidden", _WANTED.get(who, ""))
        if who is Audience.OWNER:
            return ProblemError("unauthorised", _WANTED[who], headers=_CHALLENGE)
        if self._known.needs_setup and who is not Audience.READER:
            return ProblemError("setup-needed", headers=_CHALLENGE)
        return ProblemError("unauthorised", headers=_CHALLENGE)

    def _note(self, request: Request, identity: Identity, key: str, refusal: ProblemError) -> None:
        ip = request.client.host if request.client else ""
        self._register.note_refused(identity.actor.name, ip, key, "refused", refusal.kind)


def _refuse_foreign_pages(request: Request, identity: Identity) -> None:
    """A browser sends cookies with whatever any page asks for; what only programs send is no page's doing.

    Raises:
        ProblemError: a page from elsewhere sent it, or one of the forms that any page may send.
    """
    if "authorization" in request.headers and not identity.has_cookie:
        return
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if origin is not None and not is_same_origin(origin, host):
        raise ProblemError("forbidden-origin")
    if site not in (None, "same-origin", "none"):
        raise ProblemError("forbidden-origin")
    if identity.has_cookie and origin is None and site is None:
        raise ProblemError(
            "forbidden-origin",
            "With a session's cookie a change needs the Origin header; programs use a token.",
        )
    if _has_body(request) and _media_type(request) != _JSON:
        raise ProblemError("unsupported-media-type")


def _path(request: Request) -> str:
    """The path without what a proxy has put before it."""
    return str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
