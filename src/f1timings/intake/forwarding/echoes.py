"""The datagrams that were sent on lately, by which one that comes back is noticed."""

from __future__ import annotations

from typing import Final

# More than half a second of ten rigs; in a network, a datagram comes back within milliseconds.
_REMEMBERED: Final = 2_048

Source = tuple[str, int]
"""Address and port from which a datagram came."""


class EchoMemory:
    """Remembers at least the newest 2,048 datagrams with their sources, and at most twice as many."""

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._newest: dict[bytes, Source] = {}
        self._older: dict[bytes, Source] = {}

    def first_source(self, data: bytes) -> Source | None:
        """The source from which these bytes came first; None if they are not remembered."""
        return self._newest.get(data) or self._older.get(data)

    def remember(self, data: bytes, source: Source) -> None:
        """Remember bytes that are not remembered yet."""
        if len(self._newest) >= self._remembered:
            self._older, self._newest = self._newest, {}
        self._newest[data] = source

    def clear(self) -> None:
        """Forget everything."""
        self._newest, self._older = {}, {}
