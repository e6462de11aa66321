"""How a race goes: the start, lap after lap with tyres and fuel, visits to the pits, the flag."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from f1timings.simulator.courses import PIT_EXIT_AFTER_LINE_M, Course
from f1timings.simulator.entrants import Entrant
from f1timings.simulator.incidents import rewinds_for, with_incidents
from f1timings.simulator.plans import SafetyCar, SessionPlan, settled
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.timeline import CarTimeline, Drive, DriverStatus, PitStatus, PlannedEventKind
from f1timings.simulator.tyres import FADE_A_LAP, HARD, MEDIUM, PACE, SOFT

_FUEL_PACE_A_LAP = 0.0004
_TRAFFIC = 0.012
_SPIN_CHANCE = 0.012
_SPIN_COSTS_MS = (4_000, 45_000)
_VIRTUAL_SAFETY_CAR_FACTOR = 1.38
_BEFORE_THE_LIGHTS_MS = 60_000
_FIRST_SLOT_M, _SLOT_M = 14.0, 8.0
_LAUNCH_TO_M = 250.0
_LAUNCH_END_MS = 55.0
_REACTION_MS = (180, 420)
_STAND_MS = (2_100, 4_200)
_GRID_SPREAD = 0.006
_SHORTEST_WITH_SERVED_PENALTIES = 4
_SERVED = {
    PlannedEventKind.DRIVE_THROUGH: (0, PlannedEventKind.DRIVE_THROUGH_SERVED),
    PlannedEventKind.STOP_GO: (10_000, PlannedEventKind.STOP_GO_SERVED),
}
"""How long a penalty makes a car stand, ms, and what serving it is called."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A drive through the pit lane at the end of a lap.

    Attributes:
        stands_ms: how long the car stands at its box; 0 for a drive-through.
        compound: visual compound fitted, 0 for none.
        serves: the penalty that is served, if any.
    """

    stands_ms: int
    compound: int = 0
    serves: PlannedEventKind | None = None


@dataclass(frozen=True, slots=True)
class _Strategy:
    """One car's race before it starts: ``penalty_laps`` says in which lap a penalty is given."""

    slot_m: float
    compound: int
    laps: int
    slow_lap: int | None
    visits: dict[int, Visit] = field(default_factory=dict)
    penalty_laps: dict[int, PlannedEventKind] = field(default_factory=dict)


def race_plan(
    scenario: Scenario, course: Course, entrants: list[Entrant], rng: Random, grid_ms: int
) -> SessionPlan:
    """A race from the grid to the flag.

    Args:
        grid_ms: how long the cars stand on the grid before the lights go out.
    """
    order = sorted(entrants, key=lambda entrant: entrant.skill + rng.gauss(0.0, _GRID_SPREAD))
    position = {entrant.car_index: place for place, entrant in enumerate(order, start=1)}
    grid = tuple(position[entrant.car_index] for entrant in entrants)
    slow_lap = rng.randint(2, scenario.laps) if scenario.safety_car and scenario.laps > 2 else None
    penalised = _penalised(scenario, entrants, rng)
    strategies = [
        _strategy(scenario, grid[entrant.car_index], slow_lap, penalised.get(entrant.car_index), rng)
        for entrant in entrants
    ]
    driven = [
        _race(course, entrant, strategy, rng) for entrant, strategy in zip(entrants, strategies, strict=True)
    ]
    rewinds = rewinds_for(scenario, rng)
    plan = SessionPlan(
        kind="race",
        course=course,
        entrants=tuple(entrants),
        driven=tuple(with_incidents(scenario, entrants, driven, rewinds, rng)),
        compounds=tuple(strategy.compound for strategy in strategies),
        grid=grid,
        grid_ms=grid_ms,
        laps=scenario.laps,
        rewinds=rewinds,
        is_online=scenario.kind == "lobby",
    )
    plan = settled(plan)
    return replace(plan, safety_car=_safety_car(plan, slow_lap))


def _safety_car(plan: SessionPlan, slow_lap: int | None) -> SafetyCar | None:
    """The period that explains a slow lap of all cars."""
    if slow_lap is None:
        return None
    begins = [at for timeline in plan.timelines if (at := timeline.lap_begins(slow_lap)) is not None]
    ends = [at for timeline in plan.timelines if (at := timeline.lap_ends(slow_lap)) is not None]
    if not begins or not ends:
        return None
    first, last = min(begins), min(ends)
    return SafetyCar(first + 1_000, last - 12_000, last - 2_000, has_red_flag=first % 3 == 0)


