"""What goes into the store and what comes out: records with their times, revisions and change numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Literal, NamedTuple

from f1timings.meeting import people
from f1timings.meeting.manual_laps import MANUAL_RIG
from f1timings.rigs.registry import RigSeen
from f1timings.timing.events import TimingEvent
from f1timings.timing.occurrences import OccurrenceT
from f1timings.timing.records import ClassificationEntry, Lap, LapState, Session


class Stamped(NamedTuple):
    """An event on its way to the store.

    Attributes:
        received_at: when its datagram arrived, seconds since 1970.
        began_at: for a LapRecorded, when that lap began by our clock, seconds since 1970; None where that is
            not known, or was said with an earlier version of the lap.
    """

    received_at: float
    event: TimingEvent | RigSeen
    began_at: float | None = None


@dataclass(frozen=True, slots=True)
class StoredRig:
    """A rig as last seen.

    Attributes:
        first_seen_at / last_seen_at: UTC; the earliest and the latest time it was announced to the store.
        session_count: sessions of this rig.
        seq: number of its newest change.
    """

    rig: RigSeen
    first_seen_at: datetime
    last_seen_at: datetime
    session_count: int
    seq: int


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as last known.

    Attributes:
        opened_at: UTC; when its first event arrived.
        ended_at: UTC; when the event that ended it arrived, None while it runs.
        lap_count: its laps of every state.
        seq: number of its newest change.
    """

    session: Session
    opened_at: datetime
    ended_at: datetime | None
    lap_count: int
    seq: int


@dataclass(frozen=True, slots=True)
class StoredLap:
    """One version of a lap.

    Attributes:
        lap: as it counts: what the game said, and over it what a marshal decided.
        recorded_at: UTC; when the lap was first seen, the same in all its versions.
        received_at: UTC; when this version was seen.
        official_at: UTC, the writer's clock at the commit; a version that changes neither lap time, state nor
            validity keeps that of the version before it.
        revision: 1 for the original, one more for each correction.
        seq: number of the change that stored this version; greater than any before it.
        driver: who drove it, as assigned; None where nobody is.
        began_at: UTC; our clock when the lap began, after a flashback the moment of the flashback; None for
            one that nobody saw, known from a session history alone.
        game_state / game_is_valid: what the game said, of a lap that a marshal decided about; ``game_state``
            is None for any other lap, and only for those.
        ruled_valid: the marshal's verdict, None where the game's stands.
        marked_by / reason: who decided last, or typed the lap, and why.
        driver_id / basis: id of the driver and how that is known, None where it is nobody's.
        meeting_id / circuit: whose boards it belongs to; None where that is not known.
        typed: of a manual lap its time as typed.
    """

    lap: Lap
    recorded_at: datetime
    received_at: datetime
    official_at: datetime
    revision: int
    seq: int
    driver: str | None = None
    began_at: datetime | None = None
    game_state: LapState | None = None
    game_is_valid: bool | None = None
    ruled_valid: bool | None = None
    marked_by: str | None = None
    reason: str | None = None
    driver_id: str | None = None
    basis: str | None = None
    meeting_id: str | None = None
    circuit: str | None = None
    typed: str | None = None

    @property
    def source(self) -> Literal["telemetry", "manual"]:
        """Whether a game timed it or somebody typed it."""
        return "manual" if self.lap.rig == MANUAL_RIG else "telemetry"

    @property
    def as_timed(self) -> Lap:
        """The lap as the game timed it, or as it was typed; no marshal's decision applied."""
        if self.game_state is None:
            return self.lap
        return replace(self.lap, state=self.game_state, is_valid=self.game_is_valid)

    @property
    def is_struck(self) -> bool:
        """Whether a marshal deleted it."""
        deleted = LapState.DELETED
        return self.game_state not in (None, deleted) and self.lap.state is deleted


@dataclass(frozen=True, slots=True)
class StoredClassification:
    """The result of a session, entries in order of position; ``official_at`` (UTC) is its newest commit."""

    session_id: str
    entries: tuple[ClassificationEntry, ...]
    official_at: datetime
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOccurrence(Generic[OccurrenceT]):
    """An incident, a stint or a pit visit as last known.

    Attributes:
        recorded_at: UTC; when its first event arrived.
        received_at: UTC; when the event with this version arrived.
        seq: number of its newest change.
    """

    record: OccurrenceT
    recorded_at: datetime
    received_at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class Committed:
    """A change that is safely in the database.

    Attributes:
        received_at: as submitted, seconds since 1970.
        event: as submitted.
        seq: number of the change.
        lap: for a LapRecorded the lap as stored, None for other events.
    """

    received_at: float
    event: TimingEvent | RigSeen
    seq: int
    lap: StoredLap | None = None


@dataclass(frozen=True, slots=True)
class WriterState:
    """How the writer is doing.

    Attributes:
        queued: entries accepted and not yet in the database.
        committed: entries that are in the database (also those that changed nothing), since the start.
        rejected: entries that the database can never take, since the start; each one is in the log.
        failing_since: UTC; since when nothing can be written, None while all is well.
        error: what the database says about it.
    """

    queued: int
    committed: int
    rejected: int
    failing_since: datetime | None
    error: str | None


class RecordChange(NamedTuple):
    """One row that an act changed; None before it was there, or after it was taken away."""

    before: Any | None
    after: Any | None

    @property
    def newest(self) -> Any:
        """The record as it is, or as it last was."""
        return self.after if self.after is not None else self.before


@dataclass(frozen=True, slots=True)
class CommittedAct:
    """An act that is safely in the database.

    Attributes:
        changes: what it changed, in the order of the changes.
        lap_ids: laps that are another's now, count otherwise, or are on another board.
    """

    act: people.Act
    changes: tuple[RecordChange, ...]
    lap_ids: tuple[str, ...]
