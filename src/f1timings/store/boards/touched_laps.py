"""Which laps an act may make somebody else's, or put on another board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select, true

from f1timings.meeting.attribution import Calendar, Interval
from f1timings.meeting.lobbies import LONGEST
from f1timings.meeting.people import Assignment, GameName, LapMark, ManualLap, MeetingPeriod
from f1timings.store.boards.rosters import read_periods
from f1timings.store.boards.session_facts import facts_of, keys_in_turn, read_known
from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps, sessions

if TYPE_CHECKING:
    from f1timings.store.stored import RecordChange


def laps_touched_by(connection: Connection, changes: Sequence[RecordChange]) -> set[str]:
    """Ids of the laps that an act may have made somebody else's, or put on another board."""
    ids: set[str] = set()
    periods: list[RecordChange] = []
    names: set[str] = set()
    for change in changes:
        record = change.newest
        if isinstance(record, LapMark | ManualLap):
            ids.add(record.lap_id)
        elif isinstance(record, GameName):
            names.add(record.name)
        elif isinstance(record, Assignment):
            ids |= _driven_during(connection, change)
        elif isinstance(record, MeetingPeriod):
            periods.append(change)
    for some in keys_in_turn(names):
        ids.update(connection.execute(select(laps.c.id).where(laps.c.participant.in_(some))).scalars())
    return ids | _moved(connection, periods)


def _driven_during(connection: Connection, change: RecordChange) -> set[str]:
    """Laps driven at the rig while an assignment lasts or lasted."""
    column = attributions.c
    ids: set[str] = set()
    for one in {version for version in change if version is not None}:
        began = _within((one.since, one.until))
        query = select(laps.c.id).join(attributions, column.lap_id == laps.c.id)
        # What began then is known no earlier; this finds the place in the index.
        query = query.where(column.rig == one.rig, column.recorded_at >= one.since, column.is_own_car)
        ids.update(connection.execute(query.where(began)).scalars())
        seen = or_(false(), *_seen_by_others(connection, one))
        ids.update(connection.execute(select(laps.c.id).where(seen, began)).scalars())
    return ids


def _seen_by_others(connection: Connection, one: Assignment) -> list[ColumnElement[bool]]:
    """The rig's car in the sessions that other rigs had of the same lobbies."""
    column = sessions.c
    query = select(column.id).where(
        column.rig == one.rig,
        column.is_online.is_(True),
        column.opened_at > one.since - LONGEST,
        or_(column.ended_at.is_(None), column.ended_at > one.since),
        *([] if one.until is None else [column.opened_at < one.until]),
    )
    known = read_known(connection, set(connection.execute(query).scalars()), ())
    cars = {
        session.id: [car for car, rig in session.seats.items() if rig == one.rig]
        for session in facts_of(known).values()
        if session.rig != one.rig
    }
    return [and_(laps.c.session_id == id_, laps.c.car_index.in_(some)) for id_, some in cars.items() if some]


def _moved(connection: Connection, changes: Sequence[RecordChange]) -> set[str]:
    """Laps that began at a time that belongs to another meeting now."""
    if not changes:
        return set()
    now = {one.id: one for one in read_periods(connection)}
    was = dict(now)
    for change in changes:
        if change.before is None:
            was.pop(change.newest.id, None)
        else:
            was[change.before.id] = change.before
    spans = Calendar(was.values()).moved(Calendar(now.values()))
    where = or_(false(), *map(_within, spans))
    return set(connection.execute(select(laps.c.id).where(where)).scalars())


def _within(span: Interval) -> ColumnElement[bool]:
    began = func.coalesce(laps.c.began_at, laps.c.recorded_at, type_=laps.c.recorded_at.type)
    bounds: list[datetime | None] = list(span)
    limits = []
    if bounds[0] is not None:
        limits.append(began >= bounds[0])
    if bounds[1] is not None:
        limits.append(began < bounds[1])
    return and_(true(), *limits)
