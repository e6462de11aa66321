"""The marks of laps and sectors: fastest of the session, the car's own best, slower, or invalid. Pure.

A mark says how a time compares with the times that count now. So the mark of the fastest sector is gone as
soon as another car is faster. Equal times have equal marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from f1timings.timing.running_order import OrderRow

BEST, PERSONAL, SLOWER, INVALID = MARKS = ("best", "personal", "slower", "invalid")


Times = tuple[int | None, int | None, int | None]
_UNKNOWN: Times = (None, None, None)


class TimedCar(NamedTuple):
    """The times of a car that are marked, and its own best times, in milliseconds.

    Attributes:
        newest_ms: the newest time in each sector: of the current lap, else of the last one.
        is_invalid: for each of them, whether its lap does not count.
        last_ms / is_last_invalid: the last lap; None unless it is recorded.
        last_sectors_ms: of the same lap.
        best_ms / best_sectors_ms: of the laps that count, the current one included.
    """

    newest_ms: Times
    is_invalid: tuple[bool, bool, bool]
    last_ms: int | None
    is_last_invalid: bool
    last_sectors_ms: Times
    best_ms: int | None
    best_sectors_ms: Times

    @classmethod
    def of(cls, row: OrderRow, is_invalid: bool) -> Self:
        """The times in a row of the running order; ``is_invalid`` is the validity of the current lap."""
        laps, (first, second) = row.laps, row.sectors_ms
        is_recorded = laps.last_ms is not None and laps.last_ms == row.last_lap_ms
        last = laps.last_sectors_ms if is_recorded else _UNKNOWN
        was_invalid = laps.is_last_valid is False
        best1, best2, best3 = laps.best_sectors_ms
        return cls(
            (last[0] if first is None else first, last[1] if second is None else second, last[2]),
            (
                was_invalid if first is None else is_invalid,
                was_invalid if second is None else is_invalid,
                was_invalid,
            ),
            row.last_lap_ms if is_recorded else None,
            was_invalid,
            last,
            row.best_lap_ms,
            (
                best1 if is_invalid else _lesser(best1, first),
                best2 if is_invalid else _lesser(best2, second),
                best3,
            ),
        )


class LapMarks(NamedTuple):
    """The marks of one car; None where there is no time.

    Attributes:
        sectors: of the newest time in each sector.
        last: of its last lap.
        is_fastest: its best lap is the fastest of the session.
    """

    sectors: tuple[str | None, str | None, str | None]
    last: str | None
    is_fastest: bool


class SessionMarks:
    """The marks of all cars of a session."""

    def __init__(self) -> None:
        self._cars: dict[int, TimedCar] = {}
        self._marks: dict[int, LapMarks] = {}
        # The fastest lap, then the fastest time in each sector.
        self._fastest_ms: tuple[int | None, ...] = ()

    def of(self, car_index: int) -> tuple[TimedCar, LapMarks]:
        """The times and marks of a car that was given to :meth:`look`."""
        return self._cars[car_index], self._marks[car_index]

    def look(self, cars: Mapping[int, TimedCar | None]) -> set[int]:
        """Handle the times of cars that changed; return the cars whose times or marks changed.

        Args:
            cars: None for a car that is gone.
        """
        known = self._cars
        times = {car: timed for car, timed in cars.items() if known.get(car) != timed}
        if not times:
            return set()
        for car, timed in times.items():
            if timed is None:
                del known[car], self._marks[car]
            else:
                known[car] = timed
        fastest_ms = self._find_fastest()
        marked = times.keys() if fastest_ms == self._fastest_ms else known.keys()
        self._fastest_ms = fastest_ms
        before = {car: self._marks.get(car) for car in marked}
        for car in marked & known.keys():
            self._marks[car] = _mark_car(known[car], fastest_ms)
        return {car for car, marks in before.items() if self._marks.get(car) != marks} | times.keys()

    def _find_fastest(self) -> tuple[int | None, ...]:
        bests = [(car.best_ms, *car.best_sectors_ms) for car in self._cars.values()]
        return tuple([_least(times) for times in zip(*bests, strict=True)])


def _mark_car(car: TimedCar, fastest_ms: tuple[int | None, ...]) -> LapMarks:
    fastest_lap_ms, *fastest_sectors_ms = fastest_ms
    newest = zip(car.newest_ms, car.is_invalid, strict=True)
    first, second, third = map(_mark, newest, car.best_sectors_ms, fastest_sectors_ms)
    return LapMarks(
        sectors=(first, second, third),
        last=_mark((car.last_ms, car.is_last_invalid), car.best_ms, fastest_lap_ms),
        is_fastest=car.best_ms is not None and car.best_ms == fastest_lap_ms,
    )


def _mark(timed: tuple[int | None, bool], own_ms: int | None, fastest_ms: int | None) -> str | None:
    """The mark of a time, by the car's own best and the fastest of the session.

    Args:
        timed: the time, and whether its lap is invalid.
    """
    time_ms, is_invalid = timed
    if time_ms is None:
        return None
    if is_invalid:
        return INVALID
    if fastest_ms is not None and time_ms <= fastest_ms:
        return BEST
    return PERSONAL if own_ms is not None and time_ms <= own_ms else SLOWER


def _lesser(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None or one <= other else other


def _least(times: Iterable[int | None]) -> int | None:
    return min((time for time in times if time is not None), default=None)
