"""The JSON of an outline of a circuit."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from f1timings.outlines.records import Outline, PitLaneOutline
from f1timings.packets import track_name
from f1timings.web.http.bodies import Body

OUTLINE: dict[str, Any] = {
    "track_id": 11,
    "packet_format": 2025,
    "circuit": "Monza",
    "track_length_m": 5793,
    "points_m": [[-611.4, 402.9], [-611.8, 390.9], [-612.1, 379.0]],
    "sector2_start_m": 1892.5,
    "sector3_start_m": 3921.0,
    "pit_lane": {"entry_m": 5480.2, "exit_m": 310.7, "points_m": [[-598.0, 705.3], [-597.1, 698.8]]},
    "marshal_zone_starts_m": [86.9, 410.2, 902.4],
    "laps": 5,
    "revision": 6,
}

PointBody = Annotated[
    list[float], Field(min_length=2, max_length=2, description="World x and z in metres, as in `map:<rig>`.")
]
_Metres = Annotated[float | None, Field(description="Lap distance in metres; null if unknown.")]


class PitLaneBody(Body):
    """The way through the pits."""

    model_config = ConfigDict(json_schema_extra={"examples": [OUTLINE["pit_lane"]]})

    entry_m: float = Field(description="Lap distance at which it begins, in metres.")
    exit_m: float = Field(description="Lap distance at which it ends, often in the next lap.")
    points_m: list[PointBody] = Field(description="From the entry to the exit.")

    @classmethod
    def of(cls, lane: PitLaneOutline) -> Self:
        """The body of a pit lane."""
        return cls(entry_m=lane.entry_m, exit_m=lane.exit_m, points_m=list(map(list, lane.points)))


class OutlineBody(Body):
    """The course of a circuit, learned from where cars drove."""

    model_config = ConfigDict(json_schema_extra={"examples": [OUTLINE]})

    track_id: int = Field(description="The game's number of the circuit.")
    packet_format: int = Field(description="The packet format in whose world the points are.")
    circuit: str | None = Field(description="Its name in that format; null if the format has none.")
    track_length_m: int = Field(description="Length of the lap in metres, as the game states it.")
    points_m: list[PointBody] = Field(
        description="A closed line of 300 to 500 points at equal lap distances in the direction of driving. "
        "The first one is at the start line."
    )
    sector2_start_m: _Metres
    sector3_start_m: _Metres
    pit_lane: PitLaneBody | None = Field(description="Null before a car has driven through it.")
    marshal_zone_starts_m: list[float] = Field(
        description="Lap distances at which the marshal zones begin, in the order of the game."
    )
    laps: int = Field(description="How many laps agree on it, counted up to 5.", ge=1)
    revision: int = Field(description="Grows with each change; `outline_revision` in `map:<rig>`.", ge=1)

    @classmethod
    def of(cls, outline: Outline) -> Self:
        """The body of an outline."""
        return cls(
            track_id=outline.key.track_id,
            packet_format=outline.key.packet_format,
            circuit=track_name(outline.key.packet_format, outline.key.track_id),
            track_length_m=outline.track_length_m,
            points_m=list(map(list, outline.points)),
            sector2_start_m=outline.sector2_start_m,
            sector3_start_m=outline.sector3_start_m,
            pit_lane=None if outline.pit_lane is None else PitLaneBody.of(outline.pit_lane),
            marshal_zone_starts_m=list(outline.marshal_zone_starts_m),
            laps=outline.laps,
            revision=outline.revision,
        )
