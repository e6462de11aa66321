"""Incidents of a session: track limits, penalties, collisions, retirements, and the player's flashbacks."""

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
)
from f1timings.simulator.timeline_changes import add_events, retire

_AT_SPEED = (DriverStatus.FLYING_LAP, DriverStatus.ON_TRACK)
_PENALTIES = (
    (PlannedEventKind.TIME_PENALTY, 5),
    (PlannedEventKind.TIME_PENALTY, 10),
    (PlannedEventKind.WARNING, 0),
)


def add_incidents(
    scenario: Scenario,
    entrants: list[Entrant],
    driven: list[CarTimeline],
    *,
    rewinds: tuple[Rewind, ...],
    rng: Random,
) -> list[CarTimeline]:
    """The timelines with the number of incidents that the scenario has, spread over the cars.

    In addition, laps of the player become invalid just before a flashback that undoes it.
    """
    timelines = list(driven)
    for index, entrant in enumerate(entrants):
        if entrant.rig is not None:
            timelines[index] = add_events(timelines[index], *_undone_track_limits(timelines[index], rewinds))
    for _ in range(scenario.invalid_laps):
        index = rng.randrange(len(timelines))
        timelines[index] = add_events(timelines[index], *_track_limits(timelines[index], rng))
    for _ in range(scenario.penalties):
        index = rng.randrange(len(timelines))
        others = [entrant.car_index for entrant in entrants if entrant.car_index != index]
        timelines[index] = add_events(timelines[index], *_penalty(timelines[index], others, rng))
    for index in _retiring_cars(scenario, entrants, rng):
        *driving, _ = (phase for phase in timelines[index].phases if phase.begins >= 0)
        phase = rng.choice(driving)
        timelines[index] = retire(timelines[index], (phase.begins + phase.ends) // 2 + 1)
    return timelines


def rewinds_for(scenario: Scenario, rng: Random) -> tuple[Rewind, ...]:
    """The player's flashbacks: back over the line, over a sector line, within a sector, or two in a row."""
    rewinds: list[Rewind] = []
    for lap in range(1, scenario.laps + 1):
        rewinds.extend(_FLASHBACKS[rng.choice(sorted(_FLASHBACKS))](lap, rng))
    return tuple(rewinds[: scenario.flashbacks])


def _over_line(lap: int, rng: Random) -> list[Rewind]:
    return [_rewind(lap + 1, 0, (1_500, 6_000), back_ms=(8_000, 18_000), rng=rng)]


def _over_sector(lap: int, rng: Random) -> list[Rewind]:
    return [_rewind(lap, 2, (1_500, 5_000), back_ms=(6_000, 12_000), rng=rng)]


def _short(lap: int, rng: Random) -> list[Rewind]:
    return [_rewind(lap, 1, (7_000, 9_000), back_ms=(2_000, 5_000), rng=rng)]


def _chain(lap: int, rng: Random) -> list[Rewind]:
    second = _rewind(lap, 1, (1_500, 6_000), back_ms=(4_000, 10_000), rng=rng)
    return [*_over_sector(lap, rng), second]


def _rewind(
    lap: int, sector: int, after_ms: tuple[int, int], *, back_ms: tuple[int, int], rng: Random
) -> Rewind:
    return Rewind(lap=lap, sector=sector, after_ms=rng.randint(*after_ms), back_ms=rng.randint(*back_ms))


_FLASHBACKS = {"line": _over_line, "sector": _over_sector, "short": _short, "chain": _chain}


def _undone_track_limits(timeline: CarTimeline, rewinds: tuple[Rewind, ...]) -> list[PlannedEvent]:
    """Track limits between the moment that a flashback goes back to and the moment when it is used."""
    events = []
    for rewind in rewinds:
        anchor = timeline.sector_begins(rewind.lap, rewind.sector)
        if anchor is not None and rewind.back_ms < rewind.after_ms:
            events.append(
                PlannedEvent(anchor + rewind.after_ms - rewind.back_ms // 2, PlannedEventKind.INVALID)
            )
    return events


def _track_limits(timeline: CarTimeline, rng: Random) -> list[PlannedEvent]:
    phase = _random_stretch(timeline, rng)
    if phase is None:
        return []
    return [PlannedEvent(rng.randint(phase.begins + 500, phase.ends - 500), PlannedEventKind.INVALID)]


def _penalty(timeline: CarTimeline, others: list[int], rng: Random) -> list[PlannedEvent]:
    """A penalty or a warning, sometimes after a collision."""
    phase = _random_stretch(timeline, rng)
    if phase is None:
        return []
    at = (phase.begins * 2 + phase.ends) // 3
    kind, value = rng.choice(_PENALTIES)
    events = [PlannedEvent(at + 900, kind, value)]
    if others and rng.random() < 0.5:
        events.append(PlannedEvent(at, PlannedEventKind.COLLISION, rng.choice(others)))
    return events


def _retiring_cars(scenario: Scenario, entrants: list[Entrant], rng: Random) -> list[int]:
    """Car indices of the cars that retire: never a rig's car, and never all other cars."""
    candidates = [entrant.car_index for entrant in entrants if entrant.rig is None]
    return rng.sample(candidates, min(scenario.retirements, max(0, len(candidates) - 1)))


def _random_stretch(timeline: CarTimeline, rng: Random) -> Phase | None:
    """A stretch on the track after the line that is long enough for an incident; None if there is none."""
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
