"""One example of each body of the API; the documentation shows them and a test holds them to their models."""

from __future__ import annotations

from typing import Any

LAP: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0~19~7~0",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "session_uid": "14061966829349171242",
    "rig": "192.168.1.21",
    "car_index": 19,
    "participant": "VERSTAPPEN",
    "driver": "Anna",
    "driver_id": "5d02c9e17a4b",
    "basis": "assignment",
    "meeting_id": "3f9a1c52b7d0",
    "circuit": "Monza",
    "source": "telemetry",
    "typed": None,
    "lap_number": 7,
    "lap_time_ms": 83456,
    "sector1_ms": 27801,
    "sector2_ms": 28502,
    "sector3_ms": 27153,
    "is_valid": True,
    "compound": "soft",
    "assists": "abs,auto_gears,tc_full",
    "weather": "clear",
    "state": "completed",
    "game_state": None,
    "game_is_valid": None,
    "marked_by": None,
    "reason": None,
    "recovered": False,
    "began_at": "2026-11-22T16:10:36.612345Z",
    "official_at": "2026-11-22T16:12:00.123456Z",
    "branch": 0,
    "revision": 1,
}

SESSION: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0",
    "rig": "192.168.1.21",
    "session_uid": "14061966829349171242",
    "epoch": 0,
    "format": 2025,
    "game_year": 25,
    "track_id": 11,
    "track": "Monza",
    "track_length_m": 5793,
    "session_type": "Race",
    "is_race": True,
    "formula": "Modern",
    "total_laps": 14,
    "is_online": False,
    "player_car_index": 19,
    "weather": "clear",
    "equal_performance": True,
    "is_ended": True,
    "opened_at": "2026-11-22T15:58:02.004100Z",
    "ended_at": "2026-11-22T16:19:40.310000Z",
    "lap_count": 280,
}

PARTICIPANT: dict[str, Any] = {
    "car_index": 19,
    "name": "VERSTAPPEN",
    "team": "Red Bull Racing",
    "race_number": 33,
    "is_ai": False,
    "is_player": True,
    "nationality": "Dutch",
    "driver": None,
}

SESSION_DETAIL: dict[str, Any] = SESSION | {"participants": [PARTICIPANT]}

CLASSIFICATION_ROW: dict[str, Any] = {
    "position": 1,
    "car_index": 19,
    "name": "VERSTAPPEN",
    "laps": 14,
    "best_lap_ms": 83456,
    "total_time_ms": 1184021,
    "penalties_s": 0,
    "status": "finished",
    "points": 25,
    "grid_position": 2,
    "pit_stops": 1,
}

CLASSIFICATION: dict[str, Any] = {
    "items": [CLASSIFICATION_ROW],
    "next": None,
    "session_id": SESSION["id"],
    "official_at": "2026-11-22T16:19:40.310000Z",
}

INCIDENT: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0~penalty~52210~041b03ff050700",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "kind": "penalty",
    "car_index": 3,
    "other_car_index": None,
    "lap_number": 7,
    "session_time_ms": 598310,
    "detail": {
        "penalty": "Time penalty",
        "infringement": "Corner cutting ran wide gained time minor",
        "time_s": 5,
        "places_gained": 0,
    },
    "is_superseded": False,
    "recorded_at": "2026-11-22T16:08:15.004100Z",
}

STINT: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0~19~1",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "car_index": 19,
    "number": 1,
    "first_lap": 1,
    "last_lap": 6,
    "compound": "soft",
    "actual_compound": "C4",
    "is_superseded": False,
    "recorded_at": "2026-11-22T15:58:03.210000Z",
}

PIT_VISIT: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0~19~511020",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "car_index": 19,
    "lap_number": 6,
    "entered_ms": 511020,
    "left_ms": 533840,
    "lane_ms": 22814,
    "stop_ms": 2350,
    "compound_before": "soft",
    "compound_after": "hard",
    "is_superseded": False,
    "recorded_at": "2026-11-22T16:06:48.120000Z",
}

ORDER_ROW: dict[str, Any] = {
    "position": 2,
    "car_index": 3,
    "participant": "LECLERC",
    "lap_number": 7,
    "gap_ms": 1824,
    "interval_ms": 1824,
    "laps_down": 0,
    "last_lap_ms": 83771,
    "best_lap_ms": 83502,
    "pit_status": "none",
    "result_status": "active",
}

ORDER: dict[str, Any] = {
    "items": [ORDER_ROW],
    "next": None,
    "session_id": SESSION["id"],
    "session_time_ms": 598310,
}

RIG_DRIVER: dict[str, Any] = {"driver_id": "2c90fd61b7e4", "name": "Ben"}
SEATED_DRIVER: dict[str, Any] = {
    "driver_id": "7be2094c1a5f",
    "name": "Marta",
    "since": "2026-11-22T18:20:31.004100Z",
    "assignment_id": "5d0c8e1fa934",
    "is_default": False,
}
RIG: dict[str, Any] = {
    "rig": "192.168.1.21",
    "version": 96,
    "name": "Left",
    "place": 1,
    "driver": SEATED_DRIVER,
    "default_driver": RIG_DRIVER,
    "address": "192.168.1.21",
    "port": 54211,
    "listen_port": 20777,
    "packet_format": 2025,
    "game_year": 25,
    "is_live": True,
    "last_received_at": "2026-11-22T16:12:00.123Z",
    "datagrams": 90312,
    "datagrams_per_s": 417.2,
    "updates_per_s": 60.0,
    "lost_pct": 2.4,
    "hints": ["losses"],
    "packets": {"lap_data": 30104, "motion": 30104},
    "rejected": {"wrong_size": 3},
}

HEALTH: dict[str, Any] = {"status": "ok", "version": "0.1.0"}
READY: dict[str, Any] = {
    "status": "ready",
    "checks": {"database": "ok", "udp": "ok", "captures": "ok"},
}
NOT_READY: dict[str, Any] = {
    "status": "not ready",
    "checks": {"database": "cannot be written: the disk is full", "udp": "ok", "captures": "ok"},
}


def page_of(row: dict[str, Any]) -> dict[str, Any]:
    """A page of a list with this one row."""
    return {"items": [row], "next": "WyItb2ZmaWNpYWxfYXQiLDE3OTUzNjU1MjAsNDJd"}
