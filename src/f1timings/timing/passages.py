"""When one car passed the timing points of the track."""

from __future__ import annotations

import math
from array import array
from typing import Final

UNKNOWN: Final = math.nan
# The number of laps that keep their points; of a car further behind, only the number of laps is known.
_STORED_LAPS = 5


class Passages:
    """Session times of one car at the timing points, for its last laps.

    Points are counted since the line of the first lap: point ``points * n`` is the start of lap n.

    Args:
        points: timing points of a lap, the line included.

    Attributes:
        lap: the lap that the car is on, 0 before its first row.
        newest: number of the newest point, -1 before the first.
        is_over: the car does not race any more: it is out, or it drives to the pits after the flag.
    """

    __slots__ = ("_points", "_times", "is_over", "lap", "newest")

    def __init__(self, points: int) -> None:
        self.lap = 0
        self.newest = -1
        self.is_over = False
        self._points = points
        self._times: dict[int, array[float]] = {}

    def record(self, point: int, time_s: float) -> None:
        """Record that the car passed a point."""
        lap, index = divmod(point, self._points)
        times = self._times.get(lap)
        if times is None:
            times = self._times[lap] = array("d", (UNKNOWN,)) * self._points
            for old in [old for old in self._times if old <= lap - _STORED_LAPS]:
                del self._times[old]
        times[index] = time_s
        self.newest = point

    def time(self, point: int) -> float:
        """Session time at a point, NaN if unknown."""
        lap, index = divmod(point, self._points)
        times = self._times.get(lap)
        return UNKNOWN if times is None else times[index]

    def behind_s(self, other: Passages) -> float:
        """How much later than the other the car passed its newest common point; NaN without one."""
        laps, theirs, points = self._times, other._times, self._points
        for lap in range(self.newest // points, (self.newest - points) // points - 1, -1):
            times, other_times = laps.get(lap), theirs.get(lap)
            if times is None or other_times is None:
                continue
            newest = min(self.newest - lap * points, points - 1)
            oldest = max(self.newest - points + 1 - lap * points, 0)
            for index in range(newest, oldest - 1, -1):
                gap_s = times[index] - other_times[index]
                if not math.isnan(gap_s):  # nearly always at once
                    return gap_s
        return UNKNOWN

    def forget_after(self, time_s: float) -> None:
        """Forget the points that the car passed after this session time, which a flashback undid."""
        self.newest = -1
        for lap, times in self._times.items():
            for index, passed_s in enumerate(times):
                if passed_s > time_s:
                    times[index] = UNKNOWN
                elif not math.isnan(passed_s):
                    self.newest = max(self.newest, lap * self._points + index)
