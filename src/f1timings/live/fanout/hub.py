"""The fan-out: who follows what, when each view is looked at; a slow screen costs no other anything."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from f1timings.live.fanout import messages
from f1timings.live.fanout.client import Client, Following, Screen, ScreenTransport
from f1timings.live.fanout.messages import EVENTS, Announcement
from f1timings.live.fanout.sheet import REMEMBERED
from f1timings.live.fanout.views import EVENTS_VIEW, EventsView, RowView, RowViewKind
from f1timings.live.fanout.wire import EncodedMessage

_log = logging.getLogger(__name__)

PROTOCOL = 2
# Screens that are written to before the loop may do something else: the telemetry comes in there, too.
_AT_ONCE = 200
# Views that nobody looks at are kept for those who come back, up to so many.
_MOST_IDLE = 64
_MOST_VIEWS = 1024
_RIG = re.compile(r"[0-9A-Za-z.:%_-]{1,64}")


class UnknownViewError(Exception):
    """A view that does not exist; the text says which there are."""


@dataclass(frozen=True, slots=True)
class HubLimits:
    """What screens may cost.

    Attributes:
        clients: connections at once.
        per_address: of them from one address; all screens behind one proxy are one address.
        buffer: updates of a view that a screen may miss and still catch up; then a snapshot replaces them.
        stall_s: seconds that a screen may take nothing of what is on its way to it before it is cut.
        heartbeat_s: seconds between signs of life.
        views: that one screen may follow.
    """

    clients: int = 2_500
    per_address: int = 2_250
    buffer: int = REMEMBERED
    stall_s: float = 5.0
    heartbeat_s: float = 2.0
    views: int = 40

    @classmethod
    def of(cls, clients: int) -> HubLimits:
        """For so many connections; a tenth is kept for other addresses than the one with the most."""
        return cls(clients=clients, per_address=max(1, clients * 9 // 10))


class Position(NamedTuple):
    """Where a screen stood in a view before its connection was lost."""

    epoch: str
    seq: int


class ScreenState(NamedTuple):
    """One connected screen, for whoever looks after them.

    Attributes:
        since: seconds since 1970.
        skipped: updates that it got only joined with later ones.
        is_behind: it lacks something at this moment.
    """

    id: str
    screen: Screen
    address: str | None
    since: float
    views: tuple[str, ...]
    skipped: int
    is_behind: bool


@dataclass(slots=True)
class _Watched:
    """A view, the screens that follow it, and when it is looked at next."""

    view: RowView | EventsView
    followers: dict[Client, None] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None
    due: float = 0.0
    has_failed: bool = False


class Hub:
    """All screens and what they follow.

    All but ``publish_threadsafe`` and ``notify_silent`` belongs to the loop's thread.

    Attributes:
        epoch: changes with each start of the server.
        build: what a screen must be built for; it reloads when this is another.
    """

    def __init__(
        self, limits: HubLimits | None = None, clock: Callable[[], float] = time.time, build: str = ""
    ) -> None:
        self.limits = limits or HubLimits()
        self.build = build
        self.epoch = secrets.token_hex(4)
        self._clock = clock
        self._clients: dict[str, Client] = {}
        self._addresses: Counter[str | None] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kinds: dict[str, RowViewKind] = {}
        self._events = EventsView(clock, self.epoch, self.limits.buffer)
        self._views: dict[str, _Watched] = {EVENTS_VIEW: _Watched(self._events)}
        self._made = 0
        self._due: deque[Client] = deque()
        self._is_pumping = False

    # What there is ------------------------------------------------------------------------------------

    def register(self, kind: RowViewKind) -> None:
        """Let screens follow views of this kind."""
        self._kinds[kind.name] = kind

    @property
    def kinds(self) -> Mapping[str, RowViewKind]:
        """The kinds of row views by name."""
        return self._kinds

    @property
    def patterns(self) -> tuple[str, ...]:
        """All views as a screen writes them."""
        return (EVENTS_VIEW, *(kind.pattern for kind in self._kinds.values()))

    @property
    def client_count(self) -> int:
        """Connections at this moment."""
        return len(self._clients)

    def is_full(self, address: str | None = None) -> bool:
        """No further connection may be taken, or none from this address."""
        return (
            len(self._clients) >= self.limits.clients or self._addresses[address] >= self.limits.per_address
        )

    def screens(self) -> list[ScreenState]:
        """The screens that have subscribed, the oldest connection first."""
        return [_state(client) for client in self._clients.values() if client.has_subscribed]

    # Connections --------------------------------------------------------------------------------------

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
            for watched in self._views.values():
                self._rest(watched)

    def connect(self, line: ScreenTransport, address: str | None = None) -> Client:
        """Take a screen; before it subscribes it gets nothing but notices."""
        client = Client(secrets.token_hex(4), line, address, self._clock())
        self._clients[client.id] = client
        self._addresses[address] += 1
        return client

    def disconnect(self, client: Client) -> None:
        """Forget a screen."""
        if self._clients.pop(client.id, None) is not None:
            self._addresses[client.address] -= 1
            self._addresses += Counter()  # forgets addresses without connections
        self._leave(client, ())
        client.close()

    def subscribe(
        self,
        client: Client,
        views: Iterable[str],
        resume: Mapping[str, Position] | None = None,
        screen: Screen | None = None,
    ) -> None:
        """Let a screen follow these views and no others.

        Each begins with a snapshot, or with one update where ``resume`` says how far the screen came and that
        is still remembered.

        Raises:
            UnknownViewError: a view that does not exist; nothing has changed.
        """
        wanted = dict.fromkeys(views)
        for name in wanted:
            self._check(name)
        if not client.has_subscribed:
            client.has_subscribed = True
            client.tell(EncodedMessage.text(messages.hello(PROTOCOL, self.build, self.epoch, self._clock())))
        client.screen = screen or client.screen
        self._leave(client, wanted)
        followings = [(name, self._following(name, client, (resume or {}).get(name))) for name in wanted]
        client.follow(followings)
        client.flush()

    def tell(self, client: Client, message: str) -> None:
        """Send one screen something that is part of no view."""
        client.tell(EncodedMessage.text(message))

    def command(self, id_: str, command: str) -> bool:
        """Let one screen do something; False if there is no such screen."""
        client = self._clients.get(id_)
        if client is None or not client.has_subscribed:
            return False
        client.tell(EncodedMessage.text(messages.command(command)))
        return True

    # News ---------------------------------------------------------------------------------------------

    def publish(self, announcements: Sequence[Announcement]) -> None:
        """Number these and hand them to every screen that follows events; never waits."""
        self._spread([(event, messages.json_text(data)) for event, data in _known(announcements)])

    def publish_threadsafe(self, announcements: Sequence[Announcement]) -> None:
        """As :meth:`publish`, from any thread; encoded there, so that the loop only numbers and hands on.

        Before the hub runs and after it has ended nobody listens, and nothing happens.
        """
        encoded = [(event, messages.json_text(data)) for event, data in _known(announcements)]
        self._in_loop(self._spread, encoded)

    def notify_silent(self, texts: Sequence[str]) -> None:
        """Send these messages to every connection that has never subscribed; from any thread."""
        self._in_loop(self._notify_silent, [EncodedMessage.text(text) for text in texts])

    def _in_loop(self, call: Callable[..., None], *arguments: object) -> None:
        loop = self._loop
        if loop is not None:
            # The loop may close between the look and the call: then nobody listens any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(call, *arguments)

    def _spread(self, encoded: Sequence[tuple[str, str]]) -> None:
        for event, data in encoded:
            self._events.add(event, data)
        self._make_due(self._views[EVENTS_VIEW].followers)

    def _notify_silent(self, wires: Sequence[EncodedMessage]) -> None:
        for client in self._clients.values():
            if not client.has_subscribed:
                for wire in wires:
                    client.tell(wire)

    # Views --------------------------------------------------------------------------------------------

    def _check(self, name: str) -> None:
        word, colon, argument = name.partition(":")
        kind = self._kinds.get(word)
        if name == EVENTS_VIEW or (kind is not None and not kind.is_per_rig and not colon):
            return
        if kind is not None and kind.is_per_rig and _RIG.fullmatch(argument):
            if name not in self._views and len(self._views) >= _MOST_VIEWS:
                raise UnknownViewError("Too many different views are followed at this moment.")
            return
        raise UnknownViewError(f"There is no view {name[:80]!r}; there are: {', '.join(self.patterns)}.")

    def _following(self, name: str, client: Client, position: Position | None) -> Following:
        watched = self._views.get(name) or self._open(name)
        is_first = not watched.followers
        watched.followers[client] = None
        view = watched.view
        if is_first and isinstance(view, RowView):
            view.source.start()
            self._look(watched)
        if position is None or position.epoch != view.epoch or not view.remembers(position.seq):
            return Following(view)
        if position.seq == view.seq:
            self.tell(client, messages.heartbeat(name, view.seq, self._clock()))
        return Following(view, position.seq, view.beat)

    def _open(self, name: str) -> _Watched:
        self._forget_idle()
        word, _, argument = name.partition(":")
        self._made += 1
        view = RowView(
            self._kinds[word],
            argument,
            self._clock,
            f"{self.epoch}.{self._made}",
            self._made % 65_536,
            self.limits.buffer,
        )
        watched = self._views[name] = _Watched(view)
        return watched

    def _leave(self, client: Client, wanted: Iterable[str]) -> None:
        for name in client.followings.keys() - set(wanted):
            watched = self._views[name]
            watched.followers.pop(client, None)
            if not watched.followers:
                self._rest(watched)

    def _rest(self, watched: _Watched) -> None:
        """Nobody looks any more."""
        if watched.timer is not None:
            watched.timer.cancel()
            watched.timer = None
            if isinstance(watched.view, RowView):
                watched.view.source.stop()

    def _forget_idle(self) -> None:
        idle = [name for name, one in self._views.items() if not one.followers and name != EVENTS_VIEW]
        for name in idle[: max(0, len(idle) - _MOST_IDLE + 1)]:
            del self._views[name]

    def _look(self, watched: _Watched) -> None:
        """Look at a row view now and, while somebody follows it, again and again."""
        view = watched.view
        assert isinstance(view, RowView)
        loop = asyncio.get_running_loop()
        # On time again after a late look, but never twice at once.
        watched.due = max(watched.due + view.period_s, loop.time())
        watched.timer = loop.call_at(watched.due, self._look, watched)
        try:
            is_new = view.look()
        except Exception:  # noqa: BLE001 - their supervisor: the fault of one view is not to end the others
            if not watched.has_failed:
                _log.exception("view %s cannot be made", view.sheet.view)
            watched.has_failed = True
            return
        watched.has_failed = False
        if is_new:
            self._make_due(watched.followers)

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
        for _ in range(min(_AT_ONCE, len(due))):
            client = due.popleft()
            client.is_due = False
            client.flush()
        self._is_pumping = bool(due)
        if due:
            asyncio.get_running_loop().call_soon(self._pump)

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        pause = min(self.limits.stall_s, self.limits.heartbeat_s) / 5
        next_beat = loop.time() + self.limits.heartbeat_s
        while True:
            await asyncio.sleep(pause)
            now = loop.time()
            for client in [c for c in self._clients.values() if c.has_stalled(now, self.limits.stall_s)]:
                self.disconnect(client)
                client.cut()
            if now >= next_beat:
                next_beat = now + self.limits.heartbeat_s
                self._beat()

    def _beat(self) -> None:
        for watched in self._views.values():
            if watched.followers:
                watched.view.beat += 1
                self._make_due(watched.followers)


def _state(client: Client) -> ScreenState:
    return ScreenState(
        client.id,
        client.screen,
        client.address,
        client.since,
        tuple(client.followings),
        client.skipped,
        client.is_behind,
    )


def _known(announcements: Sequence[Announcement]) -> Sequence[Announcement]:
    for announcement in announcements:
        if announcement.event not in EVENTS:
            raise KeyError(announcement.event)
    return announcements
