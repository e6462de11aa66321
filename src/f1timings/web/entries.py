"""Receives records that a command of the server's owner sends to the running server."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import Header
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, TypeAdapter

from f1timings.store import Stamped, StoredEvent
from f1timings.timing.session_clock import Between
from f1timings.traces.lap_trace import LapTrace
from f1timings.web.http.bodies import Body
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

#: The route for records, and the most in one request.
PATH: Final = "/api/internal/records"
MAX_RECORDS: Final = 500
_LARGEST: Final = 64 * 1024 * 1024
# An import is many requests. One backup is enough for those that follow within this time.
_IMPORT_S: Final = 600.0

_KINDS: Final[dict[str, type[Any]]] = {kind.__name__: kind for kind in StoredEvent.__args__}
_ADAPTERS: Final = {name: TypeAdapter[Any](kind) for name, kind in _KINDS.items()}


class EntryBody(Body):
    """One record, with the times of its datagram's arrival and its lap's begin in seconds since 1970.

    Every field has a type of JSON, since parsed JSON is checked without conversion. The trace is in Base64.
    """

    received_at: float
    kind: str
    record: dict[str, Any]
    began_at: float | None = None
    began_between: Annotated[list[float | None], Field(min_length=2, max_length=2)] | None = None
    trace: str | None = None


class EntriesBody(Body):
    """Records in their order."""

    entries: Annotated[list[EntryBody], Field(max_length=MAX_RECORDS)]


def entries_json(stamped: Sequence[Stamped]) -> str:
    """The request body for these records, at most ``MAX_RECORDS``."""
    entries = []
    for received_at, event, began_at, began_between, trace in stamped:
        kind = type(event).__name__
        record = _ADAPTERS[kind].dump_python(event, mode="json")
        entries.append(
            EntryBody(
                received_at=received_at,
                kind=kind,
                record=record,
                began_at=began_at,
                began_between=None if began_between is None else list(began_between),
                trace=None if trace is None else base64.b64encode(trace.blob()).decode(),
            )
        )
    return EntriesBody(entries=entries).model_dump_json()


def stamped_of(entries: EntriesBody) -> list[Stamped]:
    """The records of a request body.

    Raises:
        ValueError: a kind is unknown, or a record does not fit its kind.
    """
    stamped = []
    for entry in entries.entries:
        if entry.kind not in _ADAPTERS:
            raise ValueError(f"there is no record of kind {entry.kind!r}")
        record = _ADAPTERS[entry.kind].validate_python(entry.record)
        between = None if entry.began_between is None else _between(*entry.began_between)
        trace = (
            None if entry.trace is None else LapTrace.of_blob(base64.b64decode(entry.trace, validate=True))
        )
        stamped.append(Stamped(entry.received_at, record, entry.began_at, between, trace))
    return stamped


def _between(earliest: float | None, latest: float | None) -> Between:
    if latest is None:
        raise ValueError("the latest moment at which a lap began is missing")
    return Between(earliest, latest)


def _trace(encoded: str) -> LapTrace:
    return LapTrace.of_blob(base64.b64decode(encoded, validate=True))


def routes(services: Services) -> RouteList:
    """The route, which is not part of the public API."""
    router = RouteList(include_in_schema=False)

    @router.post(PATH, status_code=204, max_body_size=_LARGEST)
    async def post_records(entries: EntriesBody, authorization: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {services.secret}".encode()):
            raise ProblemError("unauthorised")
        try:
            stamped = stamped_of(entries)
        except ValueError as error:
            raise ProblemError("invalid-request", str(error)) from error
        await run_in_threadpool(_store, services, stamped)

    return router


def _store(services: Services, stamped: Sequence[Stamped]) -> None:
    """Store the records; the first request of an import makes a backup before."""
    services.backups.make_before("import", younger_than_s=_IMPORT_S)
    services.store_records(stamped)
