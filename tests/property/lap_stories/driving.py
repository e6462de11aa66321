"""One rig of a story: it drives runs, saves and loads games, and knows when each of its laps was driven."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import NamedTuple

from f1timings.simulator import TIMING_KINDS, Emission, Scenario, ScenarioKind
from f1timings.simulator.channels import Seat
from f1timings.simulator.circuits import Circuit, circuits_of
from f1timings.simulator.plans import SessionPlan, rewind_plan
from f1timings.simulator.run import SessionRun
from f1timings.simulator.simulation import _next_session
from f1timings.simulator.world import World

# A short circuit: a story of some minutes has many laps.
_LENGTH_M, _LAP_MS = 1_700, 26_000
_FORMATS = (2020, 2021, 2022, 2023, 2024, 2025)
_KINDS: tuple[ScenarioKind, ...] = ("time_trial", "time_trial", "qualifying", "race")


@dataclass(slots=True, kw_only=True)
class TrueLap:
    """A lap that the player of a rig really completed, by the clock of the story.

    Attributes:
        began: when it began; more moments if it was begun again by a flashback or a loaded save.
        shown_at: when the game began to show its number: on the out lap, or before a rolling start.
        ended_at: when it was completed.
        driven_until: when the run ended in which it was completed.
        undone_at: when a flashback undid it, None if none did.
    """

    rig: int
    lap_time_ms: int
    began: tuple[float, ...]
    shown_at: float
    ended_at: float
    ended_ms: int
    driven_until: float = math.inf
    undone_at: float | None = None


class Datagram(NamedTuple):
    """A datagram at a moment of the story."""

    at: float
    rig: int
    port: int
    data: bytes


class Save(NamedTuple):
    """A game that was saved in the middle of a run; at frame 0, the run is driven again.

    Attributes:
        began: when each lap began, by the session clock at which it began.
    """

    scenario: Scenario
    plan: SessionPlan
    now_ms: float
    frame: int
    began: dict[int, tuple[float, ...]]


class ObservedRun(SessionRun):
    """A run of a session that notes when the player begins and completes laps.

    Args:
        save: the run goes on from it.
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
        save: Save | None = None,
    ) -> None:
        super().__init__(scenario, plan, [seat], uid=uid, rng=rng, at=at)
        self.laps: list[TrueLap] = []
        self.beginning = Save(scenario, plan, 0.0, 0, {})
        self._rig = rig
        self._began: dict[int, tuple[float, ...]] = {}
        self._lap_began = -1
        self._shown = (0, at)
        if save is not None:
            self._plan = rewind_plan(plan, math.ceil(save.now_ms), rng)
            self._clock.frame = self._clock.overall = save.frame
            self._world = World.at(self._plan, save.now_ms)
            self._channels.reorder(self._world)
            self._began = dict(save.began)
            self._begin_again(at)

    def save(self) -> Save:
        """Save the game as it is now."""
        return Save(self._scenario, self._plan, self._clock.now_ms, self._clock.frame, dict(self._began))

    def end(self) -> None:
        """Note that nothing more is driven."""
        for lap in self.laps:
            lap.driven_until = self.at

    @property
    def _player_lap_began(self) -> int:
        """The session clock when the player's lap began; -1 also on the grid, where the game may pause."""
        car = self._world.cars[self._seats[0].car_index]
        has_begun = car.lap_has_begun and car.phase.lap_began <= self._clock.now_ms
        return car.phase.lap_began if has_begun else -1

    def _frame(self) -> Iterator[Emission]:
        overall, rewound = self._clock.overall, self._clock.frame
        known = len(self._world.cars[self._seats[0].car_index].laps)
        yield from super()._frame()
        if self._clock.frame < rewound:
            self._note_flashback()
        else:
            self._note_laps(known)
        assert overall == self._clock.overall

    def _note_flashback(self) -> None:
        for lap in self.laps:
            if lap.undone_at is None and lap.ended_ms > self._clock.now_ms:
                lap.undone_at = self.at
        self._begin_again(self.at)

    def _begin_again(self, at: float) -> None:
        """Note that the lap under way is driven again from somewhere: after a flashback, or loaded."""
        self._lap_began = self._player_lap_began
        self._began[self._lap_began] = (*self._began.get(self._lap_began, ()), at)

    def _note_laps(self, known: int) -> None:
        car = self._world.cars[self._seats[0].car_index]
        for lap in car.laps[known:]:
            self.laps.append(
                TrueLap(
                    rig=self._rig,
                    lap_time_ms=lap.lap_time_ms,
                    began=self._began[self._lap_began],
                    shown_at=self._shown[1],
                    ended_at=self.at,
                    ended_ms=lap.ended_at,
                )
            )
        if car.phase.lap != self._shown[0]:
            self._shown = (car.phase.lap, self.at)
        if self._player_lap_began != self._lap_began:
            self._lap_began = self._player_lap_began
            self._began[self._lap_began] = (self.at - (self._clock.now_ms - self._lap_began) / 1000,)


