"""Records on their way from a command to the running server, which only its owner may send."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, TypeAdapter

from f1timings.rigs.registry import RigSeen
from f1timings.store import Stamped
from f1timings.timing.events import TimingEvent
from f1timings.web.http.bodies import Body
from f1timings.web.http.problems import ProblemError
from f1timings.web.services import Services

#: Where a command leaves records, and how many at once.
PATH: Final = "/api/internal/records"
MOST_AT_ONCE: Final = 500

_KINDS: Final[dict[str, type[Any]]] = {kind.__name__: kind for kind in (*TimingEvent.__args__, RigSeen)}
_ADAPTERS: Final = {name: TypeAdapter[Any](kind) for name, kind in _KINDS.items()}


class EntryBody(Body):
    """One record: what happened, when its datagram arrived, when the lap began (seconds since 1970)."""

    received_at: float
    kind: str
    record: dict[str, Any]
    began_at: float | None = None


class EntriesBody(Body):
    """Some records, in their order."""

    entries: Annotated[list[EntryBody], Field(max_length=MOST_AT_ONCE)]


def entries_json(stamped: Sequence[Stamped]) -> str:
    """What a command sends; at most ``MOST_AT_ONCE``."""
    entries = []
    for received_at, event, began_at in stamped:
        kind = type(event).__name__
        record = _ADAPTERS[kind].dump_python(event, mode="json")
        entries.append(EntryBody(received_at=received_at, kind=kind, record=record, began_at=began_at))
    return EntriesBody(entries=entries).model_dump_json()


def stamped_of(entries: EntriesBody) -> list[Stamped]:
    """The records of a body.

    Raises:
        ValueError: a kind that there is not, or a record that does not fit it.
    """
    found = []
    for entry in entries.entries:
        if entry.kind not in _ADAPTERS:
            raise ValueError(f"there is no record of kind {entry.kind!r}")
        record = _ADAPTERS[entry.kind].validate_python(entry.record)
        found.append(Stamped(entry.received_at, record, entry.began_at))
    return found


def routes(services: Services) -> APIRouter:
    """The one route; it is no part of the public API."""
    router = APIRouter(include_in_schema=False)

    @router.post(PATH, status_code=204)
    async def post_records(entries: EntriesBody, authorization: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {services.secret}".encode()):
            raise ProblemError("unauthorised")
        try:
            stamped = stamped_of(entries)
        except ValueError as error:
            raise ProblemError("invalid-request", str(error)) from error
        await run_in_threadpool(services.store_records, stamped)

    return router
