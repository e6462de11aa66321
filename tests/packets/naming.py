"""From the field names of the games to ours: one mechanical rule and the exceptions to it."""

from __future__ import annotations

import re

_UNITS = (("InMS", "Ms"), ("MSPart", "Ms"), ("MinutesPart", "Minutes"))
_WORDS = (re.compile(r"([A-Z]+)([A-Z][a-z])"), re.compile(r"([a-z0-9])([A-Z])"))
_OURS = {
    # The array with one record per car has the same name everywhere.
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
    # The name of a later year.
    "warnings": "total_warnings",
    "overall_fastest_in_session": "is_overall_fastest_in_session",
    "driver_fastest_in_session": "is_driver_fastest_in_session",
    # Not an identifier in Python.
    "2026_regulations": "regulations_2026",
    # The union of event details.
    "event_string_code": "code",
    "event_details": "details",
}


def our_name(game_name: str) -> str:
    """Our name of a field: ``m_sector1TimeMSPart`` is ``sector1_time_ms``."""
    name = game_name.removeprefix("m_")
    for ending, unit in _UNITS:
        name = name.removesuffix(ending) + unit if name.endswith(ending) else name
    for pattern in _WORDS:
        name = pattern.sub(r"\1_\2", name)
    return _OURS.get(name.lower(), name.lower())
