"""Acts of HTTP requests: how a route performs an act, and how a refused act is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from f1timings.errors import ActConflict, ActError, ActInvalid, NotFound, Replayed
from f1timings.store import Desk
from f1timings.web.http import lists, problems
from f1timings.web.http.problems import FieldErrorBody, RefusalBody
from f1timings.web.http.queries import LARGEST_INTEGER, no_parameters
from f1timings.web.services import Services

T = TypeVar("T")
Bodies = Mapping[type, Callable[[Any], BaseModel]]

#: The problems that a route of an act may answer.
PROBLEMS: Final = (401, 403, 404, 406, 409, 422, 500, 503)
#: The dependencies of a route of an act: it answers JSON and takes no query parameters.
JSON_ONLY: Final = (Depends(lists.accepts_json), Depends(no_parameters))

#: The characters of ids and of keys that clients choose.
VISIBLE_ASCII: Final = r"^[\x21-\x7e]+$"
_SEEN_TEXT: Final = "The version that you have read; 409 if it has changed since."

RequestKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=100,
        pattern=VISIBLE_ASCII,
        description="Your name for this request. If it is sent twice, it acts once.",
        examples=["4f0c1e"],
    ),
]
#: The version in the body of a change, and the optional one in the address of a deletion.
Version = Annotated[int, Field(ge=0, le=LARGEST_INTEGER, description=_SEEN_TEXT)]
SeenVersion = Annotated[int | None, Query(ge=0, le=LARGEST_INTEGER, description=_SEEN_TEXT)]


def act(request: Request, services: Services, action: Callable[[Desk], T]) -> T:
    """Perform an act in one transaction, recorded under the name of the requester.

    Args:
        action: reads and changes records, see :meth:`f1timings.store.Store.act`.
    """
    return services.act(request.state.actor.name, action)


def act_once(
    request: Request, services: Services, action: Callable[[Desk], str], *, request_key: str | None
) -> str:
    """Perform an act as :func:`act` does, but only once for requests with the same key.

    Args:
        action: returns the id of what the act is about, which is the subject of the act.
        request_key: the client's name for the request; None performs the act in any case.

    Returns:
        That id, also if an earlier request performed the act.
    """
    # The same key on another path is another request. Otherwise the answer would be about another act.
    key = None if request_key is None else f"{request.method} {request.url.path} {request_key}"
    try:
        return services.act(request.state.actor.name, action, key)
    except Replayed as replayed:
        return replayed.subject


def no_such(word: str, key: str, listed_at: str) -> NotFound:
    """The error for an id that no record has.

    Args:
        word: what such a record is called.
        listed_at: the path that lists these records.
    """
    return NotFound(
        "no-such-record", detail=f"There is no {word} {key!r}. GET {listed_at} lists those that exist."
    )


def install(app: FastAPI, bodies: Bodies) -> None:
    """Answer refused acts as problems.

    Args:
        bodies: builds the body of a record for ``current`` of a 409, by type of record.
    """

    def on_conflict(request: Request, error: Exception) -> Response:
        assert isinstance(error, ActConflict)
        build_body = bodies.get(type(error.current))
        current = None if build_body is None else build_body(error.current).model_dump(mode="json")
        return problems.problem_response(
            "conflict", request.url.path, str(error), refusal=_refusal(error), current=current
        )

    app.add_exception_handler(NotFound, _on_not_found)
    app.add_exception_handler(ActConflict, on_conflict)
    app.add_exception_handler(ActInvalid, _on_invalid)


def _on_not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotFound)
    return problems.problem_response("not-found", request.url.path, str(error), refusal=_refusal(error))


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, ActInvalid)
    wrong = [] if error.field is None else [FieldErrorBody(where=f"body.{error.field}", message=str(error))]
    return problems.problem_response(
        "invalid-request", request.url.path, str(error), errors=wrong, refusal=_refusal(error)
    )


def _refusal(error: ActError) -> RefusalBody:
    return RefusalBody(code=error.code, values=dict(error.values))
