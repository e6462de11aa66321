"""The fan-out: connects screens and hands them what is new in their views; a slow screen delays no other."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from f1timings.errors import StoreTrouble
from f1timings.live.fanout import messages
from f1timings.live.fanout.client import Client, Following, Screen, ScreenState
from f1timings.live.fanout.encoded_message import EncodedMessage
from f1timings.live.fanout.guessed_views import GuessedViews
from f1timings.live.fanout.limits import HubLimits
from f1timings.live.fanout.messages import EVENTS, Announcement
from f1timings.live.fanout.transports import ScreenTransport
from f1timings.live.fanout.view_register import ViewRefused, ViewRegister
from f1timings.live.fanout.views import RowViewKind

PROTOCOL = 2
# Screens that are written to before the loop may do something else: it receives the telemetry, too.
_MAX_AT_ONCE = 200


class Position(NamedTuple):
    """How far a screen had come in a view before its connection was lost."""

    epoch: str
    seq: int


class Hub:
    """All screens and the views that they follow.

    It belongs to the event loop's thread, except ``publish_threadsafe``, ``notify_unsubscribed`` and
    ``has_unsubscribed``.

    Attributes:
        epoch: differs for each start of the server.
        build: the build of the pages; a screen with another build reloads.
    """

    def __init__(
        self,
        limits: HubLimits | None = None,
        *,
        clock: Callable[[], float],
        build: str = "",
    ) -> None:
        self.limits = limits or HubLimits()
        self.build = build
        self.epoch = secrets.token_hex(4)
        self._clock = clock
        self._clients: dict[str, Client] = {}
        self._unsubscribed = 0
        self._addresses: Counter[str | None] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._guessed = GuessedViews(
            most=self.limits.guessed, most_per_address=self.limits.guessed_per_address
        )
        self._views = ViewRegister(
            epoch=self.epoch,
            clock=clock,
            remembered=self.limits.buffer,
            remembered_events=self.limits.events,
            on_new=self._make_due,
            guessed=self._guessed,
        )
        self._due: deque[Client] = deque()
        self._is_pumping = False
        self._trouble: StoreTrouble | None = None

    def register(self, kind: RowViewKind) -> None:
        """Let screens follow views of this kind."""
        self._views.register(kind)

    def follow_rigs(self, knows_rig: Callable[[str], bool]) -> None:
        """Let everybody follow the views of the rigs for which ``knows_rig`` is true."""
        self._guessed.knows_rig = knows_rig

    @property
    def kinds(self) -> Mapping[str, RowViewKind]:
        """The kinds of row views by name."""
        return self._views.kinds

    # Connections --------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send heartbeats, disconnect stalled screens, and accept what other threads publish."""
        self._loop = asyncio.get_running_loop()
        maintenance = asyncio.create_task(self._maintain())
        try:
            yield
        finally:
            self._loop = None
            maintenance.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await maintenance
            self._views.stop()

    @property
    def client_count(self) -> int:
        """Connections at this moment."""
        return len(self._clients)

    @property
    def has_unsubscribed(self) -> bool:
        """Whether a connection has never subscribed, like those of the older program; from any thread."""
        return self._unsubscribed > 0

    def is_full(self, address: str | None = None) -> bool:
        """Whether no further connection is accepted, or none from this address."""
        return (
            len(self._clients) >= self.limits.clients or self._addresses[address] >= self.limits.per_address
        )

    def screens(self) -> list[ScreenState]:
        """The screens that have subscribed, the oldest connection first."""
        return [client.state for client in self._clients.values() if client.has_subscribed]

    def connect(self, transport: ScreenTransport, address: str | None = None) -> Client:
        """Add a screen; before it subscribes it gets only notifications."""
        client = Client(secrets.token_hex(4), transport, address=address, since=self._clock())
        self._clients[client.id] = client
        self._unsubscribed += 1
        self._addresses[address] += 1
        return client

    def disconnect(self, client: Client) -> None:
        """Remove a screen."""
        if self._clients.pop(client.id, None) is not None:
            self._unsubscribed -= not client.has_subscribed
            self._addresses[client.address] -= 1
            self._addresses += Counter()  # removes addresses without connections
        self._leave_others(client, ())
        client.close()

    def subscribe(
        self,
        client: Client,
        views: Iterable[str],
        resume: Mapping[str, Position] | None = None,
        *,
        screen: Screen | None = None,
    ) -> None:
        """Let a screen follow these views and no others.

        Each begins with a snapshot, or with one update if ``resume`` has a position that is still remembered.
        A view that cannot be followed is refused by a message of its own; the others are followed.
        """
        wanted = dict.fromkeys(views)
        if not client.has_subscribed:
            client.has_subscribed = True
            self._unsubscribed -= client.id in self._clients
            self.send(client, messages.hello(PROTOCOL, self.build, self.epoch, self._clock()))
            if self._trouble is not None:
                self.send(client, messages.storage(self._trouble))
        client.screen = screen or client.screen
        self._leave_others(client, wanted)
        positions = resume or {}
        followings: list[tuple[str, Following]] = []
        for name in wanted:
            try:
                followings.append((name, self._follow(name, client, positions.get(name))))
            except ViewRefused as refusal:
                self.send(client, messages.error("View refused", str(refusal), view=name))
        client.follow(followings)
        client.flush()

    def send(self, client: Client, message: str) -> None:
        """Send one screen a message that belongs to no view."""
        client.send(EncodedMessage.text(message))

    def report_storage(self, trouble: StoreTrouble | None) -> None:
        """Let every screen show that nothing can be stored; None ends it. Each change is sent once."""
        if trouble == self._trouble:
            return
        self._trouble = trouble
        message = EncodedMessage.text(messages.storage(trouble))
        for client in self._clients.values():
            if client.has_subscribed:
                client.send(message)

    def command(self, id_: str, command: str) -> bool:
        """Send a command to one screen; False if there is no such screen."""
        client = self._clients.get(id_)
        if client is None or not client.has_subscribed:
            return False
        self.send(client, messages.command(command))
        return True

    def _follow(self, name: str, client: Client, position: Position | None) -> Following:
        view = self._views.follow(name, client)
        if position is None or position.epoch != view.epoch or not view.remembers(position.seq):
            return Following(view)
        if position.seq == view.seq:
            self.send(client, messages.heartbeat(name, view.seq, self._clock()))
        return Following(view, position.seq, view.heartbeat_number)

    def _leave_others(self, client: Client, wanted: Iterable[str]) -> None:
        for name in client.followings.keys() - set(wanted):
            self._views.leave(name, client)

    # Publishing ---------------------------------------------------------------------------------------

    def publish(self, announcements: Sequence[Announcement]) -> None:
        """Number these events and send them to every screen that follows ``events``; never waits."""
        self._publish_encoded(_encode(announcements))

    def publish_threadsafe(self, announcements: Sequence[Announcement]) -> None:
        """As :meth:`publish`, from any thread; encodes in that thread to relieve the event loop.

        Does nothing before the hub runs and after it has ended.
        """
        if announcements:
            self._call_in_loop(self._publish_encoded, _encode(announcements))

    def notify_unsubscribed(self, texts: Sequence[str]) -> None:
        """Send these messages to every connection that has never subscribed; from any thread."""
        if texts:
            self._call_in_loop(self._notify_unsubscribed, [EncodedMessage.text(text) for text in texts])

    def _call_in_loop(self, call: Callable[..., None], *arguments: object) -> None:
        loop = self._loop
        if loop is not None:
            # The loop may close in between; then there are no screens any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(call, *arguments)

    def _publish_encoded(self, events: Sequence[tuple[str, str]]) -> None:
        for event, data in events:
            self._views.events.add(event, data)
        self._make_due(self._views.event_followers)

    def _notify_unsubscribed(self, notifications: Sequence[EncodedMessage]) -> None:
        for client in self._clients.values():
            if not client.has_subscribed:
                for notification in notifications:
                    client.send(notification)

    # Fan-out ------------------------------------------------------------------------------------------

    def _make_due(self, clients: Iterable[Client]) -> None:
        due = self._due
        for client in clients:
            if not client.is_due:
                client.is_due = True
                due.append(client)
        if due and not self._is_pumping:
            self._is_pumping = True
            asyncio.get_running_loop().call_soon(self._pump)

    def _pump(self) -> None:
        """Write to some screens, then let the loop do something else before the next."""
        due = self._due
        for _ in range(min(_MAX_AT_ONCE, len(due))):
            client = due.popleft()
            client.is_due = False
            client.flush()
        self._is_pumping = bool(due)
        if due:
            asyncio.get_running_loop().call_soon(self._pump)

    async def _maintain(self) -> None:
        """Disconnect stalled screens and send heartbeats."""
        loop = asyncio.get_running_loop()
        pause = min(self.limits.stall_s, self.limits.heartbeat_s) / 5
        next_beat = loop.time() + self.limits.heartbeat_s
        while True:
            await asyncio.sleep(pause)
            now = loop.time()
            stalled = [c for c in self._clients.values() if c.has_stalled(now, self.limits.stall_s)]
            for client in stalled:
                self.disconnect(client)
                client.abort()
            if now >= next_beat:
                next_beat = now + self.limits.heartbeat_s
                for followers in self._views.beat():
                    self._make_due(followers)


def _encode(announcements: Sequence[Announcement]) -> list[tuple[str, str]]:
    """Events with their data as JSON text.

    Raises:
        KeyError: there is no such event.
    """
    for announcement in announcements:
        if announcement.event not in EVENTS:
            raise KeyError(announcement.event)
    return [(event, messages.json_text(data)) for event, data in announcements]
