"""A circuit that cars can drive on: a closed curve, a speed profile, and distance by time."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from f1timings.simulator.circuits import Circuit

BIN_M = 5.0
"""Length of one piece of the speed profile, metres."""

STEPS = 2048
"""Number of pieces of equal time in a reference lap."""

PIT_ENTRY_BEFORE_LINE_M = 350.0
PIT_EXIT_AFTER_LINE_M = 300.0
_TOP_SPEED_MS = 92.0
_TRACTION_MS2 = 11.0
_BRAKING_MS2 = 38.0
_DRAG_PER_M = 0.0011


# A NamedTuple: it is unpacked for each car at each frame.
class TrackPoint(NamedTuple):
    """The circuit at one distance, with the speed and the pedals of a good lap.

    World coordinates are metres; ``heading_x`` and ``heading_z`` are a unit vector; ``curvature`` is 1/m,
    positive to the left; ``speed_ms`` is the reference lap's speed in metres a second; pedals are 0 to 1.
    """

    x: float
    y: float
    z: float
    heading_x: float
    heading_z: float
    curvature: float
    speed_ms: float
    throttle: float
    brake: float
    gear: int


class Course:
    """The drivable form of a circuit: where a car is after a share of a lap, and how the track is there.

    Attributes:
        circuit: the facts.
        by_time: distance in metres after each of ``STEPS`` equal parts of the reference lap, and one more.
        before_line: ``by_time`` minus one length, for an out lap or a rolling start: the game counts up to 0.
        places: the point at each ``BIN_M`` metres.
        sector_starts_m: distances at which sectors 1, 2 and 3 begin, and the length.
        sector_ms: times of the three sectors of the reference lap.
    """

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self.length_m = float(circuit.length_m)
        track = _closed_curve(circuit)
        speeds = _speed_profile(circuit, track)
        self.by_time = _distance_by_time(speeds, self.length_m)
        self.before_line = [distance - self.length_m for distance in self.by_time]
        self.places = _places(track, speeds)
        self.sector_starts_m = (
            0.0,
            *(share * self.length_m for share in circuit.sector_starts),
            self.length_m,
        )
        self.sector_ms = self._reference_sectors()

    @property
    def pit_entry_m(self) -> float:
        """Lap distance of the pit entry, metres."""
        return self.length_m - PIT_ENTRY_BEFORE_LINE_M

    @property
    def box_m(self) -> float:
        """Lap distance of the garages, metres: just after the line, or just before the end of the lap."""
        return self.length_m - 95.0 if self.circuit.box_before_line else 110.0

    @property
    def garage_m(self) -> float:
        """Lap distance that the game shows for a car in its garage, metres; it is negative."""
        return self.box_m - (2.0 if self.circuit.box_before_line else 1.0) * self.length_m

    def step_at(self, distance_m: float) -> float:
        """The inverse of ``by_time``: the (fractional) step at which the reference lap is at a distance."""
        index = min(max(bisect_right(self.by_time, distance_m) - 1, 0), STEPS - 1)
        before, after = self.by_time[index], self.by_time[index + 1]
        return index + (distance_m - before) / (after - before)

    def share_ms(self, from_m: float, to_m: float, *, sector: int, sector_ms: int) -> int:
        """The part of a sector's time that a stretch of the sector has: whole milliseconds, at least one."""
        start, end = self.sector_starts_m[sector], self.sector_starts_m[sector + 1]
        whole = self.step_at(end) - self.step_at(start)
        return max(1, round(sector_ms * (self.step_at(to_m) - self.step_at(from_m)) / whole))

    def _reference_sectors(self) -> tuple[int, int, int]:
        lap_ms = self.circuit.lap_ms
        first, second = (round(lap_ms * self.step_at(at) / STEPS) for at in self.sector_starts_m[1:3])
        return first, second - first, lap_ms - second


@cache
def course_of(circuit: Circuit) -> Course:
    """The drivable form of a circuit, computed once."""
    return Course(circuit)


_Point = tuple[float, float, float, float, float]
"""World x and z, heading x and z, curvature."""


def _closed_curve(circuit: Circuit) -> list[_Point]:
    """A smooth closed curve of the circuit's length, one point each ``BIN_M`` metres, from the track's id."""
    rng = random.Random(circuit.track_id * 7919 + 1)
    waves = [(k, rng.uniform(0.25, 0.62) / k, rng.uniform(0.0, math.tau)) for k in (2, 3, 5, 8, 11)]
    fine = 8 * round(circuit.length_m / BIN_M)
    raw = [_polar(math.tau * i / fine, waves) for i in range(fine + 1)]
    travelled = [0.0]
    for (x0, z0), (x1, z1) in pairwise(raw):
        travelled.append(travelled[-1] + math.hypot(x1 - x0, z1 - z0))
    scale = circuit.length_m / travelled[-1]
    bins = math.ceil(circuit.length_m / BIN_M) + 1
    points = [
        _along(raw, travelled, i * BIN_M / scale % travelled[-1], scale=scale) for i in range(-1, bins + 1)
    ]
    return [_with_heading(points, i) for i in range(1, len(points) - 1)]


