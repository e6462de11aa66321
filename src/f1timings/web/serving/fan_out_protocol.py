"""A protocol for WebSockets that lets the hub write to each screen's connection directly."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from f1timings.live.fanout.encoded_message import EncodedMessage
from f1timings.live.fanout.transports import ignore_readiness
from f1timings.web.serving.guarded_protocols import GuardedConfig, GuardedHttpProtocol

TRANSPORT_EXTENSION = "f1timings.transport"

# The most that the operating system buffers unsent for one connection: what it buffers is old when it is
# sent, and can no longer be replaced by newer values. Linux and macOS have this option.
_MAX_UNSENT = 16 * 1024
# More than a transport ever buffers.
_MORE_THAN_UNSENT = 1 << 40


class FanOutProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own protocol, which also gives the application the transport under the connection.

    A message to many screens is framed once and written to each transport. That is correct only between whole
    messages, and the application sends whole messages only, and without compression, which is switched off.
    """

    def connection_made(self, transport: BaseTransport) -> None:
        """Take the place of the HTTP connection, which ends with this handshake.

        Let the transport buffer nothing, so that a slow screen is noticed at once."""
        super().connection_made(transport)
        upgraded = self.transport.get_protocol()
        if isinstance(upgraded, GuardedHttpProtocol):
            upgraded.guard.replace(upgraded, self)
        self.fan_out = FanOutTransport(self)
        self.transport.set_write_buffer_limits(high=0)
        option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
        connection = self.transport.get_extra_info("socket")
        if option is not None and connection is not None:
            with contextlib.suppress(OSError):  # a Unix socket
                connection.setsockopt(socket.IPPROTO_TCP, option, _MAX_UNSENT)

    def connection_lost(self, exc: Exception | None) -> None:
        """Free the place among the connections."""
        if isinstance(self.config, GuardedConfig):
            self.config.guard.leave(self)
        super().connection_lost(exc)

    def owed(self) -> tuple[float, object] | None:
        """Nothing: pings, and the hub, find out that a client is gone."""
        return None

    def give_up(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    displace = give_up

    def pause_writing(self) -> None:
        """The operating system's buffer is full."""
        super().pause_writing()
        self.fan_out.is_ready = False
        self.fan_out.pauses += 1

    def resume_writing(self) -> None:
        """The operating system has accepted everything that was written."""
        super().resume_writing()
        self.fan_out.is_ready = True
        self.fan_out.on_ready()

    async def run_asgi(self) -> None:
        """Call the application, with the transport among the scope's extensions."""
        extensions: dict[str, object] = {**self.scope["extensions"], TRANSPORT_EXTENSION: self.fan_out}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]
        await super().run_asgi()


class FanOutTransport:
    """A screen's transport that writes frames to the transport under uvicorn's protocol.

    It is used between the two handshakes only: the hub gets it when the connection is accepted, and releases
    it before the server closes the connection. Where uvicorn itself closes, it closes the transport at once.

    Attributes:
        is_ready: whether the operating system has accepted everything that was written.
        pauses: how often it has not.
    """

    __slots__ = ("_transport", "is_ready", "on_ready", "pauses")

    def __init__(self, protocol: FanOutProtocol) -> None:
        self.on_ready: Callable[[], None] = ignore_readiness
        self.is_ready = True
        self.pauses = 0
        self._transport: asyncio.Transport = protocol.transport

    @property
    def delivered(self) -> int | None:
        """A number that grows with what the operating system accepts; None if that is everything.

        Nothing is written during a pause, so it is enough to count the pauses and not all bytes.
        """
        unsent = self._transport.get_write_buffer_size()
        return self.pauses * _MORE_THAN_UNSENT - unsent if unsent else None

    def write(self, message: EncodedMessage) -> None:
        """Write one frame; does nothing while the connection is closing."""
        if not self._transport.is_closing():
            self._transport.write(message.framed)

    def abort(self) -> None:
        """Close the connection at once; a close frame would wait forever behind unsent data."""
        self._transport.abort()
