"""Rigs to measure with: pieces of simulated sessions, ready to be sent at the pace of the game.

Half of the rigs are in a race of twenty cars, half in a time trial, with all packets at 60 Hz in format 2026:
about 400 datagrams a second each. Each rig is at another point of its lap, so that lines are crossed as often
as in truth. The sender is a process of its own, prepared beforehand: sending is all it does then.
"""

from __future__ import annotations

import contextlib
import gc
import math
import multiprocessing
import socket
import time
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from f1timings.packets import Columns, identify, layout_of
from f1timings.simulator import Emission, Scenario, simulate

STOP: Final = b"stop"
FORMAT: Final = 2026
_SHORT_TRACK: Final = 17
_SCENARIOS: Final = (
    Scenario("race", FORMAT, laps=3, cars=20, seed=1, track_id=_SHORT_TRACK),
    Scenario("time_trial", FORMAT, laps=3, cars=4, seed=2, track_id=_SHORT_TRACK),
    Scenario("race", FORMAT, laps=3, cars=20, seed=3, track_id=_SHORT_TRACK),
    Scenario("time_trial", FORMAT, laps=3, cars=4, seed=4, track_id=_SHORT_TRACK),
)
# The pieces begin in the second lap of each session, spread over it.
_FIRST_PIECE_S: Final = 85.0
_LAP_S: Final = 70.0
_DUE_S: Final = 1.0
# The rigs' frames do not come at the same moment.
_PHASES_S: Final = 0.1
_FIRST_HOST: Final = 2
# What is due within so long is sent at once; the sender sleeps between.
_STEP_S: Final = 0.0001
_LEAD_S: Final = 0.05
_STOPS: Final = 20
_LAP_DATA: Final = layout_of(FORMAT, "lap_data")
_LAP_NUMBERS: Final = Columns(_LAP_DATA, ("current_lap_num",))
_UID_AT: Final = _LAP_DATA.header.offsets["session_uid"]
_UID_END: Final = _UID_AT + 8
_UIDS: Final = 2**64

# (rig's address, session UID, car, lap number, branch) and the facts
LapKey = tuple[str, str, int, int, int]
Laps = dict[LapKey, tuple[Any, ...]]
# Sector 3 is left out: the history, which tells the laps before the first datagram, has it rounded anew.
_FACTS: Final = ("lap_time_ms", "sector1_ms", "sector2_ms", "is_valid", "state")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many rigs, each from a loopback address of its own, send for how many seconds."""

    rigs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Driven:
    """The laps of the sessions with their times.

    Attributes:
        laps: of all of the sessions.
        due: those that were completed a second before the last datagram; those before the first datagram are
            among them, as the session histories tell them.
    """

    laps: Laps = field(default_factory=dict)
    due: Laps = field(default_factory=dict)

    def check(self, found: Laps) -> None:
        """Whether the laps are right.

        Raises:
            ValueError: one that is due is missing, or one is not as it was driven.
        """
        missing = self.due.keys() - found.keys()
        wrong = {key for key, facts in found.items() if self.laps.get(key) != facts}
        if missing or wrong:
            raise ValueError(f"{len(missing)} of {len(self.due)} laps are missing, {len(wrong)} are wrong")


@dataclass(frozen=True, slots=True)
class Traffic:
    """Datagrams of all rigs in order of time, and what was driven in their sessions."""

    emissions: list[Emission]
    driven: Driven


class Sent(NamedTuple):
    """What was sent in how long, and how much of a processor the sender took for it."""

    datagrams: int
    seconds: float
    cpu_s: float


def address_of(rig: int) -> str:
    """Where a rig sends from."""
    return f"127.0.0.{_FIRST_HOST + rig}"


def traffic_of(plan: Plan) -> Traffic:
    """Simulate; some seconds of work, the same bytes each time."""
    emissions: list[Emission] = []
    driven = Driven()
    for number, scenario in enumerate(_SCENARIOS):
        simulation = simulate(scenario)
        whole = list(simulation)
        for rig in range(number, plan.rigs, len(_SCENARIOS)):
            piece = _piece(whole, rig, plan)
            emissions += piece
            _note(driven, simulation.truth["sessions"], piece, rig)
    emissions.sort(key=attrgetter("at"))
    return Traffic(emissions, driven)


def laps_of(sessions: Iterable[Any]) -> Laps:
    """The laps that have a time, of sessions as truth, API and ``inspect`` tell them."""
    return {
        (session["rig"], session["session_uid"], lap["car_index"], lap["lap_number"], lap["branch"]): tuple(
            lap[name] for name in _FACTS
        )
        for session in sessions
        for lap in session["laps"]
        if lap["lap_time_ms"] is not None
    }


def _piece(whole: list[Emission], rig: int, plan: Plan) -> list[Emission]:
    """What one rig sends, from 0 s on, under a session UID of its own."""
    since = _FIRST_PIECE_S + _LAP_S * rig / plan.rigs
    phase = _PHASES_S * rig / plan.rigs
    until = since + plan.seconds - phase
    first, last = (bisect_left(whole, at, key=attrgetter("at")) for at in (since, until))
    return [Emission(at - since + phase, rig, _for_rig(data, rig)) for at, _, data in whole[first:last]]


def _for_rig(data: bytes, rig: int) -> bytes:
    """The same under a session UID of the rig's own; a packet that lost its UID stays without."""
    uid = int.from_bytes(data[_UID_AT:_UID_END], "little")
    if not uid:
        return data
    return data[:_UID_AT] + ((uid + rig) % _UIDS).to_bytes(8, "little") + data[_UID_END:]


