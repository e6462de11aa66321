"""The running order of one session: its rows, and how they are built from lap data and gaps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from f1timings.packets import Columns, Layout, pit_status_name, result_status_name
from f1timings.timing.gap_tracker import GapTracker
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.plausible import Plausibility
from f1timings.timing.statuses import has_car, is_on_course
from f1timings.units import known


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One car in the running order.

    Attributes:
        position: 1-based, without holes.
        gap_ms: to the first car: in a race on the road, otherwise between best laps; None if unknown.
        interval_ms: the same to the car ahead; None for the first car.
        laps_down: whole laps behind the first car; None outside races and for cars that are out.
        pit_status / result_status: the game's words.
    """

    position: int
    car_index: int
    participant: str | None
    lap_number: int | None
    gap_ms: int | None
    interval_ms: int | None
    laps_down: int | None
    last_lap_ms: int | None
    best_lap_ms: int | None
    pit_status: str | None
    result_status: str | None


@dataclass(frozen=True, slots=True)
class RunningOrder:
    """The running order of a rig's session at one moment of the game's clock."""

    session_id: str
    session_time_ms: int
    rows: tuple[OrderRow, ...]


class RankedCar(NamedTuple):
    """A car in the newest lap data; ``position`` is the game's, 0 if it gives none."""

    car_index: int
    position: int
    row: LapRow


class OrderReader:
    """Reads the game's positions, and the best laps of 2020, from lap data of one layout."""

    def __init__(self, layout: Layout, plausibility: Plausibility | None = None) -> None:
        self._plausibility = plausibility or Plausibility()
        self._has_best_laps = layout.packet_format == 2020
        names = ("car_position", "best_lap_time") if self._has_best_laps else ("car_position",)
        self._columns = Columns(layout, names)

    def ranked_cars(self, data: bytes, rows: Sequence[LapRow]) -> list[RankedCar]:
        """The cars that take part, in the game's order.

        Args:
            data: the newest lap data.
            rows: all cars' rows in it.
        """
        values = self._columns.rows(data)
        known = self._plausibility.known
        cars = [
            RankedCar(index, known("lap_data.position", values[index][0]) or 0, row)
            for index, row in enumerate(rows)
            if has_car(row.result_status)
        ]
        return sorted(cars, key=lambda car: (not car.position, car.position, car.car_index))

    def best_laps(self, data: bytes) -> dict[int, int]:
        """Best laps in ms by car; only the lap data of 2020 have them."""
        if not self._has_best_laps:
            return {}
        known_ms = self._plausibility.known_ms
        rows = enumerate(self._columns.rows(data))
        laps = ((index, known_ms("lap_data.best_lap", values[1])) for index, values in rows)
        return {index: lap_ms for index, lap_ms in laps if lap_ms}


def build_order(
    cars: Sequence[RankedCar],
    gaps: GapTracker,
    *,
    best_laps: Mapping[int, int],
    names: Mapping[int, str | None],
    packet_format: int,
    is_race: bool,
) -> tuple[OrderRow, ...]:
    """The rows of the running order.

    Args:
        cars: in the game's order.
        best_laps: best lap by car, ms; cars without a best lap are absent.
        names: of the participants, by car.
        is_race: if not, the best laps give the order; cars without one follow in the game's order.
    """
    if not is_race:
        cars = sorted(cars, key=lambda car: best_laps.get(car.car_index, math.inf))
    rows: list[OrderRow] = []
    ahead: int | None = None
    for position, (car_index, _, row) in enumerate(cars, 1):
        leader = cars[0].car_index
        is_out = is_race and not is_on_course(row.result_status)
        gap_ms = _race_gap(gaps, is_out) if is_race else _best_lap_gap(best_laps)
        rows.append(
            OrderRow(
                position=position,
                car_index=car_index,
                participant=names.get(car_index),
                lap_number=known(row.lap_number),
                gap_ms=gap_ms(car_index, leader),
                interval_ms=None if ahead is None else gap_ms(car_index, ahead),
                laps_down=gaps.laps_down(car_index, leader) if is_race and not is_out else None,
                last_lap_ms=known(row.last_lap_ms),
                best_lap_ms=best_laps.get(car_index),
                pit_status=pit_status_name(packet_format, row.pit_status),
                result_status=result_status_name(packet_format, row.result_status),
            )
        )
        ahead = ahead if is_out else car_index
    return tuple(rows)


def _race_gap(gaps: GapTracker, is_out: bool) -> Callable[[int, int], int | None]:
    return (lambda _car, _other: None) if is_out else gaps.gap_ms


def _best_lap_gap(best_laps: Mapping[int, int]) -> Callable[[int, int], int | None]:
    def gap_ms(car_index: int, other_index: int) -> int | None:
        ours, theirs = best_laps.get(car_index), best_laps.get(other_index)
        return None if ours is None or theirs is None else ours - theirs

    return gap_ms
