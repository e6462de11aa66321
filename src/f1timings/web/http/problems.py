"""Errors as problem details (RFC 9457): the table of all that the API answers, and how each is made.

Each problem's ``type`` is the place on the documentation page that explains it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from f1timings.errors import QueryError, StoreError
from f1timings.web.http.methods import methods_at

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger("f1timings.web")


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One row of the table: HTTP status, the title that never changes, what to do if nobody says better."""

    status: int
    title: str
    advice: str


KINDS: Mapping[str, ProblemKind] = {
    "bad-request": ProblemKind(
        400, "Bad request", "Correct the request; /docs shows each route with examples."
    ),
    "unauthorised": ProblemKind(
        401, "Unauthorised", "Log in at /login, or send a token: `Authorization: Bearer …`; see /docs."
    ),
    "setup-needed": ProblemKind(
        401,
        "No account yet",
        "Open /setup with the code that the server's console shows, or make a token: f1timings token create.",
    ),
    "forbidden": ProblemKind(403, "Not allowed", "Ask an admin for a role that may do this."),
    "forbidden-origin": ProblemKind(
        403,
        "Forbidden origin",
        "Open the page from this server's own address; pages of other sites may not connect.",
    ),
    "foreign-host": ProblemKind(
        403,
        "Foreign host name",
        "Use this server's address, or add the name to F1TIMINGS_ALLOWED_HOSTS.",
    ),
    "not-found": ProblemKind(404, "Not found", "Check the address; /docs lists every route."),
    "no-classification": ProblemKind(
        404, "No classification yet", "Ask again when the session is over; the game sends it then."
    ),
    "method-not-allowed": ProblemKind(
        405, "Method not allowed", "Use one of the methods in the Allow header."
    ),
    "not-acceptable": ProblemKind(
        406, "Not acceptable", "Ask for application/json, or on a list for text/csv, in the Accept header."
    ),
    "conflict": ProblemKind(
        409, "Conflict", "It has changed meanwhile: look at `current`, decide, and send its version."
    ),
    "too-large": ProblemKind(413, "Request too large", "Send less; no route takes a body of this size."),
    "unsupported-media-type": ProblemKind(415, "No JSON", "Send JSON, with Content-Type: application/json."),
    "invalid-request": ProblemKind(422, "Invalid request", "Correct what is listed in errors."),
    "too-many-attempts": ProblemKind(
        429, "Too many attempts", "Wait as long as Retry-After says; who is logged in stays so."
    ),
    "internal": ProblemKind(
        500, "Internal error", "This is our fault; the server's log has the cause. Try again, then report it."
    ),
    "unavailable": ProblemKind(
        503, "Unavailable", "The database did not answer; try again shortly, and see /api/health/ready."
    ),
    "too-many-screens": ProblemKind(
        503, "Too many connections", "Close a page that nobody looks at, then try again."
    ),
}

_KIND_OF_STATUS = {
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


class FieldError(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(extra="forbid", strict=True)

    where: str = Field(
        description="`query`, `path`, `body` or `header`, then the name.", examples=["query.limit"]
    )
    message: str = Field(examples=["Input should be less than or equal to 1000"])


class Problem(BaseModel):
    """Problem details as RFC 9457 describes them; `detail` says what to do."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "/docs#problem-not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is no lap 'x'. GET /api/v1/laps lists those there are.",
                    "instance": "/api/v1/laps/x",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldError] | None = None
    current: dict[str, JsonValue] | None = Field(
        None, description="Of a conflict: what is there now, as its own route shows it."
    )


class ProblemError(Exception):
    """Raised in a route to answer with a problem; only this module turns it into an answer."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers


def answer(
    kind: str,
    instance: str,
    detail: str = "",
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    current: dict[str, JsonValue] | None = None,
) -> Response:
    """The HTTP answer for a problem.

    Args:
        kind: a key of :data:`KINDS`.
        instance: path of the request.
        detail: what to do about it; the kind's advice if empty.
        errors: the single things that are wrong.
        headers: further headers, such as Allow.
        current: of a conflict, what is there now.
    """
    row = KINDS[kind]
    body = Problem(
        type=f"/docs#problem-{kind}",
        title=row.title,
        status=row.status,
        detail=detail or row.advice,
        instance=instance,
        errors=list(errors) or None,
        current=current,
    )
    return Response(
        body.model_dump_json(exclude_none=True),
        status_code=row.status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


def install(app: FastAPI) -> None:
    """Let every error that a route or the router raises be answered as a problem."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(QueryError, _on_query)
    app.add_exception_handler(StoreError, _on_store)


def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return answer(error.kind, request.url.path, error.detail, error.errors, error.headers)


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        # FastAPI has one way of refusing a body that is no JSON, and this other for one that is no UTF-8.
        return answer("invalid-request", request.url.path, "Send JSON in UTF-8.")
    kind = _KIND_OF_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "bad-request")
    headers = error.headers
    if error.status_code == 405:
        # The router names those of the first route that has the path; others may share it.
        headers = {"Allow": ", ".join(methods_at(request.scope["path"], request.app.routes))}
    return answer(kind, request.url.path, headers=headers)


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [
        FieldError(where=".".join(str(part) for part in one["loc"]), message=one["msg"])
        for one in error.errors()
    ]
    return answer("invalid-request", request.url.path, errors=wrong)


def _on_query(request: Request, error: Exception) -> Response:
    return answer("invalid-request", request.url.path, detail=str(error))


def _on_store(request: Request, error: Exception) -> Response:
    _log.error("the database did not answer %s: %s", request.url.path, error)
    return answer("unavailable", request.url.path)


class LastResort:
    """The one place that catches anything: logs it once and answers 500 without a word of the inside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception:
            if started:
                # Half an answer is out already: only the server can show that, by cutting the connection.
                raise
            _log.exception("%s %s failed", scope["method"], scope["path"])
            await answer("internal", scope["path"])(scope, receive, send)
