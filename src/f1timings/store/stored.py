"""What enters the store and what it returns: records with their times, revisions and change numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic, Literal, NamedTuple

from f1timings.errors import StoreTrouble
from f1timings.meeting import people
from f1timings.meeting.manual_laps import MANUAL_RIG
from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.rigs.registry import RigSeen
from f1timings.timing.events import TimingEvent
from f1timings.timing.occurrences import OccurrenceT
from f1timings.timing.records import ClassificationEntry, Lap, LapState, Session
from f1timings.timing.session_clock import Between
from f1timings.traces.lap_trace import LapTrace

_BRIEF_S: Final = 1.0

StoredEvent = TimingEvent | RigSeen | RoomCircuitChanged
"""What the store keeps: what the games report, and what the server concludes from all rigs."""


class Stamped(NamedTuple):
    """An event that enters the store.

    Attributes:
        received_at: when its datagram arrived, seconds since 1970.
        began_at: for a LapRecorded, when the lap began by our clock, seconds since 1970; None if it is
            unknown, or if an earlier version of the lap had it.
        began_between: between which moments it began, where ``began_at`` is not certain.
        trace: for a LapRecorded, the trace of the lap if it is a new one; stored in the same transaction.
    """

    received_at: float
    event: StoredEvent
    began_at: float | None = None
    began_between: Between | None = None
    trace: LapTrace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRig:
    """A rig in its newest state.

    Attributes:
        first_seen_at / last_seen_at: UTC; the earliest and the latest time in its events.
        session_count: the number of its sessions.
        number: counts the rigs in the order of their first appearance, from 1.
        seq: number of its newest change.
    """

    rig: RigSeen
    first_seen_at: datetime
    last_seen_at: datetime
    session_count: int
    seq: int
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRoomCircuit:
    """The circuit that most rigs drive at a meeting.

    Attributes:
        since: UTC; when the room followed the rigs to it.
        seq: number of its newest change.
    """

    meeting_id: str
    circuit: str
    since: datetime
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """A session in its newest state.

    Attributes:
        opened_at: UTC; when its first event arrived.
        ended_at: UTC; when the event that ended it arrived, None while it runs.
        lap_count: the number of its laps, of every state.
        seq: number of its newest change.
    """

    session: Session
    opened_at: datetime
    ended_at: datetime | None
    lap_count: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLap:
    """One version of a lap.

    Attributes:
        lap: as it counts: the facts of the game, with the marshal's decision applied.
        recorded_at: UTC; when the first version of the lap arrived, the same in all versions.
        received_at: UTC; when this version arrived.
        official_at: UTC, the writer's clock at the commit; a version with the same lap time, state and
            validity has the time of the version before it.
        revision: 1 for the original, one more for each correction.
        seq: number of the change that stored this version; greater than any before it.
        driver: name of the driver as screens show it; None without a driver.
        began_at: UTC; our clock when the lap began, after a flashback the moment of the flashback; None if no
            packet showed its beginning, as for a lap that only a session history contained.
        began_after / began_before: UTC; the moments between which it began, where ``began_at`` is unknown or
            not certain; ``began_after`` is None if it may have begun at any time before. Both are None if
            ``began_at`` is certain, and for a lap that an older program stored.
        game_state / game_is_valid: the game's own facts of a lap that a marshal decided about; ``game_state``
            is None exactly for laps without a decision.
        ruled_valid: the marshal's decision on validity; None leaves the game's verdict.
        marked_by / reason: the person who decided last, or who typed the lap, and the reason.
        driver_id / basis: id of the driver, and what decided the driver; None without a driver.
        meeting_id / circuit: the board that it belongs to; None where it is unknown.
        typed: the time of a manual lap as it was typed.
    """

    lap: Lap
    recorded_at: datetime
    received_at: datetime
    official_at: datetime
    revision: int
    seq: int
    driver: str | None = None
    began_at: datetime | None = None
    began_after: datetime | None = None
    began_before: datetime | None = None
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
        """Whether a game timed it, or a person typed it."""
        return "manual" if self.lap.rig == MANUAL_RIG else "telemetry"

    @property
    def as_timed(self) -> Lap:
        """The lap as the game timed it, or as it was typed, without a marshal's decision."""
        if self.game_state is None:
            return self.lap
        return replace(self.lap, state=self.game_state, is_valid=self.game_is_valid)

    @property
    def is_struck(self) -> bool:
        """Whether a marshal deleted it."""
        deleted = LapState.DELETED
        return self.game_state not in (None, deleted) and self.lap.state is deleted


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A change that is committed to the database.

    Attributes:
        received_at: as submitted, seconds since 1970.
        event: as submitted.
        seq: number of the change.
        lap: for a LapRecorded the lap as stored, None for other events.
        occurrence: for an OccurrenceRecorded its newest version as stored, None for other events.
        has_changed_boards: its commit may have changed a row of a board, or the trace of a lap.
    """

    received_at: float
    event: StoredEvent
    seq: int
    lap: StoredLap | None = None
    occurrence: StoredOccurrence[Any] | None = None
    has_changed_boards: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterState:
    """The state of the writer.

    Attributes:
        queued: entries accepted and not yet in the database.
        committed: entries committed since the start, including those that changed nothing.
        rejected: entries that the database can never accept, since the start; each of them is in the log.
        failing_since: UTC; since when nothing can be written, None while writing works.
        error: the database's error text.
        trouble: why nothing can be written.
        spooled: how many of the queued entries are in the spool as well.
    """

    queued: int
    committed: int
    rejected: int
    failing_since: datetime | None
    error: str | None
    trouble: StoreTrouble | None = None
    spooled: int = 0

    def lasting_trouble(self, now: float) -> StoreTrouble | None:
        """Why nothing can be written; None in the first second, because a lock of a moment is no outage.

        Args:
            now: server time, seconds since 1970.
        """
        is_lasting = self.failing_since is not None and now - self.failing_since.timestamp() >= _BRIEF_S
        return self.trouble if is_lasting else None


class RecordChange(NamedTuple):
    """One record that an act changed; ``before`` is None for a new one, ``after`` for a removed one."""

    before: Any | None
    after: Any | None

    @property
    def newest(self) -> Any:
        """The record after the change, or before it if it was removed."""
        return self.after if self.after is not None else self.before


@dataclass(frozen=True, slots=True)
class CommittedAct:
    """An act that is committed to the database.

    Attributes:
        changes: the records that it changed, in that order.
        lap_ids: laps with another driver, on another board, or that count differently since.
    """

    act: people.Act
    changes: tuple[RecordChange, ...]
    lap_ids: tuple[str, ...]
