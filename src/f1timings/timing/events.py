"""What the engine says happened: timing events, named in the past tense, each with the whole new record."""

from __future__ import annotations

from dataclasses import dataclass

from f1timings.timing.records import ClassificationEntry, Incident, Lap, Participant, PitVisit, Session, Stint


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A session opened, its facts became known or changed, or it ended (see ``session.is_ended``)."""

    session: Session


@dataclass(frozen=True, slots=True)
class ParticipantsChanged:
    """The occupied cars of a session, all of them."""

    session_id: str
    participants: tuple[Participant, ...]


@dataclass(frozen=True, slots=True)
class LapRecorded:
    """A lap became known, or what is known of it changed: completed, corrected, superseded, partial."""

    lap: Lap


@dataclass(frozen=True, slots=True)
class LapBegan:
    """A car began a lap, or began it again: after a flashback over a line, from its garage.

    Told in passing and not kept: whoever has a clock knows now when the lap began.

    Attributes:
        elapsed_ms: how long ago that was when the packet was sent, by the game's lap clock.
    """

    session_id: str
    car_index: int
    lap_id: str
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class SessionClassified:
    """The game's result of a session; sent again only if it differs."""

    session_id: str
    entries: tuple[ClassificationEntry, ...]


@dataclass(frozen=True, slots=True)
class IncidentRecorded:
    """An incident became known, or was superseded."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class StintRecorded:
    """A stint became known, or what is known of it changed."""

    stint: Stint


@dataclass(frozen=True, slots=True)
class PitVisitRecorded:
    """A pit visit began, ended, or was superseded."""

    visit: PitVisit


TimingEvent = (
    SessionChanged
    | ParticipantsChanged
    | LapRecorded
    | SessionClassified
    | IncidentRecorded
    | StintRecorded
    | PitVisitRecorded
)
"""What is kept."""

EngineEvent = TimingEvent | LapBegan
