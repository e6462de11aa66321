"""A lap by distance: its trace, read at the same places as that of any other lap of the circuit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from f1timings.traces.trace import Floats, Trace

STEP_M: Final = 2.0
"""The distance between two places."""
# A car of 100 m/s at 20 Hz drives 5 m between two samples; where more is missing, something was lost.
_WIDEST_GAP_M: Final = 40.0
# A lap that was received from its start has a sample before this time.
_LATEST_START_MS: Final = 1000.0
_MS_PER_M_AT_1_KMH: Final = 3600.0
# A value between two samples belongs to the nearer one where it jumps.
_STEPPED: Final = frozenset({"gear", "drs", "aero", "ers_mode"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LapLine:
    """One lap by distance.

    Attributes:
        length_m: of the circuit.
        places_m: from 0 to the length, ``STEP_M`` apart.
        time_ms: the clock of the lap at each place, NaN where it is not known.
        channels: the other channels at each place, NaN where they are not known.
    """

    length_m: float
    places_m: Floats
    time_ms: Floats
    channels: dict[str, Floats]

    def channel(self, name: str) -> Floats:
        """A channel at each place; NaN everywhere if the trace has none."""
        return self.channels.get(name, np.full(len(self.places_m), np.nan))

    def time_at(self, place_m: float) -> float:
        """The clock of the lap at any place, ms; NaN where it is not known."""
        return float(np.interp(place_m, self.places_m, self.time_ms))


def places_of(length_m: float) -> Floats:
    """The places of a circuit; the last one is its line."""
    places: Floats = np.append(np.arange(0.0, length_m, STEP_M), length_m)
    return places


def line_of(
    trace: Trace, *, length_m: float, lap_time_ms: int | None, channels: Collection[str] | None = None
) -> LapLine:
    """Read a trace by distance.

    Where the car stood or went back, the first time that it reached a place counts.

    Args:
        length_m: of the circuit, more than 0.
        lap_time_ms: the clock at the line; None if the lap was not completed.
        channels: the only channels to read; None reads all that the trace has.
    """
    distance, clock = trace.values("distance_m"), trace.values("time_ms")
    furthest = np.maximum.accumulate(np.where(np.isfinite(distance), distance, -np.inf))
    is_ahead = np.isfinite(distance) & (distance > np.concatenate(([-np.inf], furthest[:-1])))
    is_ahead &= (distance > 0.0) & (distance < length_m)
    places = places_of(length_m)
    known = np.flatnonzero(is_ahead)
    at, times = distance[known], clock[known]
    speeds = trace.values("speed_kmh")[known] if "speed_kmh" in trace.numbers else np.full(len(at), np.nan)
    at_line = _clock_at_line(distance, clock, known)
    if at_line is not None:
        at, times, speeds = np.insert(at, 0, 0.0), np.insert(times, 0, at_line), np.insert(speeds, 0, np.nan)
    if lap_time_ms is not None:
        at, times = np.append(at, length_m), np.append(times, float(lap_time_ms))
        speeds = np.append(speeds, np.nan)
    time_ms = _read(places, at, times)
    if len(at) > 1:
        time_ms += _curved(places, at, times, speeds=speeds)
    read = {}
    for name in trace.numbers:
        if name not in ("time_ms", "distance_m") and (channels is None or name in channels):
            values = trace.values(name)[known]
            is_known = np.isfinite(values)
            read[name] = _read(
                places, distance[known][is_known], values[is_known], is_stepped=name in _STEPPED
            )
    return LapLine(length_m=length_m, places_m=places, time_ms=time_ms, channels=read)


def _clock_at_line(distance: Floats, clock: Floats, known: NDArray[np.intp]) -> float | None:
    """The clock at the line at which the lap begins; after a standing start the car was behind it at 0 ms.

    Args:
        known: the samples after the line.
    """
    if not len(known):
        return None
    first = known[0]
    if first and -_WIDEST_GAP_M < distance[first - 1] <= 0.0:
        return float(np.interp(0.0, distance[first - 1 : first + 1], clock[first - 1 : first + 1]))
    if not (clock[first] < _LATEST_START_MS and distance[first] < _WIDEST_GAP_M):
        return None
    if len(known) < 2:
        return 0.0
    # Straight on from the first two samples.
    second = known[1]
    slope = (clock[second] - clock[first]) / (distance[second] - distance[first])
    return float(max(0.0, clock[first] - distance[first] * slope))


def _curved(places: Floats, at: Floats, times: Floats, *, speeds: Floats) -> Floats:
    """What a curve through the samples, as steep as their speeds say, differs from straight lines, ms.

    Ten times a second, straight lines are 5 ms wrong where a car brakes hard or starts. A curve that is never
    more than three times as steep as the straight line never goes back in time.
    """
    after = np.clip(np.searchsorted(at, places), 1, len(at) - 1)
    width = at[after] - at[after - 1]
    straight = (times[after] - times[after - 1]) / width
    with np.errstate(divide="ignore"):
        steepness = _MS_PER_M_AT_1_KMH / speeds
    begins, ends = (
        np.where(np.isfinite(slope), np.minimum(slope, 3.0 * straight), straight)
        for slope in (steepness[after - 1], steepness[after])
    )
    share = np.clip((places - at[after - 1]) / width, 0.0, 1.0)
    bend: Floats = (begins - straight) * (1.0 - share) - (ends - straight) * share
    return bend * width * share * (1.0 - share)


def _read(places: Floats, at: Floats, values: Floats, *, is_stepped: bool = False) -> Floats:
    """The values at each place; NaN in a gap, and before the first and after the last."""
    if len(at) < 2:
        return np.full(len(places), np.nan)
    after = np.clip(np.searchsorted(at, places), 1, len(at) - 1)
    width = at[after] - at[after - 1]
    if is_stepped:
        is_nearer = places - at[after - 1] < at[after] - places
        found = np.where(is_nearer, values[after - 1], values[after])
    else:
        found = np.interp(places, at, values)
    is_outside = (places < at[0] - STEP_M) | (places > at[-1] + STEP_M)
    read: Floats = np.where((width > _WIDEST_GAP_M) | is_outside, np.nan, found)
    return read
