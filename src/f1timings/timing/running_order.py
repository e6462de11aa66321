"""The running order of one session: its rows, and what each of them is built from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from f1timings.packets import Columns, Layout
from f1timings.timing.plausible import Plausibility
from f1timings.timing.records import ClassificationEntry, Lap, LapState
from f1timings.timing.statuses import has_car, is_on_course

Sectors = tuple[int | None, int | None, int | None]
UNKNOWN_SECTORS: Sectors = (None, None, None)
_OUT = frozenset({"retired", "did_not_finish", "not_classified", "disqualified"})


class LapSummary(NamedTuple):
    """What is recorded of the laps of one car, in milliseconds.

    Attributes:
        best_ms: its best lap that counts.
        best_sectors_ms: its best times in the three sectors, of the laps that count.
        last_ms: its newest completed lap.
        last_sectors_ms / is_last_valid: of that lap; validity is None where the game has not said.
    """

    best_ms: int | None = None
    best_sectors_ms: Sectors = UNKNOWN_SECTORS
    last_ms: int | None = None
    last_sectors_ms: Sectors = UNKNOWN_SECTORS
    is_last_valid: bool | None = None


NO_LAPS = LapSummary()


# A NamedTuple, as the rows of lap data are: one is built for every car that changes while somebody looks.
class OrderRow(NamedTuple):
    """One car in the running order.

    Attributes:
        position: 1-based, without holes.
        gap_ms: to the first car: in a race on the road, otherwise between best laps; None if unknown.
        interval_ms: the same to the car ahead; None for the first car.
        laps_down: whole laps behind the first car; None outside races and for cars that are out.
        pit_status / result_status: the game's words.
        sectors_ms: sector 1 and 2 of the current lap, None until driven.
        laps: what is recorded of its laps.
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
    sectors_ms: tuple[int | None, int | None] = (None, None)
    laps: LapSummary = NO_LAPS

    @property
    def is_out(self) -> bool:
        """Whether the car neither drives nor has finished: it retired, or was disqualified."""
        return self.result_status in _OUT


# The place of the gap, the interval and the laps down in a row.
GAPS = slice(OrderRow._fields.index("gap_ms"), OrderRow._fields.index("laps_down") + 1)


# A NamedTuple: one is built for each rig at every look at all of them.
class SessionMoment(NamedTuple):
    """A session at one moment of the game's clock."""

    session_id: str
    session_time_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningOrder:
    """The running order of a rig's session at one moment.

    Attributes:
        rows: a row that has not changed since the order before is the same object.
        is_final: the order is that of the game's final classification.
    """

    session_id: str
    session_time_ms: int
    rows: tuple[OrderRow, ...]
    is_final: bool = False


class RankedCar(NamedTuple):
    """A car in the newest lap data; ``position`` is the game's, 0 if it gives none."""

    car_index: int
    position: int
    result_status: int


class OrderReader:
    """Reads the game's positions, and the best laps of 2020, from lap data of one layout."""

    def __init__(self, layout: Layout, plausibility: Plausibility | None = None) -> None:
        self._plausibility = plausibility or Plausibility()
        self.has_best_laps = layout.packet_format == 2020
        names = ("car_position", "best_lap_time") if self.has_best_laps else ("car_position",)
        self._columns = Columns(layout, names)
        self._width = len(names)

    def values(self, data: bytes) -> tuple[Any, ...]:
        """What the order depends on, as one flat tuple that is equal while nothing of it changes."""
        return self._columns.flat(data)

    def ranked_cars(self, values: Sequence[Any], statuses: Sequence[int]) -> list[RankedCar]:
        """The cars that take part, in the game's order.

        Args:
            values: of the newest lap data, see :meth:`values`.
            statuses: the result statuses of all cars in it.
        """
        known = self._plausibility.known
        cars = [
            RankedCar(index, known("lap_data.position", values[index * self._width]) or 0, status)
            for index, status in enumerate(statuses)
            if has_car(status)
        ]
        return sorted(cars, key=lambda car: (not car.position, car.position, car.car_index))

    def best_lap_ms(self, values: Sequence[Any], car_index: int) -> int | None:
        """The best lap of a car in ms; only the lap data of 2020 have it."""
        if not self.has_best_laps:
            return None
        seconds = values[car_index * self._width + 1]
        return self._plausibility.known_ms("lap_data.best_lap", seconds) or None


