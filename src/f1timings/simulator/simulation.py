"""A whole scenario: each rig's sessions one after the other, their datagrams in order of time, the truth."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from random import Random
from typing import Any

from f1timings.simulator.channels import Emission, Seat
from f1timings.simulator.circuits import Circuit, circuits_of
from f1timings.simulator.courses import course_of
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.entrants import Entrant, race_field, time_trial_field
from f1timings.simulator.people_packets import lobby
from f1timings.simulator.plans import SessionPlan, abandoned
from f1timings.simulator.prepared import Stamp
from f1timings.simulator.race_story import race_plan
from f1timings.simulator.run import SessionRun
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.solo_stories import qualifying_plan, time_trial_plan

_BETWEEN_SESSIONS_S = (3.0, 9.0)
_IN_LOBBY_S = 6.0
_LOBBY_HZ = 2.0
_GRID_TENTHS = (45, 65)


class Simulation:
    """An iterator over a scenario's datagrams; ``truth`` is whole once it is exhausted."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._truths: dict[int, list[dict[str, Any]]] = {}
        self._emissions = self._all()

    def __iter__(self) -> Iterator[Emission]:
        return self

    def __next__(self) -> Emission:
        return next(self._emissions)

    @property
    def truth(self) -> dict[str, Any]:
        """What really happened in the sessions that are over: ``{"sessions": [...]}``."""
        return {"sessions": [session for _, part in sorted(self._truths.items()) for session in part]}

    def _all(self) -> Iterator[Emission]:
        scenario = self.scenario
        circuit = _circuit(scenario)
        if scenario.kind != "hot_lap_evening":
            return self._rig(0, circuit, 0.0)
        rng = Random(f"{scenario.seed}/arrivals")
        streams = [self._rig(rig, circuit, rng.uniform(0.0, 8.0)) for rig in range(scenario.rigs)]
        return heapq.merge(*streams, key=lambda emission: emission.at)

    def _rig(self, rig: int, circuit: Circuit, begins_at: float) -> Iterator[Emission]:
        """One rig's sessions (of a lobby: all rigs'), with those abandoned on the way."""
        scenario = self.scenario
        rng = Random(f"{scenario.seed}/{scenario.kind}/{scenario.format}/{rig}")
        at = begins_at
        truths = self._truths.setdefault(rig, [])
        for number in range(scenario.sessions + scenario.restarts):
            plan, seats = _planned(scenario, circuit, rng, rig)
            if number < scenario.restarts:
                plan = abandoned(plan, rng)
            if plan.is_online:
                yield from _in_lobby(scenario, plan, seats, at)
                at += _IN_LOBBY_S
            run = SessionRun(scenario, plan, seats, rng.getrandbits(64) | 1, rng, at)
            yield from run.emissions()
            truths.extend(run.truth())
            at = run.at + rng.uniform(*_BETWEEN_SESSIONS_S)


def simulate(scenario: Scenario) -> Simulation:
    """The datagrams of a scenario in order of time, the same for the same scenario."""
    return Simulation(scenario)


def truth(scenario: Scenario) -> dict[str, Any]:
    """What really happens in a scenario, JSON-able; runs all of it, without keeping the datagrams."""
    simulation = simulate(scenario)
    deque(simulation, maxlen=0)
    return simulation.truth


def _circuit(scenario: Scenario) -> Circuit:
    circuits = circuits_of(scenario.format)
    if scenario.track_id is None:
        return Random(f"{scenario.seed}/circuit").choice(circuits)
    found = [circuit for circuit in circuits if circuit.track_id == scenario.track_id]
    if not found:
        known = ", ".join(str(circuit.track_id) for circuit in circuits)
        raise ValueError(
            f"no circuit {scenario.track_id} to simulate in format {scenario.format}; there are {known}"
        )
    return found[0]


def _planned(scenario: Scenario, circuit: Circuit, rng: Random, rig: int) -> tuple[SessionPlan, list[Seat]]:
    """The next session's story, and where the rigs sit in it."""
    course = course_of(circuit)
    if scenario.kind in ("time_trial", "hot_lap_evening"):
        entrants = time_trial_field(scenario.format, scenario.cars - 1, rng, rig)
        return time_trial_plan(scenario, course, entrants, rng), [Seat(rig, 0, 0)]
    is_lobby = scenario.kind == "lobby"
    humans = min(scenario.cars, scenario.rigs + scenario.cars // 4) if is_lobby else 1
    rigs = scenario.rigs if is_lobby else 1
    entrants = race_field(scenario.format, scenario.cars, rng, humans, rigs)
    if scenario.kind == "qualifying":
        plan = qualifying_plan(scenario, course, entrants, rng)
    else:
        plan = race_plan(scenario, course, entrants, rng, 100 * rng.randint(*_GRID_TENTHS))
    return plan, _seats(entrants, rng)


def _seats(entrants: list[Entrant], rng: Random) -> list[Seat]:
    seated = sorted((e for e in entrants if e.rig is not None), key=lambda entrant: entrant.rig or 0)
    alone = len(seated) == 1
    return [
        Seat(entrant.rig or 0, entrant.car_index, 0 if alone else rng.randrange(0, 4_000))
        for entrant in seated
    ]


def _in_lobby(
    scenario: Scenario, plan: SessionPlan, seats: list[Seat], begins_at: float
) -> Iterator[Emission]:
    """Some seconds in the lobby, without a session: UID and frame are 0."""
    if not scenario.sends("lobby_info"):
        return
    stamp = Stamp(scenario.format, Dialect(scenario.format, scenario.legacy_game).header())
    header = stamp.bytes_of(0, 0.0, 0, 0, 0)
    count = int(_IN_LOBBY_S * _LOBBY_HZ)
    for number in range(count):
        for seat in seats:
            packet = lobby(stamp, plan.entrants, seat.rig, is_ready=number > count // 2)
            yield Emission(begins_at + number / _LOBBY_HZ, seat.rig, packet.stamped(header))
