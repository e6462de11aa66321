"""A trace at a constant rate in time, for programs that know no other."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from f1timings.traces.trace import Floats, Trace

TIME: Final = "time_ms"
# What lies between two of their values means nothing.
_STEPPED: Final = frozenset({"gear", "drs", "aero", "ers_mode"})
# Two samples further apart, in periods of the rate, have a gap between them.
_NEIGHBOURS: Final = 1.5
_USUAL_HZ: Final = 60
MOST_ROWS: Final = 72_000
"""Twenty minutes at 60 Hz, twice what a trace may have; a damaged clock could ask for many more."""


class EvenTrace(NamedTuple):
    """A trace from 0 on the clock of the lap, at a constant rate.

    Attributes:
        rate_hz: the trace's own rate.
        times_s: of each row.
        values: by channel, in its unit, NaN in gaps; only channels that the trace has.
    """

    rate_hz: int
    times_s: Floats
    values: dict[str, Floats]


def at_even_rate(trace: Trace) -> EvenTrace:
    """Read a trace at its own rate.

    A value is interpolated between two samples that follow each other; beside a gap, it is that of the
    sample that is at most half a period away. What is further away stays a gap. The last row is at most at
    the last sample; rows after :data:`MOST_ROWS` are left out.
    """
    times, order = _times(trace)
    rate = rate_hz(times)
    rows = int(times[-1] * rate / 1000) + 1 if len(times) else 0
    at: Floats = np.arange(min(rows, MOST_ROWS), dtype=np.float64) * (1000 / rate)
    values = {
        name: _read(times, trace.values(name)[order], at, period=1000 / rate, is_stepped=name in _STEPPED)
        for name in trace.numbers
        if name != TIME
    }
    return EvenTrace(rate, at / 1000, values)


def rate_hz(times_ms: Floats) -> int:
    """The rate of samples, Hz: from the mean step of those that follow each other; 60 if there are none."""
    steps = np.diff(times_ms)
    if not len(steps):
        return _USUAL_HZ
    usual = steps[steps <= _NEIGHBOURS * np.median(steps)]
    return max(1, round(1000 / float(usual.mean())))


def _times(trace: Trace) -> tuple[Floats, NDArray[np.intp]]:
    """The times at which there are samples, rising, and the samples that have them."""
    times = trace.values(TIME)
    known = np.flatnonzero(np.isfinite(times))
    rising, first = np.unique(times[known], return_index=True)
    return rising, known[first]


def _read(times: Floats, values: Floats, at: Floats, *, period: float, is_stepped: bool) -> Floats:
    """The values of a channel at other times; NaN in gaps."""
    known = np.isfinite(values)
    times, values = times[known], values[known]
    if not len(times) or not len(at):
        return np.full(len(at), np.nan)
    after = np.clip(np.searchsorted(times, at), 0, len(times) - 1)
    before = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 1)
    is_nearer_before = np.abs(at - times[before]) <= np.abs(times[after] - at)
    nearest = np.where(is_nearer_before, before, after)
    read = np.where(np.abs(times[nearest] - at) <= period / 2, values[nearest], np.nan)
    is_between = (times[before] < at) & (at < times[after])
    is_between &= times[after] - times[before] <= _NEIGHBOURS * period
    between = values[nearest] if is_stepped else np.interp(at, times, values)
    return np.where(is_between, between, read)
