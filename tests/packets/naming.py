"""From the games' own field names to ours: one mechanical rule, and the few that it does not cover."""

from __future__ import annotations

import re

_UNITS = (("InMS", "Ms"), ("MSPart", "Ms"), ("MinutesPart", "Minutes"))
_WORDS = (re.compile(r"([A-Z]+)([A-Z][a-z])"), re.compile(r"([a-z0-9])([A-Z])"))
_OURS = {
    # the array with one record for each car has one name
    "car_motion_data": "cars",
    "lap_data": "cars",
    "participants": "cars",
    "car_setups": "cars",
    "car_setup_data": "cars",
    "car_telemetry_data": "cars",
    "car_status_data": "cars",
    "classification_data": "cars",
    "car_damage_data": "cars",
    "car_telemetry2_data": "cars",
    "lobby_players": "players",
    # a later year's name
    "warnings": "total_warnings",
    "overall_fastest_in_session": "is_overall_fastest_in_session",
    "driver_fastest_in_session": "is_driver_fastest_in_session",
    # no identifier
    "2026_regulations": "regulations_2026",
    # the union
    "event_string_code": "code",
    "event_details": "details",
}


def our_name(game_name: str) -> str:
    """``m_sector1TimeMSPart`` is ``sector1_time_ms``."""
    name = game_name.removeprefix("m_")
    for ending, unit in _UNITS:
        name = name.removesuffix(ending) + unit if name.endswith(ending) else name
    for pattern in _WORDS:
        name = pattern.sub(r"\1_\2", name)
    return _OURS.get(name.lower(), name.lower())
