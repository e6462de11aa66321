"""Viewers to measure with: a process that opens many WebSockets, takes what comes, and says when it came.

It speaks just enough of the protocol on plain sockets, so that it costs little beside the server. A message
may carry the moment at which it was made, ``@`` and twenty digits: nanoseconds of the monotonic clock, which
all processes of a machine share.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import re
import select
import socket
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

_STAMP: Final = re.compile(rb"@(\d{20})")
_RECEIVED: Final = 1 << 18
_SETTLED_S: Final = 1.0
_STALL_STEP_S: Final = 0.001


def stamp() -> str:
    """This moment, for a message."""
    return f"@{time.monotonic_ns():020d}"


class Heard(NamedTuple):
    """What one group of viewers took.

    Attributes:
        messages: those with a stamp.
        received: bytes.
        ages_ms: from the stamp to the moment at which the viewer had the message in hand.
        cpu_s: processor time of the viewers' process.
    """

    messages: int
    received: int
    ages_ms: list[float]
    cpu_s: float

    def age(self, share: float) -> float:
        """The age below which so many of the messages were."""
        ages = sorted(self.ages_ms)
        return ages[min(len(ages) - 1, int(len(ages) * share))] if ages else float("nan")


class Viewers:
    """Viewers in a process of their own.

    Args:
        path: of the WebSocket.
        says: texts that each viewer sends once it is connected; viewer ``n`` sends ``says[n % len(says)]``.
        stalled: how many viewers more connect, send theirs, and never read.
    """

    def __init__(
        self, port: int, count: int, says: Sequence[str], *, path: str = "/ws", stalled: int = 0
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, port, count, tuple(says), path, stalled)
        self._process = context.Process(target=_view, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()

    def connected(self) -> None:
        """Wait until all are connected and have sent what they say.

        Raises:
            EOFError: a viewer was refused.
        """
        self._pipe.recv()

    def take(self, seconds: float) -> None:
        """Take what comes for so long, from now on; what came before is taken and not counted."""
        self._pipe.send(seconds)
        self._pipe.recv()

    def heard(self) -> Heard:
        """Wait for the end of that."""
        found: Heard = self._pipe.recv()
        return found


def _view(pipe: Any, port: int, count: int, says: Sequence[str], path: str, stalled: int) -> None:
    sockets = [_connected(port, path, says[number % len(says)]) for number in range(count)]
    silent = [_connected(port, path, says[0], is_small=True) for _ in range(stalled)]
    poller = select.epoll()
    by_number = {one.fileno(): one for one in sockets}
    for number in by_number:
        poller.register(number, select.EPOLLIN)
    gc.freeze()
    gc.disable()
    pipe.send("connected")
    while True:
        seconds = pipe.recv()
        _drain(poller, by_number, _SETTLED_S)  # what has waited is not of this span of time
        pipe.send("begun")
        pipe.send(_drain(poller, by_number, seconds))
        assert len(silent) == stalled  # they stay open


def _drain(poller: select.epoll, sockets: dict[int, socket.socket], seconds: float) -> Heard:
    ages: list[float] = []
    received = 0
    cpu, end = time.process_time(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for number, _ in poller.poll(left, len(sockets)):
            with contextlib.suppress(BlockingIOError):
                data = sockets[number].recv(_RECEIVED)
                now = time.monotonic_ns()
                received += len(data)
                ages += [(now - int(made)) / 1e6 for made in _STAMP.findall(data)]
                if not data:
                    poller.unregister(number)
    return Heard(len(ages), received, ages, time.process_time() - cpu)


def _connected(port: int, path: str, says: str, *, is_small: bool = False) -> socket.socket:
    line = socket.socket()
    if is_small:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(30)
    line.connect(("127.0.0.1", port))
    line.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: MDAwMDAwMDAwMDAwMDAwMA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += line.recv(4096)
    if b" 101 " not in answer:
        raise ConnectionError(answer.decode("latin-1"))
    text = says.encode()
    length = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0xFE, *len(text).to_bytes(2, "big")])
    line.sendall(b"\x81" + length + bytes(4) + text)
    line.setblocking(False)
    return line


class Stalls:
    """How long this machine lets a process wait that only asks to sleep for a millisecond."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_watch, args=(theirs,), daemon=True)
        self._process.start()
        self._pipe.recv()

    def ended(self) -> list[float]:
        """Milliseconds too much of each sleep, in order of size."""
        self._pipe.send(None)
        found: list[float] = self._pipe.recv()
        self._process.join()
        return found


def _watch(pipe: Any) -> None:
    gc.disable()
    late: list[float] = []
    pipe.send("begun")
    while not pipe.poll():
        before = time.monotonic()
        time.sleep(_STALL_STEP_S)
        late.append((time.monotonic() - before - _STALL_STEP_S) * 1000)
    pipe.send(sorted(late))
