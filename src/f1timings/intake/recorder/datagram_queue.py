"""The queue from the event loop to the thread of the recorder: no lock, no waiting, limited memory."""

from __future__ import annotations

from collections import deque
from typing import Final

#: received_at, address, port, listen_port, data: the arguments of ``PcapngWriter.write``. A plain tuple,
#: because creating a NamedTuple takes three times as long, in the event loop.
QueuedDatagram = tuple[float, str, int, int, bytes]

#: Memory of a queued datagram besides its data.
_OVERHEAD_BYTES: Final = 256


class DatagramQueue:
    """A queue between two threads: one puts, one removes.

    Each counter is written by only one of the two threads. That is why no lock is needed.

    Attributes:
        dropped: datagrams that did not fit.
    """

    def __init__(self, max_bytes: int) -> None:
        """Create an empty queue that uses at most about ``max_bytes`` of memory."""
        self.dropped = 0
        self._max_bytes = max_bytes
        self._datagrams: deque[QueuedDatagram] = deque()
        self._put_bytes = 0
        self._removed_bytes = 0

    def put(self, data: bytes, address: str, port: int, listen_port: int, received_at: float) -> None:
        """Append one datagram, or count it as dropped if the queue is full."""
        if self._put_bytes - self._removed_bytes >= self._max_bytes:
            self.dropped += 1
            return
        self._put_bytes += len(data) + _OVERHEAD_BYTES
        self._datagrams.append((received_at, address, port, listen_port, data))

    def pop_batch(self, max_bytes: int) -> list[QueuedDatagram]:
        """Remove and return the oldest datagrams, about ``max_bytes`` of them; an empty list if none wait."""
        batch: list[QueuedDatagram] = []
        size = 0
        while size < max_bytes and self._datagrams:
            datagram = self._datagrams.popleft()
            batch.append(datagram)
            size += len(datagram[4]) + _OVERHEAD_BYTES
        self._removed_bytes += size
        return batch

    @property
    def pending_bytes(self) -> int:
        """Memory of the waiting datagrams."""
        return self._put_bytes - self._removed_bytes

    def __len__(self) -> int:
        return len(self._datagrams)
