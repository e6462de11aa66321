"""Whose lap each lap is, on which board it stands, and whether it counts. Pure.

A lap is somebody's by the first of these that says so: a marshal's claim, the typed lap's driver, who was
assigned to the rig when the lap began, who usually drives there, whose name in the games it is. The rig's own
lap of nobody stands under the rig's name; other laps of nobody stand on no board.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.lobbies import NO_NAME
from f1timings.meeting.people import NO_DRIVER, Assignment, LapMark, ManualLap, MeetingPeriod
from f1timings.timing.records import LapState

Interval = tuple[datetime | None, datetime | None]
"""From a moment (None: for ever before) to before another (None: for ever after)."""

CLAIM, MANUAL, ASSIGNMENT, DEFAULT, GAME_NAME = "claim", "manual", "assignment", "default", "game_name"


class LapFacts(NamedTuple):
    """What a lap says that matters here; times as in :class:`f1timings.timing.records.Lap`.

    ``state`` and ``is_valid`` are as a marshal left them.
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
    compound: str | None
    assists: str | None
    weather: str | None
    state: str
    began_at: datetime | None
    recorded_at: datetime

    @property
    def moment(self) -> datetime:
        """When it began, or was first known of: who sat there then drove it."""
        return self.began_at or self.recorded_at


class SessionFacts(NamedTuple):
    """What a lap's session says that matters here.

    Attributes:
        lobby: see :func:`f1timings.meeting.lobbies.lobby_of_each`.
        seats: the rig by car, see :func:`f1timings.meeting.lobbies.seats`.
        ai_cars: car and name of those that the game drives.
    """

    id: str
    rig: str
    packet_format: int
    track: str | None
    session_type: str | None
    formula: str | None
    equal_performance: bool | None
    player_car_index: int | None
    opened_at: datetime
    lobby: str
    seats: Mapping[int, str]
    ai_cars: frozenset[tuple[int, str | None]]


class Attribution(NamedTuple):
    """A lap as the boards see it.

    Attributes:
        circuit / circuit_key: as shown, and by what circuits are compared; empty where it is not known.
        entrant: ``d:<driver>``, or ``r:<rig>`` for a rig's own lap of nobody; None stands on no board.
        basis: why it is this driver's, None for nobody's.
        lobby: what links the sessions of one online lobby.
        counts: driven to its end, valid, and the one lap of its entrant and number in its lobby.
        lap_time_ms: None also where it is not the one, or was not driven to its end.
        set_at: when it was known; the earlier one stands ahead of an equal one.
    """

    lap_id: str
    session_id: str
    rig: str
    meeting_id: str
    circuit: str
    circuit_key: str
    entrant: str | None
    driver_id: str | None
    basis: str | None
    is_own_car: bool
    is_manual: bool
    lobby: str
    lap_number: int
    counts: bool
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    set_at: datetime
    recorded_at: datetime
    packet_format: int
    session_type: str | None
    formula: str | None
    assists: str | None
    weather: str | None
    compound: str | None
    equal_performance: bool | None


class Calendar:
    """Which meeting was open when.

    Args:
        periods: of all meetings, in any order.
    """

    def __init__(self, periods: Iterable[MeetingPeriod]) -> None:
        ordered = sorted(periods, key=lambda period: (period.since, period.seq, period.id))
        self._since = [period.since for period in ordered]
        self._meetings = [period.meeting_id for period in ordered]

    def meeting_at(self, moment: datetime) -> str:
        """Id of the meeting at a moment, the first one before all periods; empty while there is none."""
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
        """The times that belong to another meeting by another calendar."""
        bounds = sorted({*self._since, *after._since})
        spans: list[Interval] = [(None, bounds[0])] if bounds else []
        spans += [(since, bounds[place + 1]) for place, since in enumerate(bounds[:-1])]
        spans += [(bounds[-1], None)] if bounds else []
        inside = {span: span[0] or datetime.min.replace(tzinfo=bounds[0].tzinfo) for span in spans}
        return [
            span for span, moment in inside.items() if self.meeting_at(moment) != after.meeting_at(moment)
        ]


@dataclass(frozen=True)
class Roster:
    """What people entered, as far as it concerns some laps.

    Attributes:
        marks / manual: by lap.
        assignments: of the rigs, in any order.
        game_names: driver by name; None for a name that is nobody's.
    """

    marks: Mapping[str, LapMark] = field(default_factory=dict)
    manual: Mapping[str, ManualLap] = field(default_factory=dict)
    assignments: Iterable[Assignment] = ()
    game_names: Mapping[str, str | None] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=lambda: Calendar(()))

    @cached_property
    def _of_rig(self) -> Mapping[str, list[Assignment]]:
        """Of each rig those that count first: not default, the newest."""
        found: defaultdict[str, list[Assignment]] = defaultdict(list)
        for one in sorted(self.assignments, key=lambda one: (one.since, one.seq, one.id), reverse=True):
            found[one.rig].append(one)
        for of_rig in found.values():
            of_rig.sort(key=lambda one: one.is_default)
        return found

    def sitting(self, rig: str, moment: datetime) -> Assignment | None:
        """Who sits at a rig, or usually drives there; None if nothing is known."""
        return next((one for one in self._of_rig.get(rig, ()) if _covers(one, moment)), None)


