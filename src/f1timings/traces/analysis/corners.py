"""The corners of a circuit, found in the speed of one lap and numbered, and how a lap took each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from f1timings.traces.analysis.lap_line import STEP_M, LapLine
from f1timings.traces.trace import Floats

# Speed must fall by this much into a corner, and rise by it after the corner.
_PROMINENCE_KMH: Final = 12.0
_SMOOTHED_M: Final = 20.0
_BRAKING_PCT: Final = 10.0
_TURNING_PCT: Final = 10.0
# The exit speed is that of this distance after the apex, or of the end of the corner.
_EXIT_M: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """A place at which cars slow down; a bend that is taken at full speed is none.

    Attributes:
        number: from 1, in the order of the lap.
        begins_m / ends_m: from the fastest place before it to the fastest place after it.
        apex_m: the slowest place.
    """

    number: int
    begins_m: float
    apex_m: float
    ends_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CornerTaken:
    """How a lap took a corner; None where it is not known, or where there was no braking or turning.

    Attributes:
        time_ms: from the beginning of the corner to its end.
        braking_m: where the braking began; turn_in_m: where the steering wheel began to turn.
    """

    corner: Corner
    time_ms: float | None
    braking_m: float | None
    turn_in_m: float | None
    apex_m: float | None
    apex_kmh: float | None
    exit_kmh: float | None
    apex_gear: int | None
    full_throttle_pct: float | None


def find_corners(lap: LapLine) -> tuple[Corner, ...]:
    """The corners of the circuit of a lap, best of a fast and complete one; none if its speed has a gap."""
    speed = lap.channel("speed_kmh")
    if np.isfinite(speed).sum() < 0.98 * len(speed):
        return ()
    known = np.isfinite(speed)
    smooth = _smoothed(np.interp(lap.places_m, lap.places_m[known], speed[known]))
    turns = _turning_points(smooth)
    lows = [(at, low) for at, low in turns if low]
    highs = [at for at, low in turns if not low]
    corners = []
    for number, (apex, _) in enumerate(lows, 1):
        before = max((at for at in highs if at < apex), default=0)
        after = min((at for at in highs if at > apex), default=len(smooth) - 1)
        begins, at, ends = (float(lap.places_m[place]) for place in (before, apex, after))
        corners.append(Corner(number=number, begins_m=begins, apex_m=at, ends_m=ends))
    return tuple(corners)


def take_corner(lap: LapLine, corner: Corner) -> CornerTaken:
    """How a lap took a corner."""
    inside = np.flatnonzero((lap.places_m >= corner.begins_m) & (lap.places_m <= corner.ends_m))
    speed = lap.channel("speed_kmh")[inside]
    took = lap.time_at(corner.ends_m) - lap.time_at(corner.begins_m)
    throttle = lap.channel("throttle_pct")[inside]
    has_speed = np.isfinite(speed).any()
    slowest = int(np.nanargmin(speed)) if has_speed else 0
    places = lap.places_m[inside]
    exit_at = int(np.searchsorted(places, min(places[slowest] + _EXIT_M, places[-1])))
    gear = lap.channel("gear")[inside][slowest] if has_speed else np.nan
    steer = np.abs(lap.channel("steer_pct")[inside])
    until = slice(slowest + 1)
    return CornerTaken(
        corner=corner,
        time_ms=_known(took),
        braking_m=_rise(places[until], lap.channel("brake_pct")[inside][until], _BRAKING_PCT),
        turn_in_m=_rise(places[until], steer[until], _TURNING_PCT),
        apex_m=float(places[slowest]) if has_speed else None,
        apex_kmh=_known(speed[slowest]) if has_speed else None,
        exit_kmh=_known(speed[exit_at]) if has_speed else None,
        apex_gear=int(gear) if np.isfinite(gear) else None,
        full_throttle_pct=_known(100.0 * (throttle >= 98.0).mean()) if np.isfinite(throttle).all() else None,
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _rise(places: Floats, values: Floats, threshold: float) -> float | None:
    """The first place at which a value exceeds a threshold there and at the next place."""
    above = np.nan_to_num(values) >= threshold
    found = np.flatnonzero(above[:-1] & above[1:])
    return float(places[found[0]]) if len(found) else None


def _smoothed(values: Floats) -> Floats:
    width = max(1, round(_SMOOTHED_M / STEP_M))
    padded = np.pad(values, (width // 2, width - 1 - width // 2), mode="edge")
    smooth: Floats = np.convolve(padded, np.ones(width) / width, mode="valid")
    return smooth


def _turning_points(speed: Floats) -> list[tuple[int, bool]]:
    """Highs and lows in turns, as index and whether it is a low; each by the prominence apart."""
    points: list[tuple[int, bool]] = []
    high = low = 0
    seeks_low = True
    for at, value in enumerate(speed):
        high = at if value > speed[high] else high
        low = at if value < speed[low] else low
        if seeks_low and value >= speed[low] + _PROMINENCE_KMH:
            if points or speed[: low + 1].max() >= speed[low] + _PROMINENCE_KMH:
                points.append((low, True))
            high, seeks_low = at, False
        elif not seeks_low and value <= speed[high] - _PROMINENCE_KMH:
            points.append((high, False))
            low, seeks_low = at, True
    return points
