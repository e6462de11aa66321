"""Datagrams that were read from the socket and wait to be handled, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from f1timings.intake.receiving import Burst

#: Memory for waiting datagrams: about two seconds of 64 rigs. When it is full, the system's buffer fills.
MOST_WAITING_BYTES: Final = 96 * 1024 * 1024
# What Python adds to the payload of a datagram: the objects of its data, its source and its place.
_BYTES_PER_DATAGRAM: Final = 512
# Addresses with a count of their own; further ones are counted together.
_MOST_COUNTED: Final = 256


class Backlog:
    """A queue with a limit to its memory; only the event loop uses it.

    No address may fill more of the shared part, seven eighths, than is still free there. So one that floods
    the server fills less than half of the queue. An address with little waiting, a 64th, always finds room.

    Args:
        most_bytes: when the waiting datagrams take more memory, the queue is full.

    Attributes:
        dropped: datagrams for which their address had no room left, by address.
    """

    def __init__(self, most_bytes: int = MOST_WAITING_BYTES) -> None:
        self.dropped: dict[str, int] = {}
        self._most_bytes = most_bytes
        self._shared, self._always = most_bytes * 7 // 8, most_bytes // 64
        self._waiting: deque[tuple[float, bytes, Any]] = deque()
        self._bytes = 0
        self._bytes_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether no further burst should be added."""
        return self._bytes >= self._most_bytes

    @property
    def oldest_at(self) -> float | None:
        """When the first waiting datagram arrived, seconds since 1970; None if none waits."""
        return self._waiting[0][0] if self._waiting else None

    def add(self, burst: Burst) -> None:
        """Add the datagrams of a burst, except those of addresses that have too many waiting."""
        bytes_of, waiting = self._bytes_of, self._waiting
        for data, source in burst.datagrams:
            taken = bytes_of.get(source[0], 0)
            if taken >= max(self._always, self._shared - self._bytes):
                self._drop(source[0])
                continue
            size = len(data) + _BYTES_PER_DATAGRAM
            bytes_of[source[0]] = taken + size
            waiting.append((burst.received_at, data, source))
            self._bytes += size

    def take(self, most: int) -> Sequence[tuple[float, bytes, Any]]:
        """Remove the first datagrams, at most this many; each with the time of its arrival and its source."""
        taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        if not self._waiting:
            self._bytes = 0
            self._bytes_of.clear()
            return taken
        for _, data, source in taken:
            size = len(data) + _BYTES_PER_DATAGRAM
            self._bytes -= size
            self._bytes_of[source[0]] -= size
        return taken

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead while these datagrams wait."""
        self._waiting = deque((at + step_s, data, source) for at, data, source in self._waiting)

    def _drop(self, address: str) -> None:
        if address not in self.dropped and len(self.dropped) >= _MOST_COUNTED:
            address = "others"
        self.dropped[address] = self.dropped.get(address, 0) + 1
