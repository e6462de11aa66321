"""The plan of one session: what all cars do, when the flag falls, and how a flashback changes that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from f1timings.simulator.courses import STEPS, Course
from f1timings.simulator.entrants import Entrant
from f1timings.simulator.timeline import FOREVER, CarTimeline, DriverStatus, Phase
from f1timings.simulator.timeline_changes import drive_again, end_at_flag

_SEND_AFTER_FLAG_MS = 110
_NOMINAL_DURATION_S = {"race": 7200, "time_trial": 600}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewind:
    """A flashback that the player is going to use.

    Attributes:
        lap: the player's lap in which it is used.
        sector: 0 to 2; the anchor is the line at which this sector of the lap begins.
        after_ms: time from the anchor until it is used.
        back_ms: time that it goes back.
    """

    lap: int
    sector: int
    after_ms: int
    back_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyCar:
    """One virtual safety car period, in milliseconds of the session clock."""

    deployed_at: int
    ending_at: int
    ended_at: int
    has_red_flag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """One session, from its first frame to its end.

    Attributes:
        kind: "race", "qualifying" or "time_trial".
        course: the circuit.
        entrants: cars and drivers, including ghosts.
        driven: what each car would do without a flag, by car index.
        compounds: visual compound at the start, by car index.
        grid: grid position by car index: 0 outside races, 255 for ghosts.
        flag_at: when the chequered flag falls, ms of the session clock; None in a time trial.
        ends_at: when the session ends, ms.
        is_abandoned: the player leaves the session from the pause menu: no end is sent.
        grid_ms: time on the grid before the lights go out.
        laps: race laps; 0 outside races.
        rewinds: flashbacks that are still to come, in order.
        is_online: there are several human players.
        timelines: what each car does, including flag and ghosts.
        finished_at: when each car crossed the line after the flag, ms, by car index; others are absent.
    """

    kind: str
    course: Course
    entrants: tuple[Entrant, ...]
    driven: tuple[CarTimeline, ...]
    compounds: tuple[int, ...]
    grid: tuple[int, ...]
    flag_at: int | None = None
    ends_at: int = 0
    is_abandoned: bool = False
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
        """The length of the session that the game sends, seconds."""
        return _NOMINAL_DURATION_S.get(self.kind, (self.flag_at or 0) // 1000)


def complete_plan(plan: SessionPlan) -> SessionPlan:
    """The plan with the timelines under the flag and of the ghosts; call it again after a flashback."""
    if plan.kind == "time_trial":
        return replace(plan, timelines=tuple(_with_ghosts(plan)))
    flag_at = _race_flag(plan) if plan.kind == "race" else plan.flag_at or 0
    ended = [end_at_flag(timeline, flag_at) for timeline in plan.driven]
    finished = {index: at for index, (_, at) in enumerate(ended) if at is not None}
    end = max([flag_at, *finished.values()]) + _SEND_AFTER_FLAG_MS
    return replace(
        plan,
        timelines=tuple(timeline for timeline, _ in ended),
        finished_at=finished,
        flag_at=flag_at,
        ends_at=plan.ends_at if plan.is_abandoned else end,
    )


def rewind_plan(plan: SessionPlan, at: int, rng: Random) -> SessionPlan:
    """The plan after a flashback to a moment: after that moment all cars drive differently."""
    driven = tuple(drive_again(timeline, at, rng) for timeline in plan.driven)
    return complete_plan(replace(plan, driven=driven, rewinds=plan.rewinds[1:]))


def abandon_plan(plan: SessionPlan, rng: Random) -> SessionPlan:
    """The same session, which the player leaves from the pause menu in the middle: it has no end."""
    latest = min([plan.ends_at, *plan.finished_at.values()]) - 2_000
    return replace(plan, is_abandoned=True, ends_at=max(3_000, round(latest * rng.uniform(0.15, 0.85))))


def _race_flag(plan: SessionPlan) -> int:
    """When the first car completes the last lap; if none does, when the last car stops."""
    ends = [at for timeline in plan.driven if (at := timeline.lap_ends(plan.laps)) is not None]
    return min(ends) if ends else max(timeline.phases[-1].begins for timeline in plan.driven)


def _with_ghosts(plan: SessionPlan) -> list[CarTimeline]:
    return [
        _ghost_timeline(plan.course, entrant, plan.driven[0]) if entrant.is_ghost else timeline
        for entrant, timeline in zip(plan.entrants, plan.driven, strict=True)
    ]


def _ghost_timeline(course: Course, ghost: Entrant, player: CarTimeline) -> CarTimeline:
    """A ghost starts its only lap when the player starts a lap, and waits at the line if it is faster."""
    phases = []
    lap_ms = round(course.circuit.lap_ms * ghost.skill)
    starts = sorted({phase.lap_began for phase in player.phases})
    for begins, ends in zip(starts, [*starts[1:], FOREVER], strict=True):
        at_line = min(ends, begins + lap_ms)
        lap = Phase(
            begins=begins,
            ends=at_line,
            table=course.by_time,
            step=0.0,
            rate=STEPS / lap_ms,
            lap=2,
            sector=0,
            lap_began=begins,
            driver_status=DriverStatus.FLYING_LAP,
        )
        phases.append(lap)
        if at_line < ends:
            line = (course.length_m,) * 3
            phases.append(replace(lap, begins=at_line, ends=ends, table=line, rate=0.0))
    return CarTimeline(tuple(phases))
