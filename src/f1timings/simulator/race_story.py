"""The story of a race: the start, laps with tyres and fuel, visits to the pits, the flag."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from f1timings.simulator.courses import PIT_EXIT_AFTER_LINE_M, Course
from f1timings.simulator.drive import Drive
from f1timings.simulator.entrants import Entrant
from f1timings.simulator.incidents import add_incidents, rewinds_for
from f1timings.simulator.plans import SafetyCar, SessionPlan, complete_plan
from f1timings.simulator.race_strategy import Strategy, Visit, plan_penalties, plan_strategy
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.timeline import CarTimeline, DriverStatus, PitStatus, PlannedEventKind
from f1timings.simulator.tyres import FADE_PER_LAP, PACE

_FUEL_PACE_PER_LAP = 0.0004
_TRAFFIC = 0.012
_SPIN_CHANCE = 0.012
_SPIN_COSTS_MS = (4_000, 45_000)
_VIRTUAL_SAFETY_CAR_FACTOR = 1.38
_BEFORE_THE_LIGHTS_MS = 60_000
_LAUNCH_TO_M = 250.0
_LAUNCH_END_MS = 55.0
_REACTION_MS = (180, 420)
_GRID_SPREAD = 0.006


def race_plan(
    scenario: Scenario, course: Course, entrants: list[Entrant], *, rng: Random, grid_ms: int
) -> SessionPlan:
    """Plan a race from the grid to the flag.

    Args:
        grid_ms: how long the cars stand on the grid before the lights go out.
    """
    order = sorted(entrants, key=lambda entrant: entrant.skill + rng.gauss(0.0, _GRID_SPREAD))
    position = {entrant.car_index: place for place, entrant in enumerate(order, start=1)}
    grid = tuple(position[entrant.car_index] for entrant in entrants)
    slow_lap = rng.randint(2, scenario.laps) if scenario.safety_car and scenario.laps > 2 else None
    penalised = plan_penalties(scenario, entrants, rng)
    strategies = [
        plan_strategy(
            scenario,
            grid[entrant.car_index],
            slow_lap,
            penalty=penalised.get(entrant.car_index),
            rng=rng,
        )
        for entrant in entrants
    ]
    driven = [
        _drive_race(course, entrant, strategy, rng=rng)
        for entrant, strategy in zip(entrants, strategies, strict=True)
    ]
    rewinds = rewinds_for(scenario, rng)
    plan = SessionPlan(
        kind="race",
        course=course,
        entrants=tuple(entrants),
        driven=tuple(add_incidents(scenario, entrants, driven, rewinds=rewinds, rng=rng)),
        compounds=tuple(strategy.compound for strategy in strategies),
        grid=grid,
        grid_ms=grid_ms,
        laps=scenario.laps,
        rewinds=rewinds,
        is_online=scenario.kind == "lobby",
    )
    plan = complete_plan(plan)
    return replace(plan, safety_car=_safety_car(plan, slow_lap))


def _safety_car(plan: SessionPlan, slow_lap: int | None) -> SafetyCar | None:
    """The safety car period that explains the slow lap of all cars; None without one."""
    if slow_lap is None:
        return None
    begins = [at for timeline in plan.timelines if (at := timeline.lap_begins(slow_lap)) is not None]
    ends = [at for timeline in plan.timelines if (at := timeline.lap_ends(slow_lap)) is not None]
    if not begins or not ends:
        return None
    first, last = min(begins), min(ends)
    return SafetyCar(
        deployed_at=first + 1_000,
        ending_at=last - 12_000,
        ended_at=last - 2_000,
        has_red_flag=first % 3 == 0,
    )


def _drive_race(course: Course, entrant: Entrant, strategy: Strategy, *, rng: Random) -> CarTimeline:
    """The whole race of one car, independent of the other cars."""
    drive = Drive(course, now=-_BEFORE_THE_LIGHTS_MS)
    drive.stand(strategy.slot_m, 0, sector=2, status=DriverStatus.ON_TRACK)
    compound, age = strategy.compound, 0
    visit: Visit | None = None
    for lap in range(1, strategy.laps + 1):
        sectors = _sector_times(course, entrant, strategy, rng=rng, lap=lap, compound=compound, age=age)
        if lap in strategy.penalty_laps:
            drive.add_event(strategy.penalty_laps[lap], at=drive.now + sectors[0] // 2)
        if lap == 1:
            _launch(drive, strategy.slot_m, sectors[0], rng=rng)
        else:
            _after_line(drive, sectors[0], visit)
        visit = strategy.visits.get(lap)
        _rest_of_lap(drive, sectors, visit)
        drive.next_lap()
        age += 1
        if visit is not None and visit.compound:
            compound, age = visit.compound, 0
    _after_line(drive, course.sector_ms[0], visit)
    return drive.timeline()


def _sector_times(
    course: Course,
    entrant: Entrant,
    strategy: Strategy,
    *,
    rng: Random,
    lap: int,
    compound: int,
    age: int,
) -> list[int]:
    """Times of the three sectors of a lap, ms, with tyres, fuel, and sometimes a spin.

    Args:
        age: laps on the set of tyres.
    """
    factor = entrant.skill + PACE[compound] + FADE_PER_LAP[compound] * age
    factor += _FUEL_PACE_PER_LAP * (strategy.laps - lap) + _TRAFFIC
    if lap == strategy.slow_lap:
        factor *= _VIRTUAL_SAFETY_CAR_FACTOR
    sectors = [round(ms * (factor + rng.gauss(0.0, entrant.spread))) for ms in course.sector_ms]
    if rng.random() < _SPIN_CHANCE:
        sectors[rng.randrange(3)] += rng.randint(*_SPIN_COSTS_MS)
    return sectors


def _launch(drive: Drive, slot_m: float, first_sector_ms: int, *, rng: Random) -> None:
    """Drive from the slot to the end of sector 1; the standing start makes it slower than a flying sector."""
    ms = rng.randint(*_REACTION_MS) + round(2000.0 * (_LAUNCH_TO_M - slot_m) / _LAUNCH_END_MS)
    drive.launch(slot_m, _LAUNCH_TO_M, ms)
    end = drive.course.sector_starts_m[1]
    flying_ms = drive.course.share_ms(_LAUNCH_TO_M, end, sector=0, sector_ms=first_sector_ms)
    drive.track(_LAUNCH_TO_M, end, flying_ms, sector=0)


def _after_line(drive: Drive, first_sector_ms: int, visit: Visit | None) -> None:
    """Drive sector 1, from the line or, after a visit, out of the pit lane."""
    course = drive.course
    from_m = 0.0
    if visit is not None:
        box_m = None if course.circuit.box_before_line else course.box_m
        _through_lane(drive, 0.0, PIT_EXIT_AFTER_LINE_M, sector=0, visit=visit, box_m=box_m)
        from_m = PIT_EXIT_AFTER_LINE_M
    end = course.sector_starts_m[1]
    drive.track(from_m, end, course.share_ms(from_m, end, sector=0, sector_ms=first_sector_ms), sector=0)


def _rest_of_lap(drive: Drive, sectors: list[int], visit: Visit | None) -> None:
    """Drive sectors 2 and 3, to the line or into the pit lane."""
    course = drive.course
    _, second, third, line = course.sector_starts_m
    drive.track(second, third, sectors[1], sector=1)
    entry_m = line if visit is None else course.pit_entry_m
    to_entry_ms = course.share_ms(third, entry_m, sector=2, sector_ms=sectors[2])
    drive.track(third, entry_m, to_entry_ms, sector=2)
    if visit is not None:
        box_m = course.box_m if course.circuit.box_before_line else None
        _through_lane(drive, entry_m, line, sector=2, visit=visit, box_m=box_m)


def _through_lane(
    drive: Drive, from_m: float, to_m: float, *, sector: int, visit: Visit, box_m: float | None
) -> None:
    """Drive a part of the pit lane; ``box_m`` is the distance of the box if the box is in this part."""
    if box_m is None:
        _lane(drive, from_m, to_m, sector=sector)
        return
    _lane(drive, from_m, box_m, sector=sector)
    if visit.serves is not None:
        drive.add_event(visit.serves)
    if visit.stands_ms:
        drive.steady(box_m, box_m, visit.stands_ms, sector=sector, pit=PitStatus.IN_PIT_AREA)
    if visit.compound:
        drive.add_event(PlannedEventKind.TYRES, visit.compound)
    _lane(drive, box_m, to_m, sector=sector)


def _lane(drive: Drive, from_m: float, to_m: float, *, sector: int) -> None:
    metres_per_ms = drive.course.circuit.pit_limit_kmh / 3600.0
    ms = round((to_m - from_m) / metres_per_ms)
    drive.steady(from_m, to_m, ms, sector=sector, pit=PitStatus.PITTING)
