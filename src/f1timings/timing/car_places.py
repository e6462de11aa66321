"""The places of the cars of one session, placed again only when something that decides about them changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from f1timings.timing.lap_rows import LapReader
from f1timings.timing.records import ClassificationEntry
from f1timings.timing.running_order import NO_LAPS, LapSummary, OrderReader, RankedCar, place_cars


# A NamedTuple, because every look builds one.
class OrderInputs(NamedTuple):
    """What the order is built from.

    Attributes:
        data / flat: the newest lap data, and their slow columns (see :class:`LapReader`).
        summaries: of the recorded laps, by car; a summary that has not changed is the same object.
        recordings: a number that changes with the summaries.
        final: the game's result by position, empty until it comes.
    """

    data: bytes
    flat: tuple[Any, ...]
    time_s: float
    summaries: Mapping[int, LapSummary]
    recordings: int
    names: Mapping[int, str | None]
    is_race: bool
    final: Sequence[ClassificationEntry] = ()


class CarPlaces:
    """The places of the cars as lap data and recorded laps have them.

    Args:
        reader / order_reader: for lap data of the session's format.

    Attributes:
        cars: in the order that is shown; the same object while no place changes.
        position: 1-based, by car, in the same order.
        best_laps: the best lap of each car that counts, ms; of a race, it may be outdated.
    """

    def __init__(self, reader: LapReader, order_reader: OrderReader) -> None:
        self._reader = reader
        self._order_reader = order_reader
        self.cars: Sequence[RankedCar] = ()
        self.position: dict[int, int] = {}
        self.best_laps: dict[int, int | None] = {}
        self._data = b""
        self._values: tuple[Any, ...] = ()
        self._flat: tuple[Any, ...] = ()
        self._is_race = False
        self._recordings = -1

    def look(self, inputs: OrderInputs) -> Sequence[RankedCar]:
        """Place the cars again if need be; return :attr:`cars`.

        The places of a race do not depend on recorded laps, so ``summaries`` need not be complete there.
        """
        values, is_race = self._values, inputs.is_race
        if inputs.data is not self._data:
            self._data = inputs.data
            values = self._order_reader.values(inputs.data) if inputs.data else ()
        recordings = 0 if is_race else inputs.recordings
        if (
            inputs.flat is not self._flat
            or values != self._values
            or is_race != self._is_race
            or recordings != self._recordings
        ):
            statuses = self._reader.statuses(inputs.flat)
            is_same = (
                statuses == self._reader.statuses(self._flat)
                and values == self._values
                and is_race == self._is_race
                and recordings == self._recordings
            )
            self._flat, self._values = inputs.flat, values
            self._is_race, self._recordings = is_race, recordings
            if not is_same:
                self._place(inputs)
        return self.cars

    def best_lap_ms(self, car_index: int, summary: LapSummary) -> int | None:
        """The best lap of a car that counts, by its recorded laps and the newest lap data."""
        in_data = self._order_reader.best_lap_ms(self._values, car_index) if self._values else None
        recorded = summary.best_ms
        if in_data and recorded:
            return min(in_data, recorded)
        return in_data or recorded or None

    def _place(self, inputs: OrderInputs) -> None:
        statuses = self._reader.known_statuses(inputs.flat)
        ranked = self._order_reader.ranked_cars(self._values, statuses) if self._values else []
        self.best_laps = {
            car.car_index: self.best_lap_ms(car.car_index, inputs.summaries.get(car.car_index, NO_LAPS))
            for car in ranked
        }
        self.cars = place_cars(ranked, self.best_laps, is_race=inputs.is_race)
        self.position = {car.car_index: position for position, car in enumerate(self.cars, 1)}
