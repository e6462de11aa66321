"""What an event makes of what is stored: the next version, or nothing where it says nothing new. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from f1timings.meeting.people import LapMark
from f1timings.rigs.registry import RigSeen
from f1timings.store.stored import (
    StoredClassification,
    StoredLap,
    StoredOccurrence,
    StoredRig,
    StoredSession,
)
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from f1timings.timing.occurrences import OccurrenceT
from f1timings.timing.records import Lap, LapState, Participant


class Moment(NamedTuple):
    """The times of an event, all UTC, and the number its change would get.

    Attributes:
        received_at: when it arrived.
        official_at: when it becomes official.
        began_at: when the lap that it is about began, None where it does not say.
    """

    received_at: datetime
    official_at: datetime
    seq: int
    began_at: datetime | None = None


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
        first = StoredLap(lap, at.received_at, at.received_at, at.official_at, 1, at.seq)
        return (replace(first, began_at=at.began_at),)
    last = before[-1]
    if (lap == last.as_timed and not _supplies_start(last, at)) or _is_replayed(before, lap, at):
        return None
    after = _as_told(last, lap)
    after = replace(
        after,
        received_at=at.received_at,
        official_at=last.official_at if _counts_alike(last.lap, after.lap) else at.official_at,
        revision=last.revision + 1,
        seq=at.seq,
        began_at=at.began_at or last.began_at,
    )
    return (*before, after)


def judged_lap(last: StoredLap, told: Lap, mark: LapMark | None, typed_by: str | None = None) -> StoredLap:
    """The lap with a marshal's decision over what the game said; its revision and times are still the last's.

    Args:
        told: what the game says, or how the lap was typed.
        mark: None takes a decision back.
        typed_by: of a manual lap, who typed it.
    """
    if mark is None:
        plain = replace(last, game_state=None, game_is_valid=None, ruled_valid=None)
        return replace(plain, lap=told, marked_by=typed_by, reason=None)
    return replace(
        last,
        lap=_ruled(told, mark.is_deleted, mark.is_valid),
        game_state=told.state,
        game_is_valid=told.is_valid,
        ruled_valid=mark.is_valid,
        marked_by=mark.by,
        reason=mark.reason,
    )


def _as_told(last: StoredLap, lap: Lap) -> StoredLap:
    """The version with other words of the game; what a marshal decided stands over them all the same."""
    if last.game_state is None:
        return replace(last, lap=lap)
    ruled = _ruled(lap, last.is_struck, last.ruled_valid)
    return replace(last, lap=ruled, game_state=lap.state, game_is_valid=lap.is_valid)


def _ruled(told: Lap, is_deleted: bool, is_valid: bool | None) -> Lap:
    state = LapState.DELETED if is_deleted else told.state
    return replace(told, state=state, is_valid=told.is_valid if is_valid is None else is_valid)


def next_classification(
    before: StoredClassification | None, event: SessionClassified, at: Moment
) -> StoredClassification | None:
    """The result as the event has it, entries by position."""
    entries = tuple(sorted(event.entries, key=lambda entry: (entry.position, entry.car_index)))
    if before is not None and before.entries == entries:
        return None
    return StoredClassification(event.session_id, entries, at.official_at, at.seq)


def next_occurrence(
    before: StoredOccurrence[OccurrenceT] | None, record: OccurrenceT, at: Moment
) -> StoredOccurrence[OccurrenceT] | None:
    """The occurrence with what is now known; a replay of an earlier version changes nothing."""
    if before is not None and (record == before.record or at.received_at < before.received_at):
        return None
    recorded_at = at.received_at if before is None else before.recorded_at
    return StoredOccurrence(record=record, recorded_at=recorded_at, received_at=at.received_at, seq=at.seq)


def _is_replayed(versions: tuple[StoredLap, ...], lap: Lap, at: Moment) -> bool:
    """A capture that is played again brings the earlier versions again, with their times of then."""
    is_older = at.received_at < versions[-1].received_at
    return is_older and any(lap == version.as_timed for version in versions[:-1])


def _supplies_start(last: StoredLap, at: Moment) -> bool:
    """Whether a capture timed again says when a lap began that is stored without it.

    A capture that is sent again says when it was sent: later than the lap was known.
    """
    return last.began_at is None and at.began_at is not None and at.began_at <= last.received_at


def _counts_alike(one: Lap, other: Lap) -> bool:
    """Whether the two are the same lap on a board: what is official did not change."""
    facts = [(lap.lap_time_ms, lap.state, lap.is_valid) for lap in (one, other)]
    return facts[0] == facts[1]