@dataclass(slots=True, kw_only=True)
class Rig:
    """A rig and everything that it drives in a story.

    Attributes:
        number: from 0.
        restarts: when the server is down, as intervals of the story.
        laps: what was driven so far.
    """

    number: int
    rng: Random
    until: float
    restarts: list[tuple[float, float]]
    laps: list[TrueLap] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def datagrams(self) -> Iterator[Datagram]:
        """Everything that the rig sends, in order of time."""
        at, port, uid = self.rng.uniform(0.0, 10.0), 50_000 + self.number, self._new_uid()
        packet_format = self.rng.choice(_FORMATS)
        save: Save | None = None
        while at < self.until:
            run = self._run(packet_format, uid, save, at=at)
            ends = at + self.rng.uniform(20.0, 240.0)
            saves = self.rng.uniform(at, ends) if self.rng.random() < 0.5 else math.inf
            for emission in run.emissions():
                if run.at >= min(ends, self.until):
                    break
                if run.at >= saves:
                    save, saves = run.save(), math.inf
                    self.log.append(f"{run.at:8.1f} rig {self.number} saves")
                yield Datagram(emission.at, self.number, port, emission.data)
            run.end()
            self.laps += run.laps
            at = run.at + self.rng.uniform(3.0, 20.0)
            save, uid, at = self._next(run, save, uid, at=at)
            if self.rng.random() < 0.3:
                port += 100
                self.log.append(f"{at:8.1f} rig {self.number} has port {port}")

    def _next(
        self, run: ObservedRun, save: Save | None, uid: int, *, at: float
    ) -> tuple[Save | None, int, float]:
        """What is driven next: a loaded save, a second run under the same UID, or a new run."""
        ahead = [up for down, up in self.restarts if at < up < at + 60.0]
        if ahead and self.rng.random() < 0.6:
            self.log.append(f"{ahead[0] + 1:8.1f} rig {self.number} drives again under the same UID")
            return run.beginning, uid, ahead[0] + self.rng.uniform(1.0, 10.0)
        if save is not None and save.frame and self.rng.random() < 0.6:
            return save, self._new_uid(), at
        return None, self._new_uid(), at

    def _run(self, packet_format: int, uid: int, save: Save | None, *, at: float) -> ObservedRun:
        self.log.append(
            f"{at:8.1f} rig {self.number} {'loads a save' if save and save.frame else 'drives'} {uid}"
        )
        rng = Random(self.rng.getrandbits(64))
        if save is not None:
            scenario, seat = save.scenario, Seat(self.number, save.plan.player, 0)
            plan = save.plan if save.frame else rewind_plan(save.plan, 1, rng)
            loaded = save if save.frame else None
            return ObservedRun(self.number, scenario, plan, seat=seat, uid=uid, rng=rng, at=at, save=loaded)
        kind = self.rng.choice(_KINDS)
        scenario = Scenario(
            kind,
            packet_format,
            laps=8,
            cars=1 if kind == "time_trial" else 2,
            seed=rng.getrandbits(30),
            rate_hz=20,
            flashbacks=self.rng.randint(0, 2),
            invalid_laps=self.rng.randint(0, 2),
            pauses=self.rng.randint(0, 1),
            kinds=TIMING_KINDS,
        )
        plan, (seat,) = _next_session(scenario, _short_circuit(packet_format), rng=rng, rig=self.number)
        self.log[-1] += f" ({kind} in format {packet_format})"
        return ObservedRun(self.number, scenario, plan, seat=seat, uid=uid, rng=rng, at=at)

    def _new_uid(self) -> int:
        return self.rng.getrandbits(63) | 1


def _short_circuit(packet_format: int) -> Circuit:
    return replace(circuits_of(packet_format)[3], length_m=_LENGTH_M, lap_ms=_LAP_MS)
