"""Time datagrams again and return the records that the server would store, each in its final version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from f1timings.intake.datagrams import Datagram
from f1timings.pipeline import Pipeline
from f1timings.rigs.registry import RigSeen
from f1timings.store import Stamped, StoredEvent


class LatestRecords:
    """A sink of the pipeline that keeps the latest version of each record, in the order of first appearance.

    Earlier versions (a lap that was partial until the session history completed it) are left out, so that
    the store receives final versions only.
    """

    def __init__(self) -> None:
        self._entries: dict[tuple[type, str], Stamped] = {}

    def handle_entries(self, entries: Sequence[Stamped]) -> None:
        """Replace the earlier version of each record; this is the sink."""
        for entry in entries:
            key = _record_key(entry.event)
            previous = self._entries.get(key)
            # A correction does not repeat when the lap began.
            self._entries[key] = entry if previous is None else _with_start(entry, previous)

    @property
    def entries(self) -> list[Stamped]:
        """The records; a session comes before its laps, stints and other records."""
        return list(self._entries.values())


def derive_records(datagrams: Iterable[Datagram]) -> list[Stamped]:
    """Time datagrams from the first to the last, by their recorded times."""
    latest = LatestRecords()
    pipeline = Pipeline(latest.handle_entries)
    received_at = 0.0
    for received_at, address, port, listen_port, data in datagrams:
        pipeline.feed(data, address, port, listen_port, received_at)
        pipeline.tick(received_at)
    pipeline.finish(received_at)
    return latest.entries


def _with_start(entry: Stamped, previous: Stamped) -> Stamped:
    return entry._replace(
        began_at=previous.began_at if entry.began_at is None else entry.began_at,
        began_between=entry.began_between or previous.began_between,
    )


def _record_key(event: StoredEvent) -> tuple[type, str]:
    """The kind of event and the id of its record; a later event with the same key replaces the earlier."""
    if isinstance(event, RigSeen):
        return RigSeen, event.key
    record = getattr(event, fields(event)[0].name)
    return type(event), record if isinstance(record, str) else record.id
