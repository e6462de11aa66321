"""Gaps between the cars of a race, from the times at which they passed the same points of the track.

A gap is the time of a car at its newest point, less the time of the other car at the same point of the same
lap. Both times are measured; a gap is never a distance divided by a speed. Where no point is known of both
cars, there is no gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from operator import ge
from typing import Any, Final

from f1timings.packets import Columns, Header, Layout
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.lap_steps import FASTEST_M_PER_S
from f1timings.timing.passages import Passages
from f1timings.timing.statuses import ACTIVE, FINISHED, is_on_course

# Session time from one reading of the distances to the next.
SAMPLE_S: Final = 0.1
# Timing points of a lap, the line included. On a track of unknown length there is one every ``_STEP_M``.
POINTS: Final = 50
_STEP_M = 100.0
# Between two readings that are further apart than this, the time at a point is unknown.
_LONGEST_S = 0.5
_SHORTEST_TRACK_M, _LONGEST_TRACK_M = 500, 20_000.0
# A lap time that agrees with the clock this closely belongs to the last lap.
_SLACK_S = 1.0
_NEVER = math.inf


class GapTracker:
    """Where the cars of one session are, point by point.

    Attributes:
        due_s: session time from which the distances must be read again; never outside races.
        changed: the cars whose passages have changed since a reader cleared the set.
    """

    def __init__(self, layout: Layout) -> None:
        self.due_s = _NEVER
        self.changed: set[int] = set()
        self._is_race = False
        self._step_m = _STEP_M
        self._points = round(_LONGEST_TRACK_M / _STEP_M)
        self._slots = layout.car_slots
        self._distances_m: tuple[Any, ...] = ()
        self.adopt_layout(layout)
        self._reset()

    def adopt_layout(self, layout: Layout) -> None:
        """Read lap data of this layout from now on."""
        self._columns = Columns(layout, ("lap_distance",))
        if layout.car_slots != self._slots:
            self._slots = layout.car_slots
            self._reset()

    def handle_session_facts(self, *, is_race: bool, length_m: int | None) -> None:
        """Handle new facts of the session; a track of another length has other points."""
        if is_race != self._is_race:
            self._is_race = is_race
            self.due_s = -_NEVER if is_race else _NEVER
        is_known = length_m is not None and length_m >= _SHORTEST_TRACK_M
        step_m = length_m / POINTS if length_m is not None and is_known else _STEP_M
        points = POINTS if is_known else round(_LONGEST_TRACK_M / _STEP_M)
        if (step_m, points) != (self._step_m, self._points):
            self._step_m, self._points = step_m, points
            self._reset()

    def handle_row(self, car_index: int, before: LapRow | None, row: LapRow) -> None:
        """Handle a car's row that changed: the car may have crossed the line, to the packet's own clock.

        Args:
            before: its row in the packet before, None in the first packet.
        """
        car = self._cars[car_index]
        if not is_on_course(row.result_status):
            car.is_over = True
        elif row.lap_number != car.lap:
            self._cross_line(car, before, row)
        elif not car.is_over and self._is_last_crossing(car, before, row):
            self._finish(car, row)
        else:
            return
        self.changed.add(car_index)
        self._next_m[car_index] = _NEVER if car.is_over else self._point_after(row.lap_distance_m)

    def handle_distances(self, data: bytes, time_s: float) -> None:
        """Read the distances of one lap data packet, in order."""
        distances = self._columns.flat(data)
        if any(map(ge, distances, self._next_m)):
            for car_index, distance_m in enumerate(distances):
                if distance_m >= self._next_m[car_index]:
                    self._advance(car_index, distance_m, time_s)
        self._distances_m, self._read_s, self.due_s = distances, time_s, time_s + SAMPLE_S

    def handle_rewind(self, header: Header, rows: Iterable[tuple[int, LapRow]]) -> None:
        """Undo what happened after the target of a flashback; ``rows`` are the cars' first after it."""
        self._read_s, self.due_s = -_NEVER, -_NEVER if self._is_race else _NEVER
        self.changed.update(range(self._slots))
        for car in self._cars:
            car.forget_after(header.session_time)
        for car_index, row in rows:
            car = self._cars[car_index]
            car.lap, car.is_over = row.lap_number, row.result_status != ACTIVE
            self._next_m[car_index] = _NEVER if car.is_over else self._point_after(row.lap_distance_m)

    def gap_ms(self, car_index: int, other_index: int) -> int | None:
        """How much later than the other a car passed its newest common point; None if unknown."""
        car = self._cars[car_index]
        if car.newest < 0:
            return None
        gap_s = car.behind_s(self._cars[other_index])
        return round(gap_s * 1000.0) if gap_s >= 0.0 else None

    def newest_points(self) -> list[int]:
        """The number of the newest point of each car, -1 before its first."""
        return [car.newest for car in self._cars]

    def laps_down(self, car_index: int, leader_index: int) -> int | None:
        """Whole laps that a car is behind the leader, None if unknown."""
        return self.laps_between(self._cars[car_index].newest, self._cars[leader_index].newest)

    def laps_between(self, newest: int, leading: int) -> int | None:
        """Whole laps between the newest points of a car and of the leader, None if unknown."""
        if newest < 0 or leading < 0:
            return None
        return max(0, leading - newest) // self._points

    # Points --------------------------------------------------------------------------------------------

    def _reset(self) -> None:
        self.changed.update(range(self._slots))
        self._cars = [Passages(self._points) for _ in range(self._slots)]
        self._next_m = [_NEVER] * self._slots
        self._distances_m, self._read_s = (), -_NEVER

    def _point_after(self, distance_m: float | None) -> float:
        """Distance of the next point ahead; infinite if that point is the line, or if it is unknown."""
        if distance_m is None or not -_LONGEST_TRACK_M < distance_m < _LONGEST_TRACK_M:
            return _NEVER
        number = max(1, math.floor(distance_m / self._step_m) + 1)
        return self._step_m * number if number < self._points else _NEVER

    def _cross_line(self, car: Passages, before: LapRow | None, row: LapRow) -> None:
        """The lap number has changed; the lap's clock gives the time at the line to the millisecond.

        In the first lap the clock starts at the lights, not at the line.
        """
        car.lap, car.is_over = row.lap_number, row.result_status == FINISHED
        if row.lap_number < 2 or car.is_over:
            return
        crossed_s = row.session_time_s - row.current_lap_ms / 1000.0
        is_new = before is not None and before.lap_number != row.lap_number
        if before is not None and is_new and crossed_s < before.session_time_s - _SLACK_S:
            crossed_s = row.session_time_s  # the clock has not restarted yet
        car.record(row.lap_number * self._points, crossed_s)

    def _is_last_crossing(self, car: Passages, before: LapRow | None, row: LapRow) -> bool:
        """Whether the car finished its last lap, which never increments the lap number but gets a time."""
        is_timed = before is not None and row.last_lap_ms not in (0, before.last_lap_ms)
        return row.result_status == FINISHED or (is_timed and self._end_of_lap(car, row) is not None)

    def _end_of_lap(self, car: Passages, row: LapRow) -> float | None:
        """When the lap under way ended, if the last lap time belongs to it; None if not, or if unknown."""
        end_s = car.time(row.lap_number * self._points) + row.last_lap_ms / 1000.0
        return end_s if abs(end_s - row.session_time_s) < _SLACK_S else None

    def _finish(self, car: Passages, row: LapRow) -> None:
        end_s = self._end_of_lap(car, row)
        car.is_over = True
        car.record((row.lap_number + 1) * self._points, row.session_time_s if end_s is None else end_s)

    def _advance(self, car_index: int, distance_m: float, time_s: float) -> None:
        """Record the points passed since the last reading; between two readings the speed hardly changes."""
        car, next_m = self._cars[car_index], self._next_m[car_index]
        self._next_m[car_index] = self._point_after(distance_m)
        elapsed_s = time_s - self._read_s
        if not 0.0 < elapsed_s <= _LONGEST_S:
            return
        before_m = self._distances_m[car_index]
        driven_m = distance_m - before_m
        if not 0.0 < driven_m <= elapsed_s * FASTEST_M_PER_S or next_m < before_m:
            return
        self.changed.add(car_index)
        first, beyond = round(next_m / self._step_m), math.floor(distance_m / self._step_m) + 1
        for number in range(first, min(beyond, self._points)):
            passed_s = time_s - elapsed_s * (distance_m - number * self._step_m) / driven_m
            car.record(car.lap * self._points + number, passed_s)
