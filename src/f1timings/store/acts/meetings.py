"""What people do with meetings: make, change, open, clear a board, take an act back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.meetings import checked_date, checked_points
from f1timings.meeting.people import CLUB_POINTS, Act, Clearing, Meeting, MeetingPeriod, MeetingState, Rules
from f1timings.meeting.texts import clean_text
from f1timings.store.acts import assignments, drivers
from f1timings.store.acts.desk import Desk, new_id
from f1timings.store.records import records_query, row_of, table_of


def open_one(desk: Desk) -> Meeting:
    """The meeting that is open; there is always exactly one."""
    return desk.find(Meeting, state=MeetingState.OPEN.value)[-1]


def ensure_open(connection: Connection, now: datetime) -> None:
    """On the first start: a meeting, so that the first lap has one. Nobody's act, so without a number."""
    query = records_query(Meeting, state=MeetingState.OPEN.value)
    if connection.execute(query).first() is None:
        meeting = _new(now, f"Meeting of {_day(now)}")
        period = MeetingPeriod(new_id(), meeting.id, now)
        connection.execute(insert(table_of(Meeting)).values(row_of(meeting)))
        connection.execute(insert(table_of(MeetingPeriod)).values(row_of(period)))


def make(desk: Desk, name: str, *, copy_of: str | None = None, is_open: bool = True, **facts: Any) -> Meeting:
    """A new meeting.

    Args:
        copy_of: id of a meeting whose venue, circuit, rules and points it takes over.
        is_open: it becomes the open one at once; else it waits among the archived ones.
        facts: ``date``, ``venue``, ``circuit``, ``rules``, ``points``, as far as given.
    """
    meeting = _new(desk.now, name)
    if copy_of is not None:
        model = desk.need(Meeting, copy_of)
        meeting = replace(
            meeting, venue=model.venue, circuit=model.circuit, rules=model.rules, points=model.points
        )
    meeting = checked(replace(meeting, **facts))
    meeting = _begin(desk, meeting) if is_open else desk.put(replace(meeting, state=MeetingState.ARCHIVED))
    desk.note("meeting_made", meeting.id, f"Meeting {meeting.name} was made.")
    return meeting


def edit(desk: Desk, meeting_id: str, version: int | None, **facts: Any) -> Meeting:
    """Change a meeting's facts, as :func:`make` knows them and ``name``."""
    meeting = desk.edit(Meeting, meeting_id, version, lambda found: checked(replace(found, **facts)))
    desk.note("meeting_changed", meeting.id, f"Meeting {meeting.name} was changed.")
    return meeting


def reopen(desk: Desk, meeting_id: str, version: int | None) -> Meeting:
    """Let a meeting be the open one; the one that was open is archived."""
    meeting = desk.need(Meeting, meeting_id)
    if meeting.state is MeetingState.OPEN:
        return meeting
    if version is not None:
        desk.need_version(Meeting, meeting_id, version)
    meeting = _begin(desk, meeting)
    desk.note("meeting_opened", meeting.id, f"Meeting {meeting.name} was opened.")
    return meeting


def clear_board(desk: Desk, meeting_id: str, circuit: str, confirm: str) -> Clearing:
    """Let no lap driven up to now stand on a meeting's board of a circuit; the laps stay.

    Args:
        circuit: its name, empty for laps of no known circuit.
        confirm: the same name again.

    Raises:
        ActInvalid: the confirmation is another name, or no circuit can have that name.
    """
    meeting = desk.need(Meeting, meeting_id)
    circuit = clean_text(circuit, field="circuit", shortest=0)
    if circuit_key(confirm) != circuit_key(circuit):
        raise ActInvalid(f"To clear this board write its circuit again: {circuit!r}.", "confirm")
    clearing = desk.put(Clearing(new_id(), meeting.id, circuit_key(circuit), desk.now, desk.by))
    desk.note("board_cleared", clearing.id, f"The board of {circuit or 'no circuit'} was cleared.")
    return clearing


def undo(desk: Desk, act_id: str) -> Act:
    """Take an act back.

    Raises:
        NotFound | ActConflict: see :meth:`Desk.undo`.
    """
    act = desk.undo(act_id)
    if len(desk.find(Meeting, state=MeetingState.OPEN.value)) != 1:
        raise ActConflict("One meeting must be open; open another one instead.", act)
    drivers.refuse_doubles(desk)
    assignments.refuse_overlaps(desk)
    desk.note("undone", act.subject, f"Undone: {act.summary}", can_undo=True, undoes=act.id)
    return act


def checked(meeting: Meeting) -> Meeting:
    """A meeting as it is kept.

    Raises:
        ActInvalid: a fact that cannot be right.
    """
    circuit = meeting.circuit
    return replace(
        meeting,
        name=clean_text(meeting.name, field="name"),
        date=checked_date(meeting.date),
        venue=clean_text(meeting.venue, field="venue", shortest=0),
        circuit=None if circuit is None else clean_text(circuit, field="circuit"),
        points=checked_points(meeting.points),
    )


def _day(now: datetime) -> str:
    """The day at the venue: where the server stands."""
    return now.astimezone().date().isoformat()


def _new(now: datetime, name: str) -> Meeting:
    return Meeting(
        id=new_id(),
        name=name,
        date=_day(now),
        venue="",
        circuit=None,
        rules=Rules(),
        points=CLUB_POINTS,
        state=MeetingState.OPEN,
        created_at=now,
        opened_at=now,
    )


def _begin(desk: Desk, meeting: Meeting) -> Meeting:
    for other in desk.find(Meeting, state=MeetingState.OPEN.value):
        if other.id != meeting.id:
            desk.put(replace(other, state=MeetingState.ARCHIVED))
    desk.put(MeetingPeriod(new_id(), meeting.id, desk.now))
    return desk.put(replace(meeting, state=MeetingState.OPEN, opened_at=desk.now))
