"""One rig of a story: its game, the address and port that it sends from, and its rests."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from f1timings.simulator import TIMING_KINDS, Scenario, ScenarioKind
from f1timings.simulator.channels import Seat
from f1timings.simulator.plans import SessionPlan
from f1timings.simulator.simulation import _next_session
from tests.property.lap_stories.driving import ObservedRun, TrueLap, _short_circuit

_FORMATS = (2021, 2023, 2025)
_KINDS: tuple[ScenarioKind, ...] = ("time_trial", "time_trial", "qualifying")
_BETWEEN_RESTS_S = (20.0, 120.0)
_REST_S = (0.0, 10.0)


class Endpoint(NamedTuple):
    """Where a rig sends from."""

    address: str
    port: int


class Datagram(NamedTuple):
    """A datagram at a moment of the story."""

    at: float
    rig: int
    endpoint: Endpoint
    data: bytes


class RestingRun(ObservedRun):
    """A run of a session in which the player rests: the game sends nothing and its clocks stand still.

    Args:
        rest: called after each frame; returns the seconds of a rest that begins then.
    """

    def __init__(
        self,
        rig: int,
        scenario: Scenario,
        plan: SessionPlan,
        *,
        seat: Seat,
        uid: int,
        rng: Random,
        at: float,
        rest: Callable[[float], float],
    ) -> None:
        super().__init__(rig, scenario, plan, seat=seat, uid=uid, rng=rng, at=at)
        self.uid = uid
        self._rest = rest

    def _pause(self) -> None:
        super()._pause()
        self.at += self._rest(self.at)


@dataclass(slots=True, kw_only=True)
class Rig:
    """A rig and everything that it drives in a story.

    Attributes:
        number: from 0.
        endpoint: where it sends from now.
        is_translated: its datagrams come from the address of another device, which it shares with other rigs.
        finale: from this moment on all rigs drive, where they are.
        until: when the story ends.
        lunch: all rigs rest from this moment on, for an hour.
        rests: when it did not send, as intervals of the story.
        laps: what was driven so far, by the UID of the run.
    """

    number: int
    rng: Random
    endpoint: Endpoint
    is_translated: bool
    finale: float
    until: float
    lunch: tuple[float, float]
    rests: list[tuple[float, float]] = field(default_factory=list)
    laps: dict[int, list[TrueLap]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    _rests_at: float = 0.0
    _addresses: int = 0

    def datagrams(self) -> Iterator[Datagram]:
        """Everything that the rig sends, in order of time."""
        # Often a rig starts after another one of its address has rested: then it takes that one's place.
        at = self.rng.uniform(0.0, self.rng.choice((10.0, 40.0, 200.0)))
        self._rests_at = at + self.rng.uniform(*_BETWEEN_RESTS_S)
        packet_format = self.rng.choice(_FORMATS)
        while at < self.until:
            run = self._run(packet_format, at)
            self.laps[run.uid] = run.laps
            ends = at + self.rng.uniform(40.0, 200.0)
            if ends > self.finale:
                ends = self.until
            for emission in run.emissions():
                if run.at >= min(ends, self.until):
                    break
                yield Datagram(emission.at, self.number, self.endpoint, emission.data)
            run.end()
            self._rests_at = run.at
            at = run.at + self._rest(run.at)

    def _rest(self, at: float) -> float:
        """The seconds of a rest that begins now, 0 if none does; the endpoint may change in it."""
        if at < self._rests_at:
            return 0.0
        begin, end = self.lunch
        if at >= self.finale:
            self._rests_at = math.inf
            return self.rng.uniform(3.0, 5.0)
        length = self.rng.uniform(*_REST_S)
        if begin <= at < end:
            length += end - at
        self.rests.append((at, at + length))
        self._rests_at = at + length + self.rng.uniform(*_BETWEEN_RESTS_S)
        if at < begin < self._rests_at:
            self._rests_at = begin
        if self._rests_at > self.finale:
            self._rests_at = math.inf
        self.log.append(f"{at:8.1f} rig {self.number} rests for {length:.1f} s")
        self._change_endpoint(at + length)
        return length

    def _change_endpoint(self, at: float) -> None:
        chance = self.rng.random()
        if chance < 0.3:
            self.endpoint = self.endpoint._replace(port=self.endpoint.port + 10)
        elif chance < 0.4 and not self.is_translated:
            self._addresses += 1
            address = f"192.168.{2 + self.number}.{20 + self._addresses}"
            self.endpoint = Endpoint(address, self.rng.choice((self.endpoint.port, self.endpoint.port + 10)))
        else:
            return
        self.log.append(f"{at:8.1f} rig {self.number} sends from {self.endpoint}")

    def _run(self, packet_format: int, at: float) -> RestingRun:
        uid = self.rng.getrandbits(63) | 1
        rng = Random(self.rng.getrandbits(64))
        kind = self.rng.choice(_KINDS)
        self.log.append(f"{at:8.1f} rig {self.number} drives {uid} ({kind} in format {packet_format})")
        scenario = Scenario(
            kind,
            packet_format,
            laps=8,
            cars=1 if kind == "time_trial" else 2,
            seed=rng.getrandbits(30),
            rate_hz=20,
            flashbacks=self.rng.randint(0, 1),
            kinds=TIMING_KINDS,
        )
        plan, (seat,) = _next_session(scenario, _short_circuit(packet_format), rng=rng, rig=self.number)
        return RestingRun(self.number, scenario, plan, seat=seat, uid=uid, rng=rng, at=at, rest=self._rest)
