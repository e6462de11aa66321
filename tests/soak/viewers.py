"""Many screens in a process of their own: they read everything, answer pings, and count messages."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from benchmarks.child_process import ChildProcess

_REQUEST: Final = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: MDAwMDAwMDAwMDAwMDAwMA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_RECEIVE_BYTES: Final = 1 << 18
_TEXT, _PING, _PONG = 0x1, 0x9, 0xA
_LOOK_S: Final = 0.1


class Received(NamedTuple):
    """What the viewers received since they connected.

    Attributes:
        open: viewers that are connected.
        messages: of each viewer.
    """

    open: int
    messages: tuple[int, ...]

    def since(self, earlier: Received) -> list[int]:
        """The messages of each viewer after an earlier moment."""
        return [now - before for now, before in zip(self.messages, earlier.messages, strict=True)]


class ManyViewers(ChildProcess):
    """The process of the viewers, which connect at once; a context manager.

    Args:
        views: what each viewer follows.
    """

    def __init__(self, port: int, views: Sequence[Sequence[str]]) -> None:
        super().__init__(_run, port, views)
        self.pipe.recv()

    def received(self) -> Received:
        """What they received since they connected.

        Raises:
            EOFError: the process failed.
        """
        received: Received = self.ask()
        return received


class _Viewer:
    """One connection, with the bytes of a frame that is not whole yet."""

    def __init__(self, port: int, views: Sequence[str]) -> None:
        self.messages = 0
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.sendall(_REQUEST.format(port=port).encode())
        head, answer = b"", b""
        while not answer:
            received = self.connection.recv(_RECEIVE_BYTES)
            assert received, head
            head, answer, self._rest = (head + received).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        self.connection.sendall(_frame(_TEXT, json.dumps({"subscribe": list(views)}).encode()))
        self.connection.setblocking(False)

    def read(self) -> bool:
        """Read what has arrived; return False at the end of the connection."""
        try:
            received = self.connection.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        self._rest += received
        at = 0
        while (frame := _parse(self._rest, at)) is not None:
            opcode, begin, at = frame
            self.messages += opcode == _TEXT
            if opcode == _PING:
                self.connection.sendall(_frame(_PONG, self._rest[begin:at]))
        self._rest = self._rest[at:]
        return bool(received)


def _frame(opcode: int, payload: bytes) -> bytes:
    """A frame of a client, masked with zeros."""
    length = bytes([0x80 | len(payload)])
    if len(payload) > 125:
        length = bytes([0xFE, *len(payload).to_bytes(2, "big")])
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


def _parse(data: bytes, at: int) -> tuple[int, int, int] | None:
    """The opcode of the frame at a place, where its content begins and ends; None if it is not whole."""
    if len(data) < at + 2:
        return None
    length, begin = data[at + 1], at + 2
    if length > 125:
        begin += 2 if length == 126 else 8
        length = int.from_bytes(data[at + 2 : begin], "big")
    end = begin + length
    return (data[at] & 0x0F, begin, end) if len(data) >= end else None


class _Readers:
    """Reads what arrives at all viewers that are connected."""

    def __init__(self) -> None:
        self._poller = select.poll()
        self.open: dict[int, _Viewer] = {}

    def add(self, viewer: _Viewer) -> None:
        descriptor = viewer.connection.fileno()
        self.open[descriptor] = viewer
        self._poller.register(descriptor, select.POLLIN)

    def read(self, within_s: float) -> None:
        for descriptor, _ in self._poller.poll(within_s * 1000):
            if not self.open[descriptor].read():
                self._poller.unregister(descriptor)
                del self.open[descriptor]


def _run(pipe: Any, port: int, views: Sequence[Sequence[str]]) -> None:
    readers, viewers = _Readers(), []
    for followed in views:
        viewers.append(_Viewer(port, followed))
        readers.add(viewers[-1])
        readers.read(0.0)  # a screen that does not read is cut off
    pipe.send(None)
    while True:
        readers.read(_LOOK_S)
        if pipe.poll():
            pipe.recv()
            pipe.send(Received(len(readers.open), tuple(viewer.messages for viewer in viewers)))
