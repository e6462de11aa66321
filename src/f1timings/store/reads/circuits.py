"""The circuit of a meeting, and what decides about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Executable, RowMapping, Select, and_, or_, select, true

from f1timings.meeting.attribution import Calendar, Interval
from f1timings.meeting.manual_laps import NO_FORMAT
from f1timings.meeting.people import Meeting, MeetingPeriod
from f1timings.store.tables.boards import board_bests, room_circuits
from f1timings.store.tables.people import manual_laps, meeting_periods
from f1timings.store.tables.timed import sessions

Ask = Callable[[Executable], Sequence[RowMapping]]


class AskWith(Protocol):
    """Runs one query, with values for its parameters, and returns all of its rows."""

    def __call__(
        self, query: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[RowMapping]: ...


def meeting_circuit(ask: Ask, meeting: Meeting) -> str | None:
    """The circuit of a meeting: the one that was set for it, else the one that most rigs drive.

    At a meeting whose rigs were never seen driving (their captures were imported) it is the circuit of the
    newest session. Without rigs it is the circuit of the newest lap typed by hand. None without laps and
    sessions.

    Args:
        ask: runs one query, inside or outside of a transaction.
    """
    if meeting.circuit is not None:
        return meeting.circuit
    # A lap typed for another circuit does not move the meeting while rigs send their circuit.
    return (
        room_circuit(ask, meeting.id)
        or _driven(ask, meeting)
        or _typed(ask, meeting)
        or _carried_over(ask, meeting)
    )


def room_circuit(ask: Ask, meeting_id: str) -> str | None:
    """The stored circuit that most rigs drive at a meeting; None before any rig has driven."""
    column = room_circuits.c
    return _first_circuit(ask, select(column.circuit).where(column.meeting_id == meeting_id))


def _driven(ask: Ask, meeting: Meeting) -> str | None:
    """The circuit of the newest session that was opened while the meeting was open."""
    periods = [MeetingPeriod(**row) for row in ask(select(meeting_periods))]
    intervals = Calendar(periods).intervals(meeting.id)
    if not intervals:
        return None
    column = sessions.c
    query = (
        select(column.track.label("circuit"))
        .where(column.track.is_not(None), column.packet_format != NO_FORMAT)
        .where(or_(*(_within(column.opened_at, interval) for interval in intervals)))
        .order_by(column.opened_at.desc(), column.seq.desc())
    )
    return _first_circuit(ask, query)


def _typed(ask: Ask, meeting: Meeting) -> str | None:
    """The circuit of the newest lap typed by hand."""
    column = manual_laps.c
    query = select(column.circuit).where(column.meeting_id == meeting.id, column.circuit.is_not(None))
    return _first_circuit(ask, query.order_by(column.at.desc()))


def _carried_over(ask: Ask, meeting: Meeting) -> str | None:
    """The circuit of the newest lap of a session that began before the meeting."""
    column = board_bests.c
    query = select(column.circuit).where(column.meeting_id == meeting.id, column.circuit_key != "")
    return _first_circuit(ask, query.order_by(column.last_at.desc()))


def _first_circuit(ask: Ask, query: Select[Any]) -> str | None:
    rows = ask(query.limit(1))
    return rows[0]["circuit"] if rows else None


def _within(column: ColumnElement[Any], interval: Interval) -> ColumnElement[bool]:
    since, until = interval
    bounds = [] if since is None else [column >= since]
    return and_(true(), *bounds, *([] if until is None else [column < until]))