def _penalised(scenario: Scenario, entrants: list[Entrant], rng: Random) -> dict[int, PlannedEventKind]:
    """Which cars get a penalty to serve in the pit lane: at most one a car, in races long enough."""
    if scenario.laps < _SHORTEST_WITH_SERVED_PENALTIES or not scenario.penalties:
        return {}
    cars = rng.sample(entrants, min(len(entrants), 1 + scenario.penalties // 3))
    return {
        car.car_index: rng.choice((PlannedEventKind.DRIVE_THROUGH, PlannedEventKind.STOP_GO)) for car in cars
    }


def _strategy(
    scenario: Scenario, position: int, slow_lap: int | None, penalty: PlannedEventKind | None, rng: Random
) -> _Strategy:
    compound = rng.choice((SOFT, MEDIUM))
    strategy = _Strategy(
        slot_m=-(_FIRST_SLOT_M + _SLOT_M * (position - 1)),
        compound=compound,
        laps=scenario.laps,
        slow_lap=slow_lap,
        visits=_visits(scenario, compound, rng),
    )
    free = [lap for lap in range(2, scenario.laps) if lap not in strategy.visits]
    if penalty is None or not free:
        return strategy
    serve_lap = rng.choice(free)
    stands_ms, served = _SERVED[penalty]
    visits = strategy.visits | {serve_lap: Visit(stands_ms, serves=served)}
    return replace(strategy, visits=visits, penalty_laps={serve_lap - 1: penalty})


def _visits(scenario: Scenario, compound: int, rng: Random) -> dict[int, Visit]:
    """In which laps a car goes to its box: spread over the race, not in the last lap."""
    laps = range(1, scenario.laps)
    visits = {}
    for lap in sorted(rng.sample(laps, min(scenario.pit_stops, len(laps)))):
        compound = rng.choice([other for other in (SOFT, MEDIUM, HARD) if other != compound])
        visits[lap] = Visit(rng.randint(*_STAND_MS), compound)
    return visits


def _race(course: Course, entrant: Entrant, strategy: _Strategy, rng: Random) -> CarTimeline:
    """A whole race of one car, without knowing what the others do."""
    drive = Drive(course, now=-_BEFORE_THE_LIGHTS_MS)
    drive.stand(strategy.slot_m, 0, 2, DriverStatus.ON_TRACK)
    compound, age = strategy.compound, 0
    came_from: Visit | None = None
    for lap in range(1, strategy.laps + 1):
        sectors = _sectors(course, entrant, strategy, rng, lap, compound, age)
        if lap in strategy.penalty_laps:
            drive.mark(strategy.penalty_laps[lap], at=drive.now + sectors[0] // 2)
        if lap == 1:
            _launch(drive, strategy.slot_m, sectors[0], rng)
        else:
            _after_line(drive, sectors[0], came_from)
        came_from = strategy.visits.get(lap)
        _rest_of_lap(drive, sectors, came_from)
        drive.next_lap()
        age += 1
        if came_from is not None and came_from.compound:
            compound, age = came_from.compound, 0
    _after_line(drive, course.sector_ms[0], came_from)
    return drive.timeline()


def _sectors(
    course: Course, entrant: Entrant, strategy: _Strategy, rng: Random, lap: int, compound: int, age: int
) -> list[int]:
    """Times of the three sectors of a lap, ms, with tyres, fuel, and now and then a spin."""
    factor = entrant.skill + PACE[compound] + FADE_A_LAP[compound] * age
    factor += _FUEL_PACE_A_LAP * (strategy.laps - lap) + _TRAFFIC
    if lap == strategy.slow_lap:
        factor *= _VIRTUAL_SAFETY_CAR_FACTOR
    sectors = [round(ms * (factor + rng.gauss(0.0, entrant.spread))) for ms in course.sector_ms]
    if rng.random() < _SPIN_CHANCE:
        sectors[rng.randrange(3)] += rng.randint(*_SPIN_COSTS_MS)
    return sectors


def _launch(drive: Drive, slot_m: float, first_sector_ms: int, rng: Random) -> None:
    """From the slot to the end of sector 1: slower than a flying sector by what the standing start costs."""
    ms = rng.randint(*_REACTION_MS) + round(2000.0 * (_LAUNCH_TO_M - slot_m) / _LAUNCH_END_MS)
    drive.launch(slot_m, _LAUNCH_TO_M, ms)
    end = drive.course.sector_starts_m[1]
    drive.track(
        _LAUNCH_TO_M, end, drive.course.share_ms(_LAUNCH_TO_M, end, sector=0, sector_ms=first_sector_ms), 0
    )


def _after_line(drive: Drive, first_sector_ms: int, came_from: Visit | None) -> None:
    """Sector 1, from the line or out of the pit lane."""
    course = drive.course
    from_m = 0.0
    if came_from is not None:
        box_m = None if course.circuit.box_before_line else course.box_m
        _through_lane(drive, 0.0, PIT_EXIT_AFTER_LINE_M, 0, came_from, box_m)
        from_m = PIT_EXIT_AFTER_LINE_M
    end = course.sector_starts_m[1]
    drive.track(from_m, end, course.share_ms(from_m, end, sector=0, sector_ms=first_sector_ms), 0)


def _rest_of_lap(drive: Drive, sectors: list[int], visit: Visit | None) -> None:
    """Sectors 2 and 3, to the line or into the pit lane."""
    course = drive.course
    _, second, third, line = course.sector_starts_m
    drive.track(second, third, sectors[1], 1)
    entry_m = line if visit is None else course.pit_entry_m
    drive.track(third, entry_m, course.share_ms(third, entry_m, sector=2, sector_ms=sectors[2]), 2)
    if visit is not None:
        box_m = course.box_m if course.circuit.box_before_line else None
        _through_lane(drive, entry_m, line, 2, visit, box_m)


def _through_lane(
    drive: Drive, from_m: float, to_m: float, sector: int, visit: Visit, box_m: float | None
) -> None:
    """A part of the pit lane, with the car's box in it unless ``box_m`` is None."""
    if box_m is None:
        _lane(drive, from_m, to_m, sector)
        return
    _lane(drive, from_m, box_m, sector)
    if visit.serves is not None:
        drive.mark(visit.serves)
    if visit.stands_ms:
        drive.steady(box_m, box_m, visit.stands_ms, sector, PitStatus.IN_PIT_AREA)
    if visit.compound:
        drive.mark(PlannedEventKind.TYRES, visit.compound)
    _lane(drive, box_m, to_m, sector)


def _lane(drive: Drive, from_m: float, to_m: float, sector: int) -> None:
    metres_a_ms = drive.course.circuit.pit_limit_kmh / 3600.0
    drive.steady(from_m, to_m, round((to_m - from_m) / metres_a_ms), sector, PitStatus.PITTING)
