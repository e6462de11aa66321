"""Rigs for benchmarks: parts of simulated sessions, sent at the pace of the game.

Unless a plan has scenarios of its own, half of the rigs are in a race of twenty cars, half in a time trial,
with all packets at 60 Hz in format 2026: about 400 datagrams per second and rig. Each rig is at a different
point of its lap, so that lines are crossed as often as in a real race. The sender is a separate process. It
prepares the datagrams before the measurement and only sends during it.
"""

from __future__ import annotations

import contextlib
import gc
import math
import socket
import time
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final, NamedTuple

from benchmarks.child_process import ChildProcess
from benchmarks.lap_endings import LapEnding, find_endings
from f1timings.packets import Columns, identify, layout_of
from f1timings.simulator import Emission, Scenario, simulate

FORMAT: Final = 2026
STOP: Final = b"stop"
_SHORT_TRACK: Final = 17
_SCENARIOS: Final = (
    Scenario("race", FORMAT, laps=3, cars=20, seed=1, track_id=_SHORT_TRACK),
    Scenario("time_trial", FORMAT, laps=3, cars=4, seed=2, track_id=_SHORT_TRACK),
    Scenario("race", FORMAT, laps=3, cars=20, seed=3, track_id=_SHORT_TRACK),
    Scenario("time_trial", FORMAT, laps=3, cars=4, seed=4, track_id=_SHORT_TRACK),
)
# The parts begin at different points of the second lap of each session.
_FIRST_PART_S: Final = 85.0
_LAP_S: Final = 70.0
_DUE_S: Final = 1.0
# The frames of the rigs are not simultaneous.
_PHASES_S: Final = 0.1
_FIRST_HOST: Final = 2
# Datagrams due within this time are sent together; the sender sleeps between such steps.
_STEP_S: Final = 0.0001
_LEAD_S: Final = 0.05
_STOPS: Final = 20
_LAP_DATA: Final = layout_of(FORMAT, "lap_data")
_LAP_NUMBERS: Final = Columns(_LAP_DATA, ("current_lap_num",))
_UID_AT: Final = _LAP_DATA.header.offsets["session_uid"]
_UID_END: Final = _UID_AT + 8
_UIDS: Final = 2**64