def summarize_laps(laps: Iterable[Lap]) -> LapSummary:
    """What is recorded of a car's laps."""
    completed = [lap for lap in laps if lap.state is LapState.COMPLETED and lap.lap_time_ms]
    if not completed:
        return LapSummary()
    counting = [lap for lap in completed if lap.is_valid is not False]
    last = max(completed, key=lambda lap: lap.lap_number)
    return LapSummary(
        best_ms=_least(lap.lap_time_ms for lap in counting),
        best_sectors_ms=(
            _least(lap.sector1_ms for lap in counting),
            _least(lap.sector2_ms for lap in counting),
            _least(lap.sector3_ms for lap in counting),
        ),
        last_ms=last.lap_time_ms,
        last_sectors_ms=(last.sector1_ms, last.sector2_ms, last.sector3_ms),
        is_last_valid=last.is_valid,
    )


def place_cars(
    cars: Sequence[RankedCar], best_laps: Mapping[int, int | None], *, is_race: bool
) -> list[RankedCar]:
    """The cars in the order that is shown.

    In a race, cars that are out come last. Outside races the best laps give the order, and cars without one
    follow in the game's order.

    Args:
        cars: in the game's order.
        best_laps: best lap by car, ms.
    """
    if is_race:
        return sorted(cars, key=lambda car: not is_on_course(car.result_status))
    return sorted(cars, key=lambda car: best_laps.get(car.car_index) or math.inf)


def build_final_rows(
    entries: Sequence[ClassificationEntry],
    rows: Iterable[OrderRow],
    names: Mapping[int, str | None],
    *,
    is_race: bool,
) -> list[OrderRow]:
    """The rows in the order of the game's result, whose gaps are those between the total times.

    Args:
        entries: by position.
        rows: the rows as the newest lap data have them; cars without an entry follow.
    """
    before = {row.car_index: row for row in rows}
    listed = {entry.car_index for entry in entries}
    final: list[OrderRow] = []
    ahead: ClassificationEntry | None = None
    for entry in entries:
        row = before.get(entry.car_index) or _empty_row(entry, names)
        is_out = entry.status in _OUT
        gap_ms = _final_gap(is_race, entry, entries[0])
        final.append(
            row._replace(
                position=len(final) + 1,
                gap_ms=None if is_race and is_out else gap_ms,
                interval_ms=None
                if ahead is None or (is_race and is_out)
                else _final_gap(is_race, entry, ahead),
                laps_down=None if not is_race or is_out else difference(entries[0].laps, entry.laps),
                best_lap_ms=entry.best_lap_ms or row.best_lap_ms,
                result_status=entry.status,
            )
        )
        ahead = ahead if is_out else entry
    unlisted = (row for car_index, row in before.items() if car_index not in listed)
    return final + [row._replace(position=place) for place, row in enumerate(unlisted, len(final) + 1)]


def difference(ours: int | None, theirs: int | None) -> int | None:
    """The first less the second; None if one is unknown."""
    return None if ours is None or theirs is None else ours - theirs


def _least(times: Iterable[int | None]) -> int | None:
    return min((time for time in times if time), default=None)


def _final_gap(is_race: bool, entry: ClassificationEntry, to: ClassificationEntry) -> int | None:
    if not is_race:
        return difference(entry.best_lap_ms, to.best_lap_ms)
    return difference(_penalized_ms(entry), _penalized_ms(to)) if entry.laps == to.laps else None


def _penalized_ms(entry: ClassificationEntry) -> int | None:
    return None if entry.total_time_ms is None else entry.total_time_ms + (entry.penalties_s or 0) * 1000


def _empty_row(entry: ClassificationEntry, names: Mapping[int, str | None]) -> OrderRow:
    """The row of a car of which no lap data arrived."""
    return OrderRow(
        position=0,
        car_index=entry.car_index,
        participant=names.get(entry.car_index) or entry.name,
        lap_number=entry.laps,
        gap_ms=None,
        interval_ms=None,
        laps_down=None,
        last_lap_ms=None,
        best_lap_ms=None,
        pit_status=None,
        result_status=None,
    )
