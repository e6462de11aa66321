"""The live order of one session: gaps and intervals from when each car passed the same points.

A gap is this car's time at its newest point less the other's at the same point of the same lap, both
measured; it is never a distance over a speed. Where no point is known of both, there is no gap.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import ge
from typing import Any, NamedTuple

from f1timings.packets import Columns, Header, Layout, pit_status_name, result_status_name
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.statuses import ACTIVE, FINISHED, has_car, is_on_course
from f1timings.units import known, ms_from_seconds

# Session time from one look at the distances to the next.
SAMPLE_S = 0.1
# Timing points of a lap, the line included; where the track's length is not known, one every so many metres.
POINTS = 50
_STEP_M = 100.0
# Between two looks so far apart a car's time at a point is not known.
_LONGEST_S = 0.5
# Faster than any car: it was put there.
_FASTEST_MS = 150.0
_SHORTEST_TRACK_M, _LONGEST_TRACK_M = 500, 20_000.0
# Laps whose points are kept: the gap of a car further behind is told in laps alone.
_KEPT_LAPS = 5
# A lap time that fits the clock by this is that of the last lap.
_SLACK_S = 1.0
_NEVER = math.inf
_UNKNOWN = math.nan


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One car in the running order.

    Attributes:
        position: 1-based, without holes.
        gap_ms: to the first car: in a race on the road, otherwise between best laps; None if not known.
        interval_ms: the same to the car ahead; None for the first.
        laps_down: whole laps behind the first car; None outside races and for cars that are out.
        pit_status / result_status: the game's words.
    """

    position: int
    car_index: int
    participant: str | None
    lap_number: int
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


class CarProgress(NamedTuple):
    """What the newest lap data say of one car; ``place`` is the game's position, 0 if it has none."""

    car_index: int
    place: int
    row: LapRow


class _Passages:
    """When one car passed the points, in session time.

    Attributes:
        lap: the lap that it is on, 0 before its first row.
        newest: number of the newest point since the first lap's line, -1 before the first.
        is_over: it drives no more, or only to the pits after the flag.
    """

    __slots__ = ("_points", "_times", "is_over", "lap", "newest")

    def __init__(self, points: int) -> None:
        self.lap = 0
        self.newest = -1
        self.is_over = False
        self._points = points
        self._times: dict[int, array[float]] = {}

    def pass_at(self, point: int, time_s: float) -> None:
        """Note one point, counted since the first lap's line."""
        lap, at = divmod(point, self._points)
        times = self._times.get(lap)
        if times is None:
            times = self._times[lap] = array("d", (_UNKNOWN,)) * self._points
            for old in [old for old in self._times if old <= lap - _KEPT_LAPS]:
                del self._times[old]
        times[at] = time_s
        self.newest = point

    def time(self, point: int) -> float:
        """Session time at a point, NaN if not known."""
        lap, at = divmod(point, self._points)
        times = self._times.get(lap)
        return _UNKNOWN if times is None else times[at]

    def forget_after(self, time_s: float) -> None:
        """The game went back: what was passed later was not."""
        self.newest = -1
        for lap, times in self._times.items():
            for at, passed_s in enumerate(times):
                if passed_s > time_s:
                    times[at] = _UNKNOWN
                elif passed_s == passed_s:
                    self.newest = max(self.newest, lap * self._points + at)


