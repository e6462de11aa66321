"""Occurrences, as frozen records: what happens in a session apart from its laps.

An occurrence is an incident, a stint or a pit visit. Every kind has the fields ``id``, ``session_id`` and
``is_superseded``, and is recorded, stored and listed in the same way. To add a kind, write its record here,
add it to ``Occurrence`` and :data:`OCCURRENCE_NAMES`, and give it a table in the store and a body in the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar


class IncidentKind(StrEnum):
    """What happened: a decision of race control, a change of the weather, or an action of a car."""

    SESSION_STARTED = "session_started"
    SESSION_ENDED = "session_ended"
    START_LIGHTS = "start_lights"
    LIGHTS_OUT = "lights_out"
    FASTEST_LAP = "fastest_lap"
    SPEED_TRAP = "speed_trap"
    OVERTAKE = "overtake"
    COLLISION = "collision"
    WARNING = "warning"
    PENALTY = "penalty"
    LAP_INVALIDATED = "lap_invalidated"
    DRIVE_THROUGH_SERVED = "drive_through_served"
    STOP_GO_SERVED = "stop_go_served"
    DISQUALIFICATION = "disqualification"
    RETIREMENT = "retirement"
    TEAM_MATE_IN_PITS = "team_mate_in_pits"
    SAFETY_CAR = "safety_car"
    FLAG = "flag"
    RED_FLAG = "red_flag"
    CHEQUERED_FLAG = "chequered_flag"
    RACE_WINNER = "race_winner"
    DRS_ENABLED = "drs_enabled"
    DRS_DISABLED = "drs_disabled"
    FLASHBACK = "flashback"
    WEATHER = "weather"


DetailValue = bool | int | float | str | list[int] | None
Detail = Mapping[str, DetailValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An event of a session, as the game reports it.

    Attributes:
        id: derived from the kind, the time and the cars, so that the same datagram gives the same id.
        car_index / other_car_index: None where the incident concerns no car, or a car that does not exist.
        lap_number: lap that the car was on; None where the incident concerns no car.
        lap_distance_m: where on the lap the car was, metres from the line, by its newest lap data; None where
            the incident concerns no car, or where it is unknown.
        session_time_ms: the game's clock. At the very end, where the games send no time, the time before it.
        detail: what else the game reports, by name with its unit; None is unknown.
        is_superseded: the game was rewound to a moment before it.
    """

    id: str
    session_id: str
    kind: IncidentKind
    car_index: int | None
    other_car_index: int | None
    lap_number: int | None
    session_time_ms: int
    detail: Detail
    lap_distance_m: int | None = None
    is_superseded: bool = False


def stint_id(session: str, car_index: int, number: int) -> str:
    """The id of a stint, derived from its key (session, car, number)."""
    return f"{session}~{car_index}~{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    """A run of one car on one set of tyres.

    Attributes:
        id: see :func:`stint_id`.
        number: 1 for the first stint of the car in the session.
        first_lap / last_lap: None where unknown; the last lap of a stint under way is None.
        compound: visual compound; actual_compound: C1, C2 and so on.
        is_superseded: the game was rewound to a moment before it.
    """

    id: str
    session_id: str
    car_index: int
    number: int
    first_lap: int | None
    last_lap: int | None
    compound: str | None
    actual_compound: str | None
    is_superseded: bool = False


def pit_visit_id(session: str, car_index: int, entered_ms: int) -> str:
    """The id of a pit visit, derived from its key (session, car, time of entry)."""
    return f"{session}~{car_index}~{entered_ms}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PitVisit:
    """One drive of one car into the pit lane and out of it.

    Attributes:
        id: see :func:`pit_visit_id`.
        lap_number: lap in which the visit began.
        entered_ms / left_ms: the game's clock; ``left_ms`` is None while the car is in the pit lane.
        lane_ms: the game's own timer from entry to exit; None in 2020, which has no timer, and until the car
            leaves.
        stop_ms: the game's timer of the stationary part; None where the car did not stop.
        compound_before / compound_after: visual compounds.
        is_superseded: the game was rewound to a moment before it.
    """

    id: str
    session_id: str
    car_index: int
    lap_number: int
    entered_ms: int
    left_ms: int | None
    lane_ms: int | None
    stop_ms: int | None
    compound_before: str | None
    compound_after: str | None
    is_superseded: bool = False


Occurrence = Incident | Stint | PitVisit
OccurrenceT = TypeVar("OccurrenceT", bound=Occurrence)

OCCURRENCE_NAMES: Final[Mapping[type[Occurrence], str]] = {
    Incident: "incident",
    Stint: "stint",
    PitVisit: "pit_visit",
}
"""Name of each kind, in the singular; names of routes and announcements are built from it."""
