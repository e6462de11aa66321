"""What each kind of packet states of one car, by the view's columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from f1timings.live.fanout.row_columns import Value
from f1timings.live.views.own_car.columns import WHEEL_COLUMNS, WHEELS
from f1timings.packets import (
    Columns,
    Layout,
    actual_compound_name,
    ers_mode_name,
    fuel_mix_name,
    visual_compound_name,
)
from f1timings.timing.plausible import Plausibility

Values = dict[str, Value]

# The intake counts what is implausible.
_known = Plausibility().known
_BATTERY_J = 4_000_000.0
_AERO = {0: "corner", 1: "straight"}
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
_FAULTS = {"has_drs_fault": "drs_fault", "has_ers_fault": "ers_fault"}


def _wheel_names() -> list[tuple[str, tuple[str, ...], bool]]:
    """Field of the packet, the columns of its four wheels, and whether they are whole numbers."""
    rows = []
    for line, field in WHEEL_COLUMNS:
        name, kind = (part.strip() for part in line.split("|")[:2])
        rows.append((field, tuple(name.format(wheel) for wheel in WHEELS), kind == "int"))
    return rows


_WHEEL_NAMES = _wheel_names()


def _telemetry(record: Any, _year: int) -> Values:
    return {
        "speed_kmh": record.speed,
        "throttle_pct": _percent(record.throttle),
        "brake_pct": _percent(record.brake),
        "clutch_pct": record.clutch,
        "steer_pct": _percent(record.steer),
        "gear": record.gear,
        "rpm": record.engine_rpm,
        "rev_lights_pct": record.rev_lights_percent,
        "drs": bool(record.drs),
        "engine_c": record.engine_temperature,
        **_wheels(record),
    }


def _status(record: Any, year: int) -> Values:
    compound = visual_compound_name(year, record.visual_tyre_compound)
    harvested = record.ers_harvested_this_lap_mguk + record.ers_harvested_this_lap_mguh
    return {
        "drs_allowed": bool(record.drs_allowed),
        "max_rpm": record.max_rpm or None,
        "tyre": compound,
        "tyre_actual": actual_compound_name(year, record.actual_tyre_compound),
        "tyre_age": None if compound is None else _known("car_status.tyre_age", record.tyres_age_laps),
        "fuel_kg": _rounded(_known("car_status.fuel", record.fuel_in_tank), 2),
        "fuel_laps": _rounded(_known("car_status.fuel_laps", record.fuel_remaining_laps), 2),
        "fuel_mix": fuel_mix_name(year, record.fuel_mix),
        "ers_pct": _of_battery(record.ers_store_energy),
        "ers_mode": ers_mode_name(year, record.ers_deploy_mode),
        "ers_deployed_pct": _of_battery(record.ers_deployed_this_lap),
        "ers_harvested_pct": _of_battery(harvested),
        "ers_harvest_limit_pct": _of_battery(getattr(record, "ers_harvest_limit_per_lap", 0.0) or math.nan),
        "brake_bias_pct": record.front_brake_bias,
        "is_limited": bool(record.pit_limiter_status),
        **_damage(record, year),
    }


def _damage(record: Any, _year: int) -> Values:
    """The damage columns; in format 2020 the car status contains them."""
    damage: Values = {
        name: getattr(record, field) for name, field in _DAMAGE.items() if hasattr(record, field)
    }
    faults: Values = {
        name: bool(getattr(record, field)) for name, field in _FAULTS.items() if hasattr(record, field)
    }
    return damage | faults | _wheels(record)


def _telemetry_2(record: Any, _year: int) -> Values:
    """Active aero and overtake mode; the game sends them for older cars too, where they mean nothing."""
    if not record.regulations_2026:
        return {}
    return {
        "drs": None,
        "drs_allowed": None,
        "aero": _AERO.get(record.active_aero_mode),
        "aero_available": bool(record.active_aero_available),
        "overtake_active": bool(record.overtake_active),
        "overtake_available": bool(record.overtake_available),
    }


def _wheels(record: Any) -> Values:
    """The columns that a record has for each wheel."""
    values: Values = {}
    for field, names, is_whole in _WHEEL_NAMES:
        numbers = getattr(record, field, None)
        if numbers is not None:
            shown = numbers if is_whole else [_rounded(float(number), 1) for number in numbers]
            values.update(zip(names, shown, strict=True))
    return values


def _percent(share: float) -> int | None:
    return round(share * 100) if math.isfinite(share) else None


def _of_battery(energy_j: float) -> float | None:
    return _rounded(energy_j / _BATTERY_J * 100, 1)


def _rounded(value: float | None, digits: int) -> float | None:
    return round(value, digits) if value is not None and math.isfinite(value) else None


READERS: Final[Mapping[str, Callable[[Any, int], Values]]] = {
    "car_telemetry": _telemetry,
    "car_status": _status,
    "car_damage": _damage,
    "car_telemetry_2": _telemetry_2,
}
"""By kind of packet: the values of one record, for its format. Later kinds overwrite earlier ones."""


@cache
def _sharing(layout: Layout) -> Columns:
    return Columns(layout, ("your_telemetry", "ai_controlled"))


def is_restricted(participants: bytes, layout: Layout, at: int) -> bool:
    """Whether the driver of a car keeps part of the telemetry private from other players.

    Raises:
        IndexError: there is no such car.
    """
    shares, is_ai = _sharing(layout).row(participants, at)
    return not shares and not is_ai
