"""Send a capture to a running server, each rig from its own address or port."""

from __future__ import annotations

import errno
import ipaddress
import socket
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from types import TracebackType
from typing import Final, Literal, Self

from f1timings.errors import ConfigError
from f1timings.intake.captures.pacing import Pacing
from f1timings.intake.captures.reader import open_capture
from f1timings.intake.datagrams import Datagram

LONGEST_GAP_S: Final = 5.0
_MAX_SOCKETS: Final = 256
_LOOPBACK_NETWORK: Final = ipaddress.IPv4Network("127.0.0.0/8")
_FIRST_LOOPBACK_ADDRESS: Final = ipaddress.IPv4Address("127.0.0.2")
_MAX_LOOPBACK_ADDRESSES: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayCounts:
    """The result of a replay.

    Attributes:
        datagrams: number sent.
        sources: number of source addresses and ports in the capture.
        failed: datagrams that the system refused to send, by error (``EMSGSIZE``).
        skipped: entries of the capture without a whole UDP datagram, by reason.
        is_torn: the capture was cut in the middle of an entry.
        seconds: duration of the replay.
    """

    datagrams: int
    sources: int
    failed: Counter[str]
    skipped: Counter[str]
    is_torn: bool
    seconds: float


def replay(
    path: str | PathLike[str],
    host: str,
    port: int,
    *,
    speed: float | Literal["max"] = 1.0,
    longest_gap_s: float = LONGEST_GAP_S,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> ReplayCounts:
    """Send the datagrams of a capture to a server, and return when all are sent.

    Args:
        path: pcap or pcapng, plain or packed.
        host: address or name of the server.
        port: telemetry port of the server; the destination ports in the capture are not used.
        speed: 1.0 as recorded, 10.0 ten times as fast; 0 or ``max`` as fast as is safe.
        longest_gap_s: longer pauses of the capture are shortened to this (recorded seconds).
        sleep: waits for so many seconds.
        clock: a monotonic clock, in seconds.

    Raises:
        CaptureError: the file is not a capture, or is damaged; everything before the damage was sent.
        ConfigError: the host cannot be found, or the speed or gap is out of range.
    """
    pacing = Pacing(0.0 if speed == "max" else speed, longest_gap_s)
    sent = 0
    failed: Counter[str] = Counter()
    with open_capture(path) as capture, _Senders(host, port) as senders:
        started = clock()
        for datagram in capture:
            wait_s = pacing.wait_s(datagram.received_at, clock() - started)
            if wait_s:
                sleep(wait_s)
            try:
                senders.send(datagram)
            except OSError as error:
                failed[errno.errorcode.get(error.errno or 0, type(error).__name__)] += 1
            else:
                sent += 1
        seconds = clock() - started
    return ReplayCounts(
        datagrams=sent,
        sources=senders.sources,
        failed=failed,
        skipped=capture.skipped,
        is_torn=capture.is_torn,
        seconds=seconds,
    )


class _Senders:
    """One sending socket per source of the capture.

    The server identifies rigs by their source address. For a server on this machine, each rig gets its own
    loopback address if the system has more than one. For a server on another machine, rigs differ by port.

    Attributes:
        sources: number of different sources.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except (socket.gaierror, UnicodeError) as error:
            raise ConfigError(
                f"Cannot replay to {host!r}: no such host. Use HOST:PORT of a server."
            ) from error
        self._family, self._target = addresses[0][0], addresses[0][4]
        self._use_loopback_addresses = ipaddress.ip_address(self._target[0]) in _LOOPBACK_NETWORK
        self._loopback_addresses: dict[tuple[str, int], str] = {}
        self._sockets: OrderedDict[tuple[str, int, int], socket.socket] = OrderedDict()
        self._known_sources: set[tuple[str, int, int]] = set()

    @property
    def sources(self) -> int:
        return len(self._known_sources)

    def send(self, datagram: Datagram) -> None:
        """Send one datagram from the socket of its source."""
        _, address, port, listen_port, data = datagram
        source = (address, port, listen_port)
        sender = self._sockets.get(source) or self._open(source)
        sender.sendto(data, self._target)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._sockets:
            self._sockets.popitem()[1].close()

    def _open(self, source: tuple[str, int, int]) -> socket.socket:
        if len(self._sockets) >= _MAX_SOCKETS:
            self._sockets.popitem(last=False)[1].close()
        sender = self._sockets[source] = socket.socket(self._family, socket.SOCK_DGRAM)
        self._known_sources.add(source)
        if self._use_loopback_addresses:
            self._bind(sender, self._loopback_address(source))
        return sender

    def _loopback_address(self, source: tuple[str, int, int]) -> str:
        """The loopback address for a source; all ports of one rig share it."""
        address, _, listen_port = source
        number = len(self._loopback_addresses) % _MAX_LOOPBACK_ADDRESSES
        return self._loopback_addresses.setdefault(
            (address, listen_port), str(_FIRST_LOOPBACK_ADDRESS + number)
        )

    def _bind(self, sender: socket.socket, address: str) -> None:
        try:
            sender.bind((address, 0))
        except OSError:  # macOS and BSD have only 127.0.0.1; there, rigs differ by port
            self._use_loopback_addresses = False
