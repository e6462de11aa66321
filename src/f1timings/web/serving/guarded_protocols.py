"""uvicorn's protocol for HTTP with limits: for connections, for slow clients, and for heads of requests."""

from __future__ import annotations

import logging
from asyncio.transports import BaseTransport
from typing import Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from f1timings.web.serving.connections import Connections

_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)


class GuardedConfig(uvicorn.Config):
    """uvicorn's settings, with the connections of the server; set before it starts.

    Attributes:
        guard: all connections.
    """

    guard: Connections


class GuardedHttpProtocol(HttpToolsProtocol):
    """uvicorn's own protocol for HTTP; it takes a place among the connections and obeys their limits."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Refuse the connection if there is no place for it."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self.guard = cast(GuardedConfig, self.config).guard
        # Bytes since the parser has last reported something.
        self.quiet_bytes = 0
        self.is_upgraded = False
        address = self.client[0] if self.client else ""
        if not self.guard.enter(self, address):
            self._end(_FULL)

    def connection_lost(self, exc: Exception | None) -> None:
        """Free the place."""
        self.guard.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived; a head that never ends would take more and more time and memory."""
        if self.transport.is_closing():
            return
        self.quiet_bytes += len(data)
        super().data_received(data)
        if self.quiet_bytes > self.guard.limits.quiet_bytes and not self.is_upgraded:
            self._end(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Handle a request, unless it has too many headers."""
        self.quiet_bytes = 0
        if len(self.headers) > self.guard.limits.headers:
            raise ValueError("too many headers")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Handle a part of a body."""
        self.quiet_bytes = 0
        super().on_body(body)

    def handle_websocket_upgrade(self) -> None:
        """Give the place to the protocol of the WebSocket, which takes over the transport."""
        self.is_upgraded = True
        super().handle_websocket_upgrade()

    def owed(self) -> tuple[float, object] | None:
        """What the client must do next, see :class:`~f1timings.web.serving.connections.Connection`."""
        limits, cycle = self.guard.limits, self.cycle
        if cycle is None or (cycle.response_complete and not cycle.more_body):
            return limits.head_s, ("head", id(cycle))
        if cycle.more_body:
            return limits.body_s, ("body", id(cycle))
        if self.flow.write_paused:
            return limits.read_s, ("read", self.transport.get_write_buffer_size())
        return None

    def give_up(self) -> None:
        """Say that the request came too slowly, if it has begun and nothing was answered."""
        has_begun = self.quiet_bytes or (self.cycle is not None and self.cycle.more_body)
        has_answered = self.cycle is not None and self.cycle.more_body and self.cycle.response_started
        if self.flow.write_paused:
            self.transport.abort()
        else:
            self._end(_TOO_SLOW if has_begun and not has_answered else b"")

    def displace(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def _end(self, last: bytes) -> None:
        if not self.transport.is_closing():
            if last:
                self.transport.write(last)
            self.transport.close()


class QuietAboutRequests(logging.Filter):
    """Keeps what any stranger can cause, as often as they like, out of the log."""

    _TEXTS: Final = ("Invalid HTTP request received.", "Unsupported upgrade request.")

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log a record of uvicorn."""
        return record.msg not in self._TEXTS
