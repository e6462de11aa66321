"""The JSON of the lock of the rigs, and of the strangers that it refuses."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from f1timings.live.fanout.messages import utc_text
from f1timings.meeting.room.rig_lock import MOST_ADDRESSES, RigLock
from f1timings.rigs.lock import Stranger, plain_address
from f1timings.web.http.acting import Version
from f1timings.web.http.bodies import Body, Timestamp

CLAIMED_RIG: dict[str, Any] = {"rig": "192.168.1.23", "label": "Rig 3"}
STRANGER: dict[str, Any] = {
    "address": "192.168.1.77",
    "refused": 1204,
    "is_game": True,
    "claims": CLAIMED_RIG,
    "last_received_at": "2026-11-22T16:12:00.123Z",
}
LOCK: dict[str, Any] = {
    "is_locked": True,
    "addresses": ["192.168.1.21", "192.168.1.22", "192.168.1.23"],
    "version": 41,
    "strangers": [STRANGER],
}
LOCK_EDIT: dict[str, Any] = {
    "version": 0,
    "is_locked": True,
    "addresses": ["192.168.1.21", "192.168.1.22", "192.168.1.23"],
}
ADDRESS: dict[str, Any] = {"address": "192.168.1.77"}

Address = Annotated[str, Field(min_length=1, max_length=64)]


class ClaimedRigBody(Body):
    """A rig that drives a session which another address sends too."""

    model_config = ConfigDict(json_schema_extra={"examples": [CLAIMED_RIG]})

    rig: str
    label: str = Field(description="The name that screens show.")


class StrangerBody(Body):
    """An address that is none of the locked rigs, or that claims the session of a rig."""

    model_config = ConfigDict(json_schema_extra={"examples": [STRANGER]})

    address: str = Field(description="`others` for all addresses above 256.")
    refused: int = Field(description="Datagrams that the lock refused; 0 for a rig that may send.")
    is_game: bool = Field(description="It sends telemetry of a game.")
    claims: ClaimedRigBody | None = Field(
        description="A live rig, if it sends the session of that rig with the same car; else null."
    )
    last_received_at: Timestamp

    @classmethod
    def of(cls, stranger: Stranger, label: str | None) -> Self:
        """Build the body of a stranger.

        Args:
            label: of the rig that it claims to be.
        """
        claims = (
            None if stranger.claims is None else ClaimedRigBody(rig=stranger.claims, label=label or "Rig")
        )
        return cls(
            address=plain_address(stranger.address),
            refused=stranger.refused,
            is_game=stranger.is_game,
            claims=claims,
            last_received_at=utc_text(stranger.last_at),
        )


class RigLockBody(Body):
    """Whether only some addresses may send telemetry, which, and which others try."""

    model_config = ConfigDict(json_schema_extra={"examples": [LOCK]})

    is_locked: bool
    addresses: list[str] = Field(description="Those that may send; empty while the rigs are not locked.")
    version: int = Field(description="Send it with a change; 0 before the first one.")
    strangers: list[StrangerBody] = Field(
        description="Heard in the last ten minutes, the one with the most refused datagrams first."
    )

    @classmethod
    def of(cls, lock: RigLock, strangers: list[StrangerBody]) -> Self:
        """Build the body of the lock."""
        return cls(
            is_locked=lock.is_locked,
            addresses=list(lock.addresses),
            version=lock.seq,
            strangers=strangers,
        )


class RigLockEditBody(Body):
    """Locks the rigs, or unlocks them."""

    model_config = ConfigDict(json_schema_extra={"examples": [LOCK_EDIT]})

    version: Version
    is_locked: bool
    addresses: list[Address] | None = Field(
        default=None,
        max_length=MOST_ADDRESSES,
        description="IP addresses that may send; without them, those of the rigs that were heard in the last "
        "24 hours.",
    )


class AdmittedAddressBody(Body):
    """An address that may send from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [ADDRESS]})

    address: Address
