"""What the OpenAPI document says of access: how to show who one is, and who may call each route."""

from __future__ import annotations

from typing import Any, Final

from f1timings.web.access.checks.identity import COOKIE
from f1timings.web.access.checks.policy import POLICY, Audience
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
_NEEDED: Final = {
    Audience.READER: "Open to anyone while reading is open, else to viewers.",
    Audience.VIEWER: "For viewers, marshals and admins.",
    Audience.MARSHAL: "For marshals and admins.",
    Audience.ADMIN: "For admins.",
}
_OWN: Final = ("get_health", "get_readiness")


def describe(document: dict[str, Any]) -> None:
    """Add it to a document."""
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    for methods in document["paths"].values():
        for method, operation in methods.items():
            who = POLICY.get(operation["operationId"])
            if who is not None and operation["operationId"] not in _OWN:
                _describe(method, operation, who)


def _describe(method: str, operation: dict[str, Any], who: Audience) -> None:
    responses = operation["responses"]
    for status in (401, 403) if who is not Audience.ANYONE else (403,):
        responses.setdefault(str(status), lists.described({}, status)[status])
    if who not in _NEEDED:
        return
    operation["description"] = " ".join(filter(None, (operation.get("description"), _NEEDED[who])))
    shown: list[dict[str, list[str]]] = [
        {name: []} for name in _SCHEMES if method == "get" or name != "display"
    ]
    operation["security"] = [{}, *shown] if who is Audience.READER else shown
