"""Records for the tests of the web: a rig, its session, and what the session contains."""

from __future__ import annotations

from typing import Any

from f1timings.rigs.registry import RigSeen
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
from f1timings.timing.running_order import OrderRow

RIG = "192.168.1.21"
# Above 2**63: read as a signed number, it would be negative.
UID = 14061966829349171242
SESSION_ID = session_id(RIG, UID, 0)


def rig(key: str = RIG, **facts: Any) -> RigSeen:
    known: dict[str, Any] = {
        "address": key,
        "port": 54211,
        "listen_port": 20777,
        "packet_format": 2025,
        "game_year": 25,
    }
    return RigSeen(key=key, **(known | facts))


def session(uid: int = UID, rig_key: str = RIG, **facts: Any) -> Session:
    known: dict[str, Any] = {
        "packet_format": 2025,
        "game_year": 25,
        "track_id": 11,
        "track": "Monza",
        "track_length_m": 5793,
        "session_type_id": 15,
        "session_type": "Race",
        "is_race": True,
        "formula": "F1 Modern",
        "total_laps": 14,
        "is_online": False,
        "player_car_index": 19,
        "weather": "clear",
    }
    return Session(id=session_id(rig_key, uid, 0), rig=rig_key, uid=uid, epoch=0, **(known | facts))


def participant(car_index: int, name: str | None, session: str = SESSION_ID, **facts: Any) -> Participant:
    known: dict[str, Any] = {
        "team_id": 2,
        "team": "Red Bull Racing",
        "race_number": car_index + 1,
        "is_ai": car_index != 19,
        "is_player": car_index == 19,
        "driver_id": 9,
        "nationality": "Dutch",
    }
    return Participant(session_id=session, car_index=car_index, name=name, **(known | facts))


def lap(lap_number: int, lap_time_ms: int | None = 83456, car_index: int = 19, **facts: Any) -> Lap:
    race: Session = facts.pop("session", session())
    branch: int = facts.pop("branch", 0)
    third = None if lap_time_ms is None else lap_time_ms // 3
    known: dict[str, Any] = {
        "participant": "VERSTAPPEN",
        "sector1_ms": third,
        "sector2_ms": third,
        "sector3_ms": None if lap_time_ms is None or third is None else lap_time_ms - 2 * third,
        "is_valid": True,
        "compound": "soft",
        "state": LapState.COMPLETED,
        "recovered": False,
    }
    return Lap(
        id=lap_id(race.id, car_index, lap_number, branch),
        session_id=race.id,
        session_uid=race.uid,
        rig=race.rig,
        car_index=car_index,
        lap_number=lap_number,
        branch=branch,
        lap_time_ms=lap_time_ms,
        **(known | facts),
    )


def entry(position: int, car_index: int, name: str | None, **facts: Any) -> ClassificationEntry:
    known: dict[str, Any] = {
        "laps": 14,
        "best_lap_ms": 83456,
        "total_time_ms": 1_184_021,
        "penalties_s": 0,
        "status": "finished",
        "points": 25,
        "grid_position": 2,
        "pit_stops": 1,
    }
    return ClassificationEntry(position=position, car_index=car_index, name=name, **(known | facts))


def incident(session_time_ms: int = 598_310, **facts: Any) -> Incident:
    known: dict[str, Any] = {
        "kind": IncidentKind.PENALTY,
        "car_index": 3,
        "other_car_index": None,
        "lap_number": 7,
        "detail": {"penalty": "Time penalty", "time_s": 5, "places_gained": None},
    }
    key = f"{SESSION_ID}~penalty~{session_time_ms}~04"
    return Incident(id=key, session_id=SESSION_ID, session_time_ms=session_time_ms, **(known | facts))


def stint(number: int, first_lap: int, last_lap: int | None, compound: str, car_index: int = 19) -> Stint:
    key = stint_id(SESSION_ID, car_index, number)
    return Stint(
        id=key,
        session_id=SESSION_ID,
        car_index=car_index,
        number=number,
        first_lap=first_lap,
        last_lap=last_lap,
        compound=compound,
        actual_compound="C4",
    )


def pit_visit(entered_ms: int = 511_020, car_index: int = 19, **facts: Any) -> PitVisit:
    known: dict[str, Any] = {
        "lap_number": 3,
        "left_ms": 533_840,
        "lane_ms": 22_814,
        "stop_ms": 2_350,
        "compound_before": "soft",
        "compound_after": "hard",
    }
    key = pit_visit_id(SESSION_ID, car_index, entered_ms)
    return PitVisit(
        id=key, session_id=SESSION_ID, car_index=car_index, entered_ms=entered_ms, **(known | facts)
    )


def order_row(position: int, car_index: int, gap_ms: int | None = None, **facts: Any) -> OrderRow:
    known: dict[str, Any] = {
        "participant": None,
        "lap_number": 7,
        "interval_ms": gap_ms,
        "laps_down": 0,
        "last_lap_ms": 83_771,
        "best_lap_ms": 83_502,
        "pit_status": "none",
        "result_status": "active",
    }
    return OrderRow(position=position, car_index=car_index, gap_ms=gap_ms, **(known | facts))
