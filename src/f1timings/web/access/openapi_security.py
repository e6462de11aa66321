"""Access in the OpenAPI document: the ways to identify oneself, and who may call each operation."""

from __future__ import annotations

from typing import Any, Final

from f1timings.access.roles import Role
from f1timings.web.access.checks.permission import SAFE_METHODS
from f1timings.web.access.checks.policy import POLICY, Audience, Caller, roles_including
from f1timings.web.access.credentials.identity import COOKIE
from f1timings.web.http import lists

_SCHEMES: Final[dict[str, dict[str, str]]] = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set by the login."},
    "display": {
        "type": "apiKey",
        "in": "query",
        "name": "token",
        "description": "A display's token, for reading only.",
    },
}
# Health probes need no description of who may call them.
_UNDESCRIBED: Final = ("get_health", "get_readiness")


def add_security(document: dict[str, Any]) -> None:
    """Add the security schemes, and to each operation who may call it, to an OpenAPI document."""
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    for methods in document["paths"].values():
        for method, operation in methods.items():
            caller = POLICY.get(operation["operationId"])
            if caller is not None and operation["operationId"] not in _UNDESCRIBED:
                _add_caller(method, operation, caller)


def _add_caller(method: str, operation: dict[str, Any], caller: Caller) -> None:
    responses = operation["responses"]
    for status in (401, 403) if caller is not Audience.ANYONE else (403,):
        responses.setdefault(str(status), lists.described({}, status)[status])
    text = _caller_text(caller)
    if text is None:
        return
    operation["description"] = " ".join(filter(None, (operation.get("description"), text)))
    is_reading = method.upper() in SAFE_METHODS
    schemes: list[dict[str, list[str]]] = [{name: []} for name in _SCHEMES if is_reading or name != "display"]
    operation["security"] = [{}, *schemes] if caller is Audience.READER else schemes


def _caller_text(caller: Caller) -> str | None:
    """Who may call an operation, in words; None for an operation that needs no such text."""
    if isinstance(caller, Role):
        return f"For {_roles_text(caller)}."
    if caller is Audience.READER:
        return f"For anyone while reading is open, else for {_roles_text(Role.VIEWER)}."
    return None


def _roles_text(role: Role) -> str:
    """A role and all that include it, such as "marshals and admins"."""
    *others, last = (f"{other}s" for other in roles_including(role))
    return f"{', '.join(others)} and {last}" if others else last
