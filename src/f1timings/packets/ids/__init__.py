"""The names of the numbers in packets.

Every function has the format first and returns None for a number without a name.
"""

from __future__ import annotations

from f1timings.packets.ids import cars, drivers, nationalities, rules, sessions, teams, tracks
from f1timings.packets.ids.sessions import (
    is_qualifying,
    is_race_type,
    is_time_trial,
    session_kind,
    session_type_name,
)

__all__ = [
    "actual_compound_name",
    "button_names",
    "driver_name",
    "driver_status_name",
    "ers_mode_name",
    "event_name",
    "flag_name",
    "formula_name",
    "fuel_mix_name",
    "game_mode_name",
    "infringement_name",
    "is_qualifying",
    "is_race_type",
    "is_time_trial",
    "nationality_name",
    "penalty_name",
    "pit_status_name",
    "platform_name",
    "ready_status_name",
    "result_reason_name",
    "result_status_name",
    "rule_set_name",
    "safety_car_status_name",
    "session_kind",
    "session_type_name",
    "surface_name",
    "team_name",
    "track_name",
    "visual_compound_name",
    "weather_name",
]

track_name = tracks.TRACKS.name
team_name = teams.TEAMS.name
driver_name = drivers.DRIVERS.name
nationality_name = nationalities.NATIONALITIES.name

formula_name = sessions.FORMULAS.name
weather_name = sessions.WEATHERS.name
safety_car_status_name = sessions.SAFETY_CAR_STATUSES.name
game_mode_name = rules.GAME_MODES.name
rule_set_name = rules.RULE_SETS.name
penalty_name = rules.PENALTIES.name
infringement_name = rules.INFRINGEMENTS.name
event_name = rules.EVENTS.name

actual_compound_name = cars.ACTUAL_COMPOUNDS.name
visual_compound_name = cars.VISUAL_COMPOUNDS.name
result_status_name = cars.RESULT_STATUSES.name
result_reason_name = cars.RESULT_REASONS.name
driver_status_name = cars.DRIVER_STATUSES.name
pit_status_name = cars.PIT_STATUSES.name
ers_mode_name = cars.ERS_MODES.name
fuel_mix_name = cars.FUEL_MIXES.name
ready_status_name = cars.READY_STATUSES.name
platform_name = cars.PLATFORMS.name
flag_name = cars.FLAGS.name
surface_name = cars.SURFACES.name


def button_names(packet_format: int, bits: int) -> tuple[str, ...]:
    """The names of the buttons that are pressed in a ``button_status``."""
    return tuple(name for flag, name in cars.BUTTONS.table(packet_format).items() if bits & flag)
