"""The newest counters of each session, from which a restarted server goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping

from f1timings.store.events.row_changes import EventChange, Keys, read_rows, upsert_rows
from f1timings.store.events.versions import Moment
from f1timings.store.tables.timed import session_counters
from f1timings.timing.events import CountersRead

_FIELDS = ("session_id", "session_time_s", "frame", "overall_frame")


class StoredCounters(NamedTuple):
    """The counters of a session, and when the packet with them arrived (UTC)."""

    counters: CountersRead
    received_at: datetime


def load_counters(connection: Connection, keys: Keys) -> dict[str, StoredCounters]:
    """Read the counters of these sessions."""
    found = read_rows(connection, session_counters.c.session_id, keys)
    return {row["session_id"]: StoredCounters(counters_of(row), row["received_at"]) for row in found}


def next_counters(before: StoredCounters | None, event: CountersRead, at: Moment) -> StoredCounters | None:
    """The counters of the event; those from a capture that is timed again are older."""
    if before is not None and at.received_at <= before.received_at:
        return None
    return StoredCounters(event, at.received_at)


def store_counters(connection: Connection, changes: Sequence[EventChange[StoredCounters]]) -> None:
    """Store the changes of one batch."""
    rows = [
        (
            change,
            {name: getattr(change.after.counters, name) for name in _FIELDS}
            | {"readings": change.after.counters.readings, "received_at": change.after.received_at},
        )
        for change in changes
    ]
    upsert_rows(connection, session_counters.c.session_id, rows)


def counters_of(row: RowMapping) -> CountersRead:
    """The counters of a row."""
    readings = tuple((session_time_s, at) for session_time_s, at in row["readings"])
    return CountersRead(**{name: row[name] for name in _FIELDS}, readings=readings)
