"""Find the addresses of hosts in a thread of its own: a name server that does not answer holds up nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from threading import Condition, Thread
from typing import Final, Literal, NamedTuple

from f1timings.meeting.room.forwarding import ForwardTarget, Obstacle, obstacle_of

#: A name may get another address, and this machine too.
RESOLVE_EVERY_S: Final = 30.0


class TargetPlace(NamedTuple):
    """Where the socket of a target sends to.

    Attributes:
        family: of the socket.
        address: of the socket; the first part is the IP address as text.
    """

    family: int
    address: tuple[str, int]


Found = TargetPlace | Obstacle | Literal["unknown-name"]


def find_place(host: str, port: int, *, own_port: int, allows_internet: bool) -> Found:
    """The place of a host, or why there is none. May wait for a name server.

    Args:
        own_port: the UDP port at which this program receives, at whatever address of this machine.
        allows_internet: the address may be outside of this site.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return "unknown-name"
    # Games and their tools use IPv4.
    places = sorted({TargetPlace(entry[0], entry[4]) for entry in found}, key=_preference)  # type: ignore[arg-type]
    if port == own_port and any(_is_local(place) for place in places):
        return "own-port"
    if not places:
        return "unknown-name"
    address = ip_address(places[0].address[0])
    return obstacle_of(address, allows_internet=allows_internet) or places[0]


def _preference(place: TargetPlace) -> tuple[bool, tuple[str, int]]:
    return place.family != socket.AF_INET, place.address


def _is_local(place: TargetPlace) -> bool:
    """Whether an address is one of this machine: only then can a socket be bound to it."""
    try:
        with socket.socket(place.family, socket.SOCK_DGRAM) as probe:
            probe.bind((place.address[0], 0, *place.address[2:]))
    except OSError:
        return False
    return True


class PlaceWatch:
    """Finds the places of targets when they change, and again every 30 s; a daemon thread.

    Args:
        find: finds the place of one target.
        deliver: called in the thread with each target and what was found.
    """

    def __init__(
        self,
        find: Callable[[ForwardTarget], Found],
        deliver: Callable[[ForwardTarget, Found], None],
        every_s: float = RESOLVE_EVERY_S,
    ) -> None:
        self._find = find
        self._deliver = deliver
        self._every_s = every_s
        self._changed = Condition()
        self._targets: Sequence[ForwardTarget] = ()
        self._must_look = self._is_stopped = False
        self._thread: Thread | None = None

    def watch(self, targets: Sequence[ForwardTarget]) -> None:
        """Look for the places of these targets from now on; from any thread."""
        with self._changed:
            self._targets = targets
            self._must_look = True
            if targets and self._thread is None and not self._is_stopped:
                self._thread = Thread(target=self._run, name="forward-places", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def stop(self) -> None:
        """End the thread. It is not awaited, because it may wait for a name server."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._must_look or self._is_stopped, self._every_s)
                if self._is_stopped:
                    return
                self._must_look = False
                # A name may take seconds, so addresses come first.
                targets = sorted(self._targets, key=lambda target: not _is_address(target.host))
            for target in targets:
                self._deliver(target, self._find(target))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
