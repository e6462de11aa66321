"""What one car does in a session, second by second: phases of driving and the marks that fall into them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from itertools import pairwise
from random import Random
from typing import NamedTuple

from f1timings.simulator.courses import STEPS, Course

FOREVER = 10**12
"""The end of a phase that nothing ends, milliseconds."""

_COOL_DOWN_MS = 1_200_000


class DriverStatus(IntEnum):
    """What the game says a car is doing."""

    GARAGE = 0
    FLYING_LAP = 1
    IN_LAP = 2
    OUT_LAP = 3
    ON_TRACK = 4


class PitStatus(IntEnum):
    """Where the game says a car is with regard to the pits."""

    NONE = 0
    PITTING = 1
    IN_PIT_AREA = 2


class Phase(NamedTuple):
    """A stretch of time in which a car's distance follows one table at one pace.

    Attributes:
        begins / ends: session clock in milliseconds, half open.
        table: lap distance in metres by step.
        step: where in the table the phase begins.
        rate: steps a millisecond.
        lap: lap number that the game shows.
        sector: 0 to 2.
        lap_began: when the running lap's clock was zero.
    """

    begins: int
    ends: int
    table: Sequence[float]
    step: float
    rate: float
    lap: int
    sector: int
    lap_began: int
    driver_status: DriverStatus
    pit_status: PitStatus = PitStatus.NONE

    def distance_at(self, clock_ms: float) -> float:
        """Lap distance in metres at a moment of this phase."""
        step = self.step + (clock_ms - self.begins) * self.rate
        index = min(int(step), len(self.table) - 2)
        here = self.table[index]
        return here + (self.table[index + 1] - here) * (step - index)


class PlannedEventKind(StrEnum):
    """What may befall a car at a moment."""

    INVALID = "invalid"
    WARNING = "warning"
    TIME_PENALTY = "time_penalty"
    DRIVE_THROUGH = "drive_through"
    STOP_GO = "stop_go"
    DRIVE_THROUGH_SERVED = "drive_through_served"
    STOP_GO_SERVED = "stop_go_served"
    TYRES = "tyres"
    COLLISION = "collision"
    RETIRED = "retired"


CHANCE = frozenset(
    {
        PlannedEventKind.INVALID,
        PlannedEventKind.WARNING,
        PlannedEventKind.TIME_PENALTY,
        PlannedEventKind.COLLISION,
    }
)
"""Marks that need not happen again when the stretch is driven again."""


class PlannedEvent(NamedTuple):
    """Something that befalls a car: when (ms of the session clock), what, and a number that belongs to it.

    ``value`` is seconds for a time penalty, the visual compound for tyres, the other car for a collision.
    """

    at: int
    kind: PlannedEventKind
    value: int = 0


@dataclass(frozen=True, slots=True)
class CarTimeline:
    """All that one car does, in order of time; the last phase has no end."""

    phases: tuple[Phase, ...]
    marks: tuple[PlannedEvent, ...] = ()

    def crossings(self) -> Iterator[tuple[int, Phase]]:
        """Each crossing of the line that ends a lap or starts its clock: when, and the phase before it."""
        for before, after in pairwise(self.phases):
            if after.lap_began != before.lap_began:
                yield after.begins, before

    def lap_ends(self, lap: int) -> int | None:
        """When a lap was completed, ms; None if it is not."""
        return next((at for at, before in self.crossings() if before.lap == lap and _completes(before)), None)

    def sector_begins(self, lap: int, sector: int) -> int | None:
        """When a sector of a lap was entered from the line on, ms; None if it is not driven."""
        for phase in self.phases:
            is_there = phase.lap == lap and phase.sector == sector and phase.begins > 0
            if is_there and phase.distance_at(phase.begins) > -1.0:
                return phase.begins
        return None

    def lap_begins(self, lap: int) -> int | None:
        """When the clock of a lap's last start was zero, ms; None if the lap is not driven."""
        return max((phase.lap_began for phase in self.phases if phase.lap == lap), default=None)

    @property
    def retired_at(self) -> int | None:
        """When the car stopped for good, ms."""
        return next((mark.at for mark in self.marks if mark.kind is PlannedEventKind.RETIRED), None)


