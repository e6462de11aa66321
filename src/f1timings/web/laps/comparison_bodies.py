"""The JSON of a comparison of two laps."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final, Literal, Self

from pydantic import ConfigDict, Field

from f1timings.traces.analysis.corners import CornerTaken
from f1timings.web.http.bodies import Body
from f1timings.web.laps.bodies import LAP

Remark = Literal["another-format", "another-weather", "another-car-class", "invalid-lap", "no-time"]

_OTHER: Final = "192.168.1.22~14061966829349171242~0~19~5~0"
_CHANNELS: Final[dict[str, list[float | None]]] = {
    "time_ms": [0.0, 24.1],
    "speed_kmh": [298.1, 298.3],
    "throttle_pct": [100.0, None],
}
_TAKEN: Final[dict[str, Any]] = {
    "time_ms": 4120.5,
    "braking_m": 612.0,
    "turn_in_m": 671.0,
    "apex_m": 694.0,
    "apex_kmh": 78.2,
    "exit_kmh": 141.6,
    "apex_gear": 2,
    "full_throttle_pct": 38.0,
}
_CORNER: Final[dict[str, Any]] = {
    "number": 1,
    "begins_m": 580.0,
    "apex_m": 694.0,
    "ends_m": 902.0,
    "lap": _TAKEN,
    "other": _TAKEN,
}
COMPARISON: Final[dict[str, Any]] = {
    "lap_id": LAP["id"],
    "other_id": _OTHER,
    "track_length_m": 5793.0,
    "lap_time_ms": 83456,
    "other_time_ms": 83246,
    "ideal_time_ms": 83101,
    "remarks": ["another-weather"],
    "sentences": ["0.21 s lost in turn 1: braked 12 m earlier, 9 km/h slower at the apex."],
    "places_m": [0.0, 2.0],
    "delta_ms": [0.0, 0.4],
    "lap": _CHANNELS,
    "other": _CHANNELS,
    "corners": [_CORNER],
}


class CornerTakenBody(Body):
    """How a lap took a corner; null where it is not known, or where there was no braking or turning."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TAKEN]})

    time_ms: float | None = Field(description="From the beginning of the corner to its end.")
    braking_m: float | None = Field(description="Where the braking began, metres from the line.")
    turn_in_m: float | None = Field(description="Where the steering wheel began to turn.")
    apex_m: float | None = Field(description="The slowest place.")
    apex_kmh: float | None
    exit_kmh: float | None = Field(description="100 m after the apex, or at the end of the corner.")
    apex_gear: int | None
    full_throttle_pct: float | None = Field(description="The share of the corner at full throttle.")

    @classmethod
    def of(cls, taken: CornerTaken) -> Self:
        """The body of a corner that a lap took."""
        facts = asdict(taken)
        facts.pop("corner")
        return cls(**facts)


class ComparedCornerBody(Body):
    """A place at which cars slow down, and how both laps took it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CORNER]})

    number: int = Field(description="From 1, in the order of the lap; not the official number of the turn.")
    begins_m: float
    apex_m: float
    ends_m: float
    lap: CornerTakenBody
    other: CornerTakenBody


class ComparisonBody(Body):
    """Where a lap lost time to another one. Columns have one value for each place; null is a gap."""

    model_config = ConfigDict(json_schema_extra={"examples": [COMPARISON]})

    lap_id: str
    other_id: str
    track_length_m: float
    lap_time_ms: int | None
    other_time_ms: int | None
    ideal_time_ms: int | None = Field(description="The better mini-sectors of both laps together.")
    remarks: list[Remark] = Field(description="What makes the laps hard to compare.")
    sentences: list[str] = Field(description="Where the lap lost and gained most, in words; two at most.")
    places_m: list[float] = Field(description="From the line to the line, 2 m apart.")
    delta_ms: list[float | None] = Field(description="What the lap had lost there; negative if it was ahead.")
    lap: dict[str, list[float | None]] = Field(description="Channels, as in the trace.")
    other: dict[str, list[float | None]]
    corners: list[ComparedCornerBody]
