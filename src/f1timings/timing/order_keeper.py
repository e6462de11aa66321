"""Keeps the running order of one session between two looks at it, and builds only the rows that changed.

Nothing here runs while nobody asks for the order: everything that may have changed is compared when somebody
does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from operator import is_
from typing import Any

from f1timings.packets import pit_status_name, result_status_name
from f1timings.timing.car import CarLaps
from f1timings.timing.car_places import CarPlaces, OrderInputs
from f1timings.timing.gap_tracker import GapTracker
from f1timings.timing.lap_rows import LapReader, LapRow
from f1timings.timing.running_order import (
    NO_LAPS,
    LapSummary,
    OrderRow,
    RankedCar,
    build_final_rows,
    difference,
)
from f1timings.timing.statuses import is_on_course
from f1timings.units import known


class OrderKeeper:
    """The running order of one session as the last look found it.

    Args:
        reader: for lap data of the session's format.
        places: of the same session.
        cars: the laps of the cars; only read here.
    """

    def __init__(
        self,
        reader: LapReader,
        places: CarPlaces,
        *,
        gaps: GapTracker,
        packet_format: int,
        cars: Mapping[int, CarLaps],
    ) -> None:
        self._reader = reader
        self._places = places
        self._gaps = gaps
        self._format = packet_format
        self._car_laps = cars
        self._flat: tuple[Any, ...] = ()
        self._laps: list[LapRow] = []
        self._sectors: list[tuple[int | None, int | None]] = []
        self._summaries: dict[int, LapSummary] = {}
        self._newest: list[int] = []
        # The last look.
        self._inputs: OrderInputs | None = None
        self._cars: Sequence[RankedCar] = ()
        # The next car that is compared with each car: in a race, the cars that are out are not.
        self._behind: dict[int, int] = {}
        self._ahead: dict[int, int] = {}
        # The rows as lap data have them, and as they are shown: after the flag in the order of the result.
        self._by_car: dict[int, OrderRow] = {}
        self._rows: tuple[OrderRow, ...] = ()

    def rows(self, inputs: OrderInputs) -> tuple[OrderRow, ...]:
        """The rows now; the same object as before if no row has changed."""
        changed = self._read_laps(inputs) | self._read_summaries(inputs)
        passed = self._gaps.changed
        newest = self._gaps.newest_points() if passed or not self._newest else self._newest
        if self._place(inputs):
            self._build(inputs)
        elif changed or (passed and inputs.is_race):
            self._rebuild(inputs, changed, self._affected(changed, passed, newest))
        else:
            return self._rows
        self._newest = newest
        passed.clear()
        rows = [self._by_car[car_index] for car_index in self._places.position]
        if inputs.final:
            final = build_final_rows(inputs.final, rows, inputs.names, is_race=inputs.is_race)
            shown = {row.car_index: row for row in self._rows}
            rows = [_same_if_equal(shown.get(row.car_index), row) for row in final]
        if len(rows) != len(self._rows) or not all(map(is_, rows, self._rows)):
            self._rows = tuple(rows)
        return self._rows

    # What has changed ---------------------------------------------------------------------------------

    def _read_laps(self, inputs: OrderInputs) -> set[int]:
        """Read the rows of lap data that changed; return their cars."""
        flat, before, row_of = inputs.flat, self._flat, self._reader.slow_row
        self._flat = flat
        if flat is before:
            return set()
        cars = range(len(flat) // self._reader.width)
        if len(flat) != len(before):
            self._laps = [self._read_lap(inputs, car_index) for car_index in cars]
            self._sectors = [self._sectors_of(car_index, self._laps[car_index]) for car_index in cars]
            return set(cars)
        changed = {car_index for car_index in cars if row_of(flat, car_index) != row_of(before, car_index)}
        for car_index in changed:
            row = self._laps[car_index] = self._read_lap(inputs, car_index)
            self._sectors[car_index] = self._sectors_of(car_index, row)
        return changed

    def _read_lap(self, inputs: OrderInputs, car_index: int) -> LapRow:
        return self._reader.row(inputs.flat, inputs.data, car_index, inputs.time_s)

    def _sectors_of(self, car_index: int, row: LapRow) -> tuple[int | None, int | None]:
        car = self._car_laps.get(car_index)
        return (None, None) if car is None else car.sectors_ms(row)

    def _read_summaries(self, inputs: OrderInputs) -> set[int]:
        """The cars whose recorded laps have changed."""
        if self._inputs is not None and inputs.recordings == self._inputs.recordings:
            return set()
        before, self._summaries = self._summaries, dict(inputs.summaries)
        cars = before.keys() | self._summaries.keys()
        return {car for car in cars if before.get(car) is not self._summaries.get(car)}

    def _place(self, inputs: OrderInputs) -> bool:
        """Place the cars; whether something has changed that may concern all rows."""
        cars = self._places.look(inputs)
        before, self._inputs = self._inputs, inputs
        if (
            before is not None
            and cars is self._cars
            and inputs.names is before.names
            and inputs.is_race == before.is_race
            and inputs.final is before.final
        ):
            return False
        self._cars = cars
        compared = [car.car_index for car in cars if not inputs.is_race or is_on_course(car.result_status)]
        self._behind = dict(pairwise(compared))
        return True

    def _affected(
        self, changed: AbstractSet[int], passed: AbstractSet[int], newest: Sequence[int]
    ) -> AbstractSet[int]:
        """The cars whose rows may have changed, while all places stay.

        A gap depends on the other car only if that car has just passed a point that the car itself passed
        before it. When the leader changes, at the latest once per lap, all rows are wanted.

        Args:
            newest: the number of the newest point of each car.
        """
        if not self._cars or self._cars[0].car_index in changed:
            return self._places.position.keys()
        wanted = {*changed, *passed}
        before = self._newest
        for ahead in passed:
            behind = self._behind.get(ahead)
            if behind is not None and before[ahead] < newest[behind]:
                wanted.add(behind)
        leader = self._cars[0].car_index
        if leader in passed:
            for car_index in self._behind.values():
                laps_down = self._gaps.laps_between(newest[car_index], newest[leader])
                if before[leader] < newest[car_index] or self._by_car[car_index].laps_down != laps_down:
                    wanted.add(car_index)
        return wanted

    # Rows ---------------------------------------------------------------------------------------------

    def _build(self, inputs: OrderInputs) -> None:
        """Build all rows."""
        self._ahead = {behind: ahead for ahead, behind in self._behind.items()}
        for car in self._cars:
            self._build_row(inputs, car.car_index)

    def _rebuild(self, inputs: OrderInputs, changed: AbstractSet[int], wanted: AbstractSet[int]) -> None:
        """Build the rows of the wanted cars; of those that did not change, the gaps only."""
        for car_index in wanted & self._places.position.keys():
            if car_index in changed:
                self._build_row(inputs, car_index)
            else:
                row = self._by_car[car_index]
                gap_ms, interval_ms, laps_down = self._gaps_of(car_index, is_race=inputs.is_race)
                if (row.gap_ms, row.interval_ms, row.laps_down) != (gap_ms, interval_ms, laps_down):
                    self._by_car[car_index] = row._replace(
                        gap_ms=gap_ms, interval_ms=interval_ms, laps_down=laps_down
                    )

    def _build_row(self, inputs: OrderInputs, car_index: int) -> None:
        row, summary = self._laps[car_index], self._summaries.get(car_index, NO_LAPS)
        built = OrderRow(
            self._places.position[car_index],
            car_index,
            inputs.names.get(car_index),
            known(row.lap_number),
            *self._gaps_of(car_index, is_race=inputs.is_race),
            known(row.last_lap_ms),
            self._places.best_lap_ms(car_index, summary),
            pit_status_name(self._format, row.pit_status),
            result_status_name(self._format, row.result_status),
            self._sectors[car_index],
            summary,
        )
        self._by_car[car_index] = _same_if_equal(self._by_car.get(car_index), built)

    def _gaps_of(self, car_index: int, *, is_race: bool) -> tuple[int | None, int | None, int | None]:
        """Gap, interval and laps down of a car."""
        leader, ahead = self._cars[0].car_index, self._ahead.get(car_index)
        if not is_race:
            best_laps = self._places.best_laps
            return (
                difference(best_laps[car_index], best_laps[leader]),
                None if ahead is None else difference(best_laps[car_index], best_laps[ahead]),
                None,
            )
        if not is_on_course(self._laps[car_index].result_status):
            return None, None, None
        return (
            self._gaps.gap_ms(car_index, leader),
            None if ahead is None else self._gaps.gap_ms(car_index, ahead),
            self._gaps.laps_down(car_index, leader),
        )


def _same_if_equal(before: OrderRow | None, row: OrderRow) -> OrderRow:
    """The row; the object before it if both are equal."""
    return row if before is None or before != row else before
