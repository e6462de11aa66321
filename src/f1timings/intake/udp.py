"""Listening for telemetry: one UDP socket, every datagram handed over whole and at once."""

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
from f1timings.intake.kernel import (
    RECEIVE_BUFFER_BYTES,
    ask_for_receive_buffer,
    dropped_datagrams,
    warn_of_small_buffer,
)
from f1timings.intake.receiving import PAUSE_S, Burst, ReceiverThread, receive_burst

_log = logging.getLogger(__name__)

#: Called with data, source address, source port, seconds since 1970. It should not raise.
Sink = Callable[[bytes, str, int, float], None]

_NOT_HERE: Final = "it is no address of this machine; F1TIMINGS_UDP_HOST=0.0.0.0 listens at all it has"
_BIND_REMEDIES: Final = {
    errno.EADDRINUSE: "another program has it, often a telemetry app or a second F1Timings; close that, or "
    "set F1TIMINGS_UDP_PORT and the game's UDP port to another number",
    errno.EACCES: "the system does not allow this port; set F1TIMINGS_UDP_PORT and the game's UDP port to a "
    "number above 1023",
    errno.EADDRNOTAVAIL: _NOT_HERE,
}


class UdpListener:
    """Receives on one port of one address from ``start`` to ``close``.

    Attributes:
        port: the port in use; where 0 was asked for, the one the system chose at ``start``.
        receive_buffer_bytes: what the system keeps unread for us; 0 before ``start``.
        datagrams: received since ``start``.
        sink_errors: exceptions of the sink by type; the datagrams are counted all the same.
        receive_errors: faults of the socket by name (``ECONNRESET``); they do not end the listening.
    """

    def __init__(
        self,
        host: str,
        port: int,
        sink: Sink,
        *,
        receive_buffer_bytes: int = RECEIVE_BUFFER_BYTES,
        in_thread: bool = False,
    ) -> None:
        """Prepare to listen.

        Args:
            host: the address to listen at: ``0.0.0.0`` for all of IPv4, ``::`` for all of IPv6 and IPv4.
            port: 0 lets the system choose.
            sink: called in the loop's thread.
            receive_buffer_bytes: to ask the system for.
            in_thread: receive in a thread of its own even where the loop can watch sockets.
        """
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
        """Open the port and begin to receive.

        Raises:
            ConfigError: the port is taken, may not be used, or the host is not an address of this machine.
        """
        listening = bound_socket(self.host, self.port)
        self.port = listening.getsockname()[1]
        self.receive_buffer_bytes = ask_for_receive_buffer(listening, self._wanted_buffer_bytes)
        warn_of_small_buffer(self.receive_buffer_bytes, self._wanted_buffer_bytes)
        self._socket = listening
        self._watch(listening)

    async def close(self) -> None:
        """Stop receiving and free the port; what is still unread is lost."""
        listening, self._socket = self._socket, None
        if listening is None:
            return
        if self._thread is not None:
            self._thread.stop()
            self._thread = None
        else:
            asyncio.get_running_loop().remove_reader(listening)
        listening.close()

    def drops(self) -> int | None:
        """Datagrams the kernel dropped because we were too slow; None where it does not tell."""
        return None if self._socket is None else dropped_datagrams(self._socket)

    def _watch(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        if not self._in_thread:
            try:
                loop.add_reader(listening, self._drain, listening)
            except NotImplementedError:  # the Proactor loop of Windows
                pass
            else:
                return
        self._thread = ReceiverThread(loop, listening, self._deliver)

    def _drain(self, listening: socket.socket) -> None:
        burst = receive_burst(listening)
        if burst.error is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(listening)
            loop.call_later(PAUSE_S, self._resume, listening)
        self._deliver(burst)

    def _resume(self, listening: socket.socket) -> None:
        if self._socket is listening:
            asyncio.get_running_loop().add_reader(listening, self._drain, listening)

    def _deliver(self, burst: Burst) -> None:
        received_at, datagrams, fault = burst
        self.datagrams += len(datagrams)
        for data, source in datagrams:
            try:
                self._sink(data, source[0], source[1], received_at)
            except Exception as error:  # noqa: BLE001 - a fault behind it must not deafen the socket
                self._sink_failed(error)
        if fault is not None:
            self._receive_failed(fault)

    def _sink_failed(self, error: Exception) -> None:
        kind = type(error).__name__
        self.sink_errors[kind] += 1
        if self.sink_errors[kind] == 1:
            _log.error(
                "A datagram was not processed; further faults of this kind are only counted", exc_info=error
            )

    def _receive_failed(self, fault: OSError) -> None:
        kind = errno.errorcode.get(fault.errno or 0, type(fault).__name__)
        self.receive_errors[kind] += 1
        if self.receive_errors[kind] == 1:
            _log.warning("Receiving at UDP port %d failed once and goes on: %s", self.port, fault)


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket at this port, ready to receive.

    Raises:
        ConfigError: the port is taken, may not be used, or the host is not an address of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigError(f"Cannot listen for telemetry at {host!r}: {_NOT_HERE}.") from error
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        _prepare(listening)
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise _cannot_bind(host, port, error) from error
    return listening


def claim_port(host: str, port: int) -> None:
    """Say at once, before anything is started, that a port cannot be had.

    Raises:
        ConfigError: as :func:`bound_socket`.
    """
    bound_socket(host, port).close()


def _prepare(listening: socket.socket) -> None:
    listening.setblocking(False)
    if listening.family == socket.AF_INET6:
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # Windows leaves IPv4 out otherwise
    if sys.platform == "win32":  # elsewhere a port belongs to one program anyway
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)


def _cannot_bind(host: str, port: int, error: OSError) -> ConfigError:
    remedy = _BIND_REMEDIES.get(error.errno or 0, error.strerror or str(error))
    return ConfigError(f"Cannot listen for telemetry on UDP port {port} at {host}: {remedy}.")
