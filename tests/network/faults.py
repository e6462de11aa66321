"""A bad network for tests: loses, delays, reorders and doubles datagrams, always the same for a seed."""

from __future__ import annotations

import heapq
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol, Self, TypeVar

REORDER_WINDOW_S: Final = 0.2
_LOOPBACK: Final = "127.0.0.1"
_MOST_BYTES: Final = 65_535
_PATIENCE_S: Final = 5.0
_LOOK_UP_S: Final = 0.05
_BURST: Final = 512


class Timed(Protocol):
    """A NamedTuple with a time and bytes, such as the simulator's emissions."""

    @property
    def at(self) -> float:
        """Seconds."""
        ...

    @property
    def data(self) -> bytes:
        """The datagram."""
        ...

    def _replace(self, *, at: float) -> Any: ...


T = TypeVar("T", bound=Timed)


@dataclass(frozen=True, slots=True)
class Faults:
    """How bad the network is.

    Attributes:
        loss / reorder / duplicate: shares of the datagrams, 0 to 1. A reordered one is held back for up to
            the window while later ones pass; of a doubled one, the copy is held back so.
        jitter_s: everything is late by 0 up to this, without overtaking.
        seed: decides what happens to which.
        reorder_window_s: nothing arrives later than so long after its time.
    """

    loss: float = 0.0
    reorder: float = 0.0
    duplicate: float = 0.0
    jitter_s: float = 0.0
    seed: int = 0
    reorder_window_s: float = REORDER_WINDOW_S

    def __post_init__(self) -> None:
        shares = (self.loss, self.reorder, self.duplicate)
        if not all(0.0 <= share <= 1.0 for share in shares):
            raise ValueError(f"shares are from 0 to 1, not {shares}")
        if not 0.0 <= self.jitter_s <= self.reorder_window_s:
            raise ValueError(f"a jitter of {self.jitter_s} s is not within {self.reorder_window_s} s")


NO_FAULTS: Final = Faults()


class Fates:
    """What happens to the datagrams of one stream, one after the other."""

    def __init__(self, faults: Faults, stream: Hashable = 0) -> None:
        """Begin a stream; ``stream`` makes it differ from others of the same seed."""
        self._faults = faults
        self._random = Random(f"{faults.seed}/{stream}")
        self._newest = float("-inf")

    def of(self, at: float) -> list[float]:
        """When the datagram sent at ``at`` arrives: never, once or twice."""
        faults, chance = self._faults, self._random
        # Always the same number of draws, so that one setting does not change what another one hits.
        lost, moved, doubled, late, back, again = (chance.random() for _ in range(6))
        in_order = max(self._newest, at + late * faults.jitter_s)
        if lost < faults.loss:
            return []
        if moved < faults.reorder:
            arrivals = [self._held_back(at, in_order, back)]
        else:
            arrivals = [in_order]
            self._newest = in_order
        if doubled < faults.duplicate:
            arrivals.append(self._held_back(at, arrivals[0], again))
        return arrivals

    def _held_back(self, at: float, first: float, share: float) -> float:
        """Between ``first`` and the end of the window."""
        last = at + self._faults.reorder_window_s
        return min(last, first + share * (last - first))


def _one_stream(_: object) -> Hashable:
    return 0


def faulty(
    emissions: Iterable[T],
    *,
    loss: float = 0.0,
    reorder: float = 0.0,
    duplicate: float = 0.0,
    jitter_s: float = 0.0,
    seed: int = 0,
    reorder_window_s: float = REORDER_WINDOW_S,
    stream: Callable[[T], Hashable] = _one_stream,
) -> Iterator[T]:
    """What arrives of what was sent, in the order of arrival, with ``at`` as the time of arrival.

    Args:
        emissions: in the order of their times.
        loss / reorder / duplicate / jitter_s / seed / reorder_window_s: as in :class:`Faults`.
        stream: tells streams apart that have the network to themselves (``lambda emission: emission.rig``).
    """
    faults = Faults(loss, reorder, duplicate, jitter_s, seed, reorder_window_s)
    fates: dict[Hashable, Fates] = {}
    numbers = count()
    flying: list[tuple[float, int, T]] = []
    for emission in emissions:
        while flying and flying[0][0] <= emission.at:
            yield heapq.heappop(flying)[2]
        key = stream(emission)
        if key not in fates:
            fates[key] = Fates(faults, key)
        for arrival in fates[key].of(emission.at):
            heapq.heappush(flying, (arrival, next(numbers), emission._replace(at=arrival)))
    while flying:
        yield heapq.heappop(flying)[2]