def _note(driven: Driven, sessions: list[Any], piece: list[Emission], rig: int) -> None:
    """Add a rig's laps; which of them are due is told by the lap numbers of its lap data."""
    before = piece[: bisect_left(piece, piece[-1].at - _DUE_S, key=attrgetter("at"))]
    newest = next(data for _, _, data in reversed(before) if identify(data) is _LAP_DATA)
    running = [number for (number,) in _LAP_NUMBERS.rows(newest)]
    for session in sessions:
        uid = str((int(session["session_uid"]) + rig) % _UIDS)
        laps = laps_of([session | {"rig": address_of(rig), "session_uid": uid}])
        driven.laps.update(laps)
        driven.due.update({key: facts for key, facts in laps.items() if key[3] < running[key[2]]})


class Sender:
    """A process with prepared traffic, which it sends as often as it is asked to.

    Attributes:
        driven: the laps in it.
    """

    def __init__(self, plan: Plan) -> None:
        """Start the process and wait until it is ready."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, plan), daemon=True)
        self._process.start()
        theirs.close()
        self.driven: Driven = self._pipe.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._process.terminate()
        else:
            self._pipe.send(None)
        self._process.join()

    def begin(
        self, port: int, *, since_s: float = 0.0, until_s: float = math.inf, says_stop: bool = False
    ) -> None:
        """Send what is due in a span of time to a port of this machine, from now on.

        Args:
            says_stop: send ``STOP`` behind it.
        """
        self._pipe.send((port, since_s, until_s, says_stop))

    def sent(self) -> Sent:
        """Wait for the end of what was begun.

        Raises:
            EOFError: the sender failed.
        """
        found: Sent = self._pipe.recv()
        return found


_Step = tuple[float, list[tuple[int, bytes]]]


def _serve(pipe: Any, plan: Plan) -> None:
    traffic = traffic_of(plan)
    steps = _steps(traffic.emissions)
    pipe.send(traffic.driven)
    del traffic
    gc.freeze()
    gc.disable()  # a look through a quarter of a million datagrams would be a gap in all streams
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(plan.rigs)]
    for rig, each in enumerate(sockets):
        each.bind((address_of(rig), 0))
    while (order := pipe.recv()) is not None:
        port, since_s, until_s, says_stop = order
        for each in sockets:
            each.connect(("127.0.0.1", port))
        pipe.send(_send([step for step in steps if since_s <= step[0] < until_s], sockets))
        if says_stop:
            _say_stop(sockets[0])


def _steps(emissions: list[Emission]) -> list[_Step]:
    """Datagrams that go out together, with their moment."""
    steps: dict[int, list[tuple[int, bytes]]] = {}
    for at, rig, data in emissions:
        steps.setdefault(int(at / _STEP_S), []).append((rig, data))
    return [(number * _STEP_S, batch) for number, batch in sorted(steps.items())]


def _send(steps: list[_Step], sockets: list[socket.socket]) -> Sent:
    sends = [each.send for each in sockets]
    used, begun = time.process_time(), time.monotonic() + _LEAD_S
    lead = begun - steps[0][0]
    for at, batch in steps:
        ahead = lead + at - time.monotonic()
        if ahead > 0.0:
            time.sleep(ahead)
        for rig, data in batch:
            sends[rig](data)
    took = time.monotonic() - begun
    return Sent(sum(len(batch) for _, batch in steps), took, time.process_time() - used)


def _say_stop(sender: socket.socket) -> None:
    """A few times, as one may be lost; once it is heard nobody listens."""
    with contextlib.suppress(ConnectionError):
        for _ in range(_STOPS):
            sender.send(STOP)
            time.sleep(0.01)
