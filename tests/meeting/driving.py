"""Laps, sessions and rosters for the tests of whose lap is whose, with only what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from f1timings.meeting.attribution import Attribution, Calendar, LapFacts, Roster, SessionFacts, attribute
from f1timings.meeting.lap_class import CLASSES_OF_LAP, SESSION_CLASSES
from f1timings.meeting.people import Assignment, LapMark, ManualLap, MeetingPeriod

EIGHT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
OWN_CAR, OTHER_CAR, AI_CAR = 19, 3, 7


def at(minutes: float) -> datetime:
    """So many minutes after eight."""
    return EIGHT + timedelta(minutes=minutes)


def lap(id_: str = "lap", began: float | None = 10, recorded: float = 12, **facts: Any) -> LapFacts:
    """A good lap of the rig's own car that began ten past eight."""
    known: dict[str, Any] = {
        "session_id": "session",
        "rig": "left",
        "car_index": OWN_CAR,
        "participant": "RACER",
        "lap_number": 3,
        "branch": 0,
        "lap_time_ms": 90_000,
        "sector1_ms": 30_000,
        "sector2_ms": 31_000,
        "sector3_ms": 29_000,
        "is_valid": True,
        "classes": tuple(entry.example for entry in CLASSES_OF_LAP),
        "state": "completed",
        "began_after": None,
        "began_before": None,
    }
    began_at = None if began is None else at(began)
    return LapFacts(id=id_, began_at=began_at, recorded_at=at(recorded), **(known | facts))


def session(id_: str = "session", rig: str = "left", **facts: Any) -> SessionFacts:
    """A session at Monza."""
    known: dict[str, Any] = {
        "track": "Monza",
        "classes": tuple(entry.example for entry in SESSION_CLASSES),
        "player_car_index": OWN_CAR,
        "opened_at": EIGHT,
        "lobby": id_,
        "seats": {OWN_CAR: rig},
        "ai_cars": frozenset({(AI_CAR, "HAMILTON")}),
    }
    return SessionFacts(id=id_, rig=rig, **(known | facts))


def sits(driver_id: str | None, since: float = 0, until: float | None = None, **facts: Any) -> Assignment:
    """Somebody sits at the left rig."""
    known: dict[str, Any] = {"id": f"{driver_id}{since}", "rig": "left", "is_default": False, "by": "Marta"}
    end = None if until is None else at(until)
    return Assignment(driver_id=driver_id, since=at(since), until=end, **(known | facts))


def mark(driver_id: str | None) -> LapMark:
    return LapMark(
        lap_id="lap", is_deleted=False, is_valid=None, driver_id=driver_id, reason=None, by="Marta", at=at(30)
    )


def typed(circuit: str | None = "Spa") -> ManualLap:
    return ManualLap(
        lap_id="lap",
        meeting_id="club night",
        driver_id="ann",
        circuit=circuit,
        typed="1:30.000",
        by="Marta",
        at=at(12),
    )


def roster(*assignments: Assignment, **facts: Any) -> Roster:
    periods = [
        MeetingPeriod(id="1", meeting_id="club night", since=at(-60)),
        MeetingPeriod(id="2", meeting_id="league", since=at(60)),
    ]
    return Roster(assignments=assignments, **({"calendar": Calendar(periods)} | facts))


def whose(driven: LapFacts, of: SessionFacts, known: Roster) -> Attribution:
    """One lap, where no other is in its way."""
    return attribute([driven], {of.id: of}, known)[driven.id]
