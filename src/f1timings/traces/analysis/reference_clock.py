"""The clock of a finished lap by distance, small and quick to read, for the comparison with a running lap."""

from __future__ import annotations

import math
from array import array
from typing import Final, Self

import numpy as np

from f1timings.traces.analysis.lap_line import STEP_M, line_of
from f1timings.traces.trace import Trace

_EVERY: Final = 2
SPACING_M: Final = _EVERY * STEP_M
"""The distance between two places at which the clock is kept."""
_GAP: Final = -1

Place = tuple[int, float]
"""The number of the place before a car, and the share that it has driven of the way to the next one."""


class ClockPlaces:
    """The places of a circuit at which the clocks of laps are kept; the last one is its line.

    Attributes:
        count: of the places.
    """

    __slots__ = ("_last", "_last_width_m", "count", "length_m")

    def __init__(self, length_m: float) -> None:
        self.length_m = length_m
        self._last = math.ceil(length_m / SPACING_M) - 1
        self._last_width_m = length_m - self._last * SPACING_M
        self.count = self._last + 2

    def at(self, distance_m: float) -> Place | None:
        """Between which places a car is; None outside of the lap."""
        # A comparison with NaN is false.
        if not 0.0 <= distance_m <= self.length_m:
            return None
        steps = distance_m / SPACING_M
        index = int(steps)
        if index < self._last:
            return index, steps - index
        return self._last, (distance_m - self._last * SPACING_M) / self._last_width_m


class ReferenceClock:
    """When a finished lap was where.

    It takes 4 bytes for each :data:`SPACING_M`: 6 kB for 6 km.

    Args:
        times_ms: the clock at 0 m, ``SPACING_M`` and so on; -1 where it is not known.
        length_m: of the circuit.
        lap_time_ms: the clock at the line.
    """

    __slots__ = ("_times_ms", "lap_time_ms", "places")

    def __init__(self, times_ms: array[int], length_m: float, lap_time_ms: int) -> None:
        self._times_ms = array("i", [*times_ms, lap_time_ms])
        self.places = ClockPlaces(length_m)
        self.lap_time_ms = lap_time_ms
        assert len(self._times_ms) == self.places.count, "there is a time for each place"

    @classmethod
    def of(cls, trace: Trace, length_m: float, lap_time_ms: int) -> Self:
        """The clock of a lap with this trace."""
        line = line_of(trace, length_m=length_m, lap_time_ms=lap_time_ms, channels=())
        times = line.time_ms[:-1:_EVERY]
        rounded = np.where(np.isfinite(times), np.round(times), _GAP)
        return cls(array("i", rounded.astype(np.intc).tobytes()), length_m, lap_time_ms)

    @property
    def length_m(self) -> float:
        """Of the circuit."""
        return self.places.length_m

    def at_ms(self, distance_m: float) -> float | None:
        """The clock at a place; None in a gap of the trace, and outside of the lap."""
        place = self.places.at(distance_m)
        return None if place is None else self.at_place_ms(place)

    def at_place_ms(self, place: Place) -> float | None:
        """The clock at a place of any lap on a circuit of the same length; None in a gap of the trace."""
        index, share = place
        times = self._times_ms
        before, after = times[index], times[index + 1]
        if before < 0 or after < 0:
            return None
        return before + (after - before) * share

    def __len__(self) -> int:
        return len(self._times_ms)
