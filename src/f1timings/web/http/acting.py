"""How a route lets somebody change what people entered, and how a refusal shows what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from f1timings.errors import ActConflict, ActInvalid, NotFound, Replayed
from f1timings.store import Desk
from f1timings.web.http import problems
from f1timings.web.http.problems import FieldErrorBody
from f1timings.web.services import Services

T = TypeVar("T")
Bodies = Mapping[type, Callable[[Any], BaseModel]]

RequestKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Your name for this request: sent twice, it acts once.",
        examples=["4f0c1e"],
    ),
]
Version = Annotated[
    int, Field(ge=0, le=2**63 - 1, description="The version that you have seen; 409 if it is another by now.")
]


def act(
    request: Request,
    services: Services,
    deed: Callable[[Desk], T],
    request_key: str | None = None,
    again: Callable[[str], T] | None = None,
) -> T:
    """Let whoever asks do something, in one transaction that is written down under their name.

    Args:
        deed: reads and changes records, see :meth:`f1timings.store.Store.act`.
        request_key: the client's name for the request.
        again: makes the answer from the subject's id where the same request was done already.
    """
    # The same key on another path is another request: without that, one act would be shown as another's.
    named = None if request_key is None else f"{request.method} {request.url.path} {request_key}"
    try:
        return services.act(request.state.actor.name, deed, named)
    except Replayed as done:
        if again is None:
            raise
        return again(done.subject)


def install(app: FastAPI, bodies: Bodies) -> None:
    """Let refusals of acts be answered as problems.

    Args:
        bodies: how a record of each type is shown as ``current`` of a 409.
    """

    def on_conflict(request: Request, error: Exception) -> Response:
        assert isinstance(error, ActConflict)
        show = bodies.get(type(error.current))
        current = None if show is None else show(error.current).model_dump(mode="json")
        return problems.problem_response("conflict", request.url.path, str(error), current=current)

    app.add_exception_handler(NotFound, _on_not_found)
    app.add_exception_handler(ActConflict, on_conflict)
    app.add_exception_handler(ActInvalid, _on_invalid)


def _on_not_found(request: Request, error: Exception) -> Response:
    return problems.problem_response("not-found", request.url.path, str(error))


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, ActInvalid)
    wrong = [] if error.field is None else [FieldErrorBody(where=f"body.{error.field}", message=str(error))]
    return problems.problem_response("invalid-request", request.url.path, str(error), errors=wrong)
