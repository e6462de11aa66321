"""The table of problems: every kind of error that the API answers, with its status and what to do.

The documentation page explains each kind; a problem's ``type`` is the address of that explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A row of the table.

    Attributes:
        title: short, and the same for every problem of the kind.
        advice: what to do, for problems without a text of their own.
    """

    status: int
    title: str
    advice: str


KINDS: Final[Mapping[str, ProblemKind]] = {
    "bad-request": ProblemKind(
        400, "Bad request", "Correct the request; /docs shows each route with examples."
    ),
    "unauthorised": ProblemKind(
        401, "Unauthorised", "Log in at /login, or send a token: `Authorization: Bearer …`; see /docs."
    ),
    "setup-needed": ProblemKind(
        401,
        "No account yet",
        "Create the first account at /setup with the code on the server's console, or create a token: "
        "f1timings token create.",
    ),
    "forbidden": ProblemKind(403, "Not allowed", "Ask an admin for a role that may do this."),
    "forbidden-origin": ProblemKind(
        403,
        "Forbidden origin",
        "Open the page at this server's own address; pages of other sites may not connect.",
    ),
    "foreign-host": ProblemKind(
        403,
        "Foreign host name",
        "Use this server's address, or add the name to F1TIMINGS_ALLOWED_HOSTS.",
    ),
    "not-found": ProblemKind(404, "Not found", "Check the address; /docs lists every route."),
    "no-classification": ProblemKind(
        404,
        "No classification yet",
        "Try again after the session: the game sends the classification at its end.",
    ),
    "method-not-allowed": ProblemKind(
        405, "Method not allowed", "Use one of the methods in the Allow header."
    ),
    "not-acceptable": ProblemKind(
        406,
        "Not acceptable",
        "Accept application/json in the Accept header; for a list, text/csv too, or add format=csv.",
    ),
    "conflict": ProblemKind(
        409, "Conflict", "It has changed since: check `current`, decide, and send its version."
    ),
    "too-large": ProblemKind(
        413, "Request too large", "Send less: at most 64 KiB, where the route does not name another limit."
    ),
    "unsupported-media-type": ProblemKind(415, "No JSON", "Send JSON, with Content-Type: application/json."),
    "invalid-request": ProblemKind(422, "Invalid request", "Correct what is listed in errors."),
    "too-many-attempts": ProblemKind(
        429,
        "Too many attempts",
        "Wait as many seconds as Retry-After states. Existing logins are not affected.",
    ),
    "too-many-requests": ProblemKind(
        429, "Too many requests", "Send fewer requests at the same time, and read the answers."
    ),
    "internal": ProblemKind(
        500,
        "Internal error",
        "This is a fault of the server; its log has the cause. Try again, then report it.",
    ),
    "unavailable": ProblemKind(
        503, "Unavailable", "The database did not answer. Try again shortly, and check /api/health/ready."
    ),
    "not-stored": ProblemKind(
        503,
        "Not stored",
        "Nothing was changed; send it again when /api/health/ready answers 200. Laps are still timed.",
    ),
    "too-many-screens": ProblemKind(503, "Too many connections", "Close an unused page, then try again."),
}

#: The kind of an HTTP error that the framework raises, by its status.
KIND_OF_STATUS: Final[Mapping[int, str]] = {
    401: "unauthorised",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid-request",
    429: "too-many-attempts",
    503: "unavailable",
}
