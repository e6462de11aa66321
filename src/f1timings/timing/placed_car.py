"""One car as the running order has it, without the rows of the other cars."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from f1timings.timing.car_places import CarPlaces, OrderInputs
from f1timings.timing.lap_rows import LapReader, LapRow
from f1timings.timing.running_order import NO_LAPS, LapSummary, OrderRow
from f1timings.units import known


class PlacedCar(NamedTuple):
    """A car of the running order, without gaps.

    Attributes:
        position: 1-based, as it is shown.
        row: as of its newest change: its clock, its distance and its session time are outdated. None if the
            car is known from the game's result only.
    """

    position: int
    participant: str | None
    lap_number: int | None
    last_lap_ms: int | None
    best_lap_ms: int | None
    row: LapRow | None

    @classmethod
    def of(cls, shown: OrderRow, row: LapRow | None) -> Self:
        """A car of an order that was built."""
        return cls(
            shown.position,
            shown.participant,
            shown.lap_number,
            shown.last_lap_ms,
            shown.best_lap_ms,
            row,
        )


# What a car was built from.
class _Basis(NamedTuple):
    flat: tuple[Any, ...]
    cars: object
    summary: LapSummary
    names: object
    row: LapRow


class PlacedCarReader:
    """Reads one car of a session; while nothing changes, this costs a few comparisons.

    Args:
        reader / places: of the same session.
    """

    def __init__(self, reader: LapReader, places: CarPlaces) -> None:
        self._reader = reader
        self._places = places
        self._known: dict[int, tuple[_Basis, PlacedCar]] = {}

    def read(self, car_index: int, inputs: OrderInputs) -> PlacedCar | None:
        """The car now, None if it does not take part; the same object while nothing of it changes.

        In a race, only the summary of this car must be complete.
        """
        cars = self._places.look(inputs)
        summary = inputs.summaries.get(car_index, NO_LAPS)
        before = self._known.get(car_index)
        if before is not None:
            flat, cars_then, summary_then, names, _ = before[0]
            if (
                flat is inputs.flat
                and cars_then is cars
                and summary_then is summary
                and names is inputs.names
            ):
                return before[1]
        return self._read(car_index, inputs, cars=cars, summary=summary)

    def _read(
        self, car_index: int, inputs: OrderInputs, *, cars: object, summary: LapSummary
    ) -> PlacedCar | None:
        position = self._places.position.get(car_index)
        if position is None:
            self._known.pop(car_index, None)
            return None
        row = self._row(car_index, inputs)
        car = PlacedCar(
            position,
            inputs.names.get(car_index),
            known(row.lap_number),
            known(row.last_lap_ms),
            self._places.best_lap_ms(car_index, summary),
            row,
        )
        before = self._known.get(car_index)
        if before is not None and before[1] == car:
            car = before[1]
        self._known[car_index] = _Basis(inputs.flat, cars, summary, inputs.names, row), car
        return car

    def _row(self, car_index: int, inputs: OrderInputs) -> LapRow:
        """The row; that before if its slow columns are the same."""
        before, slow_row = self._known.get(car_index), self._reader.slow_row
        if before is not None and slow_row(before[0].flat, car_index) == slow_row(inputs.flat, car_index):
            return before[0].row
        return self._reader.row(inputs.flat, inputs.data, car_index, inputs.time_s)
