"""How uvicorn is to serve the application: our settings, and a way past it to each screen's connection."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from f1timings.live.fanout.wire import EncodedMessage

LINE_EXTENSION = "f1timings.line"

# What the system may hold of one connection and has not sent yet: what is held there is already old when it
# goes out, and cannot be replaced by newer values any more. Linux and macOS have it.
_NOT_SENT_MOST = 16 * 1024


def _nothing() -> None:
    """Nobody waits for the line."""


class FanOutProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own protocol, which also shows the application the connection under it, as a line.

    What goes to many screens is framed once and written to each transport. That is right between whole
    messages only, which is all that the application sends, and without compression, which is switched off.
    """

    def connection_made(self, transport: BaseTransport) -> None:
        """Let the transport hold nothing back: then what waits is known at once."""
        super().connection_made(transport)
        self.line = FanOutTransport(self)
        self.transport.set_write_buffer_limits(high=0)
        option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
        connection = self.transport.get_extra_info("socket")
        if option is not None and connection is not None:
            with contextlib.suppress(OSError):  # a Unix socket
                connection.setsockopt(socket.IPPROTO_TCP, option, _NOT_SENT_MOST)

    def pause_writing(self) -> None:
        """The system does not take all."""
        super().pause_writing()
        self.line.is_writable = False

    def resume_writing(self) -> None:
        """What waited was taken."""
        super().resume_writing()
        self.line.is_writable = True
        self.line.on_ready()

    async def run_asgi(self) -> None:
        """Call the application, with the line among the scope's extensions."""
        extensions: dict[str, object] = {**self.scope["extensions"], LINE_EXTENSION: self.line}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]
        await super().run_asgi()


class FanOutTransport:
    """A line that writes frames to the transport under uvicorn's protocol.

    It is used between the two handshakes only: the hub gets it when the connection is accepted, and lets go
    of it before we close. Where uvicorn closes by itself, it closes the transport at once.

    Attributes:
        is_writable: the system took all that was written.
    """

    __slots__ = ("_transport", "_written", "is_writable", "on_ready")

    def __init__(self, protocol: FanOutProtocol) -> None:
        self.on_ready: Callable[[], None] = _nothing
        self.is_writable = True
        self._transport: asyncio.Transport = protocol.transport
        self._written = 0

    @property
    def is_ready(self) -> bool:
        """The system took all that was written, and the connection is open."""
        return self.is_writable and not self._transport.is_closing()

    @property
    def taken(self) -> int | None:
        """Bytes that the system took."""
        waiting = self._transport.get_write_buffer_size()
        return self._written - waiting if waiting else None

    def write(self, wire: EncodedMessage) -> None:
        """Write one frame."""
        framed = wire.framed
        self._written += len(framed)
        self._transport.write(framed)

    def drop(self) -> None:
        """Let go of the connection; a close frame would wait for ever behind what is not taken."""
        self._transport.abort()


def settings(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """uvicorn's settings: no compression on the LAN, small messages only, an end that never hangs."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        ws=FanOutProtocol,
        ws_max_size=16 * 1024,
        ws_per_message_deflate=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=3,
    )
