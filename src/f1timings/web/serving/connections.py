"""Which connections are accepted, and when one is closed because its client neither sends nor reads."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol, Self

#: Descriptors for the database, the captures, the UDP socket and what is accepted in one go.
RESERVED_DESCRIPTORS: Final = 512
#: Connections besides those of the screens: pages being loaded, programs that read the API.
BESIDES_SCREENS: Final = 1_000
#: Connections that the system queues until the server accepts them.
QUEUED: Final = 256
_SWEEP_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Limits for connections.

    Attributes:
        total: connections at once.
        per_address: connections at once from one address; all behind one proxy share an address.
        head_s: seconds until the head of a request must be there, also that of the first one.
        body_s: seconds until its body must be there.
        read_s: seconds in which a client must read something of an answer that waits for it.
        quiet_bytes: bytes of a head, or between two parts of a body.
        headers: headers of a request.
    """

    total: int = 3_500
    per_address: int = 3_150
    head_s: float = 10.0
    body_s: float = 60.0
    read_s: float = 30.0
    quiet_bytes: int = 32 * 1024
    headers: int = 100

    @classmethod
    def of(cls, screens: int, descriptors: int | None) -> Self:
        """Limits for a number of screens, within the descriptors that the system gives; None if many."""
        wanted = screens + BESIDES_SCREENS
        total = wanted if descriptors is None else min(wanted, max(64, descriptors - RESERVED_DESCRIPTORS))
        return cls(total=total, per_address=max(1, total * 9 // 10))


class Connection(Protocol):
    """A connection, as :class:`Connections` sees it."""

    def owed(self) -> tuple[float, object] | None:
        """What the server waits for: the seconds for it, and what changes with progress; None for nothing."""

    def give_up(self) -> None:
        """Close the connection, because its client did not do in time what it had to."""

    def displace(self) -> None:
        """Close the connection at once, because others need the place."""


@dataclass(slots=True)
class _ConnectionPlace:
    """The place of a connection; ``owed`` is what its client owed since ``since``."""

    address: str
    owed: object = None
    since: float = 0.0


class Connections:
    """All connections of the server. It belongs to the event loop's thread.

    If there is no place for a newcomer, the address with the most connections gives up its newest one, so
    that many connections from one address shut nobody else out.
    """

    def __init__(self, limits: ConnectionLimits | None = None) -> None:
        self.limits = limits or ConnectionLimits()
        self.refused = 0
        self._places: dict[Connection, _ConnectionPlace] = {}
        self._by_address: dict[str, dict[Connection, None]] = {}
        self._largest = ""
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._places)

    def enter(self, connection: Connection, address: str) -> bool:
        """Give a new connection a place; False if there is none."""
        mine = self._by_address.get(address, {})
        is_full = len(self._places) >= self.limits.total
        if len(mine) >= self.limits.per_address or (is_full and not self._make_room(len(mine))):
            self.refused += 1
            return False
        self._places[connection] = _ConnectionPlace(address)
        self._by_address.setdefault(address, {})[connection] = None
        self._keep_looking()
        return True

    def replace(self, old: Connection, new: Connection) -> None:
        """Let another object stand for the same connection: it is a WebSocket now."""
        place = self._places.pop(old, None)
        if place is not None:
            self._places[new] = _ConnectionPlace(place.address)
            del self._by_address[place.address][old]
            self._by_address[place.address][new] = None

    def leave(self, connection: Connection) -> None:
        """Take the place of a connection that was closed, if it had one."""
        place = self._places.pop(connection, None)
        if place is not None:
            others = self._by_address[place.address]
            del others[connection]
            if not others:
                del self._by_address[place.address]

    def look(self, now: float) -> None:
        """Close the connections whose clients are too slow; called once a second."""
        for connection, place in list(self._places.items()):
            owed = connection.owed()
            if owed is None:
                place.owed = None
            elif place.owed != owed[1]:
                place.owed, place.since = owed[1], now
            elif now - place.since >= owed[0]:
                connection.give_up()
        self._largest = max(self._by_address, key=lambda address: len(self._by_address[address]), default="")

    def _keep_looking(self) -> None:
        """Look once a second while there are connections."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)

    def _sweep(self) -> None:
        self._timer = None
        self.look(asyncio.get_running_loop().time())
        if self._places:
            self._keep_looking()

    def _make_room(self, mine: int) -> bool:
        """Close the newest connection of the address with the most, unless that has hardly more."""
        crowd = self._by_address.get(self._largest, {})
        if len(crowd) <= mine + 1:
            return False
        newest = next(reversed(crowd))
        self.leave(newest)
        newest.displace()
        return True
