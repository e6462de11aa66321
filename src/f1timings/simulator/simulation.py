"""A whole scenario: the sessions of all rigs, their datagrams in order of time, and the truth."""

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
from f1timings.simulator.plans import SessionPlan, abandon_plan
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
    """An iterator over the datagrams of a scenario; ``truth`` is complete when it is exhausted."""

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
        """What really happened in the sessions that have ended: ``{"sessions": [...]}``."""
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
        """The sessions of one rig (in a lobby: of all rigs), including the abandoned ones."""
        scenario = self.scenario
        rng = Random(f"{scenario.seed}/{scenario.kind}/{scenario.format}/{rig}")
        at = begins_at
        truths = self._truths.setdefault(rig, [])
        for number in range(scenario.sessions + scenario.restarts):
            plan, seats = _next_session(scenario, circuit, rng=rng, rig=rig)
            if number < scenario.restarts:
                plan = abandon_plan(plan, rng)
            if plan.is_online:
                yield from _send_lobby(scenario, plan, seats, begins_at=at)
                at += _IN_LOBBY_S
            uid = rng.getrandbits(64) | 1
            run = SessionRun(scenario, plan, seats, uid=uid, rng=rng, at=at)
            yield from run.emissions()
            truths.extend(run.truth())
            at = run.at + rng.uniform(*_BETWEEN_SESSIONS_S)


def simulate(scenario: Scenario) -> Simulation:
    """The datagrams of a scenario in order of time; the same scenario always gives the same datagrams."""
    return Simulation(scenario)


def truth(scenario: Scenario) -> dict[str, Any]:
    """What really happens in a scenario, ready for JSON; it runs the whole scenario."""
    simulation = simulate(scenario)
    deque(simulation, maxlen=0)
    return simulation.truth


def _circuit(scenario: Scenario) -> Circuit:
    circuits = circuits_of(scenario.format)
    if scenario.track_id is None:
        return Random(f"{scenario.seed}/circuit").choice(circuits)
    for circuit in circuits:
        if circuit.track_id == scenario.track_id:
            return circuit
    known = ", ".join(str(circuit.track_id) for circuit in circuits)
    raise ValueError(
        f"no circuit {scenario.track_id} to simulate in format {scenario.format}; there are {known}"
    )


def _next_session(
    scenario: Scenario, circuit: Circuit, *, rng: Random, rig: int
) -> tuple[SessionPlan, list[Seat]]:
    """The plan of the next session, and the seats of its rigs."""
    course = course_of(circuit)
    if scenario.kind in ("time_trial", "hot_lap_evening"):
        entrants = time_trial_field(scenario.format, scenario.cars - 1, rng=rng, rig=rig)
        return time_trial_plan(scenario, course, entrants, rng=rng), [Seat(rig, 0, 0)]
    is_lobby = scenario.kind == "lobby"
    humans = min(scenario.cars, scenario.rigs + scenario.cars // 4) if is_lobby else 1
    rigs = scenario.rigs if is_lobby else 1
    entrants = race_field(scenario.format, scenario.cars, rng, human_cars=humans, rigs=rigs)
    if scenario.kind == "qualifying":
        plan = qualifying_plan(scenario, course, entrants, rng=rng)
    else:
        grid_ms = 100 * rng.randint(*_GRID_TENTHS)
        plan = race_plan(scenario, course, entrants, rng=rng, grid_ms=grid_ms)
    return plan, _seats(entrants, rng)


def _seats(entrants: list[Entrant], rng: Random) -> list[Seat]:
    """The rigs in a session; several rigs count frames from different starts."""
    at_rigs = sorted((entrant.rig, entrant.car_index) for entrant in entrants if entrant.rig is not None)
    is_alone = len(at_rigs) == 1
    return [Seat(rig, car_index, 0 if is_alone else rng.randrange(0, 4_000)) for rig, car_index in at_rigs]


def _send_lobby(
    scenario: Scenario, plan: SessionPlan, seats: list[Seat], *, begins_at: float
) -> Iterator[Emission]:
    """Send the lobby for some seconds. It is not in a session: UID and frame are 0."""
    if not scenario.sends("lobby_info"):
        return
    stamp = Stamp(scenario.format, Dialect(scenario.format, scenario.legacy_game).header())
    no_session = stamp.bytes_of(uid=0, time_s=0.0, frame=0, overall=0, player=0)
    count = int(_IN_LOBBY_S * _LOBBY_HZ)
    for number in range(count):
        for seat in seats:
            packet = lobby(stamp, plan.entrants, rig=seat.rig, is_ready=number > count // 2)
            yield Emission(begins_at + number / _LOBBY_HZ, seat.rig, packet.stamped(no_session))
