"""Where the event loop leaves datagrams for the recorder's thread: no lock, no wait, bounded."""

from __future__ import annotations

from collections import deque
from typing import Final

#: received_at, address, port, listen_port, data: the order in which a datagram is written. A NamedTuple would
#: cost the event loop three times as much to make.
Entry = tuple[float, str, int, int, bytes]

#: What an entry takes in memory besides its data.
_ENTRY_BYTES: Final = 256


class Inbox:
    """A queue from one thread to one other.

    Each number is written by one of the two threads only; that is why none of this needs a lock.

    Attributes:
        dropped: datagrams that found no room.
    """

    def __init__(self, most_bytes: int) -> None:
        """Make it empty, for at most ``most_bytes`` of memory."""
        self.dropped = 0
        self._most_bytes = most_bytes
        self._entries: deque[Entry] = deque()
        self._put_bytes = 0
        self._taken_bytes = 0

    def put(self, data: bytes, address: str, port: int, listen_port: int, received_at: float) -> None:
        """Leave one datagram, or count it as dropped."""
        if self._put_bytes - self._taken_bytes >= self._most_bytes:
            self.dropped += 1
            return
        self._put_bytes += len(data) + _ENTRY_BYTES
        self._entries.append((received_at, address, port, listen_port, data))

    def take(self, most_bytes: int) -> list[Entry]:
        """The oldest entries, about ``most_bytes`` of them; none when it is empty."""
        taken: list[Entry] = []
        size = 0
        while size < most_bytes and self._entries:
            entry = self._entries.popleft()
            taken.append(entry)
            size += len(entry[4]) + _ENTRY_BYTES
        self._taken_bytes += size
        return taken

    @property
    def pending_bytes(self) -> int:
        """What lies in it."""
        return self._put_bytes - self._taken_bytes

    def __len__(self) -> int:
        return len(self._entries)
