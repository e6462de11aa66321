"""Open WebSockets: each is closed soon after the login or token behind it has ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from f1timings.live.fanout.transports import ScreenTransport
from f1timings.web.access.checks.policy import SOCKET, is_allowed
from f1timings.web.access.credentials.directory import AccessDirectory
from f1timings.web.access.credentials.identity import Identity
from f1timings.web.serving.fan_out_protocol import TRANSPORT_EXTENSION

# A socket must close within 5 s after its permission has ended; this leaves time for a slow close.
_CHECK_EVERY_S: Final = 1.0
_CLOSE_WITHIN_S: Final = 1.0
_CLOSE: Final[Message] = {
    "type": "websocket.close",
    "code": 1008,
    "reason": "the login or token has ended; log in again",
}
_DISCONNECT: Final[Message] = {"type": "websocket.disconnect", "code": 1008, "reason": ""}


@dataclass(eq=False, slots=True)
class _OpenSocket:
    """An open socket, and the event that its permission has ended."""

    identity: Identity
    ended: asyncio.Event


class OpenSockets:
    """Every open socket; each is checked once a second."""

    def __init__(self, directory: AccessDirectory) -> None:
        self._directory = directory
        self._open: set[_OpenSocket] = set()

    @contextlib.contextmanager
    def open(self, identity: Identity) -> Iterator[asyncio.Event]:
        """Check a socket until the context ends; yield the event that its permission has ended."""
        socket = _OpenSocket(identity, asyncio.Event())
        self._open.add(socket)
        try:
            yield socket.ended
        finally:
            self._open.discard(socket)

    async def watch(self) -> None:
        """Check all sockets once a second, for ever."""
        while True:
            await asyncio.sleep(_CHECK_EVERY_S)
            for socket in self._open:
                identity = self._directory.identify_again(socket.identity)
                if not may_connect(identity, self._directory):
                    socket.ended.set()


def may_connect(identity: Identity, directory: AccessDirectory) -> bool:
    """Whether a socket of this identity may be open."""
    return not identity.error and is_allowed(SOCKET, identity.actor, directory.reading)


class EndableSocket:
    """ASGI's receive and send of a socket that ends when its permission ends.

    To the application it then looks as if the client had disconnected.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, ended: asyncio.Event) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._ended = ended
        self._is_closed = False

    async def receive(self) -> Message:
        """The next message; a disconnect if the permission ends first."""
        if self._is_closed:
            return _DISCONNECT
        tasks = {
            asyncio.ensure_future(self._receive()): "message",
            asyncio.ensure_future(self._ended.wait()): "ended",
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if tasks[task] == "message":
                    message: Message = task.result()  # type: ignore[assignment]
                    return message
        finally:
            for task in tasks:
                task.cancel()
        await self._close()
        return _DISCONNECT

    async def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            OSError: the permission has ended.
        """
        if self._is_closed:
            raise OSError("the socket was closed: its login or token has ended")
        await self._send(message)

    async def _close(self) -> None:
        self._is_closed = True
        with contextlib.suppress(TimeoutError, OSError, RuntimeError):
            await asyncio.wait_for(self._send(_CLOSE), _CLOSE_WITHIN_S)
            return
        transport: ScreenTransport | None = self._scope.get("extensions", {}).get(TRANSPORT_EXTENSION)
        if transport is not None:
            transport.abort()
