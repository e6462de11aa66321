"""The handlers that turn every error of a route, the router or the store into a problem response."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from f1timings.errors import QueryError, StoreDamaged, StoreError, StoreOutage, StoreTrouble
from f1timings.web.access.request_identity import is_marshal
from f1timings.web.http.allowed_methods import allowed_methods
from f1timings.web.http.problem_kinds import KIND_OF_STATUS, KINDS
from f1timings.web.http.problems import FieldErrorBody, ProblemError, problem_response
from f1timings.web.readiness import Readiness

_log = logging.getLogger("f1timings.web")

_MOST_FAULTS: Final = 20
_CAUSES: Final[Mapping[StoreTrouble, str]] = {
    "full": "The disk of the server is full.",
    "read-only": "The database of the server can only be read.",
    "failing": "The database of the server accepts nothing at the moment.",
}


def install(
    app: FastAPI, readiness: Callable[[], Readiness], missing_page: Callable[[Request], Response | None]
) -> None:
    """Add the handlers to an application.

    Args:
        readiness: returns the state of the parts of the server.
        missing_page: returns the page for an address that does not exist, None where a problem is the answer.
    """

    def handle_http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        page = missing_page(request) if error.status_code == 404 else None
        return page or _http_problem(request, error)

    def handle_damaged_store(request: Request, error: Exception) -> Response:
        # The store has logged it once; every page asks again and again.
        assert isinstance(error, StoreDamaged)
        detail = _damage_text(error, readiness(), has_detail=is_marshal(request))
        return problem_response("unavailable", request.url.path, detail)

    app.add_exception_handler(ProblemError, _handle_problem)
    app.add_exception_handler(HTTPException, handle_http_error)
    app.add_exception_handler(RequestValidationError, _handle_invalid_request)
    app.add_exception_handler(QueryError, _handle_query_error)
    app.add_exception_handler(StoreDamaged, handle_damaged_store)
    app.add_exception_handler(StoreOutage, _handle_store_outage)
    app.add_exception_handler(StoreError, _handle_store_error)


def _handle_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem_response(
        error.kind, request.url.path, error.detail, errors=error.errors, headers=error.headers
    )


def _http_problem(request: Request, error: HTTPException) -> Response:
    if error.status_code == 400:
        # FastAPI raises this for a body that is not UTF-8; for other text that is not JSON it raises
        # RequestValidationError.
        return problem_response("invalid-request", request.url.path, "Send JSON in UTF-8.")
    kind = KIND_OF_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "bad-request")
    headers = error.headers
    if error.status_code == 405:
        # The router names the methods of the first route with that path; other routes may share the path.
        headers = {"Allow": ", ".join(allowed_methods(request.scope["path"], request.app.routes))}
    detail = error.detail if kind == "too-large" else ""
    return problem_response(kind, request.url.path, detail, headers=headers)


def _handle_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # A small body can have thousands of faults; a person mends a few at a time.
    errors = [_field_error(fault) for fault in error.errors()[:_MOST_FAULTS]]
    return problem_response("invalid-request", request.url.path, errors=errors)


def _field_error(fault: Mapping[str, Any]) -> FieldErrorBody:
    allowed = fault.get("ctx", {})
    return FieldErrorBody(
        where=".".join(str(part) for part in fault["loc"]),
        message=fault["msg"],
        kind=fault["type"],
        limit=allowed.get("min_length", allowed.get("max_length")),
    )


def _handle_query_error(request: Request, error: Exception) -> Response:
    return problem_response("invalid-request", request.url.path, str(error))


def _handle_store_error(request: Request, error: Exception) -> Response:
    _log.error("the database did not answer %s: %s", request.url.path, error)
    return problem_response("unavailable", request.url.path)


def _handle_store_outage(request: Request, error: Exception) -> Response:
    # The writer has logged the outage once.
    assert isinstance(error, StoreOutage)
    kind = "not-stored"
    return problem_response(kind, request.url.path, f"{_CAUSES[error.trouble]} {KINDS[kind].advice}")


def _damage_text(error: StoreDamaged, readiness: Readiness, *, has_detail: bool) -> str:
    """What to do about damage; only a marshal reads what is damaged, which may quote a stored value."""
    damage = f"The database is damaged: {error.damage}." if has_detail else "The database is damaged."
    recording = readiness.recording_text(has_detail=has_detail)
    return (
        f"{damage} {recording} The console of the server and, for marshals, the admin page show what helps."
    )


class UnexpectedErrorMiddleware:
    """Catches every other error: logs it once and answers 500 without any internal detail."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def send_and_note_start(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note_start)
        except Exception:
            if has_started:
                # Half of a response is sent: uvicorn can only close the connection.
                raise
            _log.exception("%s %s failed", scope["method"], scope["path"])
            await problem_response("internal", scope["path"])(scope, receive, send)
