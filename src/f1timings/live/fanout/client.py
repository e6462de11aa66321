"""One screen: the views that it follows, how far it has come in each, and its transport."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from f1timings.live.fanout.encoded_message import EncodedMessage
from f1timings.live.fanout.transports import ScreenTransport, ignore_readiness

# Answers and notices queued for one screen; a screen that reads its messages has none.
_MAX_QUEUED = 64


class View(Protocol):
    """What a screen follows.

    Attributes:
        seq: number of its newest update.
        heartbeat_number: number of its newest heartbeat.
        frame_number: number of its newest binary frame, 0 if it has none.
        frame_message: that frame.
    """

    seq: int
    heartbeat_number: int
    frame_number: int
    frame_message: EncodedMessage

    @property
    def heartbeat_message(self) -> EncodedMessage:
        """The newest heartbeat; it carries the number of the newest update."""

    def next_message(self, seq: int) -> tuple[EncodedMessage, int]:
        """The message after update ``seq``, and the number of its update; -1 requests a snapshot."""


@dataclass(slots=True)
class Following:
    """How far one screen has come in one view; ``seq`` is -1 before its snapshot."""

    view: View
    seq: int = -1
    heartbeat_number: int = 0
    frame_number: int = 0

    def write_signs(self, transport: ScreenTransport) -> bool:
        """Write the newest heartbeat and frame if they are new; False if the transport was not ready."""
        if self.heartbeat_number != self.view.heartbeat_number:
            if not transport.is_ready:
                return False
            self.heartbeat_number = self.view.heartbeat_number
            transport.write(self.view.heartbeat_message)
        if self.frame_number != self.view.frame_number:
            if not transport.is_ready:
                return False
            self.frame_number = self.view.frame_number
            transport.write(self.view.frame_message)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a screen reports about itself.

    Attributes:
        name / page / code: its name, the page that it shows, and the code drawn on it.
        scene: the scene that it shows.
    """

    name: str | None = None
    page: str | None = None
    code: str | None = None
    scene: str | None = None

    @property
    def key(self) -> str | None:
        """How staff name it: its name, or its code if it has none; None for other programs."""
        return self.name or self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenState:
    """One connected screen, as staff see it.

    Attributes:
        since: when it connected, seconds since 1970.
        skipped: updates that it got only joined with later ones.
        is_behind: whether it lacks something at this moment.
    """

    id: str
    screen: Screen
    address: str | None
    since: float
    views: tuple[str, ...]
    skipped: int
    is_behind: bool


class Client:
    """One connection.

    Only answers and notices are queued. For each view, the client stores how far it has come; when its
    transport is ready, it gets what it lacks, joined into one message. So the newest value wins.

    Attributes:
        address: its network address, None if not known.
        since: when it connected, seconds since 1970.
        has_subscribed: whether it has ever sent a subscription.
        is_stalled: whether it was disconnected because it received nothing for too long.
        skipped: updates that it got only joined with later ones, or replaced by a snapshot.
        ended: set when the hub has disconnected it.
    """

    # The hub visits thousands of clients many times a second: the fewer objects each has, the faster.
    __slots__ = (
        "_delivered",
        "_delivered_at",
        "_queued",
        "_transport",
        "_turns",
        "address",
        "ended",
        "followings",
        "has_subscribed",
        "id",
        "is_due",
        "is_stalled",
        "screen",
        "since",
        "skipped",
    )

    def __init__(self, id_: str, transport: ScreenTransport, *, address: str | None, since: float) -> None:
        self.id = id_
        self.address = address
        self.since = since
        self.screen = Screen()
        self.followings: dict[str, Following] = {}
        self.has_subscribed = False
        self.is_stalled = False
        self.is_due = False
        self.skipped = 0
        self.ended: asyncio.Event = asyncio.Event()
        self._transport = transport
        self._queued: deque[EncodedMessage] | None = None
        self._turns: tuple[Following, ...] = ()
        self._delivered = 0
        self._delivered_at: float | None = None
        transport.on_ready = self.flush

    def follow(self, followings: Iterable[tuple[str, Following]]) -> None:
        """Follow these views and no others."""
        self.followings = dict(followings)
        self._turns = tuple(self.followings.values())

    def send(self, message: EncodedMessage) -> None:
        """Send a message that belongs to no view."""
        if self._queued is None:
            self._queued = deque(maxlen=_MAX_QUEUED)
        self._queued.append(message)
        self.flush()

    @property
    def state(self) -> ScreenState:
        """The screen as staff see it."""
        return ScreenState(
            id=self.id,
            screen=self.screen,
            address=self.address,
            since=self.since,
            views=tuple(self.followings),
            skipped=self.skipped,
            is_behind=self.is_behind,
        )

    @property
    def is_behind(self) -> bool:
        """Whether it lacks something at this moment."""
        return self._queued is not None or any(
            following.seq != following.view.seq for following in self._turns
        )

    def flush(self) -> None:
        """Write what it lacks while its transport is ready; views take turns.

        Runs for every screen at every update, so it checks and calls nothing that is not needed.
        """
        transport = self._transport
        if self._queued is not None and not self._write_queued(self._queued):
            return
        for following in self._turns:
            view = following.view
            while following.seq != view.seq:
                if not transport.is_ready:
                    self._begin_next_with(following)
                    return
                message, seq = view.next_message(following.seq)
                if following.seq >= 0:
                    self.skipped += seq - following.seq - 1
                else:
                    following.heartbeat_number = view.heartbeat_number
                following.seq = seq
                transport.write(message)
            if (
                following.heartbeat_number != view.heartbeat_number
                or following.frame_number != view.frame_number
            ) and not following.write_signs(transport):
                self._begin_next_with(following)
                return

    def _write_queued(self, queued: deque[EncodedMessage]) -> bool:
        """Write the answers and notices; False if the transport was not ready for all of them."""
        while queued:
            if not self._transport.is_ready:
                return False
            self._transport.write(queued.popleft())
        self._queued = None
        return True

    def _begin_next_with(self, following: Following) -> None:
        turn = self._turns.index(following)
        self._turns = self._turns[turn:] + self._turns[:turn]

    def has_stalled(self, now: float, stall_s: float) -> bool:
        """Whether nothing in transit was delivered for ``stall_s``; ``now`` is the loop's clock."""
        delivered = self._transport.delivered
        if delivered is None:
            self._delivered_at = None
            return False
        if self._delivered_at is None or delivered > self._delivered:
            self._delivered, self._delivered_at = delivered, now
        return now - self._delivered_at > stall_s

    def abort(self) -> None:
        """Close the connection of a stalled screen at once."""
        self.is_stalled = True
        self._transport.abort()
        self.ended.set()

    def close(self) -> None:
        """Send nothing more, after the screen has left."""
        self.follow(())
        self._queued = None
        self._transport.on_ready = ignore_readiness