class RunningOrderTracker:
    """Where the cars of one session are, point by point.

    Attributes:
        due_s: session time from which the distances are wanted again; they never are outside races.
    """

    def __init__(self, layout: Layout) -> None:
        self.due_s = _NEVER
        self._is_race = False
        self._step_m = _STEP_M
        self._points = round(_LONGEST_TRACK_M / _STEP_M)
        self._slots = layout.car_slots
        self._seen_m: tuple[Any, ...] = ()
        self.adopt_layout(layout)
        self._forget()

    def adopt_layout(self, layout: Layout) -> None:
        """Read lap data of this layout from now on."""
        names = ("car_position", "best_lap_time") if layout.packet_format == 2020 else ("car_position",)
        self._distances = Columns(layout, ("lap_distance",))
        self._standing = Columns(layout, names)
        if layout.car_slots != self._slots:
            self._slots = layout.car_slots
            self._forget()

    def follow(self, *, is_race: bool, length_m: int | None) -> None:
        """The session's facts became known; on a track of another length the points are others."""
        if is_race != self._is_race:
            self._is_race = is_race
            self.due_s = -_NEVER if is_race else _NEVER
        is_known = length_m is not None and length_m >= _SHORTEST_TRACK_M
        step_m = length_m / POINTS if length_m is not None and is_known else _STEP_M
        points = POINTS if is_known else round(_LONGEST_TRACK_M / _STEP_M)
        if (step_m, points) != (self._step_m, self._points):
            self._step_m, self._points = step_m, points
            self._forget()

    def see(self, car_index: int, before: LapRow | None, row: LapRow) -> None:
        """Take a car's row that changed: here the line is crossed, to the packet's own clock.

        Args:
            before: its row in the packet before, None in the first packet.
        """
        car = self._cars[car_index]
        if not is_on_course(row.result_status):
            car.is_over = True
        elif row.lap_number != car.lap:
            self._cross(car, before, row)
        elif not car.is_over and self._is_last_crossing(car, before, row):
            self._finish(car, row)
        else:
            return
        self._next_m[car_index] = _NEVER if car.is_over else self._point_after(row.lap_distance_m)

    def sample(self, data: bytes, time_s: float) -> None:
        """Take the distances of one lap data packet, in order."""
        if not math.isfinite(time_s):
            return
        distances = self._distances.flat(data)
        if any(map(ge, distances, self._next_m)):
            for car_index, distance_m in enumerate(distances):
                if distance_m >= self._next_m[car_index]:
                    self._advance(car_index, distance_m, time_s)
        self._seen_m, self._seen_s, self.due_s = distances, time_s, time_s + SAMPLE_S

    def rewind(self, header: Header, rows: Iterable[tuple[int, LapRow]]) -> None:
        """The game went back; ``rows`` are the cars' first after that."""
        self._seen_s, self.due_s = -_NEVER, -_NEVER if self._is_race else _NEVER
        for car in self._cars:
            car.forget_after(header.session_time)
        for car_index, row in rows:
            car = self._cars[car_index]
            car.lap, car.is_over = row.lap_number, row.result_status != ACTIVE
            self._next_m[car_index] = _NEVER if car.is_over else self._point_after(row.lap_distance_m)

    def standings(self, data: bytes, rows: Sequence[LapRow]) -> list[CarProgress]:
        """The cars that take part, in the game's order.

        Args:
            data: the newest lap data.
            rows: all cars' rows in it.
        """
        places = self._standing.rows(data)
        found = [CarProgress(index, places[index][0], row) for index, row in enumerate(rows)]
        taking_part = [one for one in found if has_car(one.row.result_status)]
        return sorted(taking_part, key=lambda one: (not one.place, one.place, one.car_index))

    def bests_2020(self, data: bytes) -> Mapping[int, int]:
        """Best laps, ms, by car, as only the lap data of 2020 have them."""
        if len(self._standing.names) == 1:
            return {}
        laps = ((index, ms_from_seconds(row[1])) for index, row in enumerate(self._standing.rows(data)))
        return {index: lap_ms for index, lap_ms in laps if lap_ms}

    def gap_ms(self, car_index: int, other_index: int) -> int | None:
        """How much later than the other a car passed its newest point that both passed; None if not known."""
        car, other = self._cars[car_index], self._cars[other_index]
        if car.newest < 0:
            return None
        for point in range(car.newest, car.newest - self._points, -1):
            gap_s = car.time(point) - other.time(point)
            if gap_s == gap_s:  # no NaN
                return round(gap_s * 1000.0) if gap_s >= 0.0 else None
        return None

    def laps_down(self, car_index: int, leader_index: int) -> int | None:
        """Whole laps that a car is behind the leader, None if not known."""
        newest, leading = self._cars[car_index].newest, self._cars[leader_index].newest
        if newest < 0 or leading < 0:
            return None
        return max(0, leading - newest) // self._points

    # Points --------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._cars = [_Passages(self._points) for _ in range(self._slots)]
        self._next_m = [_NEVER] * self._slots
        self._seen_m, self._seen_s = (), -_NEVER

    def _point_after(self, distance_m: float) -> float:
        """Distance of the next point ahead, never if that is the line."""
        if not -_LONGEST_TRACK_M < distance_m < _LONGEST_TRACK_M:
            return _NEVER
        number = max(1, math.floor(distance_m / self._step_m) + 1)
        return self._step_m * number if number < self._points else _NEVER

    def _cross(self, car: _Passages, before: LapRow | None, row: LapRow) -> None:
        """The lap number is another; the lap's clock says to the millisecond when the line was crossed.

        In the first lap the clock starts at the lights, not at the line.
        """
        car.lap, car.is_over = row.lap_number, row.result_status == FINISHED
        if row.lap_number < 2 or car.is_over:
            return
        crossed_s = row.session_time_s - row.current_lap_ms / 1000.0
        is_new = before is not None and before.lap_number != row.lap_number
        if before is not None and is_new and crossed_s < before.session_time_s - _SLACK_S:
            crossed_s = row.session_time_s  # the clock has not started again yet
        car.pass_at(row.lap_number * self._points, crossed_s)

    def _is_last_crossing(self, car: _Passages, before: LapRow | None, row: LapRow) -> bool:
        """The last lap never increments the lap number; its time is the sign."""
        is_timed = before is not None and row.last_lap_ms not in (0, before.last_lap_ms)
        return row.result_status == FINISHED or (is_timed and self._end_of_lap(car, row) is not None)

    def _end_of_lap(self, car: _Passages, row: LapRow) -> float | None:
        """When the lap under way ended, if the last lap time is its own; None if it is not, or not known."""
        end_s = car.time(row.lap_number * self._points) + row.last_lap_ms / 1000.0
        return end_s if abs(end_s - row.session_time_s) < _SLACK_S else None

    def _finish(self, car: _Passages, row: LapRow) -> None:
        end_s = self._end_of_lap(car, row)
        car.is_over = True
        car.pass_at((row.lap_number + 1) * self._points, row.session_time_s if end_s is None else end_s)

    def _advance(self, car_index: int, distance_m: float, time_s: float) -> None:
        """A car passed a point or more since the look before; between two looks its speed hardly changes."""
        car, next_m = self._cars[car_index], self._next_m[car_index]
        self._next_m[car_index] = self._point_after(distance_m)
        gone_s = time_s - self._seen_s
        if not 0.0 < gone_s <= _LONGEST_S:
            return
        before_m = self._seen_m[car_index]
        gone_m = distance_m - before_m
        if not 0.0 < gone_m <= gone_s * _FASTEST_MS or next_m < before_m:
            return
        first, beyond = round(next_m / self._step_m), math.floor(distance_m / self._step_m) + 1
        for number in range(first, min(beyond, self._points)):
            at_s = time_s - gone_s * (distance_m - number * self._step_m) / gone_m
            car.pass_at(car.lap * self._points + number, at_s)