# (address of the rig, session UID, car, lap number, branch); the value has the columns of _FACTS.
LapKey = tuple[str, str, int, int, int]
Laps = dict[LapKey, tuple[Any, ...]]
# Without sector 3: session histories, the source of laps before the first datagram, round it differently.
_FACTS: Final = ("lap_time_ms", "sector1_ms", "sector2_ms", "is_valid", "state")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rigs send.

    Attributes:
        rigs: how many there are, each with its own loopback address.
        seconds: how long they send.
        scenarios: of their sessions, in turn; each lasts at least three laps of the short track.
    """

    rigs: int
    seconds: float
    scenarios: tuple[Scenario, ...] = _SCENARIOS


@dataclass(frozen=True, slots=True)
class DrivenLaps:
    """The laps that the simulated drivers drove.

    Attributes:
        laps: all laps of the sessions.
        due: the laps completed at least a second before the last datagram. Laps before the first datagram
            are included, because session histories contain them.
    """

    laps: Laps = field(default_factory=dict)
    due: Laps = field(default_factory=dict)

    def check(self, timed: Laps) -> None:
        """Compare timed laps with the driven laps.

        Raises:
            ValueError: a due lap is missing, or a lap differs from the driven lap.
        """
        missing = self.due.keys() - timed.keys()
        wrong = {key for key, facts in timed.items() if self.laps.get(key) != facts}
        if missing or wrong:
            raise ValueError(f"{len(missing)} of {len(self.due)} laps are missing, {len(wrong)} are wrong")


@dataclass(frozen=True, slots=True)
class Traffic:
    """Datagrams of all rigs in order of time, and the laps driven in their sessions."""

    emissions: list[Emission]
    driven: DrivenLaps


class ShownLap(NamedTuple):
    """When the first datagram that shows a completed lap was sent.

    Attributes:
        sent_at: by the monotonic clock, in seconds.
        is_earlier: the lap ended before the first datagram of its rig.
    """

    sent_at: float
    is_earlier: bool


class SendResult(NamedTuple):
    """What was sent.

    Attributes:
        seconds: how long it took.
        cpu_s: processor time of the sender.
        began_at: by the monotonic clock, in seconds.
        shown: the completed laps that the datagrams are the first to show.
    """

    datagrams: int
    seconds: float
    cpu_s: float
    began_at: float
    shown: dict[LapKey, ShownLap]


def rig_address(rig: int) -> str:
    """Return the address from which a rig sends."""
    return f"127.0.0.{_FIRST_HOST + rig}"


def build_traffic(plan: Plan) -> Traffic:
    """Simulate the traffic of a plan; takes some seconds and always returns the same bytes."""
    emissions: list[Emission] = []
    driven = DrivenLaps()
    for number, scenario in enumerate(plan.scenarios):
        simulation = simulate(scenario)
        whole = list(simulation)
        for rig in range(number, plan.rigs, len(plan.scenarios)):
            part = _cut_part(whole, rig, plan)
            emissions += part
            _add_laps(driven, simulation.truth["sessions"], part, rig)
    emissions.sort(key=attrgetter("at"))
    return Traffic(emissions, driven)


def parse_laps(sessions: Iterable[Any]) -> Laps:
    """Return the laps with a time; ``sessions`` has the form of the truth, the API or ``inspect``."""
    return {
        (session["rig"], session["session_uid"], lap["car_index"], lap["lap_number"], lap["branch"]): tuple(
            lap[name] for name in _FACTS
        )
        for session in sessions
        for lap in session["laps"]
        if lap["lap_time_ms"] is not None
    }


def parse_listed_laps(laps: Iterable[Any]) -> Laps:
    """Return the laps with a time of a list of the API."""
    return parse_laps({"rig": lap["rig"], "session_uid": lap["session_uid"], "laps": [lap]} for lap in laps)


def _cut_part(whole: list[Emission], rig: int, plan: Plan) -> list[Emission]:
    """Return what one rig sends, beginning at 0 s, with its own session UID."""
    since = _FIRST_PART_S + _LAP_S * rig / plan.rigs
    phase = _PHASES_S * rig / plan.rigs
    until = since + plan.seconds - phase
    first, last = (bisect_left(whole, at, key=attrgetter("at")) for at in (since, until))
    return [Emission(at - since + phase, rig, _with_own_uid(data, rig)) for at, _, data in whole[first:last]]


def _with_own_uid(data: bytes, rig: int) -> bytes:
    """Return the datagram with the session UID of the rig; a packet without a UID is not changed."""
    uid = int.from_bytes(data[_UID_AT:_UID_END], "little")
    if not uid:
        return data
    return data[:_UID_AT] + ((uid + rig) % _UIDS).to_bytes(8, "little") + data[_UID_END:]


def _add_laps(driven: DrivenLaps, sessions: list[Any], part: list[Emission], rig: int) -> None:
    """Add the laps of a rig; the lap numbers in its lap data show which of them are due."""
    before = part[: bisect_left(part, part[-1].at - _DUE_S, key=attrgetter("at"))]
    newest = next(data for _, _, data in reversed(before) if identify(data) is _LAP_DATA)
    running = [number for (number,) in _LAP_NUMBERS.rows(newest)]
    for session in sessions:
        uid = str((int(session["session_uid"]) + rig) % _UIDS)
        laps = parse_laps([session | {"rig": rig_address(rig), "session_uid": uid}])
        driven.laps.update(laps)
        driven.due.update({key: facts for key, facts in laps.items() if key[3] < running[key[2]]})


class Sender(ChildProcess):
    """A process with prepared traffic, which it can send several times.

    Attributes:
        driven: the laps of the traffic.
    """

    def __init__(self, plan: Plan) -> None:
        """Start the process and wait until it is ready."""
        super().__init__(_serve, plan)
        self.driven: DrivenLaps = self.pipe.recv()

    def begin(
        self, port: int, *, since_s: float = 0.0, until_s: float = math.inf, sends_stop: bool = False
    ) -> None:
        """Begin to send the datagrams of a span of time to a port of this machine.

        Args:
            sends_stop: send ``STOP`` after the datagrams.
        """
        self.pipe.send((port, since_s, until_s, sends_stop))

    def wait(self) -> SendResult:
        """Wait until everything is sent.

        Raises:
            EOFError: the sender failed.
        """
        result: SendResult = self.pipe.recv()
        return result


_Step = tuple[float, list[tuple[int, bytes]]]


def _serve(pipe: Any, plan: Plan) -> None:
    traffic = build_traffic(plan)
    steps, endings = _steps(traffic.emissions), list(find_endings(traffic.emissions, FORMAT))
    pipe.send(traffic.driven)
    del traffic
    gc.freeze()
    gc.disable()  # a collection over 250,000 datagrams would interrupt the streams of all rigs
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(plan.rigs)]
    for rig, sender in enumerate(sockets):
        sender.bind((rig_address(rig), 0))
    while True:
        port, since_s, until_s, sends_stop = pipe.recv()
        for sender in sockets:
            sender.connect(("127.0.0.1", port))
        pipe.send(_send([step for step in steps if since_s <= step[0] < until_s], sockets, endings))
        if sends_stop:
            _send_stop(sockets[0])


def _steps(emissions: list[Emission]) -> list[_Step]:
    """Group the datagrams that are sent together, each group with its time."""
    steps: dict[float, list[tuple[int, bytes]]] = {}
    for at, rig, data in emissions:
        steps.setdefault(_step_time(at), []).append((rig, data))
    return sorted(steps.items())


def _step_time(at: float) -> float:
    return int(at / _STEP_S) * _STEP_S


def _send(steps: list[_Step], sockets: list[socket.socket], endings: list[LapEnding]) -> SendResult:
    sends = [sender.send for sender in sockets]
    sent_at: dict[float, float] = {}
    cpu, start = time.process_time(), time.monotonic() + _LEAD_S
    lead = start - steps[0][0]
    for at, batch in steps:
        ahead = lead + at - time.monotonic()
        if ahead > 0.0:
            time.sleep(ahead)
        sent_at[at] = time.monotonic()
        for rig, data in batch:
            sends[rig](data)
    took = time.monotonic() - start
    return SendResult(
        datagrams=sum(len(batch) for _, batch in steps),
        seconds=took,
        cpu_s=time.process_time() - cpu,
        began_at=start,
        shown=_shown_laps(endings, sent_at),
    )


def _shown_laps(endings: list[LapEnding], sent_at: dict[float, float]) -> dict[LapKey, ShownLap]:
    """The laps that were shown, by the times at which the steps were sent."""
    return {
        (rig_address(ending.rig), str(ending.session_uid), ending.car, ending.lap_number, 0): ShownLap(
            sent_at[step], ending.is_earlier
        )
        for ending in endings
        if (step := _step_time(ending.at)) in sent_at
    }


def _send_stop(sender: socket.socket) -> None:
    """Send ``STOP`` several times, because a datagram may be lost; the receiver may close after the first."""
    with contextlib.suppress(ConnectionError):
        for _ in range(_STOPS):
            sender.send(STOP)
            time.sleep(0.01)
