"""The clock of a finished lap by distance, small and quick to read, for the comparison with a running lap."""

from __future__ import annotations

from array import array
from typing import Final, Self

import numpy as np

from f1timings.traces.analysis.lap_line import STEP_M, line_of
from f1timings.traces.trace import Trace

_EVERY: Final = 2
SPACING_M: Final = _EVERY * STEP_M
"""The distance between two places at which the clock is kept."""
_GAP: Final = -1


class ReferenceClock:
    """When a finished lap was where.

    It takes 4 bytes for each :data:`SPACING_M`: 6 kB for 6 km.

    Args:
        times_ms: the clock at 0 m, ``SPACING_M`` and so on; -1 where it is not known.
        length_m: of the circuit.
        lap_time_ms: the clock at the line.
    """

    __slots__ = ("_times_ms", "lap_time_ms", "length_m")

    def __init__(self, times_ms: array[int], length_m: float, lap_time_ms: int) -> None:
        self._times_ms = times_ms
        self.length_m = length_m
        self.lap_time_ms = lap_time_ms

    @classmethod
    def of(cls, trace: Trace, length_m: float, lap_time_ms: int) -> Self:
        """The clock of a lap with this trace."""
        line = line_of(trace, length_m=length_m, lap_time_ms=lap_time_ms, channels=())
        times = line.time_ms[:-1:_EVERY]
        rounded = np.where(np.isfinite(times), np.round(times), _GAP)
        return cls(array("i", rounded.astype(np.intc).tobytes()), length_m, lap_time_ms)

    def at_ms(self, distance_m: float) -> float | None:
        """The clock at a place; None in a gap of the trace, and outside of the lap."""
        # A comparison with NaN is false.
        if not 0.0 <= distance_m <= self.length_m:
            return None
        index, times = int(distance_m / SPACING_M), self._times_ms
        if index >= len(times):
            return float(self.lap_time_ms)
        before = times[index]
        if index + 1 < len(times):
            after, width_m = times[index + 1], SPACING_M
        else:
            after, width_m = self.lap_time_ms, self.length_m - index * SPACING_M
        if before == _GAP or after == _GAP:
            return None
        return before + (after - before) * (distance_m - index * SPACING_M) / width_m

    def __len__(self) -> int:
        return len(self._times_ms)