def _polar(angle: float, waves: list[tuple[int, float, float]]) -> tuple[float, float]:
    radius = 1.0 + sum(size * math.cos(k * angle + phase) * 0.55 for k, size, phase in waves)
    return radius * math.cos(angle), radius * math.sin(angle)


def _along(
    raw: list[tuple[float, float]], travelled: list[float], at: float, *, scale: float
) -> tuple[float, float]:
    index = min(bisect_right(travelled, at) - 1, len(raw) - 2)
    part = (at - travelled[index]) / (travelled[index + 1] - travelled[index])
    (x0, z0), (x1, z1) = raw[index], raw[index + 1]
    return (x0 + (x1 - x0) * part) * scale, (z0 + (z1 - z0) * part) * scale


def _with_heading(points: list[tuple[float, float]], i: int) -> _Point:
    (xa, za), (x, z), (xb, zb) = points[i - 1], points[i], points[i + 1]
    turn = math.remainder(math.atan2(zb - z, xb - x) - math.atan2(z - za, x - xa), math.tau)
    size = math.hypot(xb - xa, zb - za) or 1.0
    return x, z, (xb - xa) / size, (zb - za) / size, turn / BIN_M


def _speed_profile(circuit: Circuit, track: list[_Point]) -> list[float]:
    """Speeds in m/s per bin, with the grip that makes the whole lap as long as the circuit's good lap."""
    low, high = 1.0, 400.0
    for _ in range(26):
        grip = (low + high) / 2.0
        speeds = _limit_speeds(track, grip)
        seconds = sum(BIN_M / speed for speed in speeds[:-1])
        low, high = (grip, high) if seconds * 1000.0 > circuit.lap_ms else (low, grip)
    return speeds


def _limit_speeds(track: list[_Point], grip: float) -> list[float]:
    """Limit speeds by corners, then by traction (two laps forwards), then by braking (two laps backwards)."""
    speeds = [min(_TOP_SPEED_MS, math.sqrt(grip / max(abs(point[4]), 1e-5))) for point in track]
    count = len(speeds)
    for i in range(2 * count):
        before = speeds[(i - 1) % count]
        gain = max(0.5, _TRACTION_MS2 - _DRAG_PER_M * before * before)
        speeds[i % count] = min(speeds[i % count], math.sqrt(before * before + 2.0 * gain * BIN_M))
    for i in range(2 * count, 0, -1):
        after = speeds[(i + 1) % count]
        speeds[i % count] = min(speeds[i % count], math.sqrt(after * after + 2.0 * _BRAKING_MS2 * BIN_M))
    return speeds


def _distance_by_time(speeds: list[float], length_m: float) -> list[float]:
    """Distance in metres after each of ``STEPS`` equal parts of the lap, and one more."""
    elapsed = [0.0]
    for speed, next_speed in pairwise(speeds):
        elapsed.append(elapsed[-1] + 2.0 * BIN_M / (speed + next_speed))
    step = elapsed[-1] / STEPS
    stretch = length_m / ((len(elapsed) - 1) * BIN_M)
    table = [_interpolate(elapsed, i * step) * BIN_M * stretch for i in range(STEPS)]
    return [*table, length_m, length_m]


def _interpolate(rising: list[float], value: float) -> float:
    """The fractional index at which a rising list has a value."""
    index = min(bisect_right(rising, value) - 1, len(rising) - 2)
    return index + (value - rising[index]) / (rising[index + 1] - rising[index])


def _places(track: list[_Point], speeds: list[float]) -> list[TrackPoint]:
    count = len(track)
    return [
        _point(track[i], speeds[i], speeds[(i + 1) % count], height=8.0 * math.sin(math.tau * i / count))
        for i in range(count)
    ]


def _point(at: _Point, speed: float, next_speed: float, *, height: float) -> TrackPoint:
    acceleration = (next_speed * next_speed - speed * speed) / (2.0 * BIN_M)
    throttle = 1.0 if acceleration > 0.3 else max(0.0, 0.55 + acceleration * 0.2)
    brake = min(1.0, -acceleration / _BRAKING_MS2) if acceleration < -2.0 else 0.0
    x, z, heading_x, heading_z, curvature = at
    gear = min(8, 1 + int(speed / 11.0))
    return TrackPoint(
        x=x,
        y=height,
        z=z,
        heading_x=heading_x,
        heading_z=heading_z,
        curvature=curvature,
        speed_ms=speed,
        throttle=0.0 if brake else throttle,
        brake=brake,
        gear=gear,
    )