def _completes(before: Phase) -> bool:
    """Whether the crossing after this phase ends a lap, rather than an out lap or a rolling start."""
    return before.distance_at(before.ends) > 1.0


class Drive:
    """Builds a timeline, piece by piece.

    Attributes:
        now: session clock in ms, where the next piece begins.
    """

    def __init__(self, course: Course, now: int = 0, lap_began: int = 0) -> None:
        self.course = course
        self.now = now
        self.lap = 1
        self.lap_began = lap_began
        self.phases: list[Phase] = []
        self.marks: list[PlannedEvent] = []

    def track(
        self,
        from_m: float,
        to_m: float,
        ms: int,
        sector: int,
        status: DriverStatus = DriverStatus.ON_TRACK,
        pit: PitStatus = PitStatus.NONE,
    ) -> None:
        """Drive between two distances at the reference lap's rhythm; before the line they are negative."""
        before_line = from_m < 0.0
        table = self.course.before_line if before_line else self.course.by_time
        shift = self.course.length_m if before_line else 0.0
        step = self.course.step_at(from_m + shift)
        self._add(table, step, self.course.step_at(to_m + shift), ms, sector, status, pit)

    def steady(self, from_m: float, to_m: float, ms: int, sector: int, pit: PitStatus) -> None:
        """Go between two distances at constant speed (the pit lane), or stand where they are equal."""
        self._add((from_m, to_m, to_m), 0.0, 1.0, ms, sector, DriverStatus.ON_TRACK, pit)

    def launch(self, from_m: float, to_m: float, ms: int) -> None:
        """Accelerate evenly from a standstill."""
        table = [from_m + (to_m - from_m) * (i / 32.0) ** 2 for i in range(33)]
        self._add([*table, to_m], 0.0, 32.0, ms, 0, DriverStatus.ON_TRACK, PitStatus.NONE)

    def stand(
        self, at_m: float, until: int, sector: int, status: DriverStatus, pit: PitStatus = PitStatus.NONE
    ) -> None:
        """Stand still until a moment of the session clock."""
        self._add((at_m, at_m, at_m), 0.0, 0.0, until - self.now, sector, status, pit)

    def next_lap(self) -> None:
        """Cross the line: the lap is complete and the next one runs."""
        self.lap += 1
        self.lap_began = self.now

    def start_clock(self) -> None:
        """Cross the line after an out lap or a rolling start: the number stays and its clock starts."""
        self.lap_began = self.now

    def mark(self, kind: PlannedEventKind, value: int = 0, at: int | None = None) -> None:
        """Note that something happens now, or at a given moment."""
        self.marks.append(PlannedEvent(self.now if at is None else at, kind, value))

    def timeline(self) -> CarTimeline:
        """What was built, marks in order of time."""
        return CarTimeline(tuple(self.phases), tuple(sorted(self.marks)))

    def _add(
        self,
        table: Sequence[float],
        step: float,
        to_step: float,
        ms: int,
        sector: int,
        status: DriverStatus,
        pit: PitStatus,
    ) -> None:
        rate = (to_step - step) / ms if to_step > step else 0.0
        ends = self.now + ms
        phase = Phase(self.now, ends, table, step, rate, self.lap, sector, self.lap_began, status, pit)
        self.phases.append(phase)
        self.now = ends


