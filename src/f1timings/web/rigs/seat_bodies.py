"""The JSON of assignments to rigs, of the cards of rigs, and of the queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from f1timings.meeting import people
from f1timings.meeting.people import QueueState
from f1timings.store.reads import rigs as rigs_reads
from f1timings.web.http.acting import VISIBLE_ASCII, Version
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text
from f1timings.web.http.timestamps import Moment

ASSIGNMENT: dict[str, Any] = {
    "id": "5d0c8e1fa934",
    "version": 118,
    "rig": "192.168.1.21",
    "driver_id": "7be2094c1a5f",
    "driver": "Marta",
    "since": "2026-11-22T18:20:31.004100Z",
    "until": None,
    "is_default": False,
    "by": "race control",
}
QUEUE_ENTRY: dict[str, Any] = {
    "id": "c41f0b7de260",
    "version": 121,
    "driver_id": "7be2094c1a5f",
    "driver": "Marta",
    "place": 1,
    "state": "waiting",
    "added_at": "2026-11-22T18:05:00.000000Z",
    "called_at": None,
    "rig": None,
}
CALLED: dict[str, Any] = QUEUE_ENTRY | {
    "version": 125,
    "place": None,
    "state": "called",
    "called_at": "2026-11-22T18:20:31.004100Z",
    "rig": "192.168.1.21",
}

OWN_CODE: dict[str, Any] = {"token": "m8ZrlIXtz8Qdgt2P-M2uxg"}

_PIN = r"^[0-9]{4,8}$"


DriverId = Annotated[
    str, Field(min_length=1, max_length=40, pattern=VISIBLE_ASCII, examples=["7be2094c1a5f"])
]
RigKey = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$", examples=["192.168.1.21"])
]
Place = Annotated[int, Field(ge=1, le=10_000, description="1 is next; a place beyond the end is the end.")]


class RigEditBody(Body):
    """Changes the card of a rig; a fact that is not given stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 0, "name": "Left"}]})

    version: Version
    name: Annotated[
        str | None, Field(max_length=400, description="1 to 80 characters; null removes the name.")
    ] = None
    place: Annotated[
        int | None, Field(ge=0, le=9999, description="The place of its card; null for none.")
    ] = None

    def facts(self) -> dict[str, Any]:
        """Return the facts that are given, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set & {"name", "place"}}


class JoinRigBody(Body):
    """Joins a rig into another one that is the same simulator."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"into": "192.168.1.21", "version": 0}]})

    into: RigKey = Field(description="Key of the rig that remains.")
    version: Version


class AssignmentBody(Body):
    """A driver sits at a rig from `since` to `until`."""

    model_config = ConfigDict(json_schema_extra={"examples": [ASSIGNMENT]})

    id: str
    version: int
    rig: str
    driver_id: str | None = Field(description="null: no known driver is there.")
    driver: str | None = Field(description="The driver's name as screens show it.")
    since: Timestamp
    until: Timestamp | None = Field(description="null while it lasts.")
    is_default: bool = Field(
        description="The driver who usually drives there; used while no other driver is assigned."
    )
    by: str = Field(description="The person who entered it.")

    @classmethod
    def of(cls, assignment: people.Assignment, drivers: Mapping[str, people.Driver]) -> Self:
        """Build the body of an assignment, given the drivers by id."""
        driver = drivers.get(assignment.driver_id or "")
        return cls(
            id=assignment.id,
            version=assignment.seq,
            rig=assignment.rig,
            driver_id=assignment.driver_id,
            driver=None if driver is None else driver.shown_name,
            since=moment_text(assignment.since),
            until=None if assignment.until is None else moment_text(assignment.until),
            is_default=assignment.is_default,
            by=assignment.by,
        )


class AssignmentListBody(ListBody[AssignmentBody]):
    """A page of assignments, earliest first."""


class AssignRigBody(Body):
    """Assigns a driver to a rig; without `from_lap` and `since` from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"driver_id": "7be2094c1a5f"},
                {
                    "driver_id": "7be2094c1a5f",
                    "from_lap": "192.168.1.21~14061966829349171242~0~19~3~0",
                },
            ]
        }
    )

    driver_id: DriverId | None = Field(
        description="null: no known driver is there, not even the default driver."
    )
    from_lap: Annotated[
        str | None,
        Field(min_length=1, max_length=200, description="Id of the first lap that is the driver's."),
    ] = None
    since: Moment | None = None

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if self.from_lap is not None and self.since is not None:
            raise ValueError("give from_lap or since, not both")
        return self


class SwapRigsBody(Body):
    """Swaps the drivers of two rigs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rigs": ["192.168.1.21", "192.168.1.22"]}]})

    rigs: list[RigKey] = Field(min_length=2, max_length=2)


class DefaultDriverBody(Body):
    """Sets the driver who usually drives at a rig."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"driver_id": "7be2094c1a5f"}]})

    driver_id: DriverId | None = Field(description="null for no default driver.")


class DriverCodeBody(Body):
    """Identifies a driver: by the PIN, or by the token in the QR code of the driver's own page."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"pin": "4711"}]})

    pin: Annotated[str | None, Field(pattern=_PIN, max_length=8)] = None
    token: Annotated[str | None, Field(min_length=8, max_length=100, pattern=VISIBLE_ASCII)] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.pin is None) == (self.token is None):
            raise ValueError("give the pin or the token, but not both")
        return self


class DriverPinBody(Body):
    """Identifies a driver by the PIN."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"pin": "4711"}]})

    pin: Annotated[str, Field(pattern=_PIN, max_length=8)]


class OwnCodeBody(Body):
    """The code of a driver who has signed in."""

    model_config = ConfigDict(json_schema_extra={"examples": [OWN_CODE]})

    token: str = Field(description="Opens the driver's own page, and takes a seat instead of the PIN.")


class QueueEntryBody(Body):
    """A driver who waits for a rig, or was called to one."""

    model_config = ConfigDict(json_schema_extra={"examples": [QUEUE_ENTRY]})

    id: str
    version: int
    driver_id: str
    driver: str | None = Field(description="The driver's name as screens show it.")
    place: int | None = Field(description="1 is next; null if the driver does not wait.")
    state: QueueState
    added_at: Timestamp
    called_at: Timestamp | None
    rig: str | None = Field(description="The rig to which the driver was called.")

    @classmethod
    def of(cls, ranked: rigs_reads.RankedEntry) -> Self:
        """Build the body of an entry of the queue."""
        entry, driver = ranked.entry, ranked.driver
        return cls(
            id=entry.id,
            version=entry.seq,
            driver_id=entry.driver_id,
            driver=None if driver is None else driver.shown_name,
            place=ranked.rank,
            state=entry.state,
            added_at=moment_text(entry.added_at),
            called_at=None if entry.called_at is None else moment_text(entry.called_at),
            rig=entry.rig,
        )


class QueueListBody(ListBody[QueueEntryBody]):
    """The waiting drivers in order, then the called drivers."""


class JoinQueueBody(Body):
    """Puts a driver into the queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"driver_id": "7be2094c1a5f"}]})

    driver_id: DriverId
    place: Place | None = None


class QueueEditBody(Body):
    """Moves a driver in the queue, or changes the state; a fact that is not given stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 125, "state": "waiting"}]})

    version: Version
    place: Place | None = None
    state: Literal["waiting", "done"] | None = Field(
        None, description="`waiting` puts a driver who did not come when called back to the end of the queue."
    )


class CallNextBody(Body):
    """Calls the next driver to a rig."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rig": "192.168.1.21"}]})

    rig: RigKey
