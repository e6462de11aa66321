"""What may go wrong: track limits, penalties, collisions, retirements; and the player's flashbacks."""

from __future__ import annotations

from random import Random

from f1timings.simulator.entrants import Entrant
from f1timings.simulator.plans import Rewind
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.timeline import (
    FOREVER,
    CarTimeline,
    DriverStatus,
    Phase,
    PitStatus,
    PlannedEvent,
    PlannedEventKind,
    stopped,
    with_marks,
)

_AT_SPEED = (DriverStatus.FLYING_LAP, DriverStatus.ON_TRACK)
_VERDICTS = (
    (PlannedEventKind.TIME_PENALTY, 5),
    (PlannedEventKind.TIME_PENALTY, 10),
    (PlannedEventKind.WARNING, 0),
)


def with_incidents(
    scenario: Scenario,
    entrants: list[Entrant],
    driven: list[CarTimeline],
    rewinds: tuple[Rewind, ...],
    rng: Random,
) -> list[CarTimeline]:
    """The timelines with as many incidents as the scenario asks for, spread over the cars.

    Some more laps of the player become invalid just before a flashback that undoes it.
    """
    timelines = list(driven)
    for index, entrant in enumerate(entrants):
        if entrant.rig is not None:
            timelines[index] = with_marks(timelines[index], *_undone(timelines[index], rewinds))
    for _ in range(scenario.invalid_laps):
        index = rng.randrange(len(timelines))
        timelines[index] = with_marks(timelines[index], *_track_limits(timelines[index], rng))
    for _ in range(scenario.penalties):
        index = rng.randrange(len(timelines))
        others = [entrant.car_index for entrant in entrants if entrant.car_index != index]
        timelines[index] = with_marks(timelines[index], *_punished(timelines[index], others, rng))
    for index in _unlucky(scenario, entrants, rng):
        *driving, _ = (phase for phase in timelines[index].phases if phase.begins >= 0)
        phase = rng.choice(driving)
        timelines[index] = stopped(timelines[index], (phase.begins + phase.ends) // 2 + 1)
    return timelines


def rewinds_for(scenario: Scenario, rng: Random) -> tuple[Rewind, ...]:
    """The player's flashbacks: over the line, over a sector's line, within a sector, and two in a row."""
    rewinds: list[Rewind] = []
    for lap in range(1, scenario.laps + 1):
        rewinds.extend(_SHAPES[rng.choice(sorted(_SHAPES))](lap, rng))
    return tuple(rewinds[: scenario.flashbacks])


def _over_line(lap: int, rng: Random) -> list[Rewind]:
    return [Rewind(lap + 1, 0, rng.randint(1_500, 6_000), rng.randint(8_000, 18_000))]


def _over_sector(lap: int, rng: Random) -> list[Rewind]:
    return [Rewind(lap, 2, rng.randint(1_500, 5_000), rng.randint(6_000, 12_000))]


def _short(lap: int, rng: Random) -> list[Rewind]:
    return [Rewind(lap, 1, rng.randint(7_000, 9_000), rng.randint(2_000, 5_000))]


def _chain(lap: int, rng: Random) -> list[Rewind]:
    again = Rewind(lap, 1, rng.randint(1_500, 6_000), rng.randint(4_000, 10_000))
    return [*_over_sector(lap, rng), again]


_SHAPES = {"line": _over_line, "sector": _over_sector, "short": _short, "chain": _chain}


def _undone(timeline: CarTimeline, rewinds: tuple[Rewind, ...]) -> list[PlannedEvent]:
    """Track limits between where a flashback leads back to and where it is used."""
    marks = []
    for rewind in rewinds:
        anchor = timeline.sector_begins(rewind.lap, rewind.sector)
        if anchor is not None and rewind.back_ms < rewind.after_ms:
            marks.append(
                PlannedEvent(anchor + rewind.after_ms - rewind.back_ms // 2, PlannedEventKind.INVALID)
            )
    return marks


def _track_limits(timeline: CarTimeline, rng: Random) -> list[PlannedEvent]:
    phase = _stretch(timeline, rng)
    if phase is None:
        return []
    return [PlannedEvent(rng.randint(phase.begins + 500, phase.ends - 500), PlannedEventKind.INVALID)]


def _punished(timeline: CarTimeline, others: list[int], rng: Random) -> list[PlannedEvent]:
    """A penalty or a warning, sometimes after a collision."""
    phase = _stretch(timeline, rng)
    if phase is None:
        return []
    at = (phase.begins * 2 + phase.ends) // 3
    kind, value = rng.choice(_VERDICTS)
    marks = [PlannedEvent(at + 900, kind, value)]
    if others and rng.random() < 0.5:
        marks.append(PlannedEvent(at, PlannedEventKind.COLLISION, rng.choice(others)))
    return marks


def _unlucky(scenario: Scenario, entrants: list[Entrant], rng: Random) -> list[int]:
    """Cars that retire: never a rig's, and never all others."""
    candidates = [entrant.car_index for entrant in entrants if entrant.rig is None]
    return rng.sample(candidates, min(scenario.retirements, max(0, len(candidates) - 1)))


def _stretch(timeline: CarTimeline, rng: Random) -> Phase | None:
    """A stretch on the track, past the line, long enough for something to happen in it."""
    stretches = [phase for phase in timeline.phases if _is_stretch(phase)]
    return rng.choice(stretches) if stretches else None


def _is_stretch(phase: Phase) -> bool:
    return (
        phase.begins > 0
        and 2_000 < phase.ends - phase.begins < FOREVER // 2
        and phase.driver_status in _AT_SPEED
        and phase.pit_status is PitStatus.NONE
        and phase.distance_at(phase.begins) >= 0.0
    )
