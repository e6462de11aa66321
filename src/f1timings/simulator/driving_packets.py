"""Pedals, gears, engine, fuel and energy."""

from __future__ import annotations

from random import Random
from typing import Any

from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.courses import BIN_M
from f1timings.simulator.prepared import PreparedPacket, Stamp
from f1timings.simulator.tyres import ACTUAL
from f1timings.simulator.wear_packets import tyre_age, tyre_wear
from f1timings.simulator.world import World

_DRIVING = (
    "speed",
    "throttle",
    "steer",
    "brake",
    "clutch",
    "gear",
    "engine_rpm",
    "drs",
    "rev_lights_percent",
)
_FUEL_CAPACITY_KG = 110.0
_FUEL_PER_LAP_KG = 1.7
_MIN_FUELLED_LAPS = 6
_IDLE_RPM, _MAX_RPM, _LIGHTS_RPM = 4_000, 13_000, 9_000
_SHARED_ONLY = frozenset(
    {
        "fuel_in_tank",
        "fuel_capacity",
        "fuel_mix",
        "fuel_remaining_laps",
        "front_brake_bias",
        "ers_deploy_mode",
        "ers_store_energy",
        "ers_deployed_this_lap",
        "ers_harvested_this_lap_mguk",
        "ers_harvested_this_lap_mguh",
        "ers_harvest_limit_per_lap",
        "engine_power_ice",
        "engine_power_mguk",
    }
)
"""Fields of the status that are 0 for a human player who does not share telemetry."""


class TelemetryPacket:
    """Pedals, gears and engine of all cars at every frame; the temperatures of one car per frame."""

    def __init__(self, stamp: Stamp, world: World) -> None:
        self.prepared = PreparedPacket(stamp, "car_telemetry")
        self._course = world.plan.course
        self._records = self.prepared.records()
        self._driving = self.prepared.columns(_DRIVING)
        for car in world.cars:
            self._records.write(car.index, self._slow_values(car))

    def update(self, world: World, frame: int) -> None:
        """Update the datagram to the current moment."""
        buffer, pack_into, offsets = self.prepared.buffer, self._driving.pack_into, self._driving.offsets
        places, length = self._course.places, self._course.length_m
        next_car = world.cars[frame % len(world.cars)]
        self._records.write(next_car.index, self._slow_values(next_car))
        for index, car in enumerate(world.cars):
            place = places[int(car.distance % length / BIN_M)]
            speed = car.speed_ms
            moves = speed > 1.0
            in_gear = speed * 11.5 / (place.gear + 1.0) / 11.0 * 1000.0
            rpm = min(_MAX_RPM, max(_IDLE_RPM, int(in_gear)))
            pack_into(
                buffer,
                offsets[index],
                int(speed * 3.6),
                place.throttle if moves else 0.0,
                max(-1.0, min(1.0, -place.curvature * 40.0)) if moves else 0.0,
                place.brake if moves else 0.0,
                0,
                place.gear if moves else 0,
                rpm,
                0,
                max(0, (rpm - _LIGHTS_RPM) * 100 // (_MAX_RPM - _LIGHTS_RPM)),
            )

    def _slow_values(self, car: SimulatedCar) -> dict[str, Any]:
        place = self._course.places[int(car.distance % self._course.length_m / BIN_M)]
        hot = 300 + int(500 * place.brake)
        return {
            "brakes_temperature": (hot, hot, hot + 20, hot + 20),
            "tyres_surface_temperature": (88, 88, 92, 92),
            "tyres_inner_temperature": (95, 95, 97, 97),
            "engine_temperature": 110,
            "tyres_pressure": (21.5, 21.5, 23.7, 23.7),
        }


class StatusPacket:
    """Fuel, tyres and energy, which change slowly: one car is updated per frame."""

    def __init__(self, stamp: Stamp, world: World) -> None:
        self.prepared = PreparedPacket(stamp, "car_status")
        self._records = self.prepared.records()
        for car in world.cars:
            self._records.write(car.index, self._values(car, world))

    def update(self, world: World, frame: int) -> None:
        """Update the record of the next car."""
        car = world.cars[frame % len(world.cars)]
        self._records.write(car.index, self._values(car, world))

    def _values(self, car: SimulatedCar, world: World) -> dict[str, Any]:
        wear = tuple(int(percent) for percent in tyre_wear(car))
        share = share_of_lap(car, world)
        fuel = max(
            0.5, _FUEL_PER_LAP_KG * (max(world.plan.laps, _MIN_FUELLED_LAPS) + 1 - len(car.laps) - share)
        )
        values = {
            "traction_control": 2 if car.entrant.is_ai else 0,
            "anti_lock_brakes": 1,
            "fuel_mix": 1,
            "front_brake_bias": 56,
            "pit_limiter_status": int(car.phase.pit_status > 0),
            "fuel_in_tank": fuel,
            "fuel_capacity": _FUEL_CAPACITY_KG,
            "fuel_remaining_laps": fuel / _FUEL_PER_LAP_KG - max(0, world.plan.laps - len(car.laps)),
            "max_rpm": _MAX_RPM,
            "idle_rpm": _IDLE_RPM,
            "max_gears": 9,
            "tyres_wear": wear,
            "tyres_damage": wear,
            "actual_tyre_compound": ACTUAL[car.compound],
            "visual_tyre_compound": car.compound,
            "tyres_age_laps": tyre_age(car),
            "engine_power_ice": 520_000.0 if car.speed_ms > 1.0 else 0.0,
            "engine_power_mguk": 90_000.0 if car.speed_ms > 60.0 else 0.0,
            "ers_store_energy": 4.0e6 - 2.2e6 * share,
            "ers_deploy_mode": 1,
            "ers_harvested_this_lap_mguk": 1.6e6 * share,
            "ers_harvested_this_lap_mguh": 2.1e6 * share,
            "ers_harvest_limit_per_lap": 8.5e6,
            "ers_deployed_this_lap": 3.4e6 * share,
        }
        if not car.entrant.shares_telemetry:
            values = {name: value for name, value in values.items() if name not in _SHARED_ONLY}
        return values


def share_of_lap(car: SimulatedCar, world: World) -> float:
    """The driven share of the running lap, 0 to 1."""
    return car.distance % world.plan.course.length_m / world.plan.course.length_m


class Telemetry2Packet:
    """Active aero and overtake mode, which 2026 added; the aero is open where a car is fast."""

    def __init__(self, stamp: Stamp, world: World, rng: Random) -> None:
        self.prepared = PreparedPacket(stamp, "car_telemetry_2")
        self._records = self.prepared.records()
        self._distance = rng.randrange(100, 400)
        for car in world.cars:
            self.update(world, car.index)

    def update(self, world: World, frame: int) -> None:
        """Update the record of the next car."""
        car = world.cars[frame % len(world.cars)]
        is_open = car.speed_ms > 65.0
        self._records.write(
            car.index,
            {
                "active_aero_mode": int(is_open),
                "active_aero_available": int(is_open),
                "active_aero_activation_distance": 0 if is_open else self._distance,
                "overtake_available": int(0 < car.gap_ahead_ms < 1000),
                "regulations_2026": 1,
            },
        )
