"""Viewers for benchmarks: a process that opens many WebSockets and measures the age of received messages.

It implements only the necessary part of the protocol, on plain sockets, so that it needs little processor
time. A message may contain a stamp, the moment of its creation: ``@`` and twenty digits, nanoseconds of the
monotonic clock, which all processes of a machine share.
"""

from __future__ import annotations

import contextlib
import gc
import re
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.child_process import ChildProcess
from benchmarks.measuring import quantile

_STAMP: Final = re.compile(rb"@(\d{20})")
_RECEIVE_BYTES: Final = 1 << 18
_SETTLED_S: Final = 1.0
_STALL_STEP_S: Final = 0.001


def stamp() -> str:
    """Return the current moment as a stamp for a message."""
    return f"@{time.monotonic_ns():020d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """What a group of viewers received.

    Attributes:
        messages: number of messages with a stamp.
        received_bytes: number of bytes of all messages.
        ages_ms: time from the stamp to the moment at which the viewer received the message.
        cpu_s: processor time of the viewers' process.
    """

    messages: int
    received_bytes: int
    ages_ms: list[float]
    cpu_s: float

    def age(self, share: float) -> float:
        """Return the age below which this share of the messages arrived, in milliseconds."""
        return quantile(sorted(self.ages_ms), share)


class Viewers(ChildProcess):
    """Viewers in a separate process.

    Args:
        path: path of the WebSocket.
        greetings: texts that viewers send after they connect; viewer ``n`` sends
            ``greetings[n % len(greetings)]``.
        stalled: number of additional viewers that connect, send the first greeting, and never read.
    """

    def __init__(
        self, port: int, count: int, greetings: Sequence[str], *, path: str = "/ws", stalled: int = 0
    ) -> None:
        super().__init__(_run_viewers, port, count, tuple(greetings), path, stalled)

    def wait_until_connected(self) -> None:
        """Wait until all viewers are connected and have sent their greetings.

        Raises:
            EOFError: a viewer was refused.
        """
        self.pipe.recv()

    def begin(self, seconds: float) -> None:
        """Begin to count messages for ``seconds`` seconds; older messages are read and not counted."""
        self.ask(seconds)

    def result(self) -> Reception:
        """Wait for the end of the counting and return its result."""
        reception: Reception = self.pipe.recv()
        return reception


def _run_viewers(pipe: Any, port: int, count: int, greetings: Sequence[str], path: str, stalled: int) -> None:
    sockets = [_connect(port, path, greetings[number % len(greetings)]) for number in range(count)]
    silent = [_connect(port, path, greetings[0], is_small=True) for _ in range(stalled)]
    poller = select.epoll()
    by_descriptor = {viewer.fileno(): viewer for viewer in sockets}
    for descriptor in by_descriptor:
        poller.register(descriptor, select.EPOLLIN)
    gc.freeze()
    gc.disable()
    pipe.send("connected")
    while True:
        seconds = pipe.recv()
        _drain(poller, by_descriptor, _SETTLED_S)  # older messages are not counted
        pipe.send("begun")
        pipe.send(_drain(poller, by_descriptor, seconds))
        assert len(silent) == stalled  # the silent viewers stay open


def _drain(poller: select.epoll, sockets: dict[int, socket.socket], seconds: float) -> Reception:
    ages: list[float] = []
    received_bytes = 0
    cpu, end = time.process_time(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for descriptor, _ in poller.poll(left, len(sockets)):
            with contextlib.suppress(BlockingIOError):
                data = sockets[descriptor].recv(_RECEIVE_BYTES)
                now = time.monotonic_ns()
                received_bytes += len(data)
                ages += [(now - int(created)) / 1e6 for created in _STAMP.findall(data)]
                if not data:
                    poller.unregister(descriptor)
    return Reception(
        messages=len(ages), received_bytes=received_bytes, ages_ms=ages, cpu_s=time.process_time() - cpu
    )


def _connect(port: int, path: str, greeting: str, *, is_small: bool = False) -> socket.socket:
    client = socket.socket()
    if is_small:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(30)
    client.connect(("127.0.0.1", port))
    client.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: MDAwMDAwMDAwMDAwMDAwMA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += client.recv(4096)
    if b" 101 " not in answer:
        raise ConnectionError(answer.decode("latin-1"))
    text = greeting.encode()
    length = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0xFE, *len(text).to_bytes(2, "big")])
    client.sendall(b"\x81" + length + bytes(4) + text)
    client.setblocking(False)
    return client


class StallWatch(ChildProcess):
    """A process that sleeps for one millisecond again and again, and measures how late it wakes."""

    def __init__(self) -> None:
        super().__init__(_watch)
        self.pipe.recv()

    def stop(self) -> list[float]:
        """End the process and return the delay of each sleep in milliseconds, sorted."""
        delays: list[float] = self.ask()
        self._process.join()
        return delays


def _watch(pipe: Any) -> None:
    gc.disable()
    delays: list[float] = []
    pipe.send("begun")
    while not pipe.poll():
        before = time.monotonic()
        time.sleep(_STALL_STEP_S)
        delays.append((time.monotonic() - before - _STALL_STEP_S) * 1000)
    pipe.send(sorted(delays))
