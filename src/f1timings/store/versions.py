"""What an event makes of what is stored: the next version, or nothing where it says nothing new. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from f1timings.meeting.rigs import RigSeen
from f1timings.store.stored import Fact, StoredClassification, StoredFact, StoredLap, StoredRig, StoredSession
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from f1timings.timing.records import Lap, Participant


class Moment(NamedTuple):
    """When an event arrived, when it becomes official (both UTC), and the number its change would get."""

    received_at: datetime
    official_at: datetime
    seq: int


def next_rig(before: StoredRig | None, event: RigSeen, at: Moment) -> StoredRig | None:
    """The rig with the facts now known; seen again later is a change, too."""
    if before is None:
        return StoredRig(event, at.received_at, at.received_at, 0, at.seq)
    after = replace(
        before,
        rig=event,
        first_seen_at=min(before.first_seen_at, at.received_at),
        last_seen_at=max(before.last_seen_at, at.received_at),
    )
    return None if after == before else replace(after, seq=at.seq)


def next_session(before: StoredSession | None, event: SessionChanged, at: Moment) -> StoredSession | None:
    """The session as the event has it; it opened with its first event and ended with the one that says so."""
    session = event.session
    if before is not None and before.session == session:
        return None
    opened_at = before.opened_at if before else at.received_at
    ended_before = before.ended_at if before else None
    ended_at = (ended_before or at.received_at) if session.is_ended else None
    return StoredSession(session, opened_at, ended_at, 0, at.seq)


def next_participants(
    before: tuple[Participant, ...] | None,
    event: ParticipantsChanged,
    at: Moment,  # noqa: ARG001
) -> tuple[Participant, ...] | None:
    """The occupied cars, by car index."""
    after = tuple(sorted(event.participants, key=lambda participant: participant.car_index))
    return None if after == (before or ()) else after


def next_lap(
    before: tuple[StoredLap, ...] | None, event: LapRecorded, at: Moment
) -> tuple[StoredLap, ...] | None:
    """All versions of the lap with the new one last; a version that is known already changes nothing."""
    lap = event.lap
    if not before:
        return (StoredLap(lap, at.received_at, at.received_at, at.official_at, 1, at.seq),)
    last = before[-1]
    if lap == last.lap or _is_replayed(before, lap, at):
        return None
    official_at = last.official_at if _counts_alike(last.lap, lap) else at.official_at
    return (*before, StoredLap(lap, last.recorded_at, at.received_at, official_at, last.revision + 1, at.seq))


def next_classification(
    before: StoredClassification | None, event: SessionClassified, at: Moment
) -> StoredClassification | None:
    """The result as the event has it, entries by position."""
    entries = tuple(sorted(event.entries, key=lambda entry: (entry.position, entry.car_index)))
    if before is not None and before.entries == entries:
        return None
    return StoredClassification(event.session_id, entries, at.official_at, at.seq)


def next_fact(before: StoredFact[Fact] | None, record: Fact, at: Moment) -> StoredFact[Fact] | None:
    """The incident, stint or pit visit as now known; what a replay says of an earlier moment is old."""
    if before is None:
        return StoredFact(record, at.received_at, at.received_at, at.seq)
    if record == before.record or at.received_at < before.received_at:
        return None
    return StoredFact(record, before.recorded_at, at.received_at, at.seq)


def _is_replayed(versions: tuple[StoredLap, ...], lap: Lap, at: Moment) -> bool:
    """A capture that is played again brings the earlier versions again, with their times of then."""
    is_older = at.received_at < versions[-1].received_at
    return is_older and any(lap == version.lap for version in versions[:-1])


def _counts_alike(one: Lap, other: Lap) -> bool:
    """Whether the two are the same lap on a board: what is official did not change."""
    facts = [(lap.lap_time_ms, lap.state, lap.is_valid) for lap in (one, other)]
    return facts[0] == facts[1]
