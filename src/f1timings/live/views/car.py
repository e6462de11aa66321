"""``car:<rig>``: what the rig's own car does, or the one that it watches: pedals, tyres, fuel, damage."""

from __future__ import annotations

import math
from typing import Any

from f1timings.live.fanout.row_columns import Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.views.rig_source import DriverOf, RigSource, row_of
from f1timings.packets import actual_compound_name, car, identify, visual_compound_name
from f1timings.timing.records import Session

PERIOD_S = 1 / 15

_DRIVING = """
    participant | text | | who drives, as the game says
    driver | text | | who sits at the rig, as people said
    position | int | | in the order
    lap | int | | number of the lap under way
    lap_distance_m | int | m | from the line
    speed_kmh | int | km/h | of the car
    throttle_pct | int | % | of the pedal
    brake_pct | int | % | of the pedal
    clutch_pct | int | % | of the pedal
    steer_pct | int | % | -100 is full left
    gear | int | | -1 is reverse, 0 neutral
    rpm | int | 1/min | of the engine
    rev_lights_pct | int | % | of the lights on the wheel
    drs | bool | | its flap is open
    drs_allowed | bool | | it may be opened
    overtake_active | bool | | the overtake mode of 2026 is on
    overtake_available | bool | | it may be switched on
"""
_WHEELS = {"rl": "rear left", "rr": "rear right", "fl": "front left", "fr": "front right"}
_OF_WHEEL = (
    ("tyre_wear_{}_pct | float | % | wear, {}", "tyres_wear"),
    ("tyre_surface_{}_c | int | °C | surface of the tyre, {}", "tyres_surface_temperature"),
    ("tyre_inner_{}_c | int | °C | inside of the tyre, {}", "tyres_inner_temperature"),
    ("tyre_pressure_{}_psi | float | psi | pressure, {}", "tyres_pressure"),
    ("brake_{}_c | int | °C | brake, {}", "brakes_temperature"),
)
_CONDITION = """
    tyre | text | | visual compound
    tyre_actual | text | | such as `C4`
    tyre_age | int | laps | driven on it
    fuel_kg | float | kg | in the tank
    fuel_laps | float | laps | that the fuel lasts beyond the end, as the game says
    ers_pct | float | % | of the 4 MJ that the store holds
    ers_mode | int | | deployment mode, 0 is none
    ers_deployed_pct | float | % | of 4 MJ, in this lap
    brake_bias_pct | int | % | at the front
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
"""
_WHEEL_LINES = "\n".join(
    line.format(wheel, words) for line, _ in _OF_WHEEL for wheel, words in _WHEELS.items()
)
COLUMNS = columns("\n".join((_DRIVING.strip(), _CONDITION.strip(), _WHEEL_LINES)))

_STORE_J = 4_000_000.0
_DAMAGE = {
    "front_left_wing_pct": "front_left_wing_damage",
    "front_right_wing_pct": "front_right_wing_damage",
    "rear_wing_pct": "rear_wing_damage",
    "floor_pct": "floor_damage",
    "diffuser_pct": "diffuser_damage",
    "sidepod_pct": "sidepod_damage",
    "gearbox_pct": "gear_box_damage",
    "engine_pct": "engine_damage",
}


class CarRowReader:
    """Makes the row of one rig's car."""

    def __init__(self, source: RigSource, driver_of: DriverOf) -> None:
        self._source = source
        self._driver_of = driver_of

    def contents(self) -> Contents:
        """What the car does now."""
        source = self._source
        order = source.order
        session = source.known(order).session
        now = source.now(session)
        facts = source.facts(order, now)
        at = source.own_car(now)
        if session is None or at is None:
            return Contents({}, facts)
        row = row_of(order, at)
        found: dict[str, Value] = {"driver": self._driver_of(source.rig)}
        if row is not None:
            found |= {"participant": row.participant, "position": row.position, "lap": row.lap_number}
        for kind, read in _READERS.items():
            record = self._record(kind, at, session)
            if record is not None:
                found |= read(record, session.packet_format)
        return Contents({str(at): tuple(found.get(column.name) for column in COLUMNS)}, facts)

    def _record(self, kind: str, at: int, session: Session) -> Any | None:
        data = self._source.newest(kind, session)
        if data is None:
            return None
        layout = identify(data)
        return car(data, layout, at) if at < layout.car_slots else None


def _lap(record: Any, _year: int) -> dict[str, Value]:
    return {"lap_distance_m": _whole(record.lap_distance)}


def _telemetry(record: Any, _year: int) -> dict[str, Value]:
    return {
        "speed_kmh": record.speed,
        "throttle_pct": _whole(record.throttle * 100),
        "brake_pct": _whole(record.brake * 100),
        "clutch_pct": record.clutch,
        "steer_pct": _whole(record.steer * 100),
        "gear": record.gear,
        "rpm": record.engine_rpm,
        "rev_lights_pct": record.rev_lights_percent,
        "drs": bool(record.drs),
        "engine_c": record.engine_temperature,
        **_wheels(record),
    }


def _status(record: Any, year: int) -> dict[str, Value]:
    compound = visual_compound_name(year, record.visual_tyre_compound)
    return {
        "drs_allowed": bool(record.drs_allowed),
        "tyre": compound,
        "tyre_actual": actual_compound_name(year, record.actual_tyre_compound),
        "tyre_age": None if compound is None else record.tyres_age_laps,
        "fuel_kg": _rounded(record.fuel_in_tank, 2),
        "fuel_laps": _rounded(record.fuel_remaining_laps, 2),
        "ers_pct": _rounded(record.ers_store_energy / _STORE_J * 100, 1),
        "ers_mode": record.ers_deploy_mode,
        "ers_deployed_pct": _rounded(record.ers_deployed_this_lap / _STORE_J * 100, 1),
        "brake_bias_pct": record.front_brake_bias,
        "is_limited": bool(record.pit_limiter_status),
        **_damage(record, year),
    }


def _damage(record: Any, _year: int) -> dict[str, Value]:
    """Up to format 2020 the car status holds the damage."""
    found: dict[str, Value] = {
        name: getattr(record, field) for name, field in _DAMAGE.items() if hasattr(record, field)
    }
    return found | _wheels(record)


def _overtake(record: Any, _year: int) -> dict[str, Value]:
    return {
        "overtake_active": bool(record.overtake_active),
        "overtake_available": bool(record.overtake_available),
    }


def _wheels(record: Any) -> dict[str, Value]:
    """What a record has for each wheel, in the game's order."""
    found: dict[str, Value] = {}
    for line, field in _OF_WHEEL:
        name, kind = (part.strip() for part in line.split("|")[:2])
        for wheel, value in zip(_WHEELS, getattr(record, field, ()), strict=False):
            found[name.format(wheel)] = value if kind == "int" else _rounded(float(value), 1)
    return found


def _whole(value: float) -> int | None:
    return round(value) if math.isfinite(value) else None


def _rounded(value: float, digits: int) -> float | None:
    return round(value, digits) if math.isfinite(value) else None


_READERS = {
    "lap_data": _lap,
    "car_telemetry": _telemetry,
    "car_status": _status,
    "car_damage": _damage,
    "car_telemetry_2": _overtake,
}
