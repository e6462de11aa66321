"""At which circuit a meeting is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, RowMapping, and_, or_, select, true

from f1timings.meeting.attribution import Calendar, Interval
from f1timings.meeting.manual_laps import NO_FORMAT
from f1timings.meeting.people import Meeting, MeetingPeriod
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.people import manual_laps, meeting_periods
from f1timings.store.tables.timed import sessions

Ask = Callable[[Executable], Sequence[RowMapping]]


def where_is(ask: Ask, meeting: Meeting) -> str | None:
    """At which circuit a meeting is: as somebody set it, else where the rigs are; None if nobody drove.

    Without rigs it is where the newest lap was typed.

    Args:
        ask: answers one query, within a transaction or outside of one.
    """
    if meeting.circuit is not None:
        return meeting.circuit
    # A lap typed for another circuit does not move the meeting while rigs tell where they are.
    for found in (_driven, _typed, _carried_over):
        for _, circuit in found(ask, meeting):
            return circuit
    return None


def _driven(ask: Ask, meeting: Meeting) -> list[tuple[datetime, str]]:
    """The newest session that was opened while the meeting was open."""
    periods = [MeetingPeriod(**row) for row in ask(select(meeting_periods))]
    spans = Calendar(periods).intervals(meeting.id)
    if not spans:
        return []
    column = sessions.c
    query = (
        select(column.opened_at, column.track)
        .where(column.track.is_not(None), column.packet_format != NO_FORMAT)
        .where(or_(*(_within(column.opened_at, span) for span in spans)))
        .order_by(column.opened_at.desc(), column.seq.desc())
    )
    return [(row["opened_at"], row["track"]) for row in ask(query.limit(1))]


def _typed(ask: Ask, meeting: Meeting) -> list[tuple[datetime, str]]:
    column = manual_laps.c
    query = select(column.at, column.circuit).where(
        column.meeting_id == meeting.id, column.circuit.is_not(None)
    )
    return [(row["at"], row["circuit"]) for row in ask(query.order_by(column.at.desc()).limit(1))]


def _carried_over(ask: Ask, meeting: Meeting) -> list[tuple[datetime, str]]:
    """The newest lap, of a session that began before the meeting."""
    column = board_bests.c
    query = select(column.last_at, column.circuit).where(
        column.meeting_id == meeting.id, column.circuit_key != ""
    )
    found = ask(query.order_by(column.last_at.desc()).limit(1))
    return [(row["last_at"], row["circuit"]) for row in found]


def _within(column: ColumnElement[Any], span: Interval) -> ColumnElement[bool]:
    since, until = span
    bounds = [] if since is None else [column >= since]
    return and_(true(), *bounds, *([] if until is None else [column < until]))
