"""Datagrams that were read from the socket and wait to be handled, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Final

from f1timings.intake.receiving import Burst

#: Memory for waiting datagrams: about two seconds of 64 rigs. When it is full, the system's buffer fills.
MOST_WAITING_BYTES: Final = 96 * 1024 * 1024
# What Python adds to the payload of a datagram: the objects of its data, its source and its place.
_BYTES_PER_DATAGRAM: Final = 512
# Addresses with a count of their own; further ones are counted together.
_MOST_COUNTED: Final = 256
_DATA: Final = itemgetter(0)

#: The data and the source of each.
Datagrams = Sequence[tuple[bytes, Any]]


class Backlog:
    """A queue with a limit to its memory; only the event loop uses it.

    No address may fill more of the shared part, seven eighths, than is still free there. So one that floods
    the server fills less than half of the queue. An address with little waiting, a 64th, always finds room.
    While all addresses together have no more than that waiting, they are not counted.

    Args:
        most_bytes: when the waiting datagrams take more memory, the queue is full.

    Attributes:
        dropped: datagrams for which their address had no room left, by address.
    """

    def __init__(self, most_bytes: int = MOST_WAITING_BYTES) -> None:
        self.dropped: dict[str, int] = {}
        self._most_bytes = most_bytes
        self._shared, self._always = most_bytes * 7 // 8, most_bytes // 64
        self._bursts: deque[tuple[float, Datagrams]] = deque()
        # How many of the first burst are taken.
        self._taken = 0
        self._count = 0
        self._bytes = 0
        # Those of addresses with something waiting; empty while addresses are not counted.
        self._bytes_of: dict[str, int] = {}

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether no further burst should be added."""
        return self._bytes >= self._most_bytes

    @property
    def oldest_at(self) -> float | None:
        """When the first waiting datagram arrived, seconds since 1970; None if none waits."""
        return self._bursts[0][0] if self._bursts else None

    def add(self, burst: Burst) -> None:
        """Add the datagrams of a burst, except those of addresses that have too many waiting."""
        datagrams: Datagrams = burst.datagrams
        size = _memory_of(datagrams)
        if self._bytes_of or self._bytes + size > self._always:
            datagrams = self._with_room(datagrams)
        else:
            self._bytes += size
        if datagrams:
            self._bursts.append((burst.received_at, datagrams))
            self._count += len(datagrams)

    def take(self, most: int) -> Sequence[tuple[float, Datagrams]]:
        """Remove the first datagrams, at most this many.

        Returns:
            Each time of arrival with its datagrams.
        """
        parts = []
        while most > 0 and self._bursts:
            received_at, datagrams = self._bursts[0]
            part = datagrams[self._taken : self._taken + most]
            parts.append((received_at, part))
            most -= len(part)
            self._taken += len(part)
            self._remove(part)
            if self._taken == len(datagrams):
                self._bursts.popleft()
                self._taken = 0
        return parts

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead while these datagrams wait."""
        self._bursts = deque((at + step_s, datagrams) for at, datagrams in self._bursts)

    def _with_room(self, datagrams: Datagrams) -> Datagrams:
        """Count these datagrams and return them, without those of addresses that have too many waiting."""
        if not self._bytes_of:
            for position, (_, waiting) in enumerate(self._bursts):
                self._count_addresses(waiting if position else waiting[self._taken :])
        bytes_of, kept = self._bytes_of, []
        for datagram in datagrams:
            address = datagram[1][0]
            taken = bytes_of.get(address, 0)
            if taken >= max(self._always, self._shared - self._bytes):
                self._drop(address)
                continue
            size = len(datagram[0]) + _BYTES_PER_DATAGRAM
            bytes_of[address] = taken + size
            self._bytes += size
            kept.append(datagram)
        return kept

    def _count_addresses(self, datagrams: Iterable[tuple[bytes, Any]]) -> None:
        for data, source in datagrams:
            size = len(data) + _BYTES_PER_DATAGRAM
            self._bytes_of[source[0]] = self._bytes_of.get(source[0], 0) + size

    def _remove(self, datagrams: Datagrams) -> None:
        """Note that these datagrams do not wait any more."""
        self._count -= len(datagrams)
        self._bytes -= _memory_of(datagrams)
        if not self._bytes_of:
            return
        if self._bytes <= self._always // 2:
            self._bytes_of.clear()
            return
        for data, source in datagrams:
            left = self._bytes_of[source[0]] - len(data) - _BYTES_PER_DATAGRAM
            # Otherwise a sender that invents addresses would fill the memory with their counts.
            if left:
                self._bytes_of[source[0]] = left
            else:
                del self._bytes_of[source[0]]

    def _drop(self, address: str) -> None:
        if address not in self.dropped and len(self.dropped) >= _MOST_COUNTED:
            address = "others"
        self.dropped[address] = self.dropped.get(address, 0) + 1


def _memory_of(datagrams: Datagrams) -> int:
    return sum(map(len, map(_DATA, datagrams))) + len(datagrams) * _BYTES_PER_DATAGRAM
