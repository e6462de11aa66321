"""What is known of the outline of a circuit, and its form in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Point = tuple[float, float]
"""World x and z in metres: the horizontal axes of the game."""


class OutlineKey(NamedTuple):
    """What an outline belongs to: the worlds of two formats may differ.

    Attributes:
        track_id: the game's number of the circuit.
    """

    track_id: int
    packet_format: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PitLaneOutline:
    """The way through the pits.

    Attributes:
        entry_m / exit_m: lap distances in metres; the exit is lower if the pits are beside the line.
        points: from the entry to the exit, at equal distances.
    """

    entry_m: float
    exit_m: float
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The course of a circuit in the world of one packet format.

    Attributes:
        track_length_m: length of the lap as the game states it.
        points: a closed line of points at equal lap distances in the direction of driving; the first point is
            at the start line.
        sector2_start_m / sector3_start_m: lap distances; None while unknown.
        pit_lane: None before a car was seen to drive through it.
        marshal_zone_starts_m: lap distances at which the game's marshal zones begin, in the game's order.
        laps: the number of laps that agree on it, at most :data:`f1timings.outlines.agreement.ENOUGH`.
        pit_passes: likewise the drives through the pits.
        revision: grows with each change.
    """

    key: OutlineKey
    track_length_m: int
    points: tuple[Point, ...]
    sector2_start_m: float | None = None
    sector3_start_m: float | None = None
    pit_lane: PitLaneOutline | None = None
    marshal_zone_starts_m: tuple[float, ...] = ()
    laps: int = 1
    pit_passes: int = 0
    revision: int = 1


def to_json(outline: Outline) -> dict[str, Any]:
    """The outline as a JSON value, for the database; without its key."""
    lane = outline.pit_lane
    return {
        "track_length_m": outline.track_length_m,
        "points": _rounded(outline.points),
        "sector_starts_m": [outline.sector2_start_m, outline.sector3_start_m],
        "pit_lane": None
        if lane is None
        else {"entry_m": lane.entry_m, "exit_m": lane.exit_m, "points": _rounded(lane.points)},
        "marshal_zone_starts_m": list(outline.marshal_zone_starts_m),
        "laps": outline.laps,
        "pit_passes": outline.pit_passes,
        "revision": outline.revision,
    }


def from_json(key: OutlineKey, value: Mapping[str, Any]) -> Outline:
    """The outline of a value that :func:`to_json` returned."""
    lane = value["pit_lane"]
    sector2_start_m, sector3_start_m = value["sector_starts_m"]
    return Outline(
        key=key,
        track_length_m=value["track_length_m"],
        points=_points(value["points"]),
        sector2_start_m=sector2_start_m,
        sector3_start_m=sector3_start_m,
        pit_lane=None
        if lane is None
        else PitLaneOutline(entry_m=lane["entry_m"], exit_m=lane["exit_m"], points=_points(lane["points"])),
        marshal_zone_starts_m=tuple(value["marshal_zone_starts_m"]),
        laps=value["laps"],
        pit_passes=value["pit_passes"],
        revision=value["revision"],
    )


def _rounded(points: tuple[Point, ...]) -> list[list[float]]:
    return [[round(x, 1), round(z, 1)] for x, z in points]


def _points(values: list[list[float]]) -> tuple[Point, ...]:
    return tuple((x, z) for x, z in values)
