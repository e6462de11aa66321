"""The next version of what is stored after an event; None if the event has nothing new. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from f1timings.meeting.people import LapMark
from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.rigs.registry import RigSeen
from f1timings.store.stored import (
    Stamped,
    StoredClassification,
    StoredLap,
    StoredOccurrence,
    StoredRig,
    StoredRoomCircuit,
    StoredSession,
)
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from f1timings.timing.occurrences import OccurrenceT
from f1timings.timing.records import Lap, LapState, Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The times of an event, all UTC, and the number of its change if it changes anything.

    Attributes:
        received_at: when it arrived.
        official_at: when it becomes official.
        began_at: when the lap that it is about began; None if it has no such time.
        began_after / began_before: between which moments it began, where ``began_at`` is not certain.
    """

    received_at: datetime
    official_at: datetime
    seq: int
    began_at: datetime | None = None
    began_after: datetime | None = None
    began_before: datetime | None = None

    @classmethod
    def of(cls, entry: Stamped, *, official_at: datetime, seq: int) -> Moment:
        """The times of an entry."""
        after, before = entry.began_between or (None, None)
        return cls(
            received_at=instant(entry.received_at),
            official_at=official_at,
            seq=seq,
            began_at=None if entry.began_at is None else instant(entry.began_at),
            began_after=None if after is None else instant(after),
            began_before=None if before is None else instant(before),
        )


def next_rig(before: StoredRig | None, event: RigSeen, at: Moment) -> StoredRig | None:
    """The rig with its newest facts; a later time of the last packet is a change, too."""
    if before is None:
        return StoredRig(
            rig=event,
            first_seen_at=at.received_at,
            last_seen_at=at.received_at,
            session_count=0,
            seq=at.seq,
        )
    after = replace(
        before,
        rig=event,
        first_seen_at=min(before.first_seen_at, at.received_at),
        last_seen_at=max(before.last_seen_at, at.received_at),
    )
    return None if after == before else replace(after, seq=at.seq)


def next_room_circuit(
    before: StoredRoomCircuit | None, event: RoomCircuitChanged, at: Moment
) -> StoredRoomCircuit | None:
    """The circuit of the event."""
    if before is not None and before.circuit == event.circuit:
        return None
    return StoredRoomCircuit(
        meeting_id=event.meeting_id, circuit=event.circuit, since=at.received_at, seq=at.seq
    )


def next_session(before: StoredSession | None, event: SessionChanged, at: Moment) -> StoredSession | None:
    """The session with the facts of the event.

    It opened with its first event, and it ended with the first event in which it is ended.
    """
    session = event.session
    if before is not None and before.session == session:
        return None
    opened_at = before.opened_at if before else at.received_at
    ended_before = before.ended_at if before else None
    ended_at = (ended_before or at.received_at) if session.is_ended else None
    return StoredSession(session=session, opened_at=opened_at, ended_at=ended_at, lap_count=0, seq=at.seq)


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
    """All versions of the lap, the new one last; None if the version is stored already."""
    lap = event.lap
    if not before:
        first = StoredLap(
            lap=lap,
            recorded_at=at.received_at,
            received_at=at.received_at,
            official_at=at.official_at,
            revision=1,
            seq=at.seq,
            began_at=at.began_at,
            began_after=at.began_after,
            began_before=at.began_before,
        )
        return (first,)
    last = before[-1]
    if (lap == last.as_timed and not _supplies_start(last, at)) or _is_replayed(before, lap, at):
        return None
    after = _with_facts(last, lap)
    after = replace(
        after,
        received_at=at.received_at,
        official_at=last.official_at if _counts_alike(last.lap, after.lap) else at.official_at,
        revision=last.revision + 1,
        seq=at.seq,
    )
    if _has_newer_start(last, at):
        after = replace(after, began_at=at.began_at, began_after=at.began_after, began_before=at.began_before)
    return (*before, after)


def judged_lap(last: StoredLap, timed: Lap, mark: LapMark | None, typed_by: str | None = None) -> StoredLap:
    """The lap with a marshal's decision, which overrides the game.

    It still has the revision and the times of the last version.

    Args:
        timed: the lap as the game sent it, or as it was typed.
        mark: the decision; None removes an earlier decision.
        typed_by: the person who typed a manual lap.
    """
    if mark is None:
        plain = replace(last, game_state=None, game_is_valid=None, ruled_valid=None)
        return replace(plain, lap=timed, marked_by=typed_by, reason=None)
    return replace(
        last,
        lap=_with_ruling(timed, mark.is_deleted, mark.is_valid),
        game_state=timed.state,
        game_is_valid=timed.is_valid,
        ruled_valid=mark.is_valid,
        marked_by=mark.by,
        reason=mark.reason,
    )


def _with_facts(last: StoredLap, lap: Lap) -> StoredLap:
    """The version with new facts of the game; the marshal's decision still overrides them."""
    if last.game_state is None:
        return replace(last, lap=lap)
    ruled = _with_ruling(lap, last.is_struck, last.ruled_valid)
    return replace(last, lap=ruled, game_state=lap.state, game_is_valid=lap.is_valid)


def _with_ruling(timed: Lap, is_deleted: bool, is_valid: bool | None) -> Lap:
    state = LapState.DELETED if is_deleted else timed.state
    return replace(timed, state=state, is_valid=timed.is_valid if is_valid is None else is_valid)


def next_classification(
    before: StoredClassification | None, event: SessionClassified, at: Moment
) -> StoredClassification | None:
    """The result of the event, entries by position."""
    entries = tuple(sorted(event.entries, key=lambda entry: (entry.position, entry.car_index)))
    if before is not None and before.entries == entries:
        return None
    return StoredClassification(
        session_id=event.session_id, entries=entries, official_at=at.official_at, seq=at.seq
    )


def next_occurrence(
    before: StoredOccurrence[OccurrenceT] | None, record: OccurrenceT, at: Moment
) -> StoredOccurrence[OccurrenceT] | None:
    """The occurrence with what is now known; a replay of an earlier version changes nothing."""
    if before is not None and (record == before.record or at.received_at < before.received_at):
        return None
    recorded_at = at.received_at if before is None else before.recorded_at
    return StoredOccurrence(record=record, recorded_at=recorded_at, received_at=at.received_at, seq=at.seq)


def _is_replayed(versions: tuple[StoredLap, ...], lap: Lap, at: Moment) -> bool:
    """Whether this is an earlier version from a capture that is timed again, with the original times."""
    is_older = at.received_at < versions[-1].received_at
    return is_older and any(lap == version.as_timed for version in versions[:-1])


def _supplies_start(last: StoredLap, at: Moment) -> bool:
    """Whether this supplies the missing start of a stored lap, from a capture that is timed again.

    A capture that is sent over the network again gives the time of sending, which is after the lap was
    stored: it supplies no start.
    """
    if last.began_at is not None or (last.began_before is not None and at.began_at is None):
        return False
    began = at.began_at or at.began_before
    return began is not None and began <= last.received_at


def _has_newer_start(last: StoredLap, at: Moment) -> bool:
    """Whether what is known now of the start takes the place of what is stored.

    Two bounds alone do so only for a lap without a moment, and for one that was given up: another run may
    have it.
    """
    is_missing = last.began_at is None or last.as_timed.lap_time_ms is None
    return at.began_at is not None or (at.began_before is not None and is_missing)


def _counts_alike(first: Lap, second: Lap) -> bool:
    """Whether lap time, state and validity are the same: what is official did not change."""
    facts = [(lap.lap_time_ms, lap.state, lap.is_valid) for lap in (first, second)]
    return facts[0] == facts[1]
