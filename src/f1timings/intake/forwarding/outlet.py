"""The socket of one target, with its counters."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from typing import Final, Literal

from f1timings.intake.forwarding.resolving import Found, TargetPlace
from f1timings.meeting.room.forwarding import ForwardTarget

#: A target that sent so many datagrams back is stopped.
MOST_RETURNED: Final = 10

State = Literal[
    "on",
    "off",
    "looking",
    "unknown-name",
    "own-port",
    "no-single-receiver",
    "internet",
    "returned",
    "repeated",
    "unreachable",
]
"""Whether a target is sent to, or why not. ``looking``: its address is not found yet; ``returned``: it sends
back what it gets; ``repeated``: another target has the same address; ``unreachable``: no way leads there."""

Failure = Literal["refused", "unreachable", "full", "too-large", "not-permitted", "unknown"]
"""Why a datagram was not sent: no program listens there; no way leads there; the system's buffer was full; it
is too large; the system does not permit it, for example to a broadcast address."""

_FAILURES: Final[dict[int, Failure]] = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "refused",  # Windows
    errno.ENETUNREACH: "unreachable",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETDOWN: "unreachable",
    errno.EAGAIN: "full",
    errno.EWOULDBLOCK: "full",
    errno.ENOBUFS: "full",
    errno.EMSGSIZE: "too-large",
    errno.EACCES: "not-permitted",
    errno.EPERM: "not-permitted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """What became of the datagrams for one target, since the start or its last change.

    Attributes:
        address: its IP address; None if it is not found.
        sent: given to the system; whether a program received them cannot be known.
        dropped: not sent because of a failure.
        returned: came back from its address with the same bytes; they were not sent on again.
        failure: why the newest of ``dropped`` was not sent.
    """

    state: State
    address: str | None = None
    sent: int = 0
    dropped: int = 0
    returned: int = 0
    failure: Failure | None = None


class Outlet:
    """Sends to one target; only the event loop uses it.

    The socket is connected, so that the system reports a port at which no program listens. It never waits:
    what does not fit into its buffer is dropped and counted.
    """

    def __init__(self, target: ForwardTarget) -> None:
        self.target = target
        self.state: State = "looking" if target.is_on else "off"
        self.place: TargetPlace | None = None
        self.sent = self.dropped = self.returned = 0
        self._failure: Failure | None = None
        self._socket: socket.socket | None = None

    @property
    def is_open(self) -> bool:
        """Whether datagrams are sent."""
        return self._socket is not None

    def handle_found(self, found: Found, taken: set[tuple[TargetPlace, str | None]]) -> None:
        """Send to the place that was found, from a new socket if it is another one or could not be reached.

        Args:
            taken: places of other targets, with their rigs.
        """
        if self.state in ("off", "returned"):
            return
        if not isinstance(found, TargetPlace):
            self._end(found)
        elif any(place == found and self._overlaps(rig) for place, rig in taken):
            self._end("repeated")
        elif found != self.place or self._failure == "unreachable" or not self.is_open:
            self._open(found)

    def send(self, data: bytes) -> None:
        """Send one datagram, or count it as dropped."""
        assert self._socket is not None
        try:
            self._socket.send(data)
            self.sent += 1
        except OSError as error:
            self.dropped += 1
            self._failure = _failure_of(error)

    def handle_return(self) -> bool:
        """Count a datagram that came back; return whether the target was stopped by this one."""
        self.returned += 1
        if self.returned < MOST_RETURNED or self.state == "returned":
            return False
        self._end("returned")
        return True

    def is_at(self, address: str) -> bool:
        """Whether it sends to an IP address, which a socket for IPv6 and IPv4 shows with a prefix."""
        return self.place is not None and self.place.address[0] == address.removeprefix("::ffff:")

    def report(self) -> TargetState:
        """Its state now."""
        return TargetState(
            state=self.state,
            address=None if self.place is None else self.place.address[0],
            sent=self.sent,
            dropped=self.dropped,
            returned=self.returned,
            failure=self._failure,
        )

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _overlaps(self, rig: str | None) -> bool:
        return None in (rig, self.target.rig) or rig == self.target.rig

    def _open(self, place: TargetPlace) -> None:
        self.close()
        self.place, self.state = place, "on"
        sending = socket.socket(place.family, socket.SOCK_DGRAM)
        try:
            sending.setblocking(False)
            sending.connect(place.address)
        except OSError as error:
            sending.close()
            self.state, self._failure = "unreachable", _failure_of(error)
        else:
            self._failure = None if self._failure == "unreachable" else self._failure
            self._socket = sending

    def _end(self, state: State) -> None:
        self.close()
        self.state = state
        if state != "returned":
            self.place = None


def _failure_of(error: OSError) -> Failure:
    return _FAILURES.get(error.errno or 0, "unknown")
