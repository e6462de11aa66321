"""The strategy of each car of a race: tyres, visits to the pits, and penalties to serve there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from f1timings.simulator.entrants import Entrant
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.timeline import PlannedEventKind
from f1timings.simulator.tyres import HARD, MEDIUM, SOFT

_FIRST_SLOT_M, _SLOT_M = 14.0, 8.0
_STAND_MS = (2_100, 4_200)
_MIN_LAPS_WITH_SERVED_PENALTIES = 4
_SERVED = {
    PlannedEventKind.DRIVE_THROUGH: (0, PlannedEventKind.DRIVE_THROUGH_SERVED),
    PlannedEventKind.STOP_GO: (10_000, PlannedEventKind.STOP_GO_SERVED),
}
"""How long the car stands to serve a penalty, ms, and the event when it has served it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A drive through the pit lane at the end of a lap.

    Attributes:
        stands_ms: how long the car stands at its box; 0 for a drive-through.
        compound: visual compound of the new tyres, 0 for none.
        serves: the event that a penalty is served; None without one.
    """

    stands_ms: int
    compound: int = 0
    serves: PlannedEventKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """The race of one car, planned before it starts.

    Attributes:
        slot_m: lap distance of the grid slot, metres; it is negative.
        compound: visual compound at the start.
        laps: race laps.
        slow_lap: the lap under the virtual safety car; None without one.
        visits: visits to the pit lane, by the lap that they end.
        penalty_laps: penalties, by the lap in which they are given.
    """

    slot_m: float
    compound: int
    laps: int
    slow_lap: int | None
    visits: dict[int, Visit] = field(default_factory=dict)
    penalty_laps: dict[int, PlannedEventKind] = field(default_factory=dict)


def plan_penalties(scenario: Scenario, entrants: list[Entrant], rng: Random) -> dict[int, PlannedEventKind]:
    """Penalties to serve in the pit lane, by car index: at most one per car, in long enough races."""
    if scenario.laps < _MIN_LAPS_WITH_SERVED_PENALTIES or not scenario.penalties:
        return {}
    cars = rng.sample(entrants, min(len(entrants), 1 + scenario.penalties // 3))
    return {
        car.car_index: rng.choice((PlannedEventKind.DRIVE_THROUGH, PlannedEventKind.STOP_GO)) for car in cars
    }


def plan_strategy(
    scenario: Scenario,
    position: int,
    slow_lap: int | None,
    *,
    penalty: PlannedEventKind | None,
    rng: Random,
) -> Strategy:
    """The strategy of a car that starts from a grid position; a penalty is served in the lap after it."""
    compound = rng.choice((SOFT, MEDIUM))
    strategy = Strategy(
        slot_m=-(_FIRST_SLOT_M + _SLOT_M * (position - 1)),
        compound=compound,
        laps=scenario.laps,
        slow_lap=slow_lap,
        visits=_tyre_changes(scenario, compound, rng),
    )
    free = [lap for lap in range(2, scenario.laps) if lap not in strategy.visits]
    if penalty is None or not free:
        return strategy
    serve_lap = rng.choice(free)
    stands_ms, served = _SERVED[penalty]
    visits = strategy.visits | {serve_lap: Visit(stands_ms, serves=served)}
    return replace(strategy, visits=visits, penalty_laps={serve_lap - 1: penalty})


def _tyre_changes(scenario: Scenario, compound: int, rng: Random) -> dict[int, Visit]:
    """Tyre changes of a car, by lap: spread over the race, none in the last lap."""
    laps = range(1, scenario.laps)
    visits = {}
    for lap in sorted(rng.sample(laps, min(scenario.pit_stops, len(laps)))):
        compound = rng.choice([other for other in (SOFT, MEDIUM, HARD) if other != compound])
        visits[lap] = Visit(rng.randint(*_STAND_MS), compound)
    return visits
