"""Records for the tests of the web: a rig, a session with its participants, laps and a classification."""

from __future__ import annotations

from typing import Any

from f1timings.meeting.rigs import RigSeen
from f1timings.timing.records import (
    ClassificationEntry,
    Lap,
    LapState,
    Participant,
    Session,
    lap_id,
    session_id,
)

RIG = "192.168.1.21"
# Above 2**63: whoever reads it as a signed number shows a negative one.
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
        "session_type": "race",
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
    of: Session = facts.pop("session", session())
    branch: int = facts.pop("branch", 0)
    thirds = None if lap_time_ms is None else lap_time_ms // 3
    known: dict[str, Any] = {
        "participant": "VERSTAPPEN",
        "sector1_ms": thirds,
        "sector2_ms": thirds,
        "sector3_ms": None if lap_time_ms is None or thirds is None else lap_time_ms - 2 * thirds,
        "is_valid": True,
        "compound": "soft",
        "state": LapState.COMPLETED,
        "recovered": False,
    }
    return Lap(
        id=lap_id(of.id, car_index, lap_number, branch),
        session_id=of.id,
        session_uid=of.uid,
        rig=of.rig,
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
