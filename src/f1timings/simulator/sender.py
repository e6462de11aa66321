"""Sends simulated rigs to a real UDP port at the pace of the game, with a real clock and sockets."""

from __future__ import annotations

import heapq
import ipaddress
import itertools
import math
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from f1timings.simulator.channels import Emission
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.simulation import Simulation, simulate

_FIRST_HOST = 2
_EARLY_S = 0.001
_LONGEST_SLEEP_S = 0.25


@dataclass(slots=True, kw_only=True)
class SendReport:
    """What was sent.

    Attributes:
        datagrams: by rig.
        sent_bytes: the payload of all datagrams.
        refused: datagrams for which the system reported that no program listens at the port.
        addresses: source address by rig, ``host:port``.
        seconds: the duration.
        was_stopped: the user interrupted it, or the allowed time was over.
        truth: what really happened in the sessions that were sent completely. ``rig`` counts over all
            scenarios, ``address`` is the source host of the rig.
    """

    datagrams: Counter[int] = field(default_factory=Counter)
    sent_bytes: int = 0
    refused: int = 0
    addresses: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    was_stopped: bool = False
    truth: dict[str, Any] = field(default_factory=dict)


def send(
    scenarios: Sequence[Scenario],
    host: str,
    port: int,
    *,
    speed: float = 1.0,
    for_s: float = math.inf,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> SendReport:
    """Send scenarios at the same time, each rig from its own address if the target is this machine.

    Args:
        host: name or address of the receiver.
        port: its UDP port.
        speed: 1.0 is the pace of the game, ``math.inf`` is as fast as possible (receivers lose datagrams).
        for_s: stop after this number of seconds, even in the middle of a session.
        clock / sleep: for tests.

    Raises:
        ValueError: ``speed`` is not above 0.
        OSError: the host is unknown or the network cannot be used.
    """
    if not speed > 0.0:
        raise ValueError("speed must be above 0")
    report = SendReport()
    simulations = [simulate(scenario) for scenario in scenarios]
    with _Sockets(host, port, report) as sockets:
        emissions = _prepared(_merge(simulations))
        started = clock()
        try:
            for emission in emissions:
                if not _wait(started + emission.at / speed, started + for_s, clock=clock, sleep=sleep):
                    report.was_stopped = True
                    break
                sockets.send(emission)
        except KeyboardInterrupt:
            report.was_stopped = True
        report.seconds = clock() - started
    report.truth = _join_truths(simulations, report.addresses)
    return report


def _wait(due: float, deadline: float, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> bool:
    """Wait for a moment of the clock; return False if the deadline comes first."""
    while (ahead := due - clock()) > _EARLY_S:
        if clock() >= deadline:
            return False
        sleep(min(ahead, _LONGEST_SLEEP_S))
    return clock() < deadline


def _merge(simulations: Sequence[Simulation]) -> Iterator[Emission]:
    """The datagrams of all scenarios in order of time; rigs are numbered over all scenarios."""
    streams = [
        _renumber(simulation, offset)
        for simulation, offset in zip(simulations, _offsets(simulations), strict=True)
    ]
    return heapq.merge(*streams, key=lambda emission: emission.at)


def _prepared(emissions: Iterator[Emission]) -> Iterator[Emission]:
    """The same datagrams, once the first is ready: preparing a session is not part of the sending time."""
    first = next(emissions, None)
    return emissions if first is None else itertools.chain((first,), emissions)


def _renumber(simulation: Simulation, offset: int) -> Iterator[Emission]:
    for at, rig, data in simulation:
        yield Emission(at, rig + offset, data)


def _offsets(simulations: Sequence[Simulation]) -> list[int]:
    """The number of the first rig of each scenario."""
    offsets = [0]
    for simulation in simulations:
        offsets.append(offsets[-1] + simulation.scenario.rigs)
    return offsets[:-1]


def _join_truths(simulations: Sequence[Simulation], addresses: dict[int, str]) -> dict[str, Any]:
    sessions = []
    for simulation, offset in zip(simulations, _offsets(simulations), strict=True):
        for session in simulation.truth["sessions"]:
            rig = session["rig"] + offset
            address = addresses.get(rig, "").rpartition(":")[0] or None
            sessions.append(session | {"rig": rig, "address": address})
    return {"sessions": sessions}


class _Sockets:
    """One socket per rig, opened when the rig first sends."""

    def __init__(self, host: str, port: int, report: SendReport) -> None:
        resolved = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        self._family, self._target = resolved[0], resolved[4]
        address = ipaddress.ip_address(str(self._target[0]).partition("%")[0])
        self._is_local = address.version == 4 and address.is_loopback
        self._report = report
        self._sockets: dict[int, socket.socket] = {}

    def __enter__(self) -> _Sockets:
        return self

    def __exit__(self, *_: object) -> None:
        for sender in self._sockets.values():
            sender.close()

    def send(self, emission: Emission) -> None:
        """Send one datagram from the socket of its rig."""
        sender = self._sockets.get(emission.rig) or self._open(emission.rig)
        try:
            sender.sendto(emission.data, self._target)
        except ConnectionError:
            self._report.refused += 1
            return
        self._report.datagrams[emission.rig] += 1
        self._report.sent_bytes += len(emission.data)

    def _open(self, rig: int) -> socket.socket:
        """Open a socket at the loopback address of the rig, or at any free port if that fails."""
        opened = socket.socket(self._family, socket.SOCK_DGRAM)
        self._sockets[rig] = opened
        wanted = f"127.0.0.{_FIRST_HOST + rig % (255 - _FIRST_HOST)}" if self._is_local else ""
        try:
            opened.bind((wanted, 0))
        except OSError:
            opened.bind(("", 0))
        host, port = opened.getsockname()[:2]
        self._report.addresses[rig] = f"{host}:{port}"
        return opened