def ordered(
    order: RunningOrderTracker,
    standings: Sequence[CarProgress],
    bests: Mapping[int, int],
    names: Mapping[int, str | None],
    *,
    packet_format: int,
    is_race: bool,
) -> tuple[OrderRow, ...]:
    """The rows of the running order.

    Args:
        standings: in the game's order.
        bests: best lap by car, ms; absent if none.
        names: of the participants, by car.
        is_race: else the order is that of the best laps, cars without one behind in the game's order.
    """
    if not is_race:
        standings = sorted(standings, key=lambda one: bests.get(one.car_index, _NEVER))
    rows: list[OrderRow] = []
    ahead: int | None = None
    for position, (car_index, _, row) in enumerate(standings, 1):
        leader = standings[0].car_index
        is_out = is_race and not is_on_course(row.result_status)
        gap = _race_gap(order, is_out) if is_race else _best_gap(bests)
        rows.append(
            OrderRow(
                position=position,
                car_index=car_index,
                participant=names.get(car_index),
                lap_number=row.lap_number,
                gap_ms=gap(car_index, leader),
                interval_ms=None if ahead is None else gap(car_index, ahead),
                laps_down=order.laps_down(car_index, leader) if is_race and not is_out else None,
                last_lap_ms=known(row.last_lap_ms),
                best_lap_ms=bests.get(car_index),
                pit_status=pit_status_name(packet_format, row.pit_status),
                result_status=result_status_name(packet_format, row.result_status),
            )
        )
        ahead = ahead if is_out else car_index
    return tuple(rows)


def _race_gap(order: RunningOrderTracker, is_out: bool) -> Callable[[int, int], int | None]:
    return (lambda _car, _other: None) if is_out else order.gap_ms


def _best_gap(bests: Mapping[int, int]) -> Callable[[int, int], int | None]:
    def gap_ms(car_index: int, other_index: int) -> int | None:
        mine, theirs = bests.get(car_index), bests.get(other_index)
        return None if mine is None or theirs is None else mine - theirs

    return gap_ms
