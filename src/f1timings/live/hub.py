"""The fan-out: each screen has its own bounded buffer and sender, so a slow one costs no other anything."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from f1timings.live import messages
from f1timings.live.messages import EVENTS, Announcement

Send = Callable[[str], Awaitable[None]]

EVENTS_VIEW = "events"
VIEWS = frozenset({EVENTS_VIEW})


@dataclass(frozen=True, slots=True)
class HubLimits:
    """What one screen may cost.

    Attributes:
        clients: connections at once.
        buffer: messages that wait for one slow screen; when they are more, one snapshot replaces them all.
        stall_s: seconds that one message may take before the screen is cut.
        heartbeat_s: seconds between signs of life.
    """

    clients: int = 500
    buffer: int = 256
    stall_s: float = 5.0
    heartbeat_s: float = 5.0


class Client:
    """One screen: the messages that wait for it and the task that sends them.

    Attributes:
        views: what it has subscribed to.
        sender: ends when the connection fails, or is cancelled when the screen is cut or leaves.
        is_stalled: it was cut because it took no message for too long.
        skipped: messages that a snapshot replaced because the screen was too slow.
    """

    def __init__(self, send: Send, limit: int) -> None:
        self.views: frozenset[str] = frozenset()
        self.is_stalled = False
        self.skipped = 0
        self._send = send
        self._limit = limit
        self._waiting: deque[str] = deque()
        self._wake = asyncio.Event()
        self._sending_since: float | None = None
        self.sender: asyncio.Task[None] = asyncio.create_task(self._send_for_ever())

    def offer(self, message: str, instead: Callable[[], str]) -> None:
        """Queue one message; never waits.

        Args:
            message: the text.
            instead: makes the snapshot that takes the place of everything when the buffer is full.
        """
        if len(self._waiting) >= self._limit:
            self.skipped += len(self._waiting) + 1
            self._waiting.clear()
            message = instead()
        self._waiting.append(message)
        self._wake.set()

    def has_stalled(self, now: float, stall_s: float) -> bool:
        """Whether one message has been on its way for longer than ``stall_s`` (``now``: the loop's clock)."""
        return self._sending_since is not None and now - self._sending_since > stall_s

    def cut(self) -> None:
        """Give the screen up; its sender ends, whatever it is waiting for."""
        self.is_stalled = True
        self.sender.cancel()

    async def _send_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                self._sending_since = loop.time()
                await self._send(self._waiting.popleft())
                self._sending_since = None


class Hub:
    """All screens and what they follow; all but ``publish_threadsafe`` belongs to the loop's thread."""

    def __init__(self, limits: HubLimits | None = None, clock: Callable[[], float] = time.time) -> None:
        self._limits = limits or HubLimits()
        self._clock = clock
        self._clients: set[Client] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._seq = 0

    @property
    def client_count(self) -> int:
        """Connections at this moment."""
        return len(self._clients)

    @property
    def is_full(self) -> bool:
        """No further connection may be taken."""
        return len(self._clients) >= self._limits.clients

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While open: heartbeats go out, stalled screens are cut, other threads may publish."""
        self._loop = asyncio.get_running_loop()
        keeper = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            self._loop = None
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper

    def connect(self, send: Send) -> Client:
        """Take a screen; it gets nothing before it subscribes."""
        client = Client(send, self._limits.buffer)
        self._clients.add(client)
        return client

    def disconnect(self, client: Client) -> None:
        """Forget a screen and end its sender."""
        self._clients.discard(client)
        client.sender.cancel()

    def subscribe(self, client: Client, views: Iterable[str]) -> None:
        """Let a screen follow these views and no others; each begins with a snapshot.

        Raises:
            KeyError: a view that does not exist.
        """
        wanted = frozenset(views)
        if unknown := wanted - VIEWS:
            raise KeyError(min(unknown))
        client.views = wanted
        for _view in wanted:
            client.offer(self._snapshot(), self._snapshot)

    def tell(self, client: Client, message: str) -> None:
        """Send one screen something that is part of no view."""
        client.offer(message, self._snapshot)

    def publish(self, announcements: Sequence[Announcement]) -> None:
        """Number these and hand them to every screen that follows events; never waits."""
        self._spread([(event, messages.json_text(data)) for event, data in _known(announcements)])

    def publish_threadsafe(self, announcements: Sequence[Announcement]) -> None:
        """As :meth:`publish`, from any thread; encoded there, so that the loop only numbers and hands on.

        Before the hub runs and after it has ended nobody listens, and nothing happens.
        """
        encoded = [(event, messages.json_text(data)) for event, data in _known(announcements)]
        loop = self._loop
        if loop is not None:
            # The loop may close between the look and the call: then nobody listens any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._spread, encoded)

    def _spread(self, encoded: Sequence[tuple[str, str]]) -> None:
        for event, data in encoded:
            self._seq += 1
            self._offer_all(messages.update(EVENTS_VIEW, self._seq, event, data))

    def _offer_all(self, message: str) -> None:
        for client in self._clients:
            if EVENTS_VIEW in client.views:
                client.offer(message, self._snapshot)

    def _snapshot(self) -> str:
        return messages.snapshot(EVENTS_VIEW, self._seq, self._clock())

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        pause = min(self._limits.stall_s, self._limits.heartbeat_s) / 5
        next_beat = loop.time() + self._limits.heartbeat_s
        while True:
            await asyncio.sleep(pause)
            now = loop.time()
            for client in [c for c in self._clients if c.has_stalled(now, self._limits.stall_s)]:
                self._clients.discard(client)
                client.cut()
            if now >= next_beat:
                next_beat = now + self._limits.heartbeat_s
                self._offer_all(messages.heartbeat(EVENTS_VIEW, self._seq, self._clock()))


def _known(announcements: Sequence[Announcement]) -> Sequence[Announcement]:
    for announcement in announcements:
        if announcement.event not in EVENTS:
            raise KeyError(announcement.event)
    return announcements
