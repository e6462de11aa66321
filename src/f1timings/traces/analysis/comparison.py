"""Where one lap lost time to another, mini-sectors, the ideal lap, and how even laps are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from f1timings.traces.analysis.lap_line import LapLine
from f1timings.traces.trace import Floats

MINI_SECTORS: Final = 25
FULL_THROTTLE_PCT: Final = 98.0


class IdealLap(NamedTuple):
    """The best mini-sectors of several laps, put together.

    Attributes:
        time_ms: of the whole lap; None if no lap has a time for some mini-sector.
        best: index of the lap with the best time of each mini-sector; None where none has a time.
    """

    time_ms: int | None
    best: tuple[int | None, ...]


def delta_ms(lap: LapLine, to: LapLine) -> Floats:
    """What a lap had lost to another one at each place, ms; negative where it was ahead, NaN in gaps.

    Raises:
        ValueError: the laps are of circuits of different lengths.
    """
    if lap.length_m != to.length_m:
        raise ValueError(f"the circuits have {lap.length_m:g} m and {to.length_m:g} m")
    difference: Floats = lap.time_ms - to.time_ms
    return difference


def mini_sectors_ms(lap: LapLine, count: int = MINI_SECTORS) -> Floats:
    """The times of mini-sectors of equal length, ms; NaN where a border is in a gap."""
    borders = np.linspace(0.0, lap.length_m, count + 1)
    times: Floats = np.diff(np.interp(borders, lap.places_m, lap.time_ms))
    return times


def ideal_lap(laps: Sequence[LapLine], count: int = MINI_SECTORS) -> IdealLap:
    """The ideal lap of one or more laps of one circuit."""
    times = np.array([mini_sectors_ms(lap, count) for lap in laps])
    has_time = np.isfinite(times).any(axis=0)
    best = np.argmin(np.where(np.isfinite(times), times, np.inf), axis=0)
    total = sum(times[row, column] for column, row in enumerate(best))
    return IdealLap(
        time_ms=round(float(total)) if has_time.all() else None,
        best=tuple(int(row) if known else None for row, known in zip(best, has_time, strict=True)),
    )


def consistency_ms(laps: Sequence[LapLine], count: int = MINI_SECTORS) -> Floats:
    """The standard deviation of each mini-sector over at least two laps, ms; NaN where fewer are known."""
    times = np.array([mini_sectors_ms(lap, count) for lap in laps])
    known = np.isfinite(times).sum(axis=0)
    spread = np.full(times.shape[1], np.nan)
    is_enough = known >= 2
    if is_enough.any():
        spread[is_enough] = np.nanstd(times[:, is_enough], axis=0, ddof=1)
    return spread


def full_throttle_share(lap: LapLine) -> float | None:
    """The share of the lap's time at full throttle, 0 to 1; None if the throttle is not known."""
    took = np.diff(lap.time_ms, prepend=np.nan)
    throttle = lap.channel("throttle_pct")
    known = np.isfinite(took) & np.isfinite(throttle)
    total = took[known].sum()
    return float(took[known & (throttle >= FULL_THROTTLE_PCT)].sum() / total) if total > 0 else None
