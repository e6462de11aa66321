"""One simulated car as the game would know it at a moment: its timeline, folded up to there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from f1timings.simulator.entrants import Entrant
from f1timings.simulator.timeline import (
    FOREVER,
    CarTimeline,
    DriverStatus,
    Phase,
    PitStatus,
    PlannedEvent,
    PlannedEventKind,
)

ALL_VALID = 0x0F
"""Valid bits of a lap and its three sectors in the session history."""


class DrivenLap(NamedTuple):
    """A completed lap: all times in milliseconds."""

    lap_number: int
    sector1_ms: int
    sector2_ms: int
    sector3_ms: int
    valid_bits: int
    compound: int
    ended_at: int

    @property
    def lap_time_ms(self) -> int:
        """Sum of the sectors."""
        return self.sector1_ms + self.sector2_ms + self.sector3_ms

    @property
    def sectors(self) -> tuple[int, int, int]:
        """The three sectors."""
        return self.sector1_ms, self.sector2_ms, self.sector3_ms

    @property
    def times(self) -> tuple[int, int, int, int]:
        """The lap's time and its sectors."""
        return self.lap_time_ms, *self.sectors


@dataclass(slots=True)
class SimulatedStint:
    """A run on one set of tyres; ``end_lap`` is 255 while it lasts."""

    compound: int
    began_lap: int
    end_lap: int = 255


class Happening(NamedTuple):
    """What became of a car while it moved on: the lap it completed, or the mark that befell it."""

    at: int
    car: SimulatedCar
    lap: DrivenLap | None = None
    mark: PlannedEvent | None = None


