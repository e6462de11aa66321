"""The way of one car: complete clean laps, and drives through the pits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from f1timings.outlines.shapes import LANE_POINTS, Place, Shape, points_of_lap, resample

# A longer stretch without a sample could hide a corner; the fastest cars drive it in half a second.
MOST_GAP_M = 45.0
# A car that drives less between two samples hardly moves: the sample adds nothing.
_LEAST_STEP_M = 1.5
# Cars drive a shorter way than the middle of the track in corners, or a longer one.
_SHORTER, _LONGER, _SLACK_M = 0.45, 1.7, 4.0
_LANE_LENGTH_M = (100.0, 2_000.0)


def is_step(before: Place, place: Place) -> bool:
    """Whether a car can have driven from one place to the next: no gap, no jump, not backwards."""
    along = place.distance_m - before.distance_m
    across = math.hypot(place.x - before.x, place.z - before.z)
    fits = along * _SHORTER - _SLACK_M <= across <= along * _LONGER + _SLACK_M
    return -_LEAST_STEP_M <= along <= MOST_GAP_M and fits


class LapPath:
    """The way of a car on the track, from which its complete laps are read."""

    def __init__(self, length_m: float) -> None:
        self._length_m = length_m
        self._before: Place | None = None
        self._sector = 0
        self._way: list[Place] | None = None
        self._marks: list[float | None] = [None, None]

    def drop(self) -> None:
        """Leave out the lap under way: it is not clean."""
        self._before = self._way = None

    def handle_place(self, place: Place, sector: int) -> Shape | None:
        """Handle where the car is now.

        Args:
            place: with the lap distance, which begins again at the line and is negative before the first lap.
            sector: 0 to 2.

        Returns:
            The lap, if the car has just completed one.
        """
        before, self._before = self._before, place
        sector_before, self._sector = self._sector, sector
        if before is None:
            return None
        if before.distance_m - place.distance_m > self._length_m / 2.0:
            return self._cross_line(before._replace(distance_m=before.distance_m - self._length_m), place)
        if not is_step(before, place):
            self._way = None
        elif before.distance_m < 0.0 <= place.distance_m:
            return self._cross_line(before, place)
        elif self._way is not None:
            self._extend(self._way, place)
            if sector == sector_before + 1 and sector <= len(self._marks):
                self._marks[sector - 1] = (before.distance_m + place.distance_m) / 2.0
        return None

    def _extend(self, way: list[Place], place: Place) -> None:
        if place.distance_m - way[-1].distance_m >= _LEAST_STEP_M:
            way.append(place)

    def _cross_line(self, before: Place, place: Place) -> Shape | None:
        """End a lap and begin the next one; ``before`` has the negative distance to the line."""
        way, self._way = self._way, None
        if not is_step(before, place) or place.distance_m - before.distance_m < _LEAST_STEP_M:
            return None
        marks, self._marks = tuple(self._marks), [None, None]
        self._way = [before, place]
        if way is None:
            return None
        end = place._replace(distance_m=place.distance_m + self._length_m)
        if not is_step(way[-1], end):
            return None
        self._extend(way, end)
        count = points_of_lap(self._length_m)
        return Shape(resample(way, [self._length_m * at / count for at in range(count)]), marks)


class LanePath:
    """The drive of a car through the pits, from the track and back to it.

    Args:
        length_m: of the lap.
        entry: where the car was when it was first in the pit lane.
    """

    def __init__(self, length_m: float, entry: Place) -> None:
        self._length_m = length_m
        self._way: list[Place] | None = [entry]

    def handle_place(self, place: Place) -> None:
        """Handle where the car is now."""
        if self._way is None:
            return
        before = self._way[-1]
        # The lap distance begins again at the line, in the pits too.
        laps = round((before.distance_m - place.distance_m) / self._length_m)
        place = place._replace(distance_m=place.distance_m + laps * self._length_m)
        if not is_step(before, place):
            self._way = None
        elif place.distance_m - before.distance_m >= _LEAST_STEP_M:
            self._way.append(place)

    def end(self) -> Shape | None:
        """The pit lane, now that the car has left it; None if it was not seen to drive all of it."""
        way = self._way or []
        if len(way) < 2 or not _LANE_LENGTH_M[0] <= _length_m(way) <= _LANE_LENGTH_M[1]:
            return None
        start_m, steps = way[0].distance_m, LANE_POINTS - 1
        at = [start_m + _length_m(way) * step / steps for step in range(LANE_POINTS)]
        return Shape(resample(way, at), (start_m % self._length_m, way[-1].distance_m % self._length_m))


def _length_m(way: Sequence[Place]) -> float:
    return way[-1].distance_m - way[0].distance_m
