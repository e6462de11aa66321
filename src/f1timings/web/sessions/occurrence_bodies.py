"""JSON bodies of occurrences, and the table of their kinds from which routes and announcements are built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self

from pydantic import ConfigDict, Field

from f1timings.store import StoredOccurrence
from f1timings.timing.occurrences import (
    DetailValue,
    Incident,
    IncidentKind,
    Occurrence,
    PitVisit,
    Stint,
)
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text

INCIDENT: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0~penalty~52210~041b03ff050700",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "kind": "penalty",
    "car_index": 3,
    "other_car_index": None,
    "lap_number": 7,
    "lap_distance_m": 2310,
    "session_time_ms": 598310,
    "detail": {
        "penalty": "Time penalty",
        "infringement": "Corner cutting ran wide gained time minor",
        "time_s": 5,
        "places_gained": 0,
    },
    "is_superseded": False,
    "recorded_at": "2026-11-22T16:08:15.004100Z",
}

STINT: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0~19~1",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "car_index": 19,
    "number": 1,
    "first_lap": 1,
    "last_lap": 6,
    "compound": "soft",
    "actual_compound": "C4",
    "is_superseded": False,
    "recorded_at": "2026-11-22T15:58:03.210000Z",
}

PIT_VISIT: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0~19~511020",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "car_index": 19,
    "lap_number": 6,
    "entered_ms": 511020,
    "left_ms": 533840,
    "lane_ms": 22814,
    "stop_ms": 2350,
    "compound_before": "soft",
    "compound_after": "hard",
    "is_superseded": False,
    "recorded_at": "2026-11-22T16:06:48.120000Z",
}


class OccurrenceBody(Body):
    """An incident, a stint or a pit visit; its fields are those of the record, and ``recorded_at``."""

    @classmethod
    def of(cls, stored: StoredOccurrence[Any]) -> Self:
        """The body of a stored occurrence."""
        values = {field.name: getattr(stored.record, field.name) for field in fields(stored.record)}
        return cls(**values | {"recorded_at": moment_text(stored.recorded_at)})


class IncidentBody(OccurrenceBody):
    """An event of a session, as the game reports it."""

    model_config = ConfigDict(json_schema_extra={"examples": [INCIDENT]})

    id: str
    session_id: str
    kind: IncidentKind
    car_index: int | None = Field(description="null where the incident concerns no car.")
    other_car_index: int | None
    lap_number: int | None = Field(description="The lap that the car was on.")
    lap_distance_m: int | None = Field(
        description="Where on the lap the car was, metres from the line; null where unknown."
    )
    session_time_ms: int = Field(description="The game's clock.")
    detail: dict[str, DetailValue] = Field(
        description="What else the game reports; differs from kind to kind."
    )
    is_superseded: bool = Field(description="Whether a flashback undid it.")
    recorded_at: Timestamp = Field(description="When the server first received it.")


class StintBody(OccurrenceBody):
    """A run of one car on one set of tyres."""

    model_config = ConfigDict(json_schema_extra={"examples": [STINT]})

    id: str
    session_id: str
    car_index: int
    number: int = Field(description="1 for the first stint of the car.")
    first_lap: int | None
    last_lap: int | None = Field(description="null while the stint lasts.")
    compound: str | None = Field(description="Visual compound.")
    actual_compound: str | None
    is_superseded: bool = Field(description="Whether a flashback undid it.")
    recorded_at: Timestamp = Field(description="When the server first received it.")


class PitVisitBody(OccurrenceBody):
    """One drive of one car into the pit lane and out of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [PIT_VISIT]})

    id: str
    session_id: str
    car_index: int
    lap_number: int = Field(description="The lap in which the visit began.")
    entered_ms: int = Field(description="The game's clock.")
    left_ms: int | None = Field(description="The game's clock; null while the car is in the pit lane.")
    lane_ms: int | None = Field(description="The game's timer from entry to exit.")
    stop_ms: int | None = Field(description="The game's timer of the stationary part.")
    compound_before: str | None
    compound_after: str | None
    is_superseded: bool = Field(description="Whether a flashback undid it.")
    recorded_at: Timestamp = Field(description="When the server first received it.")


class IncidentListBody(ListBody[IncidentBody]):
    """Incidents of one session, superseded ones too."""


class StintListBody(ListBody[StintBody]):
    """Stints of one session, superseded ones too."""


class PitVisitListBody(ListBody[PitVisitBody]):
    """Pit visits of one session, superseded ones too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceForm:
    """How one kind of occurrence appears in the API.

    Attributes:
        body / list_body: one occurrence, and a page of them.
        example: of the body.
        summary / order: of the list, for the API documentation.
        choices: the values of fields that allow only some.
    """

    body: type[OccurrenceBody]
    list_body: type[ListBody[Any]]
    example: dict[str, Any]
    summary: str
    order: str
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


OCCURRENCE_FORMS: Final[Mapping[type[Occurrence], OccurrenceForm]] = {
    Incident: OccurrenceForm(
        body=IncidentBody,
        list_body=IncidentListBody,
        example=INCIDENT,
        summary="The incidents of one session: race control, weather and cars",
        order="In the order of the game's clock.",
        choices={"kind": tuple(kind.value for kind in IncidentKind)},
    ),
    Stint: OccurrenceForm(
        body=StintBody,
        list_body=StintListBody,
        example=STINT,
        summary="The stints of one session: each is a run on one set of tyres",
        order="In the order of the car index.",
    ),
    PitVisit: OccurrenceForm(
        body=PitVisitBody,
        list_body=PitVisitListBody,
        example=PIT_VISIT,
        summary="The pit visits of one session: each is a drive through the pit lane",
        order="In the order of the game's clock.",
    ),
}
