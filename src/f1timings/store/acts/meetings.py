"""Acts on meetings: create, edit and open a meeting, and clear one of its boards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from f1timings.errors import ActInvalid
from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.meetings import valid_date, valid_points
from f1timings.meeting.people import CLUB_POINTS, Clearing, Meeting, MeetingPeriod, MeetingState, Rules
from f1timings.meeting.texts import clean_text
from f1timings.store.acts import assignments
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.sentences import typed
from f1timings.store.ids import new_id
from f1timings.store.records import records_query, row_of, table_of


def get_open_meeting(desk: Desk) -> Meeting:
    """Return the meeting that is open; exactly one is."""
    return desk.list_records(Meeting, state=MeetingState.OPEN.value)[-1]


def ensure_open(connection: Connection, now: datetime) -> None:
    """Create a meeting on the first start, so that the first lap belongs to one.

    No person did this, so it is not an act and has no number.
    """
    query = records_query(Meeting, state=MeetingState.OPEN.value)
    if connection.execute(query).first() is None:
        meeting = _new(now, f"Meeting of {_day(now)}")
        period = MeetingPeriod(id=new_id(), meeting_id=meeting.id, since=now)
        connection.execute(insert(table_of(Meeting)).values(row_of(meeting)))
        connection.execute(insert(table_of(MeetingPeriod)).values(row_of(period)))


def create(
    desk: Desk,
    name: str,
    *,
    copy_of: str | None = None,
    is_open: bool = True,
    keep_seats: bool = False,
    **facts: Any,
) -> Meeting:
    """Create a meeting.

    Args:
        copy_of: id of a meeting to copy venue, circuit, rules and points from.
        is_open: open it at once and archive the meeting that was open; if False it is archived itself.
        keep_seats: see :func:`reopen`.
        facts: ``date``, ``venue``, ``circuit``, ``rules``, ``points``, as far as given.

    Raises:
        NotFound: there is no meeting to copy.
        ActInvalid: a fact is not valid.
    """
    meeting = _new(desk.now, name)
    if copy_of is not None:
        model = desk.need_record(Meeting, copy_of)
        meeting = replace(
            meeting, venue=model.venue, circuit=model.circuit, rules=model.rules, points=model.points
        )
    meeting = _valid_meeting(replace(meeting, **facts))
    if is_open:
        meeting = _begin(desk, meeting, keep_seats=keep_seats)
    else:
        meeting = desk.store_record(replace(meeting, state=MeetingState.ARCHIVED))
    desk.describe("meeting_made", meeting.id, f"Meeting {typed(meeting.name)} was created.")
    return meeting


def edit(desk: Desk, meeting_id: str, version: int | None, **facts: Any) -> Meeting:
    """Change facts of a meeting.

    Args:
        version: the version that the client has seen; None accepts any.
        facts: ``name``, and those of :func:`create`.

    Raises:
        NotFound: there is no such meeting.
        ActInvalid: a fact is not valid.
        ActConflict: the meeting has changed since that version.
    """
    meeting = desk.update_record(
        Meeting, meeting_id, version, change=lambda before: _valid_meeting(replace(before, **facts))
    )
    desk.describe("meeting_changed", meeting.id, f"Meeting {typed(meeting.name)} was changed.")
    return meeting


def reopen(desk: Desk, meeting_id: str, version: int | None, *, keep_seats: bool = False) -> Meeting:
    """Open a meeting again and archive the meeting that was open; do nothing if it is the open one.

    Args:
        keep_seats: the drivers stay at their rigs; if False they leave them, except for default drivers.

    Raises:
        NotFound: there is no such meeting.
        ActConflict: the meeting has changed since that version.
    """
    meeting = desk.need_record(Meeting, meeting_id)
    if meeting.state is MeetingState.OPEN:
        return meeting
    if version is not None:
        desk.need_version(Meeting, meeting_id, version)
    meeting = _begin(desk, meeting, keep_seats=keep_seats)
    desk.describe("meeting_opened", meeting.id, f"Meeting {typed(meeting.name)} was opened.")
    return meeting


def clear_board(desk: Desk, meeting_id: str, *, circuit: str, confirm: str) -> Clearing:
    """Clear a meeting's board of a circuit: laps driven up to now no longer appear on it. No lap is deleted.

    Args:
        circuit: its name, empty for laps of no known circuit.
        confirm: the name, typed again.

    Raises:
        NotFound: there is no such meeting.
        ActInvalid: the confirmation is another name, or no circuit can have that name.
    """
    meeting = desk.need_record(Meeting, meeting_id)
    circuit = clean_text(circuit, field="circuit", shortest=0)
    if circuit_key(confirm) != circuit_key(circuit):
        raise ActInvalid("board-unconfirmed", "confirm", circuit=circuit)
    clearing = desk.store_record(
        Clearing(
            id=new_id(),
            meeting_id=meeting.id,
            circuit_key=circuit_key(circuit),
            at=desk.now,
            by=desk.by,
        )
    )
    board = f"of {typed(circuit)}" if circuit else "of laps without a circuit"
    desk.describe("board_cleared", clearing.id, f"The board {board} was cleared.")
    return clearing


def _valid_meeting(meeting: Meeting) -> Meeting:
    """Return the meeting with its texts tidied.

    Raises:
        ActInvalid: a fact is not valid.
    """
    circuit = meeting.circuit
    return replace(
        meeting,
        name=clean_text(meeting.name, field="name"),
        date=valid_date(meeting.date),
        venue=clean_text(meeting.venue, field="venue", shortest=0),
        circuit=None if circuit is None else clean_text(circuit, field="circuit"),
        points=valid_points(meeting.points),
    )


def _day(now: datetime) -> str:
    """Return the day at the venue, which is the day where the server is."""
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


def _begin(desk: Desk, meeting: Meeting, *, keep_seats: bool) -> Meeting:
    """Open a meeting; every act that opens one does it here."""
    for other in desk.list_records(Meeting, state=MeetingState.OPEN.value):
        if other.id != meeting.id:
            desk.store_record(replace(other, state=MeetingState.ARCHIVED))
    desk.store_record(MeetingPeriod(id=new_id(), meeting_id=meeting.id, since=desk.now))
    if not keep_seats:
        # Otherwise the first laps of the evening would belong to the drivers of the last one.
        assignments.clear_seats(desk)
    return desk.store_record(replace(meeting, state=MeetingState.OPEN, opened_at=desk.now))
