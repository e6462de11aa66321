"""Rigs in a process of their own, which send recorded sessions one after the other in real time."""

from __future__ import annotations

import gc
import heapq
import socket
import time
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from benchmarks.child_process import ChildProcess

from tests.soak.recordings import Laps, Recording, record, scenarios

_BETWEEN_SESSIONS_S: Final = 5.0
# They are not switched on all at once.
_BETWEEN_RIGS_S: Final = 3.0
_EARLY_S: Final = 0.0005
_FIRST_HOST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What the rigs send.

    Attributes:
        seconds: by the clock of the game; a rig begins no session that would end later, but always one.
        laps: of each session.
        speed: 1.0 is the pace of the game.
    """

    rigs: int
    seconds: float
    laps: int
    rate_hz: int
    speed: float


class EndedSession(NamedTuple):
    """A session that was sent to its last datagram."""

    uid: str
    laps: Laps


class Sent(NamedTuple):
    """What all rigs together sent, and the processor time that it took."""

    datagrams: int
    cpu_s: float
    latest_s: float


def rig_address(rig: int) -> str:
    """The address from which a rig sends, which is its key at the server."""
    return f"127.0.0.{_FIRST_HOST + rig}"


class Rigs(ChildProcess):
    """The process of the rigs; a context manager."""

    def __init__(self, program: Program, port: int) -> None:
        super().__init__(_run, program, port)
        self._sent: Sent | None = None

    def sent(self) -> Sent | None:
        """What they sent, once all sessions have ended; None before."""
        return self._sent

    def ended_sessions(self, within_s: float) -> list[EndedSession]:
        """Wait, and return the sessions that have ended meanwhile; at once when all rigs have ended.

        Raises:
            EOFError: the process failed.
        """
        ended: list[EndedSession] = []
        until = time.monotonic() + within_s
        while self._sent is None and self.pipe.poll(max(0.0, until - time.monotonic())):
            message = self.pipe.recv()
            if isinstance(message, Sent):
                self._sent = message
            else:
                ended.append(message)
        return ended


class _Rig:
    """One rig: its socket, and its place in its present session."""

    def __init__(self, number: int, recording: Recording, program: Program, port: int) -> None:
        self._number = number
        self._recording = recording
        self._program = program
        self._begins_s = number * _BETWEEN_RIGS_S
        self._round = 0
        self._at = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((rig_address(number), 0))
        self._socket.connect(("127.0.0.1", port))
        self._uid = self._uid_bytes()

    def due_s(self) -> float:
        """When the next datagram is due, by the clock of the game."""
        return self._begins_s + self._recording.datagrams[self._at].at_s

    def send(self) -> EndedSession | None:
        """Send the next datagram; return the session if it was its last one."""
        _, before, after = self._recording.datagrams[self._at]
        self._socket.send(before if after is None else before + self._uid + after)
        self._at += 1
        if self._at < len(self._recording.datagrams):
            return None
        number = self._repetition()
        laps = self._recording.laps(number, rig_address(self._number))
        return EndedSession(str(self._recording.uid(number)), laps)

    def begin_next(self) -> bool:
        """Begin the next session; return False if it would end too late."""
        self._begins_s += self._recording.seconds + _BETWEEN_SESSIONS_S
        self._round, self._at = self._round + 1, 0
        self._uid = self._uid_bytes()
        return self._begins_s + self._recording.seconds <= self._program.seconds

    def _repetition(self) -> int:
        return self._round * self._program.rigs + self._number

    def _uid_bytes(self) -> bytes:
        return self._recording.uid(self._repetition()).to_bytes(8, "little")


def _run(pipe: Any, program: Program, port: int) -> None:
    recordings = [record(scenario) for scenario in scenarios(program.laps, program.rate_hz)]
    rigs = [
        _Rig(number, recordings[number % len(recordings)], program, port) for number in range(program.rigs)
    ]
    gc.freeze()
    gc.disable()  # a collection over so many datagrams would interrupt the streams of all rigs
    pipe.send(_send(pipe, rigs, program.speed))


def _send(pipe: Any, rigs: list[_Rig], speed: float) -> Sent:
    due = [(rig.due_s(), number) for number, rig in enumerate(rigs)]
    heapq.heapify(due)
    datagrams, latest_s = 0, 0.0
    cpu, started = time.process_time(), time.monotonic()
    while due:
        at_s, number = due[0]
        ahead = started + at_s / speed - time.monotonic()
        if ahead > _EARLY_S:
            time.sleep(ahead)
        latest_s = max(latest_s, -ahead)
        rig = rigs[number]
        ended = rig.send()
        datagrams += 1
        if ended is not None:
            pipe.send(ended)
        if ended is None or rig.begin_next():
            heapq.heapreplace(due, (rig.due_s(), number))
        else:
            heapq.heappop(due)
    return Sent(datagrams, time.process_time() - cpu, latest_s)
