"""The JSON of the personal data of a driver."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Self

from pydantic import ConfigDict, Field

from f1timings.meeting import people
from f1timings.store.reads.drivers import PersonalData
from f1timings.web.drivers.bodies import DRIVER, DriverBody
from f1timings.web.http.bodies import Body, Timestamp, moment_text
from f1timings.web.meetings.bodies import ACT, ActBody

_LAP_ID = "192.168.1.21~14061966829349171242~0~19~7~0"
PERSONAL_SEAT: dict[str, Any] = {
    "id": "0d4c2b1a9f88",
    "rig": "192.168.1.21",
    "since": "2026-11-22T20:00:00.000000Z",
    "until": None,
    "is_default": False,
    "by": "Marta",
}
PERSONAL_PLACE: dict[str, Any] = {
    "id": "77aa01b2c3d4",
    "meeting_id": "3f9a1c52b7d0",
    "place": 1,
    "state": "done",
    "added_at": "2026-11-22T19:40:00.000000Z",
    "called_at": "2026-11-22T20:00:00.000000Z",
    "rig": "192.168.1.21",
}
PERSONAL_LAP: dict[str, Any] = {
    "lap_id": _LAP_ID,
    "session_id": "192.168.1.21~14061966829349171242~0",
    "rig": "192.168.1.21",
    "circuit": "Monza",
    "participant": "ada_b_racing",
    "lap_number": 7,
    "lap_time_ms": 83456,
    "sector1_ms": 27801,
    "sector2_ms": 28502,
    "sector3_ms": 27153,
    "is_valid": True,
    "state": "completed",
    "basis": "assignment",
    "recorded_at": "2026-11-22T20:12:00.123456Z",
}
PERSONAL_MARK: dict[str, Any] = {
    "lap_id": _LAP_ID,
    "is_deleted": False,
    "is_valid": False,
    "driver_id": None,
    "reason": "cut the chicane",
    "by": "Marta",
    "at": "2026-11-22T20:20:00.000000Z",
}
DRIVER_DATA: dict[str, Any] = {
    "driver": DRIVER,
    "merged": [],
    "former_names": ["Ada B."],
    "game_names": ["ada_b_racing"],
    "assignments": [PERSONAL_SEAT],
    "queue": [PERSONAL_PLACE],
    "laps": [PERSONAL_LAP],
    "marks": [PERSONAL_MARK],
    "acts": [ACT | {"kind": "driver_changed", "subject": DRIVER["id"]}],
}


class PersonalSeatBody(Body):
    """A time in which the driver sat at a rig, or was its default driver."""

    model_config = ConfigDict(json_schema_extra={"examples": [PERSONAL_SEAT]})

    id: str
    rig: str
    since: Timestamp
    until: Timestamp | None
    is_default: bool
    by: str

    @classmethod
    def of(cls, assignment: people.Assignment) -> Self:
        """Build the body of an assignment."""
        return cls(
            id=assignment.id,
            rig=assignment.rig,
            since=moment_text(assignment.since),
            until=None if assignment.until is None else moment_text(assignment.until),
            is_default=assignment.is_default,
            by=assignment.by,
        )


class PersonalPlaceBody(Body):
    """The driver's place in a queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [PERSONAL_PLACE]})

    id: str
    meeting_id: str
    place: int
    state: str
    added_at: Timestamp
    called_at: Timestamp | None
    rig: str | None

    @classmethod
    def of(cls, entry: people.QueueEntry) -> Self:
        """Build the body of an entry."""
        return cls(
            id=entry.id,
            meeting_id=entry.meeting_id,
            place=entry.place,
            state=entry.state.value,
            added_at=moment_text(entry.added_at),
            called_at=None if entry.called_at is None else moment_text(entry.called_at),
            rig=entry.rig,
        )


class PersonalLapBody(Body):
    """A lap of the driver."""

    model_config = ConfigDict(json_schema_extra={"examples": [PERSONAL_LAP]})

    lap_id: str
    session_id: str
    rig: str
    circuit: str | None
    participant: str | None = Field(description="The name in the game.")
    lap_number: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None
    state: str
    basis: str | None = Field(description="Why the lap is the driver's, as in `LapBody`.")
    recorded_at: Timestamp


class PersonalMarkBody(Body):
    """A marshal's decision about a lap of the driver."""

    model_config = ConfigDict(json_schema_extra={"examples": [PERSONAL_MARK]})

    lap_id: str
    is_deleted: bool
    is_valid: bool | None
    driver_id: str | None
    reason: str | None
    by: str
    at: Timestamp

    @classmethod
    def of(cls, mark: people.LapMark) -> Self:
        """Build the body of a mark."""
        facts = {name: getattr(mark, name) for name in cls.model_fields if name != "at"}
        return cls(at=moment_text(mark.at), **facts)


class DriverDataBody(Body):
    """Everything that is stored about one person, except in captures."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRIVER_DATA]})

    driver: DriverBody
    merged: list[DriverBody] = Field(description="Drivers that were merged into this one.")
    former_names: list[str]
    game_names: list[str] = Field(description="Names in the games that belong to this driver.")
    assignments: list[PersonalSeatBody]
    queue: list[PersonalPlaceBody]
    laps: list[PersonalLapBody]
    marks: list[PersonalMarkBody]
    acts: list[ActBody] = Field(description="Acts about the driver.")

    @classmethod
    def of(cls, data: PersonalData) -> Self:
        """Build the body of the personal data."""
        return cls(
            driver=DriverBody.of(data.driver),
            merged=[DriverBody.of(driver) for driver in data.merged],
            former_names=list(data.former_names),
            game_names=list(data.game_names),
            assignments=[PersonalSeatBody.of(assignment) for assignment in data.assignments],
            queue=[PersonalPlaceBody.of(entry) for entry in data.queue],
            laps=[
                PersonalLapBody(**asdict(lap) | {"recorded_at": moment_text(lap.recorded_at)})
                for lap in data.laps
            ],
            marks=[PersonalMarkBody.of(mark) for mark in data.marks],
            acts=[ActBody.of(act) for act in data.acts],
        )
