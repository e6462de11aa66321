"""The sessions of a rig in the entries that wait for the database: the newest state that timing has given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from f1timings.store.stored import Stamped, StoredSession
from f1timings.store.tables.column_types import instant
from f1timings.timing.engine import KnownSession
from f1timings.timing.events import CountersRead, LapRecorded, OccurrenceRecorded, SessionChanged
from f1timings.timing.occurrences import Occurrence
from f1timings.timing.records import Lap, Session


class WaitingSessions:
    """What waits of the runs of one rig under one game UID.

    Args:
        entries: those that are not known to be committed, in their order.
        rig: key of the rig.
        uid: the game UID.
    """

    def __init__(self, entries: Iterable[Stamped], rig: str, uid: int) -> None:
        self._sessions: dict[str, tuple[Session, float]] = {}
        self._laps: dict[str, Lap] = {}
        self._occurrences: dict[str, Occurrence] = {}
        self._counters: dict[str, CountersRead] = {}
        for received_at, event, *_ in entries:
            match event:
                case SessionChanged(session) if (session.rig, session.uid) == (rig, uid):
                    self._sessions[session.id] = session, received_at
                case LapRecorded(lap) if (lap.rig, lap.session_uid) == (rig, uid):
                    self._laps[lap.id] = lap
                case OccurrenceRecorded(record):
                    self._occurrences[record.id] = record
                case CountersRead():
                    self._counters[event.session_id] = event

    def merged(self, stored: Sequence[StoredSession]) -> list[StoredSession]:
        """The stored sessions and those that wait, each in its newest state, the newest run first."""
        runs = {run.session.id: run for run in stored}
        for id_, (session, received_at) in self._sessions.items():
            at = instant(received_at)
            before = runs.get(id_) or StoredSession(
                session=session, opened_at=at, ended_at=None, lap_count=0, seq=0
            )
            runs[id_] = replace(before, session=session, ended_at=at if session.is_ended else None)
        return sorted(runs.values(), key=lambda run: run.session.epoch, reverse=True)

    def completed(self, session: Session, stored: KnownSession) -> KnownSession:
        """What is stored of a session, with what waits of it."""
        laps = {lap.id: lap for lap in stored.laps}
        laps |= {lap.id: lap for lap in self._laps.values() if lap.session_id == session.id}
        occurrences = {record.id: record for record in stored.occurrences}
        occurrences |= {
            record.id: record for record in self._occurrences.values() if record.session_id == session.id
        }
        counters = self._counters.get(session.id, stored.counters)
        return KnownSession(session, [*laps.values()], [*occurrences.values()], counters)
