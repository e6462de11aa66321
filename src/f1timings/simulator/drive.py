"""Builds the timeline of one car, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence

from f1timings.simulator.courses import Course
from f1timings.simulator.timeline import (
    CarTimeline,
    DriverStatus,
    Phase,
    PitStatus,
    PlannedEvent,
    PlannedEventKind,
)


class Drive:
    """A timeline under construction.

    Attributes:
        now: session clock in ms, where the next piece begins.
    """

    def __init__(self, course: Course, now: int = 0) -> None:
        self.course = course
        self.now = now
        self._lap = 1
        self._lap_began = 0
        self._phases: list[Phase] = []
        self._events: list[PlannedEvent] = []

    def track(
        self,
        from_m: float,
        to_m: float,
        ms: int,
        *,
        sector: int,
        status: DriverStatus = DriverStatus.ON_TRACK,
    ) -> None:
        """Drive between two distances in the rhythm of the reference lap.

        Distances before the line are negative.
        """
        before_line = from_m < 0.0
        table = self.course.before_line if before_line else self.course.by_time
        shift = self.course.length_m if before_line else 0.0
        step, to_step = self.course.step_at(from_m + shift), self.course.step_at(to_m + shift)
        rate = (to_step - step) / ms if to_step > step else 0.0
        self._add(table, ms, step=step, rate=rate, sector=sector, status=status)

    def steady(self, from_m: float, to_m: float, ms: int, *, sector: int, pit: PitStatus) -> None:
        """Move at constant speed (in the pit lane), or stand still if both distances are equal."""
        self._add((from_m, to_m, to_m), ms, rate=1.0 / ms, sector=sector, pit=pit)

    def launch(self, from_m: float, to_m: float, ms: int) -> None:
        """Accelerate evenly from a standstill."""
        table = [from_m + (to_m - from_m) * (i / 32.0) ** 2 for i in range(33)]
        self._add([*table, to_m], ms, rate=32.0 / ms, sector=0)

    def stand(
        self,
        at_m: float,
        until: int,
        *,
        sector: int,
        status: DriverStatus,
        pit: PitStatus = PitStatus.NONE,
    ) -> None:
        """Stand still until a moment of the session clock."""
        self._add((at_m, at_m, at_m), until - self.now, rate=0.0, sector=sector, status=status, pit=pit)

    def next_lap(self) -> None:
        """Cross the line: the lap is complete and the next one begins."""
        self._lap += 1
        self._lap_began = self.now

    def start_clock(self) -> None:
        """Cross the line after an out lap or a rolling start: the lap number stays, its clock starts."""
        self._lap_began = self.now

    def add_event(self, kind: PlannedEventKind, value: int = 0, at: int | None = None) -> None:
        """Let something happen now, or at a given moment."""
        self._events.append(PlannedEvent(self.now if at is None else at, kind, value))

    def timeline(self) -> CarTimeline:
        """The finished timeline, with its events in order of time."""
        return CarTimeline(tuple(self._phases), tuple(sorted(self._events)))

    def _add(
        self,
        table: Sequence[float],
        ms: int,
        *,
        rate: float,
        sector: int,
        step: float = 0.0,
        status: DriverStatus = DriverStatus.ON_TRACK,
        pit: PitStatus = PitStatus.NONE,
    ) -> None:
        phase = Phase(
            begins=self.now,
            ends=self.now + ms,
            table=table,
            step=step,
            rate=rate,
            lap=self._lap,
            sector=sector,
            lap_began=self._lap_began,
            driver_status=status,
            pit_status=pit,
        )
        self._phases.append(phase)
        self.now = phase.ends
