"""One screen: what it follows, how far it has come, and its line, which never makes anybody else wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from f1timings.live.fanout.wire import EncodedMessage

Send = Callable[[EncodedMessage], Awaitable[None]]

# Answers and notices that wait for one screen; a screen that reads has none.
_MOST_DIRECT = 64


class ScreenTransport(Protocol):
    """The way to one screen.

    Attributes:
        on_ready: called when it is ready again after it was not.
    """

    on_ready: Callable[[], None]

    @property
    def is_ready(self) -> bool:
        """Whether it takes a message without making it wait behind another."""

    @property
    def taken(self) -> int | None:
        """A number that grows while the other end takes what is sent to it; None if nothing is on its way."""

    def write(self, wire: EncodedMessage) -> None:
        """Send one message; never waits."""

    def drop(self) -> None:
        """Let go of the connection at once."""


class View(Protocol):
    """What a screen follows.

    Attributes:
        seq: number of its newest update.
        beat: number of its newest heartbeat.
        frame: number of its newest binary frame, 0 if it has none.
        frame_wire: that frame.
    """

    seq: int
    beat: int
    frame: int
    frame_wire: EncodedMessage

    @property
    def beat_wire(self) -> EncodedMessage:
        """The newest heartbeat; it carries the number of the newest update."""

    def after(self, seq: int) -> tuple[EncodedMessage, int]:
        """What comes after update ``seq``, and the number up to which that is all; -1 asks for a snapshot."""


@dataclass(slots=True)
class Following:
    """How far one screen has come in one view; -1 where it has nothing yet."""

    view: View
    seq: int = -1
    beat: int = 0
    frame: int = 0


@dataclass(frozen=True, slots=True)
class Screen:
    """What a screen says of itself: its name, the page that it shows, the code that is drawn on it."""

    name: str | None = None
    page: str | None = None
    code: str | None = None


class Client:
    """One connection.

    Nothing is queued for it but answers: of each view it is known how far it has come, and when its line is
    ready it gets what it lacks, joined into one message. So the newest value wins.

    Attributes:
        address: where it is, None if not known.
        since: when it connected, seconds since 1970.
        has_subscribed: it once sent a subscription.
        is_stalled: it was cut because it took nothing for too long.
        skipped: updates that it got only joined with later ones, or replaced by a snapshot.
        ended: done when the hub has given it up.
    """

    # Thousands of these are gone through many times a second: the fewer objects each has, the faster.
    __slots__ = (
        "_direct",
        "_line",
        "_taken",
        "_taken_at",
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

    def __init__(self, id_: str, line: ScreenTransport, address: str | None, since: float) -> None:
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
        self._line = line
        self._direct: deque[EncodedMessage] = deque(maxlen=_MOST_DIRECT)
        self._turns: tuple[Following, ...] = ()
        self._taken = 0
        self._taken_at: float | None = None
        line.on_ready = self.flush

    def follow(self, followings: Iterable[tuple[str, Following]]) -> None:
        """Follow these and nothing else."""
        self.followings = dict(followings)
        self._turns = tuple(self.followings.values())

    def tell(self, wire: EncodedMessage) -> None:
        """Send something that is part of no view."""
        self._direct.append(wire)
        self.flush()

    @property
    def is_behind(self) -> bool:
        """Whether it lacks something at this moment."""
        return bool(self._direct) or any(one.seq != one.view.seq for one in self._turns)

    def flush(self) -> None:
        """Send what it lacks, as far as its line is ready; views take turns.

        This runs for every screen at every update: what is not needed is not asked.
        """
        line = self._line
        while self._direct:
            if not line.is_ready:
                return
            line.write(self._direct.popleft())
        for number, one in enumerate(self._turns):
            if not self._catch_up(one, line):
                self._turns = self._turns[number:] + self._turns[:number]
                return

    def _catch_up(self, one: Following, line: ScreenTransport) -> bool:
        """Send what it lacks of one view; False if the line was not ready for all of it."""
        view = one.view
        while one.seq != view.seq:
            if not line.is_ready:
                return False
            wire, seq = view.after(one.seq)
            if one.seq >= 0:
                self.skipped += seq - one.seq - 1
            else:
                one.beat = view.beat
            one.seq = seq
            line.write(wire)
        if one.beat != view.beat:
            if not line.is_ready:
                return False
            one.beat = view.beat
            line.write(view.beat_wire)
        if one.frame != view.frame:
            if not line.is_ready:
                return False
            one.frame = view.frame
            line.write(view.frame_wire)
        return True

    def has_stalled(self, now: float, stall_s: float) -> bool:
        """Whether it has taken nothing for so long while something was on its way (``now``: loop's clock)."""
        taken = self._line.taken
        if taken is None:
            self._taken_at = None
            return False
        if self._taken_at is None or taken > self._taken:
            self._taken, self._taken_at = taken, now
        return now - self._taken_at > stall_s

    def cut(self) -> None:
        """Give it up."""
        self.is_stalled = True
        self._line.drop()
        self.ended.set()

    def close(self) -> None:
        """It left."""
        self.follow(())
        self._direct.clear()
        self._line.on_ready = _nothing


class PlainTransport:
    """A line over any server's own way of sending: one message is on its way at a time.

    Args:
        send: sends one message and returns when the next may be sent.

    Attributes:
        sender: the task that sends; it ends when the connection fails.
    """

    def __init__(self, send: Send) -> None:
        self.on_ready: Callable[[], None] = _nothing
        self._send = send
        self._next: deque[EncodedMessage] = deque()
        self._is_sending = False
        self._sent = 0
        self._wake = asyncio.Event()
        self.sender: asyncio.Task[None] = asyncio.create_task(self._send_for_ever())

    @property
    def is_ready(self) -> bool:
        """Nothing is on its way."""
        return not self._next and not self._is_sending

    @property
    def taken(self) -> int | None:
        """How many messages were sent."""
        return None if self.is_ready else self._sent

    def write(self, wire: EncodedMessage) -> None:
        """Hand one message to the task that sends."""
        self._next.append(wire)
        self._wake.set()

    def drop(self) -> None:
        """End the task, whatever it is waiting for."""
        self.sender.cancel()

    async def _send_for_ever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._next:
                self._is_sending = True
                await self._send(self._next.popleft())
                self._is_sending, self._sent = False, self._sent + 1
                self.on_ready()


def _nothing() -> None:
    """Nobody waits for the line."""