def attribute(
    laps: Iterable[LapFacts], sessions: Mapping[str, SessionFacts], roster: Roster
) -> dict[str, Attribution]:
    """Whose each lap is and whether it counts, by lap.

    Args:
        laps: with every lap that competes with one of them: of the same lobby and lap number.
        sessions: theirs, by id.
    """
    found: dict[str, Attribution] = {}
    rivals: defaultdict[tuple[str, str, int], list[LapFacts]] = defaultdict(list)
    for lap in laps:
        one = found[lap.id] = attribute_alone(lap, sessions[lap.session_id], roster)
        if one.entrant is not None and _is_evidence(lap):
            rivals[one.lobby, one.entrant, one.lap_number].append(lap)
    for group in rivals.values():
        first = min(group, key=lambda lap: _precedence(lap, sessions[lap.session_id]))
        for lap in group:
            if lap is not first:
                found[lap.id] = found[lap.id]._replace(counts=False, lap_time_ms=None)
    return found


def attribute_alone(lap: LapFacts, session: SessionFacts, roster: Roster) -> Attribution:
    """Whose a lap is, and whether it would count if no other were in its way."""
    manual = roster.manual.get(lap.id)
    driver_id, basis = _driver(lap, session, roster)
    entrant = _entrant(driver_id, session.seats.get(lap.car_index) if manual is None else None)
    circuit = (session.track if manual is None else manual.circuit) or ""
    is_completed = lap.state == LapState.COMPLETED
    return Attribution(
        lap.id,
        session.id,
        session.rig,
        roster.calendar.meeting_at(lap.moment) if manual is None else manual.meeting_id,
        circuit,
        circuit_key(circuit),
        entrant,
        driver_id,
        basis,
        manual is None and lap.car_index == session.player_car_index,
        manual is not None,
        session.lobby,
        lap.lap_number,
        is_completed and lap.is_valid is True and entrant is not None and lap.lap_time_ms is not None,
        lap.lap_time_ms if is_completed else None,
        lap.sector1_ms,
        lap.sector2_ms,
        lap.sector3_ms,
        lap.recorded_at,
        lap.recorded_at,
        session.packet_format,
        session.session_type,
        session.formula,
        lap.assists,
        lap.weather,
        lap.compound,
        session.equal_performance,
    )


def _driver(lap: LapFacts, session: SessionFacts, roster: Roster) -> tuple[str | None, str | None]:
    """The driver and why."""
    mark = roster.marks.get(lap.id)
    if mark is not None and mark.driver_id is not None:
        return (mark.driver_id, CLAIM) if mark.driver_id != NO_DRIVER else (None, None)
    manual = roster.manual.get(lap.id)
    if manual is not None:
        return manual.driver_id, MANUAL
    rig = session.seats.get(lap.car_index)
    sitting = None if rig is None else roster.sitting(rig, lap.moment)
    if sitting is not None:
        basis = DEFAULT if sitting.is_default else ASSIGNMENT
        return sitting.driver_id, None if sitting.driver_id is None else basis
    return _named(lap, session, roster)


def _named(lap: LapFacts, session: SessionFacts, roster: Roster) -> tuple[str | None, str | None]:
    name = lap.participant
    if name is None or name == NO_NAME:
        return None, None
    # Somebody sits in the rig's own car, whatever the game says of it after the flag.
    if lap.car_index != session.player_car_index and (lap.car_index, name) in session.ai_cars:
        return None, None
    driver_id = roster.game_names.get(name)
    return driver_id, None if driver_id is None else GAME_NAME


def _entrant(driver_id: str | None, rig: str | None) -> str | None:
    if driver_id is not None:
        return f"d:{driver_id}"
    return None if rig is None else f"r:{rig}"


def _covers(assignment: Assignment, moment: datetime) -> bool:
    return assignment.since <= moment and (assignment.until is None or moment < assignment.until)


def _is_evidence(lap: LapFacts) -> bool:
    """Whether it stands in the way of others: what a marshal struck must not come back from another rig."""
    return lap.state in (LapState.COMPLETED, LapState.DELETED)


def _precedence(lap: LapFacts, session: SessionFacts) -> tuple[object, ...]:
    is_own = lap.car_index == session.player_car_index
    return (not is_own, session.opened_at, session.id, lap.car_index, lap.branch, lap.id)
