"""The lap data packet, from which lap times are read."""

from __future__ import annotations

from typing import Any

from f1timings.packets import layout_of
from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.driven_laps import DrivenLap
from f1timings.simulator.prepared import PreparedPacket, Stamp, body_fields
from f1timings.simulator.race_control import NO_CAR
from f1timings.simulator.timeline import DriverStatus
from f1timings.simulator.world import World

_INVALID, _ACTIVE, _FINISHED = 0, 2, 3
_RETIRED_2020, _RETIRED = 6, 7
_UINT16 = 0xFFFF
_GAPS = {
    2023: ("delta_to_car_in_front_ms", "delta_to_race_leader_ms"),
    2024: (
        "delta_to_car_in_front_ms",
        "delta_to_car_in_front_minutes",
        "delta_to_race_leader_ms",
        "delta_to_race_leader_minutes",
    ),
}
"""The fields of the gaps in their order in the packet, by the format that introduced them."""


def result_status(car: SimulatedCar, packet_format: int) -> int:
    """The number of the result status of a car; retired has another number in 2020."""
    if car.entrant.is_ghost:
        return _INVALID
    if car.is_retired:
        return _RETIRED_2020 if packet_format == 2020 else _RETIRED
    return _FINISHED if car.is_finished else _ACTIVE


def minutes_and_ms(ms: int) -> tuple[int, int]:
    """A time, split into minutes and milliseconds as in the games since 2023."""
    return ms // 60_000, ms % 60_000


def sector_fields(number: int, ms: int, packet_format: int) -> dict[str, int]:
    """The fields of a sector time: 16 bits that wrap up to 2022, minutes and milliseconds since 2023."""
    if packet_format < 2023:
        return {f"sector{number}_time_ms": ms & _UINT16}
    minutes, rest = minutes_and_ms(ms)
    return {f"sector{number}_time_ms": rest, f"sector{number}_time_minutes": minutes}


