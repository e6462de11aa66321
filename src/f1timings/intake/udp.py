"""Receive telemetry on one UDP socket and pass on each datagram in its turn."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from f1timings.errors import ConfigError
from f1timings.intake.backlog import Backlog, Datagrams
from f1timings.intake.many_receiver import ManyReceiver
from f1timings.intake.receive_buffer import (
    RECEIVE_BUFFER_BYTES,
    count_dropped_datagrams,
    request_receive_buffer,
    warn_if_small,
)
from f1timings.intake.receiving import BURST, PAUSE_S, Burst, ReceiverThread, receive_burst

_log = logging.getLogger(__name__)

# Datagrams to handle before the socket may be read again. Each of them may open a session, which takes a
# hundred times as long as other datagrams.
_AT_ONCE: Final = 16
# Shortest time between two reads while datagrams wait, with the requested buffer of the system; with a
# smaller one it is shorter in proportion. The requested one is full after 70 times as long with 128 rigs.
_READ_AGAIN_S: Final = 0.001
# Bursts to read between them; without a limit, a sender that is faster than this program would stop the loop.
_BURSTS_AT_ONCE: Final = 8

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
        datagrams: number read since ``start``.
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
        self._receive_burst = receive_burst
        self._backlog = Backlog()
        self._read_at = self._read_again_s = 0.0
        self._is_paused = self._is_continued = False

    async def start(self) -> None:
        """Open the port and start to receive.

        Raises:
            ConfigError: the port is in use or not allowed, or the host is not an address of this machine.
        """
        listening = bind_socket(self.host, self.port)
        self.port = listening.getsockname()[1]
        self.receive_buffer_bytes = request_receive_buffer(listening, self._wanted_buffer_bytes)
        warn_if_small(self.receive_buffer_bytes, self._wanted_buffer_bytes)
        self._read_again_s = _READ_AGAIN_S * min(1.0, self.receive_buffer_bytes / RECEIVE_BUFFER_BYTES)
        self._socket = listening
        self._watch(listening)

    async def close(self) -> None:
        """Handle what has arrived, then stop receiving and free the port."""
        listening = self._socket
        if listening is None:
            return
        if self._thread is None:
            self._read(listening)
        self._socket = None
        if self._thread is not None:
            self._thread.stop()
            self._thread = None
        else:
            asyncio.get_running_loop().remove_reader(listening)
        listening.close()
        self._deliver(self._backlog.take(len(self._backlog)))

    @property
    def waiting(self) -> int:
        """Datagrams that are read and not handled yet."""
        return len(self._backlog)

    def dropped_datagrams(self) -> int | None:
        """Datagrams that the system dropped because its buffer was full; None if it does not report it."""
        listening = self._socket
        return None if listening is None else count_dropped_datagrams(listening)

    @property
    def flooded(self) -> Mapping[str, int]:
        """Datagrams that were dropped because their address had too many waiting, by address."""
        return self._backlog.dropped

    def handled_until(self) -> float:
        """Server time up to which all that arrived is handled, seconds since 1970."""
        oldest_at = self._backlog.oldest_at
        return self._clock() if oldest_at is None else oldest_at

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead, for the datagrams that are not handled yet."""
        self._backlog.follow_step(step_s)

    def _watch(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        if not self._in_thread:
            try:
                loop.add_reader(listening, self._receive, listening)
            except NotImplementedError:  # the Proactor loop of Windows
                pass
            else:
                many = ManyReceiver.open(listening)
                self._receive_burst = receive_burst if many is None else many.receive_burst
                return
        self._thread = ReceiverThread(loop, listening, self._deliver_burst, clock=self._clock)

    def _receive(self, listening: socket.socket) -> None:
        """Handle what has arrived, unless the loop will soon do so anyway."""
        if not self._is_continued:
            self._handle_some(listening)

    def _handle_some(self, listening: socket.socket) -> None:
        """Handle a burst, and read what arrives meanwhile; other tasks of the loop come before the rest."""
        self._read(listening)
        for _ in range(BURST // _AT_ONCE):
            self._deliver(self._backlog.take(_AT_ONCE))
            if not self._backlog:
                return
            # Server time may step; then the next turn of the loop reads.
            if self._clock() - self._read_at >= self._read_again_s:
                self._read(listening)
        self._is_continued = True
        asyncio.get_running_loop().call_soon(self._handle_rest)

    def _read(self, listening: socket.socket) -> None:
        """Read what has arrived; the system's buffer is small, and would soon be full."""
        for _ in range(_BURSTS_AT_ONCE):
            if self._is_paused or self._socket is not listening or self._backlog.is_full:
                return
            burst = self._receive_burst(listening, self._clock)
            self._read_at = burst.received_at
            self._add(burst)
            if burst.error is not None:
                self._is_paused = True
                loop = asyncio.get_running_loop()
                loop.remove_reader(listening)
                loop.call_later(PAUSE_S, self._resume, listening)
            if len(burst.datagrams) < BURST:
                return

    def _resume(self, listening: socket.socket) -> None:
        self._is_paused = False
        if self._socket is listening:
            asyncio.get_running_loop().add_reader(listening, self._receive, listening)

    def _handle_rest(self) -> None:
        self._is_continued = False
        if self._socket is not None:
            self._handle_some(self._socket)

    def _add(self, burst: Burst) -> None:
        self.datagrams += len(burst.datagrams)
        self._backlog.add(burst)
        if burst.error is not None:
            self._count_receive_error(burst.error)

    def _deliver_burst(self, burst: Burst) -> None:
        """Handle a burst of the thread, which waits while too many of them are pending."""
        self._add(burst)
        self._deliver(self._backlog.take(len(self._backlog)))

    def _deliver(self, bursts: Iterable[tuple[float, Datagrams]]) -> None:
        for received_at, datagrams in bursts:
            for data, source in datagrams:
                try:
                    self._sink(data, source[0], source[1], received_at)
                except Exception as error:  # noqa: BLE001 - an error of the sink must not end receiving
                    self._count_sink_error(error)

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