def stopped(timeline: CarTimeline, at: int) -> CarTimeline:
    """The timeline of a car that stops for good at a moment; it stays where it is."""
    kept = _kept(timeline.phases, at)
    last = kept[-1]
    where = last.distance_at(at)
    rest = (where, where, where)
    parked = last._replace(
        begins=at, ends=FOREVER, table=rest, step=0.0, rate=0.0, driver_status=DriverStatus.GARAGE
    )
    marks = [mark for mark in timeline.marks if mark.at < at]
    return CarTimeline((*kept, parked), (*marks, PlannedEvent(at, PlannedEventKind.RETIRED)))


def flagged(timeline: CarTimeline, flag_ms: int) -> tuple[CarTimeline, int | None]:
    """The timeline under a chequered flag, and when its car took it.

    The first crossing of the line at or after the flag is the last: the lap number does not go up.
    A car that never crosses again (retired, in its garage) is left as it is.
    """
    taken = next((item for item in timeline.crossings() if item[0] >= flag_ms), None)
    if taken is None:
        return timeline, None
    at, before = taken
    table = _cool_down(before.distance_at(at))
    cooling = before._replace(begins=at, ends=FOREVER, table=table, step=0.0, rate=STEPS / _COOL_DOWN_MS)
    kept = tuple(phase for phase in timeline.phases if phase.begins < at)
    return CarTimeline((*kept, cooling), tuple(m for m in timeline.marks if m.at <= at)), at


def _cool_down(from_m: float) -> list[float]:
    """Slowly onwards from the line, for motion; the lap data of a car that took the flag stand still."""
    return [from_m + 2000.0 * (1.0 - math.exp(-24.0 * i / STEPS)) for i in range(STEPS + 2)]


def redriven(timeline: CarTimeline, at: int, rng: Random) -> CarTimeline:
    """What the car does instead from a moment on: the same moves at other paces; what was chance is gone."""
    phases = list(_kept(timeline.phases, at))
    moved = {phase.lap_began: phase.lap_began for phase in phases}
    now = at
    knots = [(at, at)]
    for phase in timeline.phases:
        if phase.ends <= at:
            continue
        again = _again(phase, at, now, rng)
        if phase.begins >= at:
            moved[phase.begins] = again.begins
        phases.append(again._replace(lap_began=moved.get(phase.lap_began, phase.lap_began)))
        now = again.ends
        knots.append((phase.ends, now))
    marks = [mark for mark in timeline.marks if mark.at <= at]
    later = [mark for mark in timeline.marks if mark.at > at and mark.kind not in CHANCE]
    return CarTimeline(tuple(phases), (*marks, *(mark._replace(at=_moved(mark.at, knots)) for mark in later)))


def _kept(phases: Sequence[Phase], at: int) -> list[Phase]:
    """The phases before a moment; the one in progress ends there."""
    return [phase if phase.ends <= at else phase._replace(ends=at) for phase in phases if phase.begins < at]


def _again(phase: Phase, at: int, now: int, rng: Random) -> Phase:
    """A phase driven anew from ``now`` on; the one in progress goes on from where the car is."""
    gone = max(0, at - phase.begins)
    left = phase.ends - phase.begins - gone
    if phase.ends >= FOREVER:
        return phase._replace(begins=now)
    ms = max(1, round(left * (1.0 + rng.gauss(0.0, 0.012)))) if phase.rate else left
    rate = phase.rate * left / ms
    return phase._replace(begins=now, ends=now + ms, step=phase.step + gone * phase.rate, rate=rate)


def _moved(at: int, knots: list[tuple[int, int]]) -> int:
    """Where a moment of the old timeline lies in the new one."""
    for (old_from, new_from), (old_to, new_to) in pairwise(knots):
        if at <= old_to:
            if old_to >= FOREVER:
                return new_from + at - old_from
            return new_from + round((at - old_from) * (new_to - new_from) / (old_to - old_from))
    return at


def with_marks(timeline: CarTimeline, *marks: PlannedEvent) -> CarTimeline:
    """The same timeline with more marks."""
    return replace(timeline, marks=tuple(sorted((*timeline.marks, *marks))))