class _Waiting(NamedTuple):
    due: float
    number: int
    sender: socket.socket
    data: bytes


class FaultProxy:
    """A bad network between senders and a server on this machine; used in a ``with``.

    Every source gets a socket of its own towards the server, at the source's own loopback address where it
    has one, so that the server tells the rigs apart as it would without the proxy.

    Attributes:
        address: to send to instead of the target.
        counts: datagrams ``received``, ``forwarded``, ``lost``, ``doubled``, ``overflowed`` (the proxy's own
            limits) and ``refused`` (by the system).
    """

    def __init__(
        self,
        target: tuple[str, int],
        faults: Faults = NO_FAULTS,
        *,
        most_waiting: int = 50_000,
        most_sources: int = 256,
    ) -> None:
        """Prepare for a target (loopback address, port) and the network's faults."""
        self.counts: Counter[str] = Counter()
        self._target = target
        self._faults = faults
        self._most_waiting = most_waiting
        self._most_sources = most_sources
        self._sources: dict[tuple[str, int], tuple[socket.socket, Fates]] = {}
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._closing = threading.Event()
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        self._listening.bind((_LOOPBACK, 0))
        self._listening.setblocking(False)
        self.address: tuple[str, int] = self._listening.getsockname()
        self._thread = threading.Thread(target=self._run, name="fault proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forward what has arrived and is still held back, at once, and free the ports."""
        self._closing.set()
        self._thread.join(_PATIENCE_S)
        self._listening.close()
        for sender, _ in self._sources.values():
            sender.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            while not self._closing.is_set():
                if selector.select(self._pause_s()):
                    self._receive()
                self._forward(time.monotonic())
        self._receive()
        self._forward(float("inf"))

    def _pause_s(self) -> float:
        due_in = self._waiting[0].due - time.monotonic() if self._waiting else _LOOK_UP_S
        return min(max(0.0, due_in), _LOOK_UP_S)

    def _receive(self) -> None:
        for _ in range(_BURST):
            try:
                data, source = self._listening.recvfrom(_MOST_BYTES)
            except BlockingIOError:
                return
            self.counts["received"] += 1
            self._decide(data, source)

    def _decide(self, data: bytes, source: tuple[str, int]) -> None:
        known = self._sources.get(source) or self._new_source(source)
        if known is None or len(self._waiting) >= self._most_waiting:
            self.counts["overflowed"] += 1
            return
        sender, fates = known
        arrivals = fates.of(time.monotonic())
        self.counts["lost"] += not arrivals
        self.counts["doubled"] += len(arrivals) == 2
        for due in arrivals:
            heapq.heappush(self._waiting, _Waiting(due, next(self._numbers), sender, data))

    def _new_source(self, source: tuple[str, int]) -> tuple[socket.socket, Fates] | None:
        if len(self._sources) >= self._most_sources:
            return None
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sender.bind((source[0], 0))
        except OSError:  # from outside of this machine: then the ports must do
            sender.bind((_LOOPBACK, 0))
        # By address and not by port: ports differ from run to run.
        stream = f"{source[0]}/{sum(known[0] == source[0] for known in self._sources)}"
        self._sources[source] = sender, Fates(self._faults, stream)
        return self._sources[source]

    def _forward(self, now: float) -> None:
        while self._waiting and self._waiting[0].due <= now:
            waiting = heapq.heappop(self._waiting)
            try:
                waiting.sender.sendto(waiting.data, self._target)
            except OSError:
                self.counts["refused"] += 1
            else:
                self.counts["forwarded"] += 1
