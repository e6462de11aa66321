"""The JSON bodies about the programs to which telemetry is sent on."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from f1timings.intake.forwarding.outlet import Failure, State, TargetState
from f1timings.meeting.room.forwarding import ForwardTarget
from f1timings.web.http.acting import Version
from f1timings.web.http.bodies import Body, ListBody

TARGET: dict[str, Any] = {
    "id": "0f5c2a9d71b84e6f",
    "host": "192.168.1.31",
    "port": 20778,
    "rig": "192.168.1.21",
    "is_on": True,
    "allows_internet": False,
    "version": 41,
    "state": "on",
    "address": "192.168.1.31",
    "sent": 120345,
    "dropped": 12,
    "returned": 0,
    "failure": "refused",
}
NEW_TARGET: dict[str, Any] = {"host": "192.168.1.31", "port": 20778, "rig": "192.168.1.21"}
TARGET_EDIT: dict[str, Any] = {"version": 41, "is_on": False}

Host = Annotated[str, Field(max_length=300, description="An IP address or a name.")]
Port = Annotated[int, Field(ge=1, le=65535, description="The UDP port of the program.")]
Rig = Annotated[str, Field(min_length=1, max_length=200)]


class ForwardTargetBody(Body):
    """A program to which received datagrams are sent on, and what became of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [TARGET]})

    id: str
    host: str = Field(description="An IP address or a name.")
    port: int
    rig: str | None = Field(description="The rig of which it gets the datagrams; null for all datagrams.")
    is_on: bool
    allows_internet: bool = Field(description="It may have an address outside of private networks.")
    version: int = Field(description="Send it with an edit.")
    state: State = Field(description="`on`, or why nothing is sent.")
    address: str | None = Field(description="Its IP address; null if it is not found.")
    sent: int = Field(
        description="Datagrams given to the system since the start or the last change of the target."
    )
    dropped: int = Field(description="Datagrams that could not be sent; `failure` says why.")
    returned: int = Field(description="Datagrams that came back from it; after 10, nothing more is sent.")
    failure: Failure | None = Field(description="Why the newest of `dropped` was not sent.")

    @classmethod
    def of(cls, target: ForwardTarget, state: TargetState) -> Self:
        """From the stored target and its state."""
        return cls(
            id=target.id,
            host=target.host,
            port=target.port,
            rig=target.rig,
            is_on=target.is_on,
            allows_internet=target.allows_internet,
            version=target.seq,
            state=state.state,
            address=state.address,
            sent=state.sent,
            dropped=state.dropped,
            returned=state.returned,
            failure=state.failure,
        )


class ForwardTargetListBody(ListBody[ForwardTargetBody]):
    """All targets; there is no next page."""


class NewForwardTargetBody(Body):
    """A program to which to send telemetry on."""

    model_config = ConfigDict(json_schema_extra={"examples": [NEW_TARGET]})

    host: Host
    port: Port
    rig: Rig | None = Field(default=None, description="Its datagrams only; null for all datagrams.")
    allows_internet: bool = Field(
        default=False, description="The address may be outside of private networks."
    )


class ForwardTargetEditBody(Body):
    """Changes of a target; absent fields stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [TARGET_EDIT]})

    version: Version
    host: Host | None = None
    port: Port | None = None
    rig: Rig | None = Field(default=None, description="null for all datagrams.")
    is_on: bool | None = None
    allows_internet: bool | None = None

    def facts(self) -> dict[str, Any]:
        """The facts that the client has given."""
        given = self.model_dump(include=self.model_fields_set - {"version"})
        return {name: value for name, value in given.items() if value is not None or name == "rig"}
