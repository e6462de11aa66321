"""Receive telemetry on one UDP socket and pass each datagram on at once."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
from collections import Counter
from collections.abc import Callable
from typing import Final

from f1timings.errors import ConfigError
from f1timings.intake.receive_buffer import (
    RECEIVE_BUFFER_BYTES,
    count_dropped_datagrams,
    request_receive_buffer,
    warn_if_small,
)
from f1timings.intake.receiving import PAUSE_S, Burst, ReceiverThread, receive_burst

_log = logging.getLogger(__name__)

#: Called with data, source address, source port and seconds since 1970. It should not raise.
DatagramSink = Callable[[bytes, str, int, float], None]

_NOT_LOCAL: Final = (
    "this machine does not have that address; F1TIMINGS_UDP_HOST=0.0.0.0 listens at all it has"
)
_BIND_REMEDIES: Final = {
    errno.EADDRINUSE: "another program uses it, often a telemetry app or a second F1Timings; close that "
    "program, or set F1TIMINGS_UDP_PORT and the game's UDP port to another number",
    errno.EACCES: "the system does not allow this port; set F1TIMINGS_UDP_PORT and the game's UDP port to a "
    "number above 1023",
    errno.EADDRNOTAVAIL: _NOT_LOCAL,
}


class UdpListener:
    """Receives on one port of one address, from ``start`` to ``close``.

    Attributes:
        port: the port in use; if 0 was requested, the port that the system chose at ``start``.
        receive_buffer_bytes: size of the system's buffer for unread datagrams; 0 before ``start``.
        datagrams: number received since ``start``.
        sink_errors: exceptions of the sink, by type; these datagrams are counted in ``datagrams`` too.
        receive_errors: errors of the socket by name (``ECONNRESET``); receiving continues after them.
    """

    def __init__(
        self,
        host: str,
        port: int,
        sink: DatagramSink,
        *,
        receive_buffer_bytes: int = RECEIVE_BUFFER_BYTES,
        in_thread: bool = False,
        clock: Callable[[], float],
    ) -> None:
        """Prepare to listen.

        Args:
            host: the address to listen at: ``0.0.0.0`` for all of IPv4, ``::`` for all of IPv6 and IPv4.
            port: 0 lets the system choose.
            sink: called for each datagram, in the thread of the event loop.
            receive_buffer_bytes: size of the buffer to request from the system.
            in_thread: receive in a separate thread even if the event loop can watch sockets.
            clock: server time, seconds since 1970.
        """
        self._clock = clock
        self.host = host
        self.port = port
        self.receive_buffer_bytes = 0
        self.datagrams = 0
        self.sink_errors: Counter[str] = Counter()
        self.receive_errors: Counter[str] = Counter()
        self._sink = sink
        self._wanted_buffer_bytes = receive_buffer_bytes
        self._in_thread = in_thread
        self._socket: socket.socket | None = None
        self._thread: ReceiverThread | None = None

    async def start(self) -> None:
        """Open the port and start to receive.

        Raises:
            ConfigError: the port is in use or not allowed, or the host is not an address of this machine.
        """
        listening = bind_socket(self.host, self.port)
        self.port = listening.getsockname()[1]
        self.receive_buffer_bytes = request_receive_buffer(listening, self._wanted_buffer_bytes)
        warn_if_small(self.receive_buffer_bytes, self._wanted_buffer_bytes)
        self._socket = listening
        self._watch(listening)

    async def close(self) -> None:
        """Stop receiving and free the port; unread datagrams are lost."""
        listening, self._socket = self._socket, None
        if listening is None:
            return
        if self._thread is not None:
            self._thread.stop()
            self._thread = None
        else:
            asyncio.get_running_loop().remove_reader(listening)
        listening.close()

    def dropped_datagrams(self) -> int | None:
        """Datagrams that the system dropped because its buffer was full; None if it does not report it."""
        return None if self._socket is None else count_dropped_datagrams(self._socket)

    def _watch(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        if not self._in_thread:
            try:
                loop.add_reader(listening, self._receive, listening)
            except NotImplementedError:  # the Proactor loop of Windows
                pass
            else:
                return
        self._thread = ReceiverThread(loop, listening, self._deliver, clock=self._clock)

    def _receive(self, listening: socket.socket) -> None:
        burst = receive_burst(listening, self._clock)
        if burst.error is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(listening)
            loop.call_later(PAUSE_S, self._resume, listening)
        self._deliver(burst)

    def _resume(self, listening: socket.socket) -> None:
        if self._socket is listening:
            asyncio.get_running_loop().add_reader(listening, self._receive, listening)

    def _deliver(self, burst: Burst) -> None:
        received_at, datagrams, fault = burst
        self.datagrams += len(datagrams)
        for data, source in datagrams:
            try:
                self._sink(data, source[0], source[1], received_at)
            except Exception as error:  # noqa: BLE001 - an error of the sink must not end receiving
                self._count_sink_error(error)
        if fault is not None:
            self._count_receive_error(fault)

    def _count_sink_error(self, error: Exception) -> None:
        kind = type(error).__name__
        self.sink_errors[kind] += 1
        if self.sink_errors[kind] == 1:
            _log.error(
                "A datagram was not processed. Further errors of this type are only counted.", exc_info=error
            )

    def _count_receive_error(self, fault: OSError) -> None:
        kind = errno.errorcode.get(fault.errno or 0, type(fault).__name__)
        self.receive_errors[kind] += 1
        if self.receive_errors[kind] == 1:
            _log.warning("Receiving on UDP port %d failed once and continues: %s", self.port, fault)


def bind_socket(host: str, port: int) -> socket.socket:
    """Open a socket at a port, ready to receive.

    Raises:
        ConfigError: the port is in use or not allowed, or the host is not an address of this machine.
    """
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigError(f"Cannot listen for telemetry at {host!r}: {_NOT_LOCAL}.") from error
    family, kind, protocol, _, address = addresses[0]
    listening = socket.socket(family, kind, protocol)
    try:
        _set_options(listening)
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise _bind_error(host, port, error) from error
    return listening


def check_port(host: str, port: int) -> None:
    """Raise an error if a port cannot be used; called before anything is started.

    Raises:
        ConfigError: as for :func:`bind_socket`.
    """
    bind_socket(host, port).close()


def _set_options(listening: socket.socket) -> None:
    listening.setblocking(False)
    if listening.family == socket.AF_INET6:
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # Windows leaves IPv4 out otherwise
    if sys.platform == "win32":  # other systems give a port to one program only
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)


def _bind_error(host: str, port: int, error: OSError) -> ConfigError:
    remedy = _BIND_REMEDIES.get(error.errno or 0, error.strerror or str(error))
    return ConfigError(f"Cannot listen for telemetry on UDP port {port} at {host}: {remedy}.")
