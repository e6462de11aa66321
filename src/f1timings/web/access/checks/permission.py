"""The permission check before every route: may this actor call it, and does one of our own pages send it?"""

from __future__ import annotations

from typing import Final

from fastapi import Request

from f1timings.access.roles import Role
from f1timings.web.access.checks.origins import refuse_foreign_page
from f1timings.web.access.checks.policy import (
    POLICY,
    Audience,
    Caller,
    is_allowed,
    roles_including,
)
from f1timings.web.access.credentials.changes import AccessChanges
from f1timings.web.access.credentials.directory import AccessDirectory
from f1timings.web.access.credentials.identity import Identity
from f1timings.web.http.problems import ProblemError

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}


class PermissionCheck:
    """Called for each request to a route, before anything of its body is read; logs refused changes."""

    def __init__(self, directory: AccessDirectory, changes: AccessChanges) -> None:
        self._directory = directory
        self._changes = changes

    def __call__(self, request: Request, key: str) -> None:
        """Allow the request, or refuse it.

        Args:
            key: of its route in the policy.

        Raises:
            ProblemError: the request is refused; the text says what is missing.
        """
        identity: Identity = request.state.identity
        try:
            if request.method not in SAFE_METHODS:
                refuse_foreign_page(request, identity)
            self._refuse_others(request, identity, key)
        except ProblemError as refusal:
            if request.method not in SAFE_METHODS:
                self._log_refusal(request, identity, key, kind=refusal.kind)
            raise

    def may_read(self, identity: Identity, key: str) -> bool:
        """Whether a reading operation is allowed; ``key`` is its key in the policy."""
        caller = POLICY.get(key)
        if caller is None or caller is Audience.ANYONE:
            return caller is not None
        return not identity.error and is_allowed(caller, identity.actor, self._directory.reading)

    def _refuse_others(self, request: Request, identity: Identity, key: str) -> None:
        caller = POLICY.get(key)
        if caller is None:
            if _path(request).startswith("/api"):
                raise LookupError(f"add to POLICY in web/access/checks/policy.py: {key}")
            return  # a page: it shows only what it then reads from the API
        if caller is Audience.ANYONE:
            return
        if identity.error:
            raise ProblemError("unauthorised", identity.error, headers=_CHALLENGE)
        if not is_allowed(caller, identity.actor, self._directory.reading):
            raise self._refusal(identity, caller)
        if identity.actor.kind == "display" and request.method not in SAFE_METHODS:
            raise ProblemError("forbidden", "A display's token can only read. Use a token of another kind.")

    def _refusal(self, identity: Identity, caller: Caller) -> ProblemError:
        if caller is Audience.OWNER:
            text = "Only a command of this server's owner may do this."
            return ProblemError("unauthorised", text, headers=_CHALLENGE)
        if isinstance(caller, Role) and identity.actor.role is not None:
            return ProblemError("forbidden", _needed_text(caller))
        if isinstance(caller, Role) and self._directory.needs_setup:
            return ProblemError("setup-needed", headers=_CHALLENGE)
        return ProblemError("unauthorised", headers=_CHALLENGE)

    def _log_refusal(self, request: Request, identity: Identity, key: str, *, kind: str) -> None:
        ip = request.client.host if request.client else ""
        self._changes.add_refusal(who=identity.actor.name, ip=ip, what=key, outcome="refused", detail=kind)


def _needed_text(role: Role) -> str:
    """What to do for a role, such as "Only a marshal or an admin may do this. Ask an admin for the role."."""
    names = " or ".join(f"an {name}" if name[0] in "aeiou" else f"a {name}" for name in roles_including(role))
    return f"Only {names} may do this. Ask an admin for the role."


def _path(request: Request) -> str:
    """The path without the prefix that a proxy has added."""
    return str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
