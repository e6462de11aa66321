"""``car:<rig>``: pedals, tyres, fuel and damage of the rig's own car, or of the car that it spectates."""

from __future__ import annotations

import math
from typing import Any

from f1timings.live.fanout.row_columns import Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.live.views.rig_source import FACTS, DriverAtRig, RigSource, RigSources, row_of
from f1timings.packets import actual_compound_name, car, identify, visual_compound_name
from f1timings.timing.plausible import Plausibility
from f1timings.timing.records import Session

PERIOD_S = 1 / 15

_DRIVING = """
    participant | text | | the driver, as the game names them
    driver | text | | the driver assigned to the rig
    position | int | | in the running order
    lap | int | | number of the current lap
    lap_distance_m | int | m | from the line
    speed_kmh | int | km/h | of the car
    throttle_pct | int | % | of the pedal
    brake_pct | int | % | of the pedal
    clutch_pct | int | % | of the pedal
    steer_pct | int | % | -100 is full left
    gear | int | | -1 is reverse, 0 is neutral
    rpm | int | 1/min | of the engine
    rev_lights_pct | int | % | of the rev lights on the steering wheel
    drs | bool | | the DRS flap is open
    drs_allowed | bool | | the DRS flap may be opened
    overtake_active | bool | | the overtake mode of 2026 is on
    overtake_available | bool | | it may be activated
"""
_WHEELS = {"rl": "rear left", "rr": "rear right", "fl": "front left", "fr": "front right"}
_WHEEL_COLUMNS = (
    ("tyre_wear_{}_pct | float | % | tyre wear, {}", "tyres_wear"),
    ("tyre_surface_{}_c | int | °C | tyre surface, {}", "tyres_surface_temperature"),
    ("tyre_inner_{}_c | int | °C | inside the tyre, {}", "tyres_inner_temperature"),
    ("tyre_pressure_{}_psi | float | psi | tyre pressure, {}", "tyres_pressure"),
    ("brake_{}_c | int | °C | brake temperature, {}", "brakes_temperature"),
)
_CONDITION = """
    tyre | text | | visual compound
    tyre_actual | text | | such as `C4`
    tyre_age | int | laps | driven on this set
    fuel_kg | float | kg | in the tank
    fuel_laps | float | laps | that the fuel lasts beyond the end, as the game estimates
    ers_pct | float | % | of the 4 MJ that the battery stores
    ers_mode | int | | deployment mode; 0 is none
    ers_deployed_pct | float | % | of 4 MJ, deployed in this lap
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
"""
_WHEEL_LINES = "\n".join(
    line.format(wheel, words) for line, _ in _WHEEL_COLUMNS for wheel, words in _WHEELS.items()
)
COLUMNS = columns("\n".join((_DRIVING.strip(), _CONDITION.strip(), _WHEEL_LINES)))

# The intake counts what is implausible.
_known = Plausibility().known
_BATTERY_J = 4_000_000.0
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


def view(sources: RigSources) -> RowViewKind:
    """The view ``car:<rig>``."""

    def build_source(rig: str) -> RowSource:
        source = sources.build(rig)
        car_row = CarRowReader(source, sources.driver_at)
        return RowSource(contents=car_row.contents, start=source.start, stop=source.stop)

    return RowViewKind(
        name="car",
        columns=COLUMNS,
        facts=FACTS,
        build_source=build_source,
        period_s=PERIOD_S,
        is_per_rig=True,
        meaning="The rig's own car, or the car that it watches while it spectates: one row.",
    )


class CarRowReader:
    """Builds the row of one rig's car."""

    def __init__(self, source: RigSource, driver_at: DriverAtRig) -> None:
        self._source = source
        self._driver_at = driver_at

    def contents(self) -> Contents:
        """The row and facts now."""
        source = self._source
        order = source.order
        session = source.session_of(order).session
        now = source.now(session)
        facts = source.facts(order, now)
        at = source.own_car(now)
        if session is None or at is None:
            return Contents({}, facts)
        row = row_of(order, at)
        values: dict[str, Value] = {"driver": self._driver_at(source.rig)}
        if row is not None:
            values |= {"participant": row.participant, "position": row.position, "lap": row.lap_number}
        for kind, read in _READERS.items():
            record = self._record(kind, at, session)
            if record is not None:
                values |= read(record, session.packet_format)
        return Contents({str(at): tuple(values.get(column.name) for column in COLUMNS)}, facts)

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
        "tyre_age": None if compound is None else _known("car_status.tyre_age", record.tyres_age_laps),
        "fuel_kg": _rounded(_known("car_status.fuel", record.fuel_in_tank), 2),
        "fuel_laps": _rounded(_known("car_status.fuel_laps", record.fuel_remaining_laps), 2),
        "ers_pct": _rounded(record.ers_store_energy / _BATTERY_J * 100, 1),
        "ers_mode": record.ers_deploy_mode,
        "ers_deployed_pct": _rounded(record.ers_deployed_this_lap / _BATTERY_J * 100, 1),
        "brake_bias_pct": record.front_brake_bias,
        "is_limited": bool(record.pit_limiter_status),
        **_damage(record, year),
    }


def _damage(record: Any, _year: int) -> dict[str, Value]:
    """The damage columns; in format 2020 the car status contains them."""
    damage: dict[str, Value] = {
        name: getattr(record, field) for name, field in _DAMAGE.items() if hasattr(record, field)
    }
    return damage | _wheels(record)


def _overtake(record: Any, _year: int) -> dict[str, Value]:
    return {
        "overtake_active": bool(record.overtake_active),
        "overtake_available": bool(record.overtake_available),
    }


def _wheels(record: Any) -> dict[str, Value]:
    """The columns that a record has for each wheel, in the game's order of wheels."""
    values: dict[str, Value] = {}
    for line, field in _WHEEL_COLUMNS:
        name, kind = (part.strip() for part in line.split("|")[:2])
        for wheel, value in zip(_WHEELS, getattr(record, field, ()), strict=False):
            values[name.format(wheel)] = value if kind == "int" else _rounded(float(value), 1)
    return values


def _whole(value: float) -> int | None:
    return round(value) if math.isfinite(value) else None


def _rounded(value: float | None, digits: int) -> float | None:
    return round(value, digits) if value is not None and math.isfinite(value) else None


_READERS = {
    "lap_data": _lap,
    "car_telemetry": _telemetry,
    "car_status": _status,
    "car_damage": _damage,
    "car_telemetry_2": _overtake,
}
