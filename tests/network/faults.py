"""A bad network for tests: loses, delays, reorders and doubles datagrams, reproducibly for each seed."""

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
_MAX_BYTES: Final = 65_535
_CLOSE_TIMEOUT_S: Final = 5.0
_POLL_S: Final = 0.05
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
    """The faults of the network.

    Attributes:
        loss / reorder / duplicate: shares of the datagrams, 0 to 1. A reordered datagram is delayed within
            the window while later datagrams pass; the copy of a doubled datagram is delayed in the same way.
        jitter_s: every datagram is delayed by 0 to this time, without overtaking.
        seed: determines the fault of each datagram.
        reorder_window_s: the longest delay of a datagram.
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
            raise ValueError(f"Shares must be from 0 to 1, not {shares}.")
        if not 0.0 <= self.jitter_s <= self.reorder_window_s:
            raise ValueError(
                f"The jitter must be from 0 to {self.reorder_window_s} s, not {self.jitter_s} s."
            )


NO_FAULTS: Final = Faults()


class FaultStream:
    """The arrival times of the datagrams of one stream, in the order of sending."""

    def __init__(self, faults: Faults, stream: Hashable = 0) -> None:
        """Begin a stream; streams with the same seed and a different ``stream`` have different faults."""
        self._faults = faults
        self._random = Random(f"{faults.seed}/{stream}")
        self._newest = float("-inf")

    def arrivals(self, at: float) -> list[float]:
        """Return the times at which the datagram sent at ``at`` arrives: none, one or two."""
        faults, chance = self._faults, self._random
        # Always draw the same number of values, so that one setting does not change the effect of another.
        lost, moved, doubled, jitter, delay, copy_delay = (chance.random() for _ in range(6))
        in_order = max(self._newest, at + jitter * faults.jitter_s)
        if lost < faults.loss:
            return []
        if moved < faults.reorder:
            arrivals = [self._delayed(at, in_order, delay)]
        else:
            arrivals = [in_order]
            self._newest = in_order
        if doubled < faults.duplicate:
            arrivals.append(self._delayed(at, arrivals[0], copy_delay))
        return arrivals

    def _delayed(self, at: float, first: float, share: float) -> float:
        """Return a time between ``first`` and the end of the window."""
        last = at + self._faults.reorder_window_s
        return min(last, first + share * (last - first))


def _single_stream(_: object) -> Hashable:
    return 0


def add_faults(
    emissions: Iterable[T],
    *,
    loss: float = 0.0,
    reorder: float = 0.0,
    duplicate: float = 0.0,
    jitter_s: float = 0.0,
    seed: int = 0,
    reorder_window_s: float = REORDER_WINDOW_S,
    stream: Callable[[T], Hashable] = _single_stream,
) -> Iterator[T]:
    """Yield the datagrams that arrive, in the order of arrival; ``at`` is then the time of arrival.

    Args:
        emissions: the sent datagrams in the order of their times.
        loss / reorder / duplicate / jitter_s / seed / reorder_window_s: as in :class:`Faults`.
        stream: returns the stream of a datagram; the faults of streams are independent
            (``lambda emission: emission.rig``).
    """
    faults = Faults(
        loss=loss,
        reorder=reorder,
        duplicate=duplicate,
        jitter_s=jitter_s,
        seed=seed,
        reorder_window_s=reorder_window_s,
    )
    streams: dict[Hashable, FaultStream] = {}
    numbers = count()
    in_transit: list[tuple[float, int, T]] = []
    for emission in emissions:
        while in_transit and in_transit[0][0] <= emission.at:
            yield heapq.heappop(in_transit)[2]
        key = stream(emission)
        if key not in streams:
            streams[key] = FaultStream(faults, key)
        for arrival in streams[key].arrivals(emission.at):
            heapq.heappush(in_transit, (arrival, next(numbers), emission._replace(at=arrival)))
    while in_transit:
        yield heapq.heappop(in_transit)[2]


class _Delayed(NamedTuple):
    due: float
    number: int
    sender: socket.socket
    data: bytes


class FaultProxy:
    """A bad network between senders and a server on this machine; a context manager.

    The proxy has one socket towards the server for each source. The socket has the loopback address of the
    source if possible, so that the server distinguishes the rigs as without the proxy.

    Attributes:
        address: the address to which the senders send instead of to the target.
        counts: numbers of datagrams: ``received``, ``forwarded``, ``lost``, ``doubled``, ``overflowed``
            (above the limits of the proxy) and ``refused`` (by the operating system).
    """

    def __init__(
        self,
        target: tuple[str, int],
        faults: Faults = NO_FAULTS,
        *,
        max_waiting: int = 50_000,
        max_sources: int = 256,
    ) -> None:
        """Open the socket for a target (loopback address, port) and the faults of the network."""
        self.counts: Counter[str] = Counter()
        self._target = target
        self._faults = faults
        self._max_waiting = max_waiting
        self._max_sources = max_sources
        self._sources: dict[tuple[str, int], tuple[socket.socket, FaultStream]] = {}
        self._waiting: list[_Delayed] = []
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
        """Forward all delayed datagrams at once, and close the sockets."""
        self._closing.set()
        self._thread.join(_CLOSE_TIMEOUT_S)
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
        due_in = self._waiting[0].due - time.monotonic() if self._waiting else _POLL_S
        return min(max(0.0, due_in), _POLL_S)

    def _receive(self) -> None:
        for _ in range(_BURST):
            try:
                data, source = self._listening.recvfrom(_MAX_BYTES)
            except BlockingIOError:
                return
            self.counts["received"] += 1
            self._schedule(data, source)

    def _schedule(self, data: bytes, source: tuple[str, int]) -> None:
        known = self._sources.get(source) or self._new_source(source)
        if known is None or len(self._waiting) >= self._max_waiting:
            self.counts["overflowed"] += 1
            return
        sender, stream = known
        arrivals = stream.arrivals(time.monotonic())
        self.counts["lost"] += not arrivals
        self.counts["doubled"] += len(arrivals) == 2
        for due in arrivals:
            heapq.heappush(
                self._waiting, _Delayed(due=due, number=next(self._numbers), sender=sender, data=data)
            )

    def _new_source(self, source: tuple[str, int]) -> tuple[socket.socket, FaultStream] | None:
        if len(self._sources) >= self._max_sources:
            return None
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sender.bind((source[0], 0))
        except OSError:  # the source is another machine: only the port distinguishes it
            sender.bind((_LOOPBACK, 0))
        # Named by address and number, not by port: ports differ from run to run.
        stream = f"{source[0]}/{sum(known[0] == source[0] for known in self._sources)}"
        self._sources[source] = sender, FaultStream(self._faults, stream)
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
