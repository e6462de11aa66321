"""Changes of a timeline: a retirement, the chequered flag, a flashback, more events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

from f1timings.simulator.courses import STEPS
from f1timings.simulator.timeline import (
    CHANCE,
    FOREVER,
    CarTimeline,
    DriverStatus,
    Phase,
    PlannedEvent,
    PlannedEventKind,
)

_COOL_DOWN_MS = 1_200_000


def add_events(timeline: CarTimeline, *events: PlannedEvent) -> CarTimeline:
    """The same timeline with more events."""
    return replace(timeline, events=tuple(sorted((*timeline.events, *events))))


def retire(timeline: CarTimeline, at: int) -> CarTimeline:
    """The timeline of a car that retires at a moment; it stays where it is."""
    driven = _phases_until(timeline.phases, at)
    last = driven[-1]
    stop_m = last.distance_at(at)
    parked = replace(
        last,
        begins=at,
        ends=FOREVER,
        table=(stop_m, stop_m, stop_m),
        step=0.0,
        rate=0.0,
        driver_status=DriverStatus.GARAGE,
    )
    events = [event for event in timeline.events if event.at < at]
    return CarTimeline((*driven, parked), (*events, PlannedEvent(at, PlannedEventKind.RETIRED)))


def end_at_flag(timeline: CarTimeline, flag_ms: int) -> tuple[CarTimeline, int | None]:
    """The timeline under a chequered flag, and the time at which the car finished.

    The first crossing of the line at or after the flag is the last one: the lap number does not increase.
    The timeline of a car that never crosses the line again (retired, in its garage) stays as it is.
    """
    finish = next((crossing for crossing in timeline.crossings() if crossing[0] >= flag_ms), None)
    if finish is None:
        return timeline, None
    at, before = finish
    table = _cool_down(before.distance_at(at))
    cooling = replace(before, begins=at, ends=FOREVER, table=table, step=0.0, rate=STEPS / _COOL_DOWN_MS)
    driven = tuple(phase for phase in timeline.phases if phase.begins < at)
    return CarTimeline((*driven, cooling), tuple(event for event in timeline.events if event.at <= at)), at


def _cool_down(from_m: float) -> list[float]:
    """Distances of a slow drive from the line on, for motion; lap data of a finished car do not change."""
    return [from_m + 2000.0 * (1.0 - math.exp(-24.0 * i / STEPS)) for i in range(STEPS + 2)]


def drive_again(timeline: CarTimeline, at: int, rng: Random) -> CarTimeline:
    """The timeline after a flashback to a moment: the same moves at other paces, without chance events."""
    phases = list(_phases_until(timeline.phases, at))
    lap_starts = {phase.lap_began: phase.lap_began for phase in phases}
    now = at
    knots = [(at, at)]
    for phase in timeline.phases:
        if phase.ends <= at:
            continue
        repeated = _repeat(phase, at, now, rng=rng)
        if phase.begins >= at:
            lap_starts[phase.begins] = repeated.begins
        phases.append(replace(repeated, lap_began=lap_starts.get(phase.lap_began, phase.lap_began)))
        now = repeated.ends
        knots.append((phase.ends, now))
    past = [event for event in timeline.events if event.at <= at]
    later = [event for event in timeline.events if event.at > at and event.kind not in CHANCE]
    moved = [event._replace(at=_new_moment(event.at, knots)) for event in later]
    return CarTimeline(tuple(phases), (*past, *moved))


def _phases_until(phases: Sequence[Phase], at: int) -> list[Phase]:
    """The phases before a moment; the phase in progress ends there."""
    return [phase if phase.ends <= at else replace(phase, ends=at) for phase in phases if phase.begins < at]


def _repeat(phase: Phase, at: int, now: int, *, rng: Random) -> Phase:
    """A phase driven again from ``now`` on; the phase in progress continues from where the car is."""
    driven_ms = max(0, at - phase.begins)
    left_ms = phase.ends - phase.begins - driven_ms
    if phase.ends >= FOREVER:
        return replace(phase, begins=now)
    ms = max(1, round(left_ms * (1.0 + rng.gauss(0.0, 0.012)))) if phase.rate else left_ms
    rate = phase.rate * left_ms / ms
    return replace(phase, begins=now, ends=now + ms, step=phase.step + driven_ms * phase.rate, rate=rate)


def _new_moment(at: int, knots: list[tuple[int, int]]) -> int:
    """The moment of the new timeline for a moment of the old one."""
    for (old_from, new_from), (old_to, new_to) in pairwise(knots):
        if at <= old_to:
            if old_to >= FOREVER:
                return new_from + at - old_from
            return new_from + round((at - old_from) * (new_to - new_from) / (old_to - old_from))
    return at
