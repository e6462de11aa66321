"""Attribution: the driver of each lap, the board it belongs to, and whether it counts. Pure.

The first of these decides who drove a lap: a marshal's claim; the driver of a lap typed by hand; the
assignment of the rig when the lap began; the rig's default driver; the driver of the name in the game, unless
the driver was deleted before the lap began. If it is known only between which moments the lap began, and the
driver changed between them, nobody knows who drove it. A lap of the rig's own car without a driver appears
under the rig's name. A lap of another car without a driver appears on no board.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.lap_class import ClassValues, class_values
from f1timings.meeting.lobbies import NO_NAME
from f1timings.meeting.people import NO_DRIVER, Assignment, LapMark, ManualLap, MeetingPeriod
from f1timings.timing.records import LapState

Interval = tuple[datetime | None, datetime | None]
"""From a moment (None: no beginning) until before another (None: no end)."""

_NEVER = datetime.max.replace(tzinfo=UTC)

CLAIM, MANUAL, ASSIGNMENT, DEFAULT, GAME_NAME = "claim", "manual", "assignment", "default", "game_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class LapFacts:
    """The facts of a lap that attribution uses; times as in :class:`f1timings.timing.records.Lap`.

    Attributes:
        is_valid / state: with the marshal's decision applied.
        began_after / began_before: between which moments it began, where ``began_at`` is not certain;
            ``began_after`` is None if there is no bound, both are None if ``began_at`` is certain or nothing
            is known.
        classes: values of :data:`f1timings.meeting.lap_class.CLASSES_OF_LAP`.
    """

    id: str
    session_id: str
    rig: str
    car_index: int
    participant: str | None
    lap_number: int
    branch: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None
    state: str
    began_at: datetime | None
    began_after: datetime | None
    began_before: datetime | None
    recorded_at: datetime
    classes: ClassValues

    @property
    def moment(self) -> datetime:
        """When it began as it is shown, or at the latest, or else when it was first recorded."""
        return self.began_at or self.latest

    @property
    def is_unbounded(self) -> bool:
        """Whether it may have begun at any time before."""
        return self.began_before is not None and self.began_after is None

    @property
    def latest(self) -> datetime:
        """When it began at the latest, or else when it was first recorded."""
        return self.began_before or self.began_at or self.recorded_at

    @property
    def earliest(self) -> datetime:
        """When it began at the earliest; the latest moment if there is no bound."""
        return self.latest if self.began_before is None or self.began_after is None else self.began_after


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """The facts of a session that attribution uses.

    Attributes:
        lobby: see :func:`f1timings.meeting.lobbies.lobby_of_each`.
        seats: the rig by car, see :func:`f1timings.meeting.lobbies.seats`.
        ai_cars: car and name of the cars that the game drives.
        classes: values of :data:`f1timings.meeting.lap_class.SESSION_CLASSES`.
    """

    id: str
    rig: str
    track: str | None
    player_car_index: int | None
    opened_at: datetime
    lobby: str
    seats: Mapping[int, str]
    ai_cars: frozenset[tuple[int, str | None]]
    classes: ClassValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The driver and the board of one lap.

    Attributes:
        circuit: its name as shown; empty where it is unknown.
        circuit_key: the key by which circuits are compared; empty where the circuit is unknown.
        entrant: ``d:<driver>``, or ``r:<rig>`` for an unclaimed lap of the rig's own car; None for a lap that
            appears on no board.
        basis: what decided the driver; None without a driver.
        lobby: the same for all sessions of one online lobby.
        counts: it is complete and valid, and of all laps with its entrant and number in its lobby it is the
            one that counts.
        lap_time_ms: None also for a lap that is not complete, or where another view of the same lap counts.
        set_at: when the time was recorded; of equal times the earlier one is ahead.
        classes: values of :data:`f1timings.meeting.lap_class.LAP_CLASSES`.
    """

    lap_id: str
    session_id: str
    meeting_id: str
    circuit: str
    circuit_key: str
    entrant: str | None
    driver_id: str | None
    basis: str | None
    is_own_car: bool
    lobby: str
    lap_number: int
    counts: bool
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    set_at: datetime
    recorded_at: datetime
    classes: ClassValues