class LapDataPacket:
    """The lap data of all cars: clock and distances at every frame, the other fields when they change."""

    def __init__(self, stamp: Stamp, world: World) -> None:
        self._format = stamp.packet_format
        ghosts = [car.index for car in world.cars if car.entrant.is_ghost]
        ghost_cars = {"time_trial_pb_car_idx": NO_CAR, "time_trial_rival_car_idx": NO_CAR}
        if ghosts:
            ghost_cars = {"time_trial_pb_car_idx": ghosts[0], "time_trial_rival_car_idx": ghosts[-1]}
        known = body_fields(layout_of(self._format, "lap_data"), ghost_cars)
        self.prepared = PreparedPacket(stamp, "lap_data", **known)
        self._records = self.prepared.records()
        clock = "current_lap_time" if self._format == 2020 else "current_lap_time_ms"
        self._clock = self.prepared.columns([clock])
        self._distances = self.prepared.columns(["lap_distance", "total_distance"])
        self._positions = self.prepared.columns(["car_position"])
        gaps = _GAPS.get(min(self._format, 2024))
        self._gap_columns = self.prepared.columns(gaps) if gaps else None
        self._per_ms = 0.001 if self._format == 2020 else 1

    def update(self, world: World, _frame: int) -> None:
        """Update the datagram to the current moment."""
        now = int(world.clock_ms)
        length = world.plan.course.length_m
        buffer = self.prepared.buffer
        pack_clock, clock_at = self._clock.pack_into, self._clock.offsets
        pack_distances, distances_at = self._distances.pack_into, self._distances.offsets
        for index, car in enumerate(world.cars):
            if car.has_changed:
                self._records.write(index, self._values(car, world))
                car.has_changed = False
            if car.is_finished:
                continue
            phase = car.phase
            elapsed = now - phase.lap_began
            pack_clock(buffer, clock_at[index], elapsed * self._per_ms if elapsed > 0 else 0)
            distance = car.distance
            pack_distances(buffer, distances_at[index], distance, (phase.lap - 1) * length + distance)

    def reorder(self, world: World) -> None:
        """Write positions and gaps after the order of the cars has been computed again."""
        buffer = self.prepared.buffer
        for car in world.racers:
            index = car.index
            self._positions.pack_into(buffer, self._positions.offsets[index], car.position)
            if self._gap_columns is not None:
                gaps = self._gaps(car).values()
                self._gap_columns.pack_into(buffer, self._gap_columns.offsets[index], *gaps)

    def _values(self, car: SimulatedCar, world: World) -> dict[str, Any]:
        phase = car.phase
        elapsed = car.last_lap_ms if car.is_finished else max(0, int(world.clock_ms) - phase.lap_began)
        length = world.plan.course.length_m
        distance = length if car.is_finished else car.distance
        return {
            "last_lap_time": car.last_lap_ms / 1000.0,
            "last_lap_time_ms": car.last_lap_ms,
            "current_lap_time": elapsed / 1000.0,
            "current_lap_time_ms": elapsed,
            **sector_fields(1, car.shown_sectors[0], self._format),
            **sector_fields(2, car.shown_sectors[1], self._format),
            **self._gaps(car),
            **(_bests(car) if self._format == 2020 else {}),
            "lap_distance": distance,
            "total_distance": (phase.lap - 1) * length + distance,
            "safety_car_delta": -0.0,
            "car_position": 1 if car.entrant.is_ghost else car.position,
            "current_lap_num": phase.lap,
            "pit_status": int(phase.pit_status),
            "num_pit_stops": car.pit_stops,
            "sector": phase.sector,
            "current_lap_invalid": 0 if car.valid_bits & 1 else 1,
            "penalties": car.penalties_s,
            "total_warnings": car.warnings,
            "corner_cutting_warnings": car.warnings,
            "num_unserved_drive_through_pens": car.unserved_drive_throughs,
            "num_unserved_stop_go_pens": car.unserved_stop_gos,
            "grid_position": car.grid_position,
            "driver_status": int(DriverStatus.GARAGE if car.is_retired else phase.driver_status),
            "result_status": result_status(car, self._format),
            **self._pit_timers(car, world),
            "speed_trap_fastest_speed": car.trap_speed_kmh,
            "speed_trap_fastest_lap": car.trap_lap or NO_CAR,
        }

    def _gaps(self, car: SimulatedCar) -> dict[str, int]:
        if self._format < 2024:
            values: tuple[int, ...] = (car.gap_ahead_ms & _UINT16, car.gap_leader_ms & _UINT16)
            return dict(zip(_GAPS[2023], values, strict=True))
        ahead, leader = minutes_and_ms(car.gap_ahead_ms), minutes_and_ms(car.gap_leader_ms)
        return dict(zip(_GAPS[2024], (ahead[1], ahead[0], leader[1], leader[0]), strict=True))

    def _pit_timers(self, car: SimulatedCar, world: World) -> dict[str, int]:
        if not car.pit_lane_since:
            return {}
        now = int(world.clock_ms)
        stopped = now - car.stopped_since if car.stopped_since else 0
        return {
            "pit_lane_timer_active": 1,
            "pit_lane_time_in_lane_ms": (now - car.pit_lane_since) & _UINT16,
            "pit_stop_timer_ms": stopped & _UINT16,
            "pit_stop_should_serve_pen": int(car.unserved_drive_throughs + car.unserved_stop_gos > 0),
        }


def _bests(car: SimulatedCar) -> dict[str, Any]:
    """The best laps, which 2020 has in the lap data because it has no session history."""
    best = car.best_lap
    values: dict[str, Any] = {}
    if best is not None:
        values = {"best_lap_time": best.lap_time_ms / 1000.0, "best_lap_num": best.lap_number}
        for number, ms in enumerate(best.sectors, start=1):
            values[f"best_lap_sector{number}_time_ms"] = ms & _UINT16
    for number in (1, 2, 3):
        overall: DrivenLap | None = car.best[number]
        if overall is not None:
            values[f"best_overall_sector{number}_time_ms"] = overall.sectors[number - 1] & _UINT16
            values[f"best_overall_sector{number}_lap_num"] = overall.lap_number
    return values
