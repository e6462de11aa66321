"""Timing events: what the engine reports, named in the past tense, each with the whole new record."""

from __future__ import annotations

from dataclasses import dataclass, field

from f1timings.timing.occurrences import Occurrence
from f1timings.timing.records import ClassificationEntry, Lap, Participant, Session


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A session was opened, its facts became known or changed, or it ended (see ``session.is_ended``)."""

    session: Session


@dataclass(frozen=True, slots=True)
class ParticipantsChanged:
    """All occupied cars of a session."""

    session_id: str
    participants: tuple[Participant, ...]


@dataclass(frozen=True, slots=True)
class LapRecorded:
    """A lap became known or changed: it is completed, corrected, superseded or partial.

    Attributes:
        began_between_s: the session times between which it began, the same twice if its beginning was seen
            and it did not begin again; None for an earlier lap. It is not stored. A caller with a clock
            computes from it when the lap began.
    """

    lap: Lap
    began_between_s: tuple[float, float] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LapBegan:
    """A car began a lap, or began it again: after a flashback over the line, or from its garage.

    This event is not stored. A caller with a clock computes from it when the lap began.

    Attributes:
        epoch: of the session, 0 for the first run under its UID.
        elapsed_ms: time since the start of the lap when the packet was sent, by the game's lap clock.
        session_time_s: session time of that packet.
        is_rewound: that packet is the first after a flashback.
    """

    session_id: str
    epoch: int
    car_index: int
    lap_id: str
    elapsed_ms: int
    session_time_s: float
    is_rewound: bool = False


@dataclass(frozen=True, slots=True)
class SessionClassified:
    """The game's result of a session; reported again only if it differs."""

    session_id: str
    entries: tuple[ClassificationEntry, ...]


@dataclass(frozen=True, slots=True)
class OccurrenceRecorded:
    """An incident, a stint or a pit visit became known, changed, or was superseded."""

    record: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersRead:
    """The game's counters of a session in one of its lap data packets: every few seconds, and at a flashback.

    After a restart of the server they show whether the game goes on with the same run.

    Attributes:
        session_time_s: the session clock.
        frame / overall_frame: see :class:`f1timings.packets.Header`; ``overall_frame`` is 0 where there is
            none.
        readings: what the session clock and our clock showed at the same moments, in seconds; added by a
            caller with a clock.
    """

    session_id: str
    session_time_s: float
    frame: int
    overall_frame: int
    readings: tuple[tuple[float, float], ...] = ()


TimingEvent = (
    SessionChanged | ParticipantsChanged | LapRecorded | SessionClassified | OccurrenceRecorded | CountersRead
)
"""An event that is stored."""

EngineEvent = TimingEvent | LapBegan
"""Any event of the engine, the stored ones and those that are not."""
