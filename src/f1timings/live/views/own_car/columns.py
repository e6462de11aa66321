"""The columns of the view ``car:<rig>``, and which of them the game hides from other players."""

from __future__ import annotations

from typing import Final

from f1timings.live.fanout.row_columns import columns

_CAR: Final = """
    participant | text | | the driver, as the game names them
    driver | text | | the driver assigned to the rig
    team | text | | such as `Ferrari`
    race_number | int | | on the car
    is_watched | bool | | the rig spectates: this is the car that it watches, not its own
    is_restricted | bool | | its driver keeps part of the telemetry private; the columns of that part are null
    position | int | | in the running order
    gap_ms | int | ms | to the leader: in a race on the road, otherwise between best laps
    interval_ms | int | ms | to the car ahead
    ahead | text | | the driver of the car ahead, as the game names them
    behind | text | | likewise of the car behind
    behind_ms | int | ms | the interval of the car behind to this car
"""
_LAP: Final = """
    lap | int | | number of the current lap
    lap_start_ms | int | ms | session time at which the current lap began; null while its clock is stopped
    lap_distance_m | int | m | from the line
    sector | int | | 1 to 3
    sector1_ms | int | ms | of the current lap
    sector2_ms | int | ms | of the current lap
    last_ms | int | ms | the previous lap
    best_ms | int | ms | its best lap that counts
    is_invalid | bool | | the game counts the current lap as invalid
    driving | text | | `garage`, `flying lap`, `in lap`, `out lap`, `on track`
    pit | text | | `none`, `pitting`, `in pit area`
    penalties_s | int | s | added to its time
"""
_DRIVING: Final = """
    speed_kmh | int | km/h | of the car
    throttle_pct | int | % | of the pedal
    brake_pct | int | % | of the pedal
    clutch_pct | int | % | of the pedal
    steer_pct | int | % | -100 is full left
    gear | int | | -1 is reverse, 0 is neutral
    rpm | int | 1/min | of the engine
    max_rpm | int | 1/min | at which the engine is limited
    rev_lights_pct | int | % | of the rev lights on the steering wheel
    drs | bool | | the DRS flap is open; null in cars of 2026, which have none
    drs_allowed | bool | | the DRS flap may be opened; likewise
    aero | text | | active aero of 2026: `corner` or `straight`; null in other cars
    aero_available | bool | | the straight mode may be chosen
    overtake_active | bool | | the overtake mode of 2026 is on
    overtake_available | bool | | it may be activated
"""
_CONDITION: Final = """
    tyre | text | | visual compound
    tyre_actual | text | | such as `C4`
    tyre_age | int | laps | driven on this set
    fuel_kg | float | kg | in the tank
    fuel_laps | float | laps | that the fuel lasts beyond the end, as the game estimates
    fuel_mix | text | | `lean`, `standard`, `rich`, `max`
    ers_pct | float | % | of the 4 MJ that the battery stores
    ers_mode | text | | deployment: `none`, `medium`, `hotlap`, `overtake`; in 2026 `boost` for the last
    ers_deployed_pct | float | % | of 4 MJ, deployed in this lap
    ers_harvested_pct | float | % | of 4 MJ, harvested in this lap
    ers_harvest_limit_pct | float | % | of 4 MJ, the most that may be harvested in a lap; since 2026
    brake_bias_pct | int | % | share of the front brakes
    is_limited | bool | | the pit limiter is on
    engine_c | int | °C | of the engine
    front_left_wing_pct | int | % | damage
    front_right_wing_pct | int | % | damage
    rear_wing_pct | int | % | damage
    floor_pct | int | % | damage
    diffuser_pct | int | % | damage
    sidepod_pct | int | % | damage
    gearbox_pct | int | % | damage
    engine_pct | int | % | damage
    has_drs_fault | bool | | the DRS does not work
    has_ers_fault | bool | | the ERS does not work
"""

WHEELS: Final = {"rl": "rear left", "rr": "rear right", "fl": "front left", "fr": "front right"}
"""The wheels in the game's order."""
WHEEL_COLUMNS: Final = (
    ("tyre_wear_{}_pct | float | % | tyre wear, {}", "tyres_wear"),
    ("tyre_damage_{}_pct | int | % | tyre damage, {}", "tyres_damage"),
    ("tyre_surface_{}_c | int | °C | tyre surface, {}", "tyres_surface_temperature"),
    ("tyre_inner_{}_c | int | °C | inside the tyre, {}", "tyres_inner_temperature"),
    ("tyre_pressure_{}_psi | float | psi | tyre pressure, {}", "tyres_pressure"),
    ("brake_{}_c | int | °C | brake temperature, {}", "brakes_temperature"),
)
"""Columns that exist for each wheel, and the field of the packet that has them."""
_WHEEL_LINES = "\n".join(
    line.format(wheel, words) for line, _ in WHEEL_COLUMNS for wheel, words in WHEELS.items()
)

COLUMNS = columns(
    "\n".join((_CAR.strip(), _LAP.strip(), _DRIVING.strip(), _CONDITION.strip(), _WHEEL_LINES)),
    choices={"aero": ("corner", "straight")},
)

# EA's list for "Your Telemetry: Restricted". The game sends 0, which is not a measurement.
HIDDEN: Final = frozenset(
    column.name
    for column in COLUMNS
    if column.name in ("brake_bias_pct", "has_drs_fault", "has_ers_fault")
    or column.name.startswith(("fuel_", "ers_", "tyre_wear_", "tyre_damage_"))
    or column.meaning == "damage"
)
"""The columns that are null for a car whose driver keeps part of the telemetry private."""
