"""How many requests of one address are answered at the same time; further ones wait for their turn."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

#: Requests of one address that run at once. All share one processor, so more of them are not faster.
MOST_AT_ONCE: Final = 6
#: Requests of one address that wait: the phones of a room behind one proxy.
MOST_WAITING: Final = 500


@dataclass(slots=True)
class _Line:
    """The requests of one address: how many run, and those that wait, the first one first."""

    running: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


class RequestTurns:
    """The lines of all addresses; an address without requests is forgotten."""

    def __init__(self, *, most_at_once: int = MOST_AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._most_at_once = most_at_once
        self._most_waiting = most_waiting
        self._lines: dict[str, _Line] = {}

    def __len__(self) -> int:
        return len(self._lines)

    async def take(self, address: str) -> bool:
        """Wait for a turn; False if too many wait already. Every turn is given back."""
        line = self._lines.setdefault(address, _Line())
        if line.running < self._most_at_once:
            line.running += 1
            return True
        if len(line.waiting) >= self._most_waiting:
            return False
        turn = asyncio.get_running_loop().create_future()
        line.waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(address)  # it came at the same moment
            raise
        return True

    def give_back(self, address: str) -> None:
        """End a turn; the request that has waited longest is next."""
        line = self._lines[address]
        while line.waiting:
            following = line.waiting.popleft()
            if not following.done():
                following.set_result(None)
                return
        line.running -= 1
        if not line.running:
            del self._lines[address]
