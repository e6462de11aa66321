"""Time datagrams again and return the records that the server would store, each in its final version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from f1timings.intake.datagrams import Datagram
from f1timings.pipeline import Pipeline
from f1timings.rigs.registry import RigSeen
from f1timings.store import Stamped, StoredEvent
from f1timings.timing.engine import MOST_RUNS, KnownSession, may_be_saved_from
from f1timings.timing.events import CountersRead, LapRecorded, OccurrenceRecorded, SessionChanged
from f1timings.timing.history import HistoryLap
from f1timings.timing.records import Lap, LapState, Session


class LatestRecords:
    """A sink of the pipeline that keeps the latest version of each record, in the order of first appearance.

    Earlier versions (a lap that was partial until the session history completed it) are left out, so that
    the store receives final versions only.
    """

    def __init__(self) -> None:
        self._entries: dict[tuple[type, str], Stamped] = {}
        # The ids of the sessions of each rig and game UID, by epoch.
        self._runs: dict[tuple[str, int], dict[int, str]] = {}
        # Ids of laps by the rig, car, number and time that they had.
        self._laps: dict[tuple[str, int, int, int | None], dict[str, None]] = {}

    def handle_entries(self, entries: Sequence[Stamped]) -> None:
        """Replace the earlier version of each record; this is the sink."""
        for entry in entries:
            if isinstance(entry.event, SessionChanged):
                self._handle_session(entry.event.session)
            elif isinstance(entry.event, LapRecorded):
                self._handle_lap(entry.event.lap)
            if entry.trace is not None:
                entry.trace.blob()  # its samples take twenty times the memory
            key = _record_key(entry.event)
            previous = self._entries.get(key)
            # A correction does not repeat when the lap began.
            self._entries[key] = entry if previous is None else _with_start(entry, previous)

    def recall(self, rig: str, uid: int) -> KnownSession | None:
        """The session of a rig under a game UID that it drove last, as the store would have it."""
        runs = self._entries_of_runs(rig, uid)
        if not runs:
            return None
        newest_first = enumerate(runs)
        last = max(newest_first, key=lambda run: (not _record(run[1]).is_ended, run[1].received_at, -run[0]))
        return self._known(_record(last[1]))

    def runs(self, rig: str, uid: int) -> Iterator[KnownSession]:
        """The sessions of a rig under a game UID, the newest first, as the store would have them."""
        for entry in self._entries_of_runs(rig, uid):
            yield self._known(_record(entry))

    def _entries_of_runs(self, rig: str, uid: int) -> list[Stamped]:
        runs = self._runs.get((rig, uid), {})
        entries = [self._entries[SessionChanged, runs[epoch]] for epoch in sorted(runs, reverse=True)]
        return [entry for entry in entries if _record(entry).rig == rig][:MOST_RUNS]

    def _known(self, session: Session) -> KnownSession:
        counters = self._entries.get((CountersRead, session.id))
        return KnownSession(
            session,
            self._of_session(LapRecorded, session.id),
            self._of_session(OccurrenceRecorded, session.id),
            None if counters is None else counters.event,  # type: ignore[arg-type]
        )

    def earlier_laps(self, session: Session, car_index: int, entries: Sequence[HistoryLap]) -> Sequence[Lap]:
        """The laps of a car that may be those in a history, in sessions that may have been saved."""
        keys = [(session.rig, car_index, entry.lap_number, entry.lap_time_ms) for entry in entries]
        ids = [(lap_id, key[-1]) for key in keys for lap_id in self._laps.get(key, ())]
        laps = [(_record(self._entries[LapRecorded, lap_id]), time_ms) for lap_id, time_ms in ids]
        return [
            lap
            for lap, time_ms in laps
            if lap.lap_time_ms == time_ms
            and lap.state is not LapState.SUPERSEDED
            and may_be_saved_from(session, _record(self._entries[SessionChanged, lap.session_id]))
        ]

    def _of_session(self, kind: type, session_id: str) -> list[Any]:
        """The records of one kind that belong to a session."""
        records = (_record(entry) for entry in self._entries.values() if isinstance(entry.event, kind))
        return [record for record in records if record.session_id == session_id]

    def _handle_lap(self, lap: Lap) -> None:
        key = lap.rig, lap.car_index, lap.lap_number, lap.lap_time_ms
        self._laps.setdefault(key, {})[lap.id] = None

    def _handle_session(self, session: Session) -> None:
        self._runs.setdefault((session.rig, session.uid), {})[session.epoch] = session.id

    @property
    def entries(self) -> list[Stamped]:
        """The records; a session comes before its laps, stints and other records."""
        return list(self._entries.values())


def derive_records(datagrams: Iterable[Datagram]) -> list[Stamped]:
    """Time datagrams from the first to the last, by their recorded times."""
    latest = LatestRecords()
    pipeline = Pipeline(latest.handle_entries, archive=latest)
    received_at = 0.0
    for received_at, address, port, listen_port, data in datagrams:
        pipeline.feed(data, address, port, listen_port, received_at)
        pipeline.tick(received_at)
    pipeline.finish(received_at)
    return latest.entries


def _record(entry: Stamped) -> Any:
    """The record in an event."""
    return getattr(entry.event, fields(entry.event)[0].name)


def _with_start(entry: Stamped, previous: Stamped) -> Stamped:
    """The entry with the start and the trace of the version before, unless it has newer ones."""
    if entry.trace is None:
        entry = entry._replace(trace=previous.trace)
    is_missing = previous.began_at is None or _is_given_up(previous.event)
    if entry.began_at is not None or (entry.began_between is not None and is_missing):
        return entry
    return entry._replace(began_at=previous.began_at, began_between=previous.began_between)


def _is_given_up(event: StoredEvent) -> bool:
    """Whether it is a lap without a time; it may have another start when it gets one."""
    return isinstance(event, LapRecorded) and event.lap.lap_time_ms is None


def _record_key(event: StoredEvent) -> tuple[type, str]:
    """The kind of event and the id of its record; a later event with the same key replaces the earlier."""
    if isinstance(event, RigSeen):
        return RigSeen, event.key
    record = getattr(event, fields(event)[0].name)
    return type(event), record if isinstance(record, str) else record.id
