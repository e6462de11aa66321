"""The stories of sessions against the clock: a qualifying with runs from the garage, and a time trial."""

from __future__ import annotations

from random import Random

from f1timings.simulator.courses import PIT_EXIT_AFTER_LINE_M, STEPS, Course
from f1timings.simulator.drive import Drive
from f1timings.simulator.entrants import Entrant
from f1timings.simulator.incidents import add_incidents, rewinds_for
from f1timings.simulator.plans import SessionPlan, complete_plan
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.timeline import FOREVER, CarTimeline, DriverStatus, PitStatus
from f1timings.simulator.tyres import SOFT

_FIRST_WAIT_MS = (2_000, 25_000)
_WAIT_MS = (15_000, 40_000)
_FLAG_AFTER_LAST_START_S = (6, 15)
_OUT_LAP_FACTOR = (1.25, 1.45)
_IN_LAP_FACTOR = (1.2, 1.5)
_ROLLING_START_M = (500.0, 900.0)
_ROLLING_FACTOR = 1.05


def qualifying_plan(
    scenario: Scenario, course: Course, entrants: list[Entrant], *, rng: Random
) -> SessionPlan:
    """Plan a qualifying: from the garage an out lap, flying laps, an in lap, and the garage again.

    The flag falls while the cars that went out last are on their last lap.
    """
    runs = [_runs(scenario, course, entrant, rng=rng) for entrant in entrants]
    last_start = max(start for _, start in runs)
    flag_at = (last_start // 1000 + rng.randint(*_FLAG_AFTER_LAST_START_S)) * 1000
    rewinds = rewinds_for(scenario, rng)
    timelines = [timeline for timeline, _ in runs]
    plan = SessionPlan(
        kind="qualifying",
        course=course,
        entrants=tuple(entrants),
        driven=tuple(add_incidents(scenario, entrants, timelines, rewinds=rewinds, rng=rng)),
        compounds=(SOFT,) * len(entrants),
        grid=(0,) * len(entrants),
        flag_at=flag_at,
        rewinds=rewinds,
    )
    return complete_plan(plan)


def time_trial_plan(
    scenario: Scenario, course: Course, entrants: list[Entrant], *, rng: Random
) -> SessionPlan:
    """Plan a time trial: a rolling start and flying laps; the player leaves in the middle of the last lap."""
    drive = Drive(course)
    from_m = -rng.uniform(*_ROLLING_START_M)
    steps = STEPS - course.step_at(course.length_m + from_m)
    ms = round(steps / STEPS * course.circuit.lap_ms * _ROLLING_FACTOR)
    drive.track(from_m, 0.0, ms, sector=2, status=DriverStatus.FLYING_LAP)
    drive.start_clock()
    for _ in range(scenario.laps):
        _flying_lap(drive, entrants[0], rng)
    leaving_lap_began, lap_ms = drive.now, course.circuit.lap_ms
    for _ in range(2):
        _flying_lap(drive, entrants[0], rng)
    rewinds = rewinds_for(scenario, rng)
    timelines = add_incidents(scenario, entrants[:1], [drive.timeline()], rewinds=rewinds, rng=rng)
    plan = SessionPlan(
        kind="time_trial",
        course=course,
        entrants=tuple(entrants),
        driven=(*timelines, *(CarTimeline(()) for _ in entrants[1:])),
        compounds=(SOFT,) * len(entrants),
        grid=(0, *(255 for _ in entrants[1:])),
        ends_at=leaving_lap_began + rng.randint(lap_ms // 10, lap_ms * 9 // 10),
        rewinds=rewinds,
    )
    return complete_plan(plan)


def _runs(scenario: Scenario, course: Course, entrant: Entrant, *, rng: Random) -> tuple[CarTimeline, int]:
    """The qualifying of one car, and the time at which its last flying lap begins."""
    drive = Drive(course)
    left, last_start = scenario.laps, 0
    _garage(drive, rng.randint(*_FIRST_WAIT_MS))
    while left:
        run = min(left, rng.randint(1, 2))
        left -= run
        _out_lap(drive, rng)
        for _ in range(run):
            last_start = drive.now
            _flying_lap(drive, entrant, rng)
        _in_lap(drive, rng)
        _garage(drive, drive.now + rng.randint(*_WAIT_MS) if left else FOREVER)
    return drive.timeline(), last_start


def _garage(drive: Drive, until: int) -> None:
    course, status, pit = drive.course, DriverStatus.GARAGE, PitStatus.IN_PIT_AREA
    drive.stand(course.garage_m, until, sector=0, status=status, pit=pit)


def _out_lap(drive: Drive, rng: Random) -> None:
    """Drive slowly from the garage to the line: distances count up to 0, the lap number stays."""
    course = drive.course
    length = course.length_m
    exit_m = PIT_EXIT_AFTER_LINE_M - length
    lane_ms = round((exit_m - course.garage_m) / (course.circuit.pit_limit_kmh / 3600.0))
    drive.steady(course.garage_m, exit_m, lane_ms, sector=0, pit=PitStatus.PITTING)
    slow = rng.uniform(*_OUT_LAP_FACTOR)
    starts = (PIT_EXIT_AFTER_LINE_M, *course.sector_starts_m[1:])
    for sector in range(3):
        from_m, to_m = starts[sector], starts[sector + 1]
        ms = round(course.share_ms(from_m, to_m, sector=sector, sector_ms=course.sector_ms[sector]) * slow)
        drive.track(from_m - length, to_m - length, ms, sector=sector, status=DriverStatus.OUT_LAP)
    drive.start_clock()


def _flying_lap(drive: Drive, entrant: Entrant, rng: Random) -> None:
    starts = drive.course.sector_starts_m
    for sector, reference in enumerate(drive.course.sector_ms):
        ms = round(reference * (entrant.skill + rng.gauss(0.0, entrant.spread)))
        drive.track(starts[sector], starts[sector + 1], ms, sector=sector, status=DriverStatus.FLYING_LAP)
    drive.next_lap()


def _in_lap(drive: Drive, rng: Random) -> None:
    """Drive a part of a lap slowly; then the driver returns to the garage from the pause menu."""
    course = drive.course
    starts = course.sector_starts_m
    slow = rng.uniform(*_IN_LAP_FACTOR)
    ends = rng.choice((starts[1] * 0.6, (starts[1] + starts[2]) / 2.0, course.pit_entry_m))
    for sector in range(3):
        from_m, to_m = starts[sector], min(ends, starts[sector + 1])
        if to_m > from_m:
            ms = round(
                course.share_ms(from_m, to_m, sector=sector, sector_ms=course.sector_ms[sector]) * slow
            )
            drive.track(from_m, to_m, ms, sector=sector, status=DriverStatus.IN_LAP)
