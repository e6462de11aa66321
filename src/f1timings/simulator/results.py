"""The result of a session as the game sends it: order, totals, points."""

from __future__ import annotations

from dataclasses import dataclass

from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.world import World

_POINTS = (25, 18, 15, 12, 10, 8, 6, 4, 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The row of one car; times are milliseconds, 0 for none; ``total_ms`` does not include penalties."""

    position: int
    car: SimulatedCar
    laps: int
    best_lap_ms: int
    total_ms: int
    penalties_s: int
    is_retired: bool
    points: int


def results(world: World) -> list[Result]:
    """All cars in the order of the result: by laps, then by time with penalties; retired cars last."""
    ordered = sorted(world.racers, key=_race_key if world.is_race else _best_key)
    return [_result(position, car, world) for position, car in enumerate(ordered, start=1)]


def _race_key(car: SimulatedCar) -> tuple[bool, int, int]:
    ended = car.laps[-1].ended_at if car.laps else 0
    return car.is_retired, -len(car.laps), ended + car.penalties_s * 1000


def _best_key(car: SimulatedCar) -> tuple[int, int]:
    return (car.best_lap.lap_time_ms, car.index) if car.best_lap else (10**9, car.index)


def _result(position: int, car: SimulatedCar, world: World) -> Result:
    best_ms = car.best_lap.lap_time_ms if car.best_lap else 0
    scores = world.is_race and not car.is_retired and position <= len(_POINTS)
    return Result(
        position=position,
        car=car,
        laps=len(car.laps),
        best_lap_ms=best_ms,
        total_ms=_total_ms(car, world, best_ms),
        penalties_s=car.penalties_s,
        is_retired=car.is_retired,
        points=_POINTS[position - 1] if scores else 0,
    )


def _total_ms(car: SimulatedCar, world: World, best_ms: int) -> int:
    if world.plan.kind == "qualifying":
        return best_ms
    if car.is_retired:
        return car.timeline.retired_at or 0
    return sum(lap.lap_time_ms for lap in car.laps)
