"""Packets that repeat completed laps: session history, positions, the laps of a time trial, the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f1timings.packets.layouts import layout_of
from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.driven_laps import ALL_VALID, DrivenLap
from f1timings.simulator.lap_data import result_status, sector_fields
from f1timings.simulator.prepared import PreparedPacket, Stamp, record_fields
from f1timings.simulator.results import Result
from f1timings.simulator.tyres import ACTUAL
from f1timings.simulator.world import World

STINT_SLOTS = 8
HISTORY_LAPS = 100
POSITION_LAPS = 50
_FINISHED = 3
_FINISHED_REASON, _MECHANICAL_REASON = 2, 8
_STRAY_POINTS = (26, 15, 4)


class HistoryPackets:
    """Session history, one car per packet; encoded again only when the laps of the car have changed."""

    def __init__(self, stamp: Stamp, world: World) -> None:
        self._format = stamp.packet_format
        self._prepared = {car.index: PreparedPacket(stamp, "session_history") for car in world.cars}
        self._written: dict[int, tuple[Any, ...]] = {}

    def of(self, car: SimulatedCar) -> PreparedPacket:
        """The current history of one car."""
        prepared = self._prepared[car.index]
        state = (
            car.phase.lap,
            tuple(car.laps),
            car.shown_sectors,
            car.valid_bits,
            len(car.stints),
            car.is_finished,
        )
        if self._written.get(car.index) != state:
            self._written[car.index] = state
            prepared.rewrite(**self._values(car))
        return prepared

    def _values(self, car: SimulatedCar) -> dict[str, Any]:
        if car.entrant.is_ghost:
            lap = [{"lap_valid_bit_flags": ALL_VALID}]
            values = {"car_idx": car.index, "num_laps": 1, "num_tyre_stints": 1, "lap_history_data": lap}
            return values | self._stints(car)
        rows = [self._lap(lap) for lap in car.laps]
        if not car.is_finished:
            rows.append(self._running_lap(car))
        bests = [best.lap_number if best else 0 for best in car.best]
        return {
            "car_idx": car.index,
            "num_laps": min(len(rows), HISTORY_LAPS),
            "num_tyre_stints": min(len(car.stints), STINT_SLOTS),
            "best_lap_time_lap_num": bests[0],
            "best_sector1_lap_num": bests[1],
            "best_sector2_lap_num": bests[2],
            "best_sector3_lap_num": bests[3],
            "lap_history_data": rows[:HISTORY_LAPS],
            **self._stints(car),
        }

    def _lap(self, lap: DrivenLap) -> dict[str, int]:
        """A completed lap; the game rounds, so the sum of the sectors may differ from the lap by 1 ms."""
        row = {"lap_time_ms": lap.lap_time_ms, "lap_valid_bit_flags": lap.valid_bits}
        rounding = lap.lap_time_ms % 3 - 1
        for number, ms in enumerate((lap.sector1_ms, lap.sector2_ms, lap.sector3_ms + rounding), start=1):
            row |= sector_fields(number, ms, self._format)
        return row

    def _running_lap(self, car: SimulatedCar) -> dict[str, int]:
        row = {"lap_valid_bit_flags": car.valid_bits}
        row |= sector_fields(1, car.shown_sectors[0], self._format)
        return row | sector_fields(2, car.shown_sectors[1], self._format)

    @staticmethod
    def _stints(car: SimulatedCar) -> dict[str, Any]:
        rows = [
            {
                "end_lap": stint.end_lap,
                "tyre_actual_compound": ACTUAL[stint.compound],
                "tyre_visual_compound": stint.compound,
            }
            for stint in car.stints[:STINT_SLOTS]
        ]
        return {"tyre_stints_history_data": rows}


class TimeTrialPacket:
    """The three laps that a time trial compares."""

    def __init__(self, stamp: Stamp) -> None:
        self.prepared = PreparedPacket(stamp, "time_trial")

    def update(self, world: World, _frame: int) -> None:
        """Update the datagram to the current moment."""
        player = world.racers[0]
        ghosts = [car for car in world.cars if car.entrant.is_ghost]
        values = {"player_session_best_data_set": _trial(player)}
        for name, ghost in zip(
            ("personal_best_data_set", "rival_data_set"), ghosts[:1] + ghosts[-1:], strict=False
        ):
            values[name] = _ghost_trial(ghost, world)
        self.prepared.rewrite(**values)


def _trial(player: SimulatedCar) -> dict[str, int]:
    best = player.best_lap
    times = best.times if best else (0, 0, 0, 0)
    return _trial_row(player, times, is_valid=best is not None)


def _ghost_trial(ghost: SimulatedCar, world: World) -> dict[str, int]:
    sectors = [round(ms * ghost.entrant.skill) for ms in world.plan.course.sector_ms]
    return _trial_row(ghost, (sum(sectors), *sectors), is_valid=True)


def _trial_row(car: SimulatedCar, times: Sequence[int], is_valid: bool) -> dict[str, int]:
    names = ("lap_time_ms", "sector1_time_ms", "sector2_time_ms", "sector3_time_ms")
    row = dict(zip(names, times, strict=True))
    return row | {"car_idx": car.index, "team_id": car.entrant.team_id, "valid": int(is_valid)}


def lap_positions(stamp: Stamp, world: World) -> list[PreparedPacket]:
    """Positions of all cars after each lap, 50 laps per packet; 0 for a car without a position."""
    slots = layout_of(stamp.packet_format, "lap_positions").car_slots
    orders = [{car.index: car.grid_position for car in world.racers}]
    orders += [order for _, order in sorted(world.lap_orders.items())]
    packets = []
    for start in range(0, len(orders), POSITION_LAPS):
        part = orders[start : start + POSITION_LAPS]
        rows = [[order.get(slot, 0) for slot in range(slots)] for order in part]
        packets.append(
            PreparedPacket(
                stamp, "lap_positions", num_laps=len(part), lap_start=start, position_for_vehicle_idx=rows
            )
        )
    return packets


def final_classification(
    stamp: Stamp, world: World, rows: Sequence[Result], *, has_stray_points: bool
) -> PreparedPacket:
    """The result of the session.

    Args:
        has_stray_points: the first three have points although the session is not a race; games do this.
    """
    layout = layout_of(stamp.packet_format, "final_classification")
    records = {row.car.index: _result(row, stamp.packet_format) for row in rows}
    if has_stray_points and not world.is_race:
        for row, points in zip(rows, _STRAY_POINTS, strict=False):
            records[row.car.index]["points"] = points
    return PreparedPacket(
        stamp, "final_classification", num_cars=len(rows), cars=record_fields(layout, records)
    )


def _result(row: Result, packet_format: int) -> dict[str, Any]:
    car = row.car
    stints = car.stints[:STINT_SLOTS]
    status = result_status(car, packet_format) if row.is_retired else _FINISHED
    return {
        "position": row.position,
        "num_laps": row.laps,
        "grid_position": car.grid_position,
        "points": row.points,
        "num_pit_stops": car.pit_stops,
        "result_status": status,
        "result_reason": _MECHANICAL_REASON if row.is_retired else _FINISHED_REASON,
        "best_lap_time": row.best_lap_ms / 1000.0,
        "best_lap_time_ms": row.best_lap_ms,
        "total_race_time": row.total_ms / 1000.0,
        "penalties_time": row.penalties_s,
        "num_penalties": car.num_penalties,
        "num_tyre_stints": len(stints),
        "tyre_stints_actual": [ACTUAL[stint.compound] for stint in stints],
        "tyre_stints_visual": [stint.compound for stint in stints],
        "tyre_stints_end_laps": [stint.end_lap for stint in stints],
    }
