"""A driven way as points at equal lap distances, so that ways can be compared and combined."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from f1timings.outlines.records import Point

LANE_POINTS = 60


class Place(NamedTuple):
    """Where a car was: a distance along its way in metres, and its world position."""

    distance_m: float
    x: float
    z: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A way, and lap distances on it: of a lap where its sectors begin, of a pit lane its entry and exit."""

    points: tuple[Point, ...]
    marks_m: tuple[float | None, ...]


def points_of_lap(length_m: float) -> int:
    """How many points a lap has: one for about 12 m, and 300 to 500."""
    return min(500, max(300, round(length_m / 12.0)))


def resample(way: Sequence[Place], distances_m: Sequence[float]) -> tuple[Point, ...]:
    """The points of a way at some distances, which it contains; its own distances grow."""
    own = [place.distance_m for place in way]
    return tuple(_point_at(way, own, distance_m) for distance_m in distances_m)


def _point_at(way: Sequence[Place], own: list[float], distance_m: float) -> Point:
    after = min(max(bisect_right(own, distance_m), 1), len(way) - 1)
    (d0, x0, z0), (d1, x1, z1) = way[after - 1], way[after]
    part = (distance_m - d0) / (d1 - d0)
    return x0 + (x1 - x0) * part, z0 + (z1 - z0) * part


def distance_m(one: Point, other: Point) -> float:
    """The distance between two points."""
    return math.hypot(one[0] - other[0], one[1] - other[1])


def combine(shapes: Sequence[Shape]) -> Shape:
    """The middle of shapes: the medians of their points and marks, which one bad shape hardly moves."""
    points = tuple(
        (median(x for x, _ in places), median(z for _, z in places))
        for places in zip(*(shape.points for shape in shapes), strict=True)
    )
    marks = zip(*(shape.marks_m for shape in shapes), strict=True)
    return Shape(points, tuple(_middle(values) for values in marks))


def _middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
