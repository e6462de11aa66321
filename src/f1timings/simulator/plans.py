"""The plan of one session: what all cars do, when the flag falls, and how a flashback changes that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from f1timings.simulator.courses import STEPS, Course
from f1timings.simulator.entrants import Entrant
from f1timings.simulator.timeline import FOREVER, CarTimeline, DriverStatus, Phase, flagged, redriven

_SEND_AFTER_FLAG_MS = 110
_NOMINAL_DURATION_S = {"race": 7200, "time_trial": 600}


@dataclass(frozen=True, slots=True)
class Rewind:
    """A flashback that the player is going to use.

    Attributes:
        lap: in which of the player's laps it is triggered.
        sector: 0 to 2: the line at which that sector of the lap begins is the anchor.
        after_ms: how long after the anchor.
        back_ms: how far it goes back.
    """

    lap: int
    sector: int
    after_ms: int
    back_ms: int


@dataclass(frozen=True, slots=True)
class SafetyCar:
    """One virtual safety car period, milliseconds of the session clock."""

    deployed_at: int
    ending_at: int
    ended_at: int
    has_red_flag: bool = False


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """One session, from its first frame to its end.

    Attributes:
        kind: "race", "qualifying" or "time_trial".
        course / entrants: where and who; ``entrants`` includes ghosts.
        driven: what each car would do if no flag fell, by car index.
        compounds: visual compound at the start, by car index.
        flag_at: when the chequered flag falls, ms of the session clock; None in a time trial.
        ends_at: when the session ends, ms.
        gives_up: the session is left from the pause menu: no end is sent.
        grid_ms: time on the grid before the lights go out.
        laps: race laps; 0 outside races.
        grid: grid position by car index: 0 outside races, 255 for ghosts.
        rewinds: flashbacks still to come, in order.
        is_online: several humans.
        timelines: what each car does, flag and ghosts included.
        finished_at: when each car took the flag, ms; absent for those that did not.
    """

    kind: str
    course: Course
    entrants: tuple[Entrant, ...]
    driven: tuple[CarTimeline, ...]
    compounds: tuple[int, ...]
    grid: tuple[int, ...]
    flag_at: int | None = None
    ends_at: int = 0
    gives_up: bool = False
    grid_ms: int = 0
    laps: int = 0
    rewinds: tuple[Rewind, ...] = ()
    safety_car: SafetyCar | None = None
    is_online: bool = False
    timelines: tuple[CarTimeline, ...] = ()
    finished_at: dict[int, int] = field(default_factory=dict)

    @property
    def player(self) -> int:
        """Car index of the first rig."""
        return next(entrant.car_index for entrant in self.entrants if entrant.rig is not None)

    @property
    def duration_s(self) -> int:
        """The session's length as the game states it, seconds."""
        return _NOMINAL_DURATION_S.get(self.kind, (self.flag_at or 0) // 1000)


def settled(plan: SessionPlan) -> SessionPlan:
    """The plan with flag and ghosts added to what the cars would do; also after a flashback changed that."""
    if plan.kind == "time_trial":
        return replace(plan, timelines=tuple(_with_ghosts(plan)))
    flag_at = _race_flag(plan) if plan.kind == "race" else plan.flag_at or 0
    taken = [flagged(timeline, flag_at) for timeline in plan.driven]
    finished = {index: at for index, (_, at) in enumerate(taken) if at is not None}
    end = max([flag_at, *finished.values()]) + _SEND_AFTER_FLAG_MS
    return replace(
        plan,
        timelines=tuple(timeline for timeline, _ in taken),
        finished_at=finished,
        flag_at=flag_at,
        ends_at=plan.ends_at if plan.gives_up else end,
    )


def rewound(plan: SessionPlan, at: int, rng: Random) -> SessionPlan:
    """The plan after a flashback to a moment: before it all is as it was, after it all cars drive anew."""
    driven = tuple(redriven(timeline, at, rng) for timeline in plan.driven)
    return settled(replace(plan, driven=driven, rewinds=plan.rewinds[1:]))


def abandoned(plan: SessionPlan, rng: Random) -> SessionPlan:
    """The same session, left from the pause menu in the middle: nothing is sent at its end."""
    latest = min([plan.ends_at, *plan.finished_at.values()]) - 2_000
    return replace(plan, gives_up=True, ends_at=max(3_000, round(latest * rng.uniform(0.15, 0.85))))


def _race_flag(plan: SessionPlan) -> int:
    """When the first car completes the last lap; if none does, when the last one stops."""
    ends = [at for timeline in plan.driven if (at := timeline.lap_ends(plan.laps)) is not None]
    return min(ends) if ends else max(timeline.phases[-1].begins for timeline in plan.driven)


def _with_ghosts(plan: SessionPlan) -> list[CarTimeline]:
    return [
        _haunted(plan.course, entrant, plan.driven[0]) if entrant.is_ghost else timeline
        for entrant, timeline in zip(plan.entrants, plan.driven, strict=True)
    ]


def _haunted(course: Course, ghost: Entrant, player: CarTimeline) -> CarTimeline:
    """A ghost starts its one lap whenever the player starts one, and waits at the line if it is faster."""
    phases = []
    lap_ms = round(course.circuit.lap_ms * ghost.skill)
    starts = sorted({phase.lap_began for phase in player.phases})
    for begins, ends in zip(starts, [*starts[1:], FOREVER], strict=True):
        at_line = min(ends, begins + lap_ms)
        lap = Phase(
            begins, at_line, course.by_time, 0.0, STEPS / lap_ms, 2, 0, begins, DriverStatus.FLYING_LAP
        )
        phases.append(lap)
        if at_line < ends:
            waits = (course.length_m,) * 3
            phases.append(lap._replace(begins=at_line, ends=ends, table=waits, rate=0.0))
    return CarTimeline(tuple(phases))
