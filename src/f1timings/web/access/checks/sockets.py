"""Every open socket, looked at again and again: what let it in may end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from f1timings.web.access.accounts.directory import AccessDirectory
from f1timings.web.access.checks.identity import Identity
from f1timings.web.access.checks.policy import SOCKET, is_allowed

# A socket goes on for 5 s at most after its right has ended; this leaves time for a slow farewell.
_LOOK_EVERY_S: Final = 1.0


@dataclass(eq=False, slots=True)
class _Socket:
    """One socket that is open, and whether it must end."""

    identity: Identity
    ended: asyncio.Event


class OpenSockets:
    """Every open socket; each is looked at again and again, as what let it in may end."""

    def __init__(self, known: AccessDirectory) -> None:
        self._known = known
        self._open: set[_Socket] = set()

    @contextlib.contextmanager
    def open(self, identity: Identity) -> Iterator[asyncio.Event]:
        """A place for one socket; gives the event that it must end."""
        socket = _Socket(identity, asyncio.Event())
        self._open.add(socket)
        try:
            yield socket.ended
        finally:
            self._open.discard(socket)

    async def watch(self) -> None:
        """Look at all of them, for ever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            for socket in self._open:
                now = self._known.still(socket.identity)
                if now.wrong or not is_allowed(SOCKET, now.actor, self._known.reading):
                    socket.ended.set()
