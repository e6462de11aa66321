"""The JSON of all that is held of one person."""

from __future__ import annotations

from typing import Any, Self

from pydantic import ConfigDict, Field

from f1timings.meeting import people
from f1timings.store.reads.drivers import PersonalData
from f1timings.web.drivers.bodies import DRIVER, DriverBody
from f1timings.web.http.bodies import Body, Timestamp, moment_text
from f1timings.web.meetings.bodies import ACT, ActBody

_LAP_ID = "192.168.1.21~14061966829349171242~0~19~7~0"
HELD_SEAT: dict[str, Any] = {
    "id": "0d4c2b1a9f88",
    "rig": "192.168.1.21",
    "since": "2026-11-22T20:00:00.000000Z",
    "until": None,
    "is_default": False,
    "by": "Marta",
}
HELD_PLACE: dict[str, Any] = {
    "id": "77aa01b2c3d4",
    "meeting_id": "3f9a1c52b7d0",
    "place": 1,
    "state": "done",
    "added_at": "2026-11-22T19:40:00.000000Z",
    "called_at": "2026-11-22T20:00:00.000000Z",
    "rig": "192.168.1.21",
}
HELD_LAP: dict[str, Any] = {
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
HELD_MARK: dict[str, Any] = {
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
    "assignments": [HELD_SEAT],
    "queue": [HELD_PLACE],
    "laps": [HELD_LAP],
    "marks": [HELD_MARK],
    "acts": [ACT | {"kind": "driver_changed", "subject": DRIVER["id"]}],
}


class HeldSeatBody(Body):
    """A driver sat at a rig."""

    model_config = ConfigDict(json_schema_extra={"examples": [HELD_SEAT]})

    id: str
    rig: str
    since: Timestamp
    until: Timestamp | None
    is_default: bool
    by: str

    @classmethod
    def of(cls, seat: people.Assignment) -> Self:
        """From the record."""
        return cls(
            id=seat.id,
            rig=seat.rig,
            since=moment_text(seat.since),
            until=None if seat.until is None else moment_text(seat.until),
            is_default=seat.is_default,
            by=seat.by,
        )


class HeldPlaceBody(Body):
    """A driver waited for a rig."""

    model_config = ConfigDict(json_schema_extra={"examples": [HELD_PLACE]})

    id: str
    meeting_id: str
    place: int
    state: str
    added_at: Timestamp
    called_at: Timestamp | None
    rig: str | None

    @classmethod
    def of(cls, entry: people.QueueEntry) -> Self:
        """From the record."""
        return cls(
            id=entry.id,
            meeting_id=entry.meeting_id,
            place=entry.place,
            state=entry.state.value,
            added_at=moment_text(entry.added_at),
            called_at=None if entry.called_at is None else moment_text(entry.called_at),
            rig=entry.rig,
        )


class HeldLapBody(Body):
    """A lap that is the driver's."""

    model_config = ConfigDict(json_schema_extra={"examples": [HELD_LAP]})

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
    basis: str | None = Field(description="Why it is the driver's.")
    recorded_at: Timestamp


class HeldMarkBody(Body):
    """What a marshal decided about a lap of the driver's."""

    model_config = ConfigDict(json_schema_extra={"examples": [HELD_MARK]})

    lap_id: str
    is_deleted: bool
    is_valid: bool | None
    driver_id: str | None
    reason: str | None
    by: str
    at: Timestamp

    @classmethod
    def of(cls, mark: people.LapMark) -> Self:
        """From the record."""
        facts = {name: getattr(mark, name) for name in cls.model_fields if name != "at"}
        return cls(at=moment_text(mark.at), **facts)


class DriverDataBody(Body):
    """Everything that is held of one person, but for the captures."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRIVER_DATA]})

    driver: DriverBody
    merged: list[DriverBody] = Field(description="Drivers that turned out to be this one.")
    former_names: list[str]
    game_names: list[str] = Field(description="Names in the games that stand for this driver.")
    assignments: list[HeldSeatBody]
    queue: list[HeldPlaceBody]
    laps: list[HeldLapBody]
    marks: list[HeldMarkBody]
    acts: list[ActBody] = Field(description="What was done about the driver.")

    @classmethod
    def of(cls, held: PersonalData) -> Self:
        """From what the store holds."""
        return cls(
            driver=DriverBody.of(held.driver),
            merged=[DriverBody.of(one) for one in held.merged],
            former_names=list(held.former_names),
            game_names=list(held.game_names),
            assignments=[HeldSeatBody.of(one) for one in held.assignments],
            queue=[HeldPlaceBody.of(one) for one in held.queue],
            laps=[
                HeldLapBody(**one._asdict() | {"recorded_at": moment_text(one.recorded_at)})
                for one in held.laps
            ],
            marks=[HeldMarkBody.of(one) for one in held.marks],
            acts=[ActBody.of(one) for one in held.acts],
        )
