"""The channels of a trace: their units and steps, their plausible ranges, and the fields they come from."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

G: Final = 9.80665
"""One g in m/s²."""
BATTERY_J: Final = 4_000_000.0
_UNITS: Final = {
    "_ms_": "ms",
    "_m_": "m",
    "_kmh_": "km/h",
    "_pct_": "%",
    "_rpm_": "rpm",
    "_c_": "°C",
    "_g_": "g",
}
_WHEELS: Final = ("rl", "rr", "fl", "fr")


class TraceChannel(NamedTuple):
    """One channel.

    Attributes:
        name: with its unit as a suffix.
        step: what one unit of the stored whole numbers means; the resolution.
        lowest / highest: what is outside is a gap.
        order: how often differences are taken before they are compressed: 2 for what moves evenly.
        meaning: in words.
    """

    name: str
    step: float
    lowest: float
    highest: float
    order: int
    meaning: str

    @property
    def unit(self) -> str:
        """Its unit, such as ``km/h``; empty where it counts or numbers something."""
        return next((unit for mark, unit in _UNITS.items() if mark in f"_{self.name}_"), "")

    @property
    def decimals(self) -> int:
        """How many digits after the point show its step."""
        return max(0, math.ceil(-math.log10(self.step)))


def _wheels(
    name: str, *, step: float, lowest: float, highest: float, meaning: str
) -> tuple[TraceChannel, ...]:
    words = ("rear left", "rear right", "front left", "front right")
    return tuple(
        TraceChannel(name.format(wheel), step, lowest, highest, 1, f"{meaning}, {place}")
        for wheel, place in zip(_WHEELS, words, strict=True)
    )


CHANNELS: Final = (
    TraceChannel("time_ms", 1, 1, 3_600_000, 2, "the clock of the lap"),
    TraceChannel(
        "distance_m", 0.01, -20_000, 20_000, 2, "from the line; negative before it, as on an out lap"
    ),
    TraceChannel(
        "speed_kmh", 0.1, 0, 600, 2, "from the velocity of the motion packet, else as the game shows it"
    ),
    TraceChannel("throttle_pct", 0.5, 0, 100, 1, "of the pedal"),
    TraceChannel("brake_pct", 0.5, 0, 100, 1, "of the pedal"),
    TraceChannel("steer_pct", 0.2, -100, 100, 1, "-100 is full left"),
    TraceChannel("gear", 1, -1, 9, 1, "-1 is reverse, 0 is neutral"),
    TraceChannel("rpm", 10, 0, 25_000, 1, "of the engine"),
    TraceChannel("drs", 1, 0, 1, 1, "the DRS flap is open; a gap in cars of 2026, which have none"),
    TraceChannel("aero", 1, 0, 1, 1, "active aero of 2026: 0 is the corner mode, 1 the straight mode"),
    TraceChannel("ers_pct", 0.1, 0, 100, 1, "of the 4 MJ that the battery stores"),
    TraceChannel("ers_mode", 1, 0, 3, 1, "deployment, as the game numbers it"),
    TraceChannel("x_m", 0.1, -50_000, 50_000, 2, "world position"),
    TraceChannel("y_m", 0.1, -50_000, 50_000, 2, "world position, upwards"),
    TraceChannel("z_m", 0.1, -50_000, 50_000, 2, "world position"),
    TraceChannel("g_lateral", 0.02, -20, 20, 1, "as the game sends it"),
    TraceChannel("g_longitudinal", 0.02, -20, 20, 1, "likewise; negative under braking"),
    TraceChannel("g_vertical", 0.02, -20, 20, 1, "likewise"),
    *_wheels("tyre_surface_{}_c", step=1, lowest=1, highest=250, meaning="tyre surface"),
    *_wheels("tyre_inner_{}_c", step=1, lowest=1, highest=250, meaning="inside the tyre"),
    *_wheels("tyre_wear_{}_pct", step=0.1, lowest=0, highest=100, meaning="tyre wear"),
)
"""In the order in which a trace stores them; the wheels are in the game's order."""
BY_NAME: Final = {channel.name: channel for channel in CHANNELS}


def per_unit(channel: TraceChannel) -> float:
    """How many steps of a channel make one unit; a whole number where a step is a part of a unit."""
    return float(round(1 / channel.step)) if channel.step < 1 else 1 / channel.step


MASTER: Final = "lap_data"
"""The kind of packet that gives a trace its samples."""
FIELDS: Final = {
    MASTER: ("current_lap_time", "current_lap_time_ms", "lap_distance"),
    "motion": (
        "world_position_x",
        "world_position_y",
        "world_position_z",
        "world_velocity_x",
        "world_velocity_y",
        "world_velocity_z",
        "g_force_lateral",
        "g_force_longitudinal",
        "g_force_vertical",
    ),
    "car_telemetry": (
        "speed",
        "throttle",
        "steer",
        "brake",
        "gear",
        "engine_rpm",
        "drs",
        "tyres_surface_temperature",
        "tyres_inner_temperature",
    ),
    "car_status": ("ers_store_energy", "ers_deploy_mode", "tyres_wear"),
    "car_damage": ("tyres_wear",),
    "car_telemetry_2": ("active_aero_mode", "regulations_2026"),
}
"""The fields of each kind of packet that a trace reads; a format may lack some."""
HELD_S: Final = {"car_status": 0.25, "car_damage": 1.0}
"""For how long a value stays known in kinds that come more rarely; of others, only the same frame counts."""
