"""Ports that gave their place to another port, and what turned out to be of another rig."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from f1timings.packets import Header
from f1timings.rigs.status import Endpoint, RigStatus, Stream


class FormerPort(NamedTuple):
    """A port from which a rig sent before, and the stream that it sent then (UID 0: unknown).

    Attributes:
        replaced_at: when another port took its place, at the earliest; None if that is unknown.
    """

    key: str
    session_uid: int
    player_car_index: int
    frame: int
    packet_format: int | None = None
    replaced_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """Streams of a rig that turned out to be another rig.

    Attributes:
        rig: the rig to which they were assigned before.
        own: their own rig.
        streams: None for the sessions that were opened from some ports.
        ports: these ports.
        resumed_uid: UID of the stream that is the rig's own, and which goes on now.
        taken_over: between which moments these ports had the place of the rig; None if that is unknown. A
            seat that began between them may be meant for either rig.
    """

    rig: RigStatus
    own: RigStatus
    streams: frozenset[Stream] | None = None
    ports: frozenset[Endpoint] = frozenset()
    resumed_uid: int
    taken_over: tuple[float, float] | None = None


def goes_on(former: FormerPort, header: Header) -> bool:
    """Whether a packet belongs to the session that was driven from a port before, and comes after it."""
    return (
        former.session_uid == header.session_uid != 0
        and former.player_car_index == header.player_car_index
        and former.frame <= header.frame_identifier
    )


def keys_for(endpoint: Endpoint) -> Iterable[str]:
    """Keys for a new rig, the shortest first; ports are added only where the address alone is in use."""
    address, port, listen_port = endpoint
    yield address
    yield f"{address}:{port}"
    yield f"{address}:{port}:{listen_port}"
    yield from (f"{address}:{port}:{listen_port}:{number}" for number in range(2, 1 << 30))
