"""The state of one simulated car at a moment, which follows from its timeline up to that moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from f1timings.simulator.driven_laps import ALL_VALID, DrivenLap
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


@dataclass(slots=True)
class SimulatedStint:
    """A run on one set of tyres; ``end_lap`` is 255 while it lasts."""

    compound: int
    began_lap: int
    end_lap: int = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened to a car: either a lap was completed, or a planned event took place."""

    at: int
    car: SimulatedCar
    lap: DrivenLap | None = None
    event: PlannedEvent | None = None


@dataclass(slots=True, kw_only=True)
class SimulatedCar:
    """The state of a car; ``advance`` moves it forward in time. Times are milliseconds.

    Attributes:
        finishes_at: session clock at which it crosses the line after the flag; None if it never does.
        race_laps: 0 outside races.
        due: session clock of its next phase or event.
        distance: lap distance, metres.
        speed_ms: metres per second.
        sector1_ms / sector2_ms: of the running lap, 0 before the car has passed the sector line.
        shows_sectors: False in the garage, on an out lap and after a retirement.
        valid_bits: of the running lap, as in the session history.
        start: how the running lap began: ``flying``, ``standing`` or ``pit``.
        pit_lane_since / stopped_since: session clock; 0 outside the pit lane.
        trap_speed_kmh / trap_lap: its highest speed in the speed trap, and the lap of it; 0 before.
        best: the laps with its best lap time and its best sectors 1, 2 and 3.
        has_changed: its record in the lap data must be written again.
    """

    entrant: Entrant
    timeline: CarTimeline
    compound: int
    grid_position: int
    finishes_at: int | None
    race_laps: int
    phase: Phase = field(init=False)
    phase_index: int = 0
    event_index: int = 0
    due: int = 0
    distance: float = 0.0
    speed_ms: float = 0.0
    last_lap_ms: int = 0
    sector1_ms: int = 0
    sector2_ms: int = 0
    shows_sectors: bool = True
    valid_bits: int = ALL_VALID
    start: str = "standing"
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
    has_changed: bool = True

    def __post_init__(self) -> None:
        self.phase = self.timeline.phases[0]
        self.stints.append(SimulatedStint(self.compound, 1))
        self.position = self.grid_position
        self._find_due()

    @property
    def index(self) -> int:
        """Its slot in the arrays."""
        return self.entrant.car_index

    @property
    def is_running(self) -> bool:
        """Whether it has neither finished nor retired."""
        return not (self.is_finished or self.is_retired)

    @property
    def lap_has_begun(self) -> bool:
        """Whether the car has passed the line (or the lights), rather than driving an out lap."""
        return self.phase.lap_began > 0 or self.race_laps > 0

    @property
    def shown_sectors(self) -> tuple[int, int]:
        """Sectors 1 and 2 of the running lap as the game shows them."""
        return (self.sector1_ms, self.sector2_ms) if self.shows_sectors else (0, 0)

    @property
    def best_lap(self) -> DrivenLap | None:
        """Its best valid lap, which counts for the order of the session."""
        return self.best[0]

    def advance(self, clock_ms: float, happenings: list[Happening]) -> None:
        """Pass all phases and events up to a moment; there are none before ``due``."""
        while self.due <= clock_ms:
            events = self.timeline.events
            if self.event_index < len(events) and events[self.event_index].at == self.due:
                event = events[self.event_index]
                self.event_index += 1
                self._handle_event(event)
                happenings.append(Happening(at=event.at, car=self, event=event))
            else:
                self._next_phase(happenings)
            self.has_changed = True
            self._find_due()

    def _find_due(self) -> None:
        events = self.timeline.events
        next_event = events[self.event_index].at if self.event_index < len(events) else FOREVER
        self.due = min(self.phase.ends, next_event)

    def _next_phase(self, happenings: list[Happening]) -> None:
        before = self.phase
        self.phase_index += 1
        phases = self.timeline.phases
        if self.phase_index < len(phases):
            after = phases[self.phase_index]
        else:
            after = replace(before, begins=before.ends, ends=FOREVER, rate=0.0)
        self.phase = after
        if self.entrant.is_ghost:
            return
        self._update_pit_timers(before, after)
        if before.ends == self.finishes_at:
            self.is_finished = True
            self._cross_line(before, after, happenings)
        elif after.lap_began != before.lap_began:
            self._cross_line(before, after, happenings)
        elif after.sector == before.sector + 1 and before.distance_at(before.ends) > 1.0:
            self._end_sector(before)
        elif after.driver_status is DriverStatus.GARAGE and not self.is_retired:
            self.shows_sectors = False

    def _end_sector(self, before: Phase) -> None:
        if before.sector == 0:
            self.sector1_ms = before.ends - before.lap_began
        elif before.sector == 1:
            self.sector2_ms = before.ends - before.lap_began - self.sector1_ms

    def _cross_line(self, before: Phase, after: Phase, happenings: list[Happening]) -> None:
        """Cross the line: a lap is complete, unless an out lap or a rolling start ended."""
        if before.distance_at(before.ends) > 1.0:
            lap = self._complete_lap(before)
            happenings.append(Happening(at=before.ends, car=self, lap=lap))
        if not self.is_finished:
            self.sector1_ms = self.sector2_ms = 0
            self.shows_sectors = True
            self.valid_bits = ALL_VALID
            in_lane = before.pit_status is not PitStatus.NONE or after.pit_status is not PitStatus.NONE
            self.start = "pit" if in_lane else "flying"

    def _complete_lap(self, before: Phase) -> DrivenLap:
        sector3_ms = before.ends - before.lap_began - self.sector1_ms - self.sector2_ms
        lap = DrivenLap(
            lap_number=before.lap,
            sector1_ms=self.sector1_ms,
            sector2_ms=self.sector2_ms,
            sector3_ms=sector3_ms,
            valid_bits=self.valid_bits,
            compound=self.compound,
            ended_at=before.ends,
            start=self.start,
        )
        self.last_lap_ms = lap.lap_time_ms
        self.laps.append(lap)
        self._update_best(lap)
        return lap

    def _update_best(self, lap: DrivenLap) -> None:
        for which in range(4):
            best = self.best[which]
            is_better = best is None or lap.times[which] < best.times[which]
            if is_better and lap.valid_bits & 1 << which:
                self.best[which] = lap

    def _update_pit_timers(self, before: Phase, after: Phase) -> None:
        """Start and stop the timers of the pit lane, which run in races only."""
        if not self.race_laps:
            return
        if after.pit_status is not PitStatus.NONE and before.pit_status is PitStatus.NONE:
            self.pit_lane_since = after.begins
        if after.pit_status is PitStatus.IN_PIT_AREA:
            self.stopped_since = after.begins
            self.pit_stops += 1
        if after.pit_status is PitStatus.NONE:
            self.pit_lane_since = self.stopped_since = 0

    def _handle_event(self, event: PlannedEvent) -> None:
        match event.kind:
            case PlannedEventKind.INVALID:
                self.valid_bits &= ~(1 | 2 << self.phase.sector)
            case PlannedEventKind.TYRES:
                self.stints[-1].end_lap = self.phase.lap
                self.stints.append(SimulatedStint(event.value, self.phase.lap))
                self.compound = event.value
            case PlannedEventKind.RETIRED:
                self.is_retired = True
                self.shows_sectors = False
            case _:
                self._handle_penalty(event)

    def _handle_penalty(self, event: PlannedEvent) -> None:
        match event.kind:
            case PlannedEventKind.TIME_PENALTY:
                self.penalties_s += event.value
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