class Calendar:
    """Which meeting was open at which moment.

    Args:
        periods: of all meetings, in any order.
    """

    def __init__(self, periods: Iterable[MeetingPeriod]) -> None:
        ordered = sorted(periods, key=lambda period: (period.since, period.seq, period.id))
        self._since = [period.since for period in ordered]
        self._meetings = [period.meeting_id for period in ordered]

    def meeting_at(self, moment: datetime) -> str:
        """Id of the meeting at a moment: the first one before all periods; empty without meetings."""
        place = bisect_right(self._since, moment) - 1
        return self._meetings[max(place, 0)] if self._meetings else ""

    def intervals(self, meeting_id: str) -> list[Interval]:
        """When a meeting was open."""
        bounds: list[datetime | None] = [None, *self._since[1:], None]
        return [
            (bounds[place], bounds[place + 1])
            for place, meeting in enumerate(self._meetings)
            if meeting == meeting_id
        ]

    def moved(self, after: Calendar) -> list[Interval]:
        """The times that belong to another meeting in another calendar."""
        bounds = sorted({*self._since, *after._since})
        spans: list[Interval] = [(None, bounds[0])] if bounds else []
        spans += [(since, bounds[place + 1]) for place, since in enumerate(bounds[:-1])]
        spans += [(bounds[-1], None)] if bounds else []
        inside = {span: span[0] or datetime.min.replace(tzinfo=bounds[0].tzinfo) for span in spans}
        return [
            span for span, moment in inside.items() if self.meeting_at(moment) != after.meeting_at(moment)
        ]


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What people entered about some laps.

    Attributes:
        marks / manual: by lap.
        assignments: of the rigs, in any order.
        first_seen: when each rig sent its first datagram; needed for rigs with unbounded laps.
        game_names: driver by name; None for a name without a driver.
        deleted_at: when each driver of a name was deleted; without drivers who are not deleted.
    """

    marks: Mapping[str, LapMark] = field(default_factory=dict)
    manual: Mapping[str, ManualLap] = field(default_factory=dict)
    assignments: Iterable[Assignment] = ()
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    game_names: Mapping[str, str | None] = field(default_factory=dict)
    deleted_at: Mapping[str, datetime] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=lambda: Calendar(()))

    @cached_property
    def _by_rig(self) -> Mapping[str, list[Assignment]]:
        """The assignments of each rig, in the order in which they apply: defaults last, newest first."""
        by_rig: defaultdict[str, list[Assignment]] = defaultdict(list)
        newest_first = sorted(self.assignments, key=_age_key, reverse=True)
        for assignment in newest_first:
            by_rig[assignment.rig].append(assignment)
        for assignments in by_rig.values():
            assignments.sort(key=lambda assignment: assignment.is_default)
        return by_rig

    def assignment_at(self, rig: str, moment: datetime) -> Assignment | None:
        """The assignment that applies at a rig, which may be a default; None without one."""
        assignments = self._by_rig.get(rig, ())
        return next((assignment for assignment in assignments if _covers(assignment, moment)), None)

    def assignments_of(self, rig: str, lap: LapFacts) -> list[Assignment | None]:
        """The assignments that applied at a rig when a lap may have begun, of each driver one.

        Before the rig's first datagram nobody was timed there: a lap of that time is attributed as one that
        began with it, unless people were assigned before.
        """
        assignments = self._by_rig.get(rig, ())
        since, until = self._unbounded(rig, lap) if lap.is_unbounded else (lap.earliest, lap.latest)
        bounds = {bound for assignment in assignments for bound in (assignment.since, assignment.until)}
        moments = {since, *(bound for bound in bounds if bound is not None and since < bound <= until)}
        by_driver: dict[str | None, Assignment | None] = {}
        for assignment in (self.assignment_at(rig, moment) for moment in sorted(moments)):
            by_driver[None if assignment is None else assignment.driver_id] = assignment
        return list(by_driver.values())

    def _unbounded(self, rig: str, lap: LapFacts) -> tuple[datetime, datetime]:
        """The moments between which the assignments decide about a lap without a bound."""
        until, first_seen = lap.latest, self.first_seen.get(rig, lap.latest)
        before = [assignment.since for assignment in self._by_rig.get(rig, ()) if assignment.since <= until]
        return (min(first_seen, *before), until) if before else (max(until, first_seen),) * 2


def attribute(
    laps: Iterable[LapFacts], sessions: Mapping[str, SessionFacts], roster: Roster
) -> dict[str, Attribution]:
    """Find the driver and the board of each lap, and whether it counts; by lap.

    Args:
        laps: with every lap that competes with one of them: of the same lobby and lap number.
        sessions: the sessions of these laps, by id.
    """
    attributed: dict[str, Attribution] = {}
    views: defaultdict[tuple[str, str, int], list[LapFacts]] = defaultdict(list)
    for lap in laps:
        attribution = attributed[lap.id] = attribute_alone(lap, sessions[lap.session_id], roster)
        if attribution.entrant is not None and _is_evidence(lap):
            views[attribution.lobby, attribution.entrant, attribution.lap_number].append(lap)
    for same_lap in views.values():
        if len(same_lap) == 1:
            continue
        first = min(same_lap, key=lambda lap: _precedence(lap, sessions[lap.session_id]))
        for lap in same_lap:
            if lap is not first:
                attributed[lap.id] = replace(attributed[lap.id], counts=False, lap_time_ms=None)
    return attributed


def attribute_alone(lap: LapFacts, session: SessionFacts, roster: Roster) -> Attribution:
    """Find the driver and the board of a lap that competes with no other."""
    manual = roster.manual.get(lap.id)
    driver_id, basis = _driver(lap, session, roster)
    entrant = _entrant(driver_id, session.seats.get(lap.car_index) if manual is None else None)
    circuit = (session.track if manual is None else manual.circuit) or ""
    is_completed = lap.state == LapState.COMPLETED
    return Attribution(
        lap_id=lap.id,
        session_id=session.id,
        meeting_id=roster.calendar.meeting_at(lap.moment) if manual is None else manual.meeting_id,
        circuit=circuit,
        circuit_key=circuit_key(circuit),
        entrant=entrant,
        driver_id=driver_id,
        basis=basis,
        is_own_car=manual is None and lap.car_index == session.player_car_index,
        lobby=session.lobby,
        lap_number=lap.lap_number,
        counts=is_completed and lap.is_valid is True and entrant is not None and lap.lap_time_ms is not None,
        lap_time_ms=lap.lap_time_ms if is_completed else None,
        sector1_ms=lap.sector1_ms,
        sector2_ms=lap.sector2_ms,
        sector3_ms=lap.sector3_ms,
        set_at=lap.recorded_at,
        recorded_at=lap.recorded_at,
        classes=class_values(session.classes, lap.classes, is_manual=manual is not None),
    )


def _driver(lap: LapFacts, session: SessionFacts, roster: Roster) -> tuple[str | None, str | None]:
    """The driver and what decided it."""
    mark = roster.marks.get(lap.id)
    if mark is not None and mark.driver_id is not None:
        return (mark.driver_id, CLAIM) if mark.driver_id != NO_DRIVER else (None, None)
    manual = roster.manual.get(lap.id)
    if manual is not None:
        return manual.driver_id, MANUAL
    rig = session.seats.get(lap.car_index)
    assignments = [None] if rig is None else roster.assignments_of(rig, lap)
    if len(assignments) > 1:
        return None, None
    (assignment,) = assignments
    if assignment is not None:
        basis = DEFAULT if assignment.is_default else ASSIGNMENT
        return assignment.driver_id, None if assignment.driver_id is None else basis
    return _driver_by_name(lap, session, roster)


def _driver_by_name(lap: LapFacts, session: SessionFacts, roster: Roster) -> tuple[str | None, str | None]:
    name = lap.participant
    if name is None or name == NO_NAME:
        return None, None
    # A person drives the rig's own car, even if the game marks it as AI after the flag.
    if lap.car_index != session.player_car_index and (lap.car_index, name) in session.ai_cars:
        return None, None
    driver_id = roster.game_names.get(name)
    if driver_id is None or lap.moment > roster.deleted_at.get(driver_id, _NEVER):
        return None, None
    return driver_id, GAME_NAME


def _entrant(driver_id: str | None, rig: str | None) -> str | None:
    if driver_id is not None:
        return f"d:{driver_id}"
    return None if rig is None else f"r:{rig}"


def _age_key(assignment: Assignment) -> tuple[datetime, int, str]:
    return assignment.since, assignment.seq, assignment.id


def _covers(assignment: Assignment, moment: datetime) -> bool:
    return assignment.since <= moment and (assignment.until is None or moment < assignment.until)


def _is_evidence(lap: LapFacts) -> bool:
    """Whether other views of the same lap give way to it.

    A lap that a marshal deleted is evidence too: it must not count again as another rig recorded it.
    """
    return lap.state in (LapState.COMPLETED, LapState.DELETED)


def _precedence(lap: LapFacts, session: SessionFacts) -> tuple[object, ...]:
    is_own = lap.car_index == session.player_car_index
    return (not is_own, session.opened_at, session.id, lap.car_index, lap.branch, lap.id)
