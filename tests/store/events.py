"""Events for the store's tests: a rig, its session, and any number of laps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.rigs.registry import RigSeen
from f1timings.store import Stamped
from f1timings.timing.events import (
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.occurrences import (
    Incident,
    IncidentKind,
    PitVisit,
    Stint,
    pit_visit_id,
    stint_id,
)
from f1timings.timing.records import (
    ClassificationEntry,
    Lap,
    LapState,
    Participant,
    Session,
    lap_id,
    session_id,
)

ARRIVED = 1_750_000_000.25
BIGGEST_UID = 2**64 - 1
RIG = "192.0.2.7"


def rig(**facts: Any) -> RigSeen:
    default = RigSeen(key=RIG, address=RIG, port=50_000, listen_port=20_777, packet_format=2025, game_year=25)
    return replace(default, **facts)


def session(epoch: int = 0, **facts: Any) -> Session:
    default = Session(
        id=session_id(RIG, BIGGEST_UID, epoch),
        rig=RIG,
        uid=BIGGEST_UID,
        epoch=epoch,
        packet_format=2025,
        track="Monza",
    )
    return replace(default, **facts)


def lap(car_index: int = 0, lap_number: int = 1, branch: int = 0, **facts: Any) -> Lap:
    default = Lap(
        id=lap_id(session().id, car_index, lap_number, branch),
        session_id=session().id,
        session_uid=BIGGEST_UID,
        rig=RIG,
        car_index=car_index,
        participant="HÄMMERLE",
        lap_number=lap_number,
        branch=branch,
        lap_time_ms=83_456,
        sector1_ms=27_000,
        sector2_ms=28_000,
        sector3_ms=28_456,
        is_valid=True,
        compound="soft",
        state=LapState.COMPLETED,
        recovered=False,
    )
    return replace(default, **facts)


def participant(car_index: int = 0, **facts: Any) -> Participant:
    default = Participant(
        session_id=session().id,
        car_index=car_index,
        name="HÄMMERLE",
        team_id=2,
        team="Williams",
        race_number=33,
        is_ai=False,
        is_player=True,
        driver_id=None,
        nationality="Austrian",
    )
    return replace(default, **facts)


def entry(position: int, **facts: Any) -> ClassificationEntry:
    default = ClassificationEntry(
        position=position,
        car_index=position - 1,
        name="HÄMMERLE",
        laps=5,
        best_lap_ms=83_456,
        total_time_ms=420_000,
        penalties_s=5,
        status="finished",
        points=25,
        grid_position=1,
        pit_stops=1,
    )
    return replace(default, **facts)


def incident(session_time_ms: int = 598_310, **facts: Any) -> Incident:
    default = Incident(
        id=f"{session().id}~penalty~{session_time_ms}~04",
        session_id=session().id,
        kind=IncidentKind.PENALTY,
        car_index=3,
        other_car_index=None,
        lap_number=7,
        session_time_ms=session_time_ms,
        detail={"penalty": "Time penalty", "time_s": 5, "places_gained": None},
    )
    return replace(default, **facts)


def stint(number: int = 1, **facts: Any) -> Stint:
    default = Stint(
        id=stint_id(session().id, 0, number),
        session_id=session().id,
        car_index=0,
        number=number,
        first_lap=1,
        last_lap=None,
        compound="soft",
        actual_compound="C4",
    )
    return replace(default, **facts)


def pit_visit(entered_ms: int = 511_020, **facts: Any) -> PitVisit:
    default = PitVisit(
        id=pit_visit_id(session().id, 0, entered_ms),
        session_id=session().id,
        car_index=0,
        lap_number=6,
        entered_ms=entered_ms,
        left_ms=533_840,
        lane_ms=22_814,
        stop_ms=None,
        compound_before="soft",
        compound_after=None,
    )
    return replace(default, **facts)


def stamp(event: Any, after_s: float = 0.0) -> Stamped:
    """An event that arrived ``after_s`` seconds after the first one."""
    return Stamped(ARRIVED + after_s, event)


def rig_and_session() -> list[Stamped]:
    """The events of the rig and its session, which every other record refers to."""
    return [stamp(rig()), stamp(SessionChanged(session()))]


def lap_events(*recorded: Lap, after_s: float = 0.0) -> list[Stamped]:
    return [stamp(LapRecorded(lap), after_s) for lap in recorded]


def one_event_of_each_kind() -> list[Stamped]:
    """An event of every kind."""
    entries = (entry(1), entry(2, name=None, points=None, total_time_ms=None))
    return [
        *rig_and_session(),
        stamp(ParticipantsChanged(session().id, (participant(0), participant(1, is_ai=True, name=None)))),
        *lap_events(lap()),
        stamp(SessionClassified(session().id, entries)),
        stamp(OccurrenceRecorded(incident())),
        stamp(OccurrenceRecorded(stint())),
        stamp(OccurrenceRecorded(pit_visit())),
        stamp(RoomCircuitChanged(meeting_id="3f9a1c52b7d0", circuit="Monza")),
    ]