@dataclass(slots=True)
class SimulatedCar:
    """A car's state; ``advance`` moves it on, and ``happenings`` collects what came of that.

    Times are milliseconds; ``sector1_ms`` and ``sector2_ms`` are the running lap's, 0 before its lines.
    ``changed`` asks for its slow values to be written again.
    """

    entrant: Entrant
    timeline: CarTimeline
    compound: int
    grid_position: int
    finishes_at: int | None
    race_laps: int
    phase: Phase = field(init=False)
    phase_index: int = 0
    mark_index: int = 0
    due: int = 0
    distance: float = 0.0
    speed_ms: float = 0.0
    last_lap_ms: int = 0
    sector1_ms: int = 0
    sector2_ms: int = 0
    shows_sectors: bool = True
    valid_bits: int = ALL_VALID
    laps: list[DrivenLap] = field(default_factory=list)
    stints: list[SimulatedStint] = field(default_factory=list)
    pit_stops: int = 0
    pit_lane_since: int = 0
    stopped_since: int = 0
    penalties_s: int = 0
    num_penalties: int = 0
    warnings: int = 0
    unserved_drive_throughs: int = 0
    unserved_stop_gos: int = 0
    position: int = 0
    gap_ahead_ms: int = 0
    gap_leader_ms: int = 0
    trap_speed_kmh: float = 0.0
    trap_lap: int = 0
    best: list[DrivenLap | None] = field(default_factory=lambda: [None, None, None, None])
    is_finished: bool = False
    is_retired: bool = False
    changed: bool = True

    def __post_init__(self) -> None:
        self.phase = self.timeline.phases[0]
        self.stints.append(SimulatedStint(self.compound, 1))
        self.position = self.grid_position
        self._look_ahead()

    @property
    def index(self) -> int:
        """Its slot in the arrays."""
        return self.entrant.car_index

    @property
    def is_running(self) -> bool:
        """Neither finished nor retired."""
        return not (self.is_finished or self.is_retired)

    @property
    def lap_has_begun(self) -> bool:
        """Whether the running lap has passed the line (or the lights), rather than being an out lap."""
        return self.phase.lap_began > 0 or self.race_laps > 0

    @property
    def shown_sectors(self) -> tuple[int, int]:
        """The running lap's sectors as the game shows them: none in the garage, on an out lap, or retired."""
        return (self.sector1_ms, self.sector2_ms) if self.shows_sectors else (0, 0)

    @property
    def best_lap(self) -> DrivenLap | None:
        """Its best lap that counts for the session's order."""
        return self.best[0]

    def advance(self, clock_ms: float, happenings: list[Happening]) -> None:
        """Pass all phases and marks up to a moment; before ``due`` there are none."""
        while self.due <= clock_ms:
            marks = self.timeline.marks
            if self.mark_index < len(marks) and marks[self.mark_index].at == self.due:
                mark = marks[self.mark_index]
                self.mark_index += 1
                self._befall(mark)
                happenings.append(Happening(mark.at, self, mark=mark))
            else:
                self._next_phase(happenings)
            self.changed = True
            self._look_ahead()

    def _look_ahead(self) -> None:
        marks = self.timeline.marks
        next_mark = marks[self.mark_index].at if self.mark_index < len(marks) else FOREVER
        self.due = min(self.phase.ends, next_mark)

    def _next_phase(self, happenings: list[Happening]) -> None:
        before = self.phase
        self.phase_index += 1
        phases = self.timeline.phases
        after = self.phase = phases[self.phase_index] if self.phase_index < len(phases) else before._replace(
            begins=before.ends, ends=FOREVER, rate=0.0
        )  # fmt: skip
        if self.entrant.is_ghost:
            return
        self._pit_lane(before, after)
        if before.ends == self.finishes_at:
            self.is_finished = True
            self._line(before, happenings)
        elif after.lap_began != before.lap_began:
            self._line(before, happenings)
        elif after.sector == before.sector + 1 and before.distance_at(before.ends) > 1.0:
            self._sector(before)
        elif after.driver_status is DriverStatus.GARAGE and not self.is_retired:
            self.shows_sectors = False

    def _sector(self, before: Phase) -> None:
        if before.sector == 0:
            self.sector1_ms = before.ends - before.lap_began
        elif before.sector == 1:
            self.sector2_ms = before.ends - before.lap_began - self.sector1_ms

    def _line(self, before: Phase, happenings: list[Happening]) -> None:
        """Over the line: a lap is complete, unless an out lap or a rolling start ended."""
        if before.distance_at(before.ends) > 1.0:
            lap = self._complete(before)
            happenings.append(Happening(before.ends, self, lap=lap))
        if not self.is_finished:
            self.sector1_ms = self.sector2_ms = 0
            self.shows_sectors = True
            self.valid_bits = ALL_VALID

    def _complete(self, before: Phase) -> DrivenLap:
        sector3_ms = before.ends - before.lap_began - self.sector1_ms - self.sector2_ms
        lap = DrivenLap(
            before.lap,
            self.sector1_ms,
            self.sector2_ms,
            sector3_ms,
            self.valid_bits,
            self.compound,
            before.ends,
        )
        self.last_lap_ms = lap.lap_time_ms
        self.laps.append(lap)
        self._keep_best(lap)
        return lap

    def _keep_best(self, lap: DrivenLap) -> None:
        for which in range(4):
            old = self.best[which]
            is_better = old is None or lap.times[which] < old.times[which]
            if is_better and lap.valid_bits & 1 << which:
                self.best[which] = lap

    def _pit_lane(self, before: Phase, after: Phase) -> None:
        """The pit lane's timers, which run in races."""
        if not self.race_laps:
            return
        if after.pit_status is not PitStatus.NONE and before.pit_status is PitStatus.NONE:
            self.pit_lane_since = after.begins
        if after.pit_status is PitStatus.IN_PIT_AREA:
            self.stopped_since = after.begins
            self.pit_stops += 1
        if after.pit_status is PitStatus.NONE:
            self.pit_lane_since = self.stopped_since = 0

    def _befall(self, mark: PlannedEvent) -> None:
        match mark.kind:
            case PlannedEventKind.INVALID:
                self.valid_bits &= ~(1 | 2 << self.phase.sector)
            case PlannedEventKind.TYRES:
                self.stints[-1].end_lap = self.phase.lap
                self.stints.append(SimulatedStint(mark.value, self.phase.lap))
                self.compound = mark.value
            case PlannedEventKind.RETIRED:
                self.is_retired = True
                self.shows_sectors = False
            case _:
                self._penalise(mark)

    def _penalise(self, mark: PlannedEvent) -> None:
        match mark.kind:
            case PlannedEventKind.TIME_PENALTY:
                self.penalties_s += mark.value
                self.num_penalties += 1
            case PlannedEventKind.WARNING:
                self.warnings += 1
            case PlannedEventKind.DRIVE_THROUGH:
                self.unserved_drive_throughs += 1
                self.num_penalties += 1
            case PlannedEventKind.DRIVE_THROUGH_SERVED:
                self.unserved_drive_throughs -= 1
            case PlannedEventKind.STOP_GO:
                self.unserved_stop_gos += 1
                self.num_penalties += 1
            case PlannedEventKind.STOP_GO_SERVED:
                self.unserved_stop_gos -= 1
            case _:
                pass
