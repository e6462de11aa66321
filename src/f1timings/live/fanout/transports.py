"""How the hub writes to a screen: what it needs of a connection, and a transport for any server."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from f1timings.live.fanout.encoded_message import EncodedMessage

Send = Callable[[EncodedMessage], Awaitable[None]]


class ScreenTransport(Protocol):
    """The connection to one screen.

    Attributes:
        on_ready: called when the transport becomes ready again.
    """

    on_ready: Callable[[], None]

    @property
    def is_ready(self) -> bool:
        """Whether a message can be written without queueing behind another."""

    @property
    def delivered(self) -> int | None:
        """A number that grows while the other end receives; None if nothing is in transit."""

    def write(self, message: EncodedMessage) -> None:
        """Write one message; never waits."""

    def abort(self) -> None:
        """Close the connection at once."""


def ignore_readiness() -> None:
    """``on_ready`` of a transport without a client."""


class PlainTransport:
    """A transport over any server's ``send``: one message is in transit at a time.

    Args:
        send: sends one message and returns when the next may be sent.

    Attributes:
        sender: the task that sends; it ends when the connection fails.
    """

    def __init__(self, send: Send) -> None:
        self.on_ready: Callable[[], None] = ignore_readiness
        self._send = send
        self._queued: deque[EncodedMessage] = deque()
        self._is_sending = False
        self._sent = 0
        self._wake = asyncio.Event()
        self.sender: asyncio.Task[None] = asyncio.create_task(self._send_forever())

    @property
    def is_ready(self) -> bool:
        """Whether nothing is in transit."""
        return not self._queued and not self._is_sending

    @property
    def delivered(self) -> int | None:
        """How many messages were sent."""
        return None if self.is_ready else self._sent

    def write(self, message: EncodedMessage) -> None:
        """Queue one message for the task that sends."""
        self._queued.append(message)
        self._wake.set()

    def abort(self) -> None:
        """Cancel the task that sends."""
        self.sender.cancel()

    async def _send_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queued:
                self._is_sending = True
                await self._send(self._queued.popleft())
                self._is_sending, self._sent = False, self._sent + 1
                self.on_ready()
