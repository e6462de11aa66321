"""The pit visits of one session, from how each car's pit status changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from f1timings.timing.lap_rows import LapRow
from f1timings.timing.occurrences import PitVisit, pit_visit_id
from f1timings.timing.statuses import ACTIVE, IN_PIT_AREA, NOT_IN_PITS, PITTING
from f1timings.units import known, ms_from_seconds

# The game's timers have 16 bits.
_WRAP_MS = 65_536


class PitTimers(NamedTuple):
    """The game's timers of one car in ms: since it entered the pit lane, and while stationary; 0 is none."""

    lane_ms: int
    stop_ms: int


@dataclass(slots=True)
class _CarPits:
    """The pits of one car: its visits that count, in order, and when it came into the pit area."""

    visits: list[PitVisit] = field(default_factory=list)
    is_inside: bool = False
    area_since_ms: int | None = None


class PitLane:
    """The pit visits of all cars.

    Args:
        session_id: session of all of them.
        compound_now: gives the visual compound of the tyres that a car has on, None if unknown.
        known: pit visits that an earlier process recorded.
    """

    def __init__(
        self, session_id: str, compound_now: Callable[[int], str | None], known: Iterable[PitVisit] = ()
    ) -> None:
        self._session_id = session_id
        self._compound_now = compound_now
        self._cars: dict[int, _CarPits] = {}
        for visit in sorted(known, key=lambda visit: visit.entered_ms):
            if not visit.is_superseded:
                car = self._cars.setdefault(visit.car_index, _CarPits())
                car.visits.append(visit)
                car.is_inside = visit.left_ms is None

    def handle_row(
        self, car_index: int, before: LapRow, row: LapRow, *, timers: PitTimers | None, is_race: bool
    ) -> list[PitVisit]:
        """Follow a car from one row to the next, between which its pit status changed.

        Args:
            timers: from the packet of the row before; None in formats without timers.
            is_race: outside races, the game also puts a car into its garage, which is no visit.

        Returns:
            The visit that began or changed.
        """
        car = self._cars.setdefault(car_index, _CarPits())
        now_ms = ms_from_seconds(row.session_time_s) or 0
        changed: list[PitVisit] = []
        if before.pit_status == NOT_IN_PITS and row.result_status == ACTIVE:
            changed += self._enter(car, car_index, row, is_race=is_race)
        if before.pit_status == IN_PIT_AREA:
            changed += _leave_box(car, now_ms, timers)
        if row.pit_status == IN_PIT_AREA:
            car.area_since_ms = now_ms
        if row.pit_status == NOT_IN_PITS:
            changed += self._leave(car, now_ms, timers)
        return changed[-1:]

    def handle_rewind(self, car_index: int, row: LapRow) -> list[PitVisit]:
        """Undo the visits that began later than ``row``, the car's first after a flashback."""
        car = self._cars.get(car_index)
        if car is None:
            return []
        target_ms = ms_from_seconds(row.session_time_s) or 0
        undone = [visit for visit in car.visits if visit.entered_ms > target_ms]
        changed = [replace(visit, is_superseded=True) for visit in undone]
        car.visits = car.visits[: len(car.visits) - len(undone)]
        car.is_inside, car.area_since_ms = False, None
        if row.pit_status == IN_PIT_AREA:
            car.area_since_ms = target_ms
        if row.pit_status != NOT_IN_PITS and car.visits:
            changed += _reopen(car, target_ms)
        return changed

    def _enter(self, car: _CarPits, car_index: int, row: LapRow, *, is_race: bool) -> list[PitVisit]:
        if row.pit_status != PITTING and not is_race:
            return []
        now_ms = ms_from_seconds(row.session_time_s) or 0
        visit = PitVisit(
            id=pit_visit_id(self._session_id, car_index, now_ms),
            session_id=self._session_id,
            car_index=car_index,
            lap_number=row.lap_number,
            entered_ms=now_ms,
            left_ms=None,
            lane_ms=None,
            stop_ms=None,
            compound_before=self._compound_now(car_index),
            compound_after=None,
        )
        car.visits.append(visit)
        car.is_inside = True
        return [visit]

    def _leave(self, car: _CarPits, now_ms: int, timers: PitTimers | None) -> list[PitVisit]:
        if not car.is_inside:
            return []
        visit = car.visits[-1]
        lane_ms, stop_ms = None, visit.stop_ms
        if timers is not None:
            lane_ms = _unwrapped(timers.lane_ms, now_ms - visit.entered_ms)
            if car.area_since_ms is None:
                stop_ms = known(timers.stop_ms)
        car.is_inside, car.area_since_ms = False, None
        compound = self._compound_now(visit.car_index)
        left = replace(visit, left_ms=now_ms, lane_ms=lane_ms, stop_ms=stop_ms, compound_after=compound)
        return _replace_newest(car, left)


def _leave_box(car: _CarPits, now_ms: int, timers: PitTimers | None) -> list[PitVisit]:
    """The car leaves its box: set how long it stood.

    The timer is read from the last packet in the box. It is not known of all games whether it runs on in the
    lane.
    """
    if not car.is_inside or timers is None or car.area_since_ms is None:
        return []
    visit = car.visits[-1]
    stop_ms = _unwrapped(timers.stop_ms, now_ms - car.area_since_ms)
    longest_ms = max(stop_ms or 0, visit.stop_ms or 0)
    return _replace_newest(car, replace(visit, stop_ms=known(longest_ms)))


def _reopen(car: _CarPits, target_ms: int) -> list[PitVisit]:
    """The car is back in the lane that it had left."""
    visit = car.visits[-1]
    if visit.left_ms is not None and visit.left_ms <= target_ms:
        return []
    car.is_inside = True
    reopened = replace(visit, left_ms=None, lane_ms=None, stop_ms=None, compound_after=None)
    return _replace_newest(car, reopened) if reopened != visit else []


def _replace_newest(car: _CarPits, visit: PitVisit) -> list[PitVisit]:
    car.visits[-1] = visit
    return [visit]


def _unwrapped(timer_ms: int, elapsed_ms: int) -> int | None:
    """A timer with as many wraps as the session's clock shows; None if it never ran."""
    if not timer_ms:
        return None
    return timer_ms + _WRAP_MS * max(0, round((elapsed_ms - timer_ms) / _WRAP_MS))
