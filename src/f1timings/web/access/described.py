"""What the OpenAPI document says of access: how to show who one is, and who may call each route."""

from __future__ import annotations

from typing import Any, Final

from f1timings.web import lists
from f1timings.web.access.identity import COOKIE
from f1timings.web.access.policy import POLICY, Who

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
    Who.READER: "Open to anyone while reading is open, else to viewers.",
    Who.VIEWER: "For viewers, marshals and admins.",
    Who.MARSHAL: "For marshals and admins.",
    Who.ADMIN: "For admins.",
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


def _describe(method: str, operation: dict[str, Any], who: Who) -> None:
    responses = operation["responses"]
    for status in (401, 403) if who is not Who.ANYONE else (403,):
        responses.setdefault(str(status), lists.described({}, status)[status])
    if who not in _NEEDED:
        return
    operation["description"] = " ".join(filter(None, (operation.get("description"), _NEEDED[who])))
    shown: list[dict[str, list[str]]] = [
        {name: []} for name in _SCHEMES if method == "get" or name != "display"
    ]
    operation["security"] = [{}, *shown] if who is Who.READER else shown
