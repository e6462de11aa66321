"""Sending a capture again to a running server, every rig of it from an address or port of its own."""

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
from f1timings.intake.captures.files import open_capture
from f1timings.intake.captures.pacing import Pacing
from f1timings.intake.datagrams import Datagram

LONGEST_GAP_S: Final = 5.0
_MOST_SOCKETS: Final = 256
_LOOPBACK: Final = ipaddress.IPv4Network("127.0.0.0/8")
_FIRST_HOME: Final = ipaddress.IPv4Address("127.0.0.2")
_MOST_HOMES: Final = 60_000


@dataclass(frozen=True, slots=True)
class ReplayCounts:
    """What a replay did.

    Attributes:
        datagrams: sent.
        sources: source addresses and ports of the capture.
        failed: datagrams that the system refused to send, by error (``EMSGSIZE``).
        skipped: entries of the capture without a whole UDP datagram, by reason.
        torn: the capture was cut in the middle of an entry.
        seconds: that it took.
    """

    datagrams: int
    sources: int
    failed: Counter[str]
    skipped: Counter[str]
    torn: bool
    seconds: float


def replay(
    path: str | PathLike[str],
    host: str,
    port: int,
    speed: float | Literal["max"] = 1.0,
    *,
    longest_gap_s: float = LONGEST_GAP_S,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> ReplayCounts:
    """Send the datagrams of a capture to a server; returns when all are sent.

    Args:
        path: pcap or pcapng, plain or packed.
        host: the server's address or name.
        port: its telemetry port; the ports in the capture are not used.
        speed: 1.0 as recorded, 10.0 ten times as fast; 0 or ``max`` as fast as is safe.
        longest_gap_s: longer pauses of the recording are shortened to this (recorded seconds).
        sleep: how to wait.
        clock: seconds, going forward only.

    Raises:
        CaptureError: the file is no capture, or damaged; what came before the damage was sent.
        ConfigError: a host that cannot be found, or a pace that cannot be.
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
    return ReplayCounts(sent, senders.sources, failed, capture.skipped, capture.torn, seconds)


class _Senders:
    """A socket for each source of the capture.

    Rigs are told apart by their address. To a server on this machine each goes from a loopback address of
    its own, where the system has more than one; to another machine they differ by their port.

    Attributes:
        sources: different sources seen.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except (socket.gaierror, UnicodeError) as error:
            raise ConfigError(
                f"Cannot replay to {host!r}: no such host. Give HOST:PORT of a server."
            ) from error
        self._family, self._target = found[0][0], found[0][4]
        self._many_homes = ipaddress.ip_address(self._target[0]) in _LOOPBACK
        self._homes: dict[tuple[str, int], str] = {}
        self._sockets: OrderedDict[tuple[str, int, int], socket.socket] = OrderedDict()
        self._seen: set[tuple[str, int, int]] = set()

    @property
    def sources(self) -> int:
        return len(self._seen)

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
        if len(self._sockets) >= _MOST_SOCKETS:
            self._sockets.popitem(last=False)[1].close()
        sender = self._sockets[source] = socket.socket(self._family, socket.SOCK_DGRAM)
        self._seen.add(source)
        if self._many_homes:
            self._move_in(sender, self._home(source))
        return sender

    def _home(self, source: tuple[str, int, int]) -> str:
        """The loopback address that stands for a source: the same for all ports of one rig."""
        address, _, listen_port = source
        number = len(self._homes) % _MOST_HOMES
        return self._homes.setdefault((address, listen_port), str(_FIRST_HOME + number))

    def _move_in(self, sender: socket.socket, home: str) -> None:
        try:
            sender.bind((home, 0))
        except OSError:  # macOS and the BSDs have only 127.0.0.1: then the ports must do
            self._many_homes = False
