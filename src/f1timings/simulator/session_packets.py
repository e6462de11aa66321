"""The session as a whole, and the setups of the cars."""

from __future__ import annotations

from random import Random
from typing import Any

from f1timings.packets.layouts import layout_of
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.plans import SessionPlan
from f1timings.simulator.prepared import PreparedPacket, Stamp, body_fields, record_fields
from f1timings.simulator.race_control import NO_CAR
from f1timings.simulator.world import World

_TOTAL_LAPS = {"qualifying": 1, "time_trial": 5}
_MARSHAL_ZONES = 16
_FORECASTS = 3
_RULES = {
    "gearbox_assist": 1,
    "dynamic_racing_line": 1,
    "time_of_day": 840,
    "car_damage": 2,
    "collisions": 2,
    "safety_car": 2,
    "red_flags": 2,
    "num_sessions_in_weekend": 1,
}
_SETUP = {
    "front_wing": 24,
    "rear_wing": 20,
    "on_throttle": 60,
    "off_throttle": 55,
    "front_camber": -3.5,
    "rear_camber": -2.0,
    "front_toe": 0.02,
    "rear_toe": 0.12,
    "front_suspension": 37,
    "rear_suspension": 11,
    "front_anti_roll_bar": 15,
    "rear_anti_roll_bar": 11,
    "front_suspension_height": 25,
    "rear_suspension_height": 47,
    "brake_pressure": 100,
    "brake_bias": 56,
    "engine_braking": 50,
    "rear_left_tyre_pressure": 21.3,
    "rear_right_tyre_pressure": 21.3,
    "front_left_tyre_pressure": 24.2,
    "front_right_tyre_pressure": 24.2,
    "ballast": 6,
    "fuel_load": 10.0,
}


class SessionPacket:
    """Session type, circuit, length and rules of the session."""

    def __init__(self, stamp: Stamp, dialect: Dialect, world: World, *, rng: Random) -> None:
        self._dialect = dialect
        self.prepared = PreparedPacket(stamp, "session")
        constants = body_fields(self.prepared.layout, self._constants(world.plan, rng))
        self.prepared.rewrite(**constants)

    def update(self, world: World, _frame: int) -> None:
        """Update the datagram to the current moment."""
        left_s = world.plan.duration_s - int(max(0.0, world.clock_ms) / 1000.0)
        values = {
            "session_time_left": max(0, left_s),
            "safety_car_status": world.safety_car_status,
            "num_virtual_safety_car_periods": world.safety_car_periods,
            "num_red_flag_periods": world.red_flag_periods,
        }
        for name, value in body_fields(self.prepared.layout, values).items():
            self.prepared.put(name, value)

    def _constants(self, plan: SessionPlan, rng: Random) -> dict[str, Any]:
        circuit = plan.course.circuit
        session_type = self._dialect.session_type(plan.kind)
        link = rng.getrandbits(32) if plan.kind != "time_trial" else 0
        return _RULES | {
            "weather": rng.randrange(3),
            "track_temperature": rng.randint(22, 42),
            "air_temperature": rng.randint(16, 30),
            "total_laps": _TOTAL_LAPS.get(plan.kind, plan.laps),
            "track_length": circuit.length_m,
            "session_type": session_type,
            "track_id": circuit.track_id,
            "formula": 13 if self._dialect.packet_format >= 2026 else 0,
            "session_duration": plan.duration_s,
            "pit_speed_limit": circuit.pit_limit_kmh,
            "spectator_car_index": NO_CAR,
            "num_marshal_zones": _MARSHAL_ZONES,
            "marshal_zones": [
                {"zone_start": (zone + 0.3) / _MARSHAL_ZONES} for zone in range(_MARSHAL_ZONES)
            ],
            "network_game": int(plan.is_online),
            "num_weather_forecast_samples": _FORECASTS,
            "weather_forecast_samples": [
                {"session_type": session_type, "time_offset": 5 * i} for i in range(_FORECASTS)
            ],
            "ai_difficulty": rng.randint(40, 110),
            "season_link_identifier": link,
            "weekend_link_identifier": link,
            "session_link_identifier": link,
            "game_mode": self._dialect.game_mode(plan.kind, plan.is_online),
            "rule_set": self._dialect.rule_set(plan.kind),
            "session_length": 3 if plan.kind == "race" else 0,
            "recovery_mode": 0 if plan.is_online else 1,
            "flashback_limit": 0 if plan.is_online else 3,
            "weekend_structure": [session_type],
            "sector2_lap_distance_start": plan.course.sector_starts_m[1],
            "sector3_lap_distance_start": plan.course.sector_starts_m[2],
        }


def setups(stamp: Stamp, world: World) -> PreparedPacket:
    """The setups, which do not change; online the games do not send the setups of human players."""
    layout = layout_of(stamp.packet_format, "car_setups")
    shown = {car.index: _SETUP for car in world.cars if not world.plan.is_online or car.entrant.is_ai}
    return PreparedPacket(stamp, "car_setups", cars=record_fields(layout, shown))
