"""Which laps an act may give to another driver or to another board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, or_, select, true

from f1timings.meeting.attribution import Calendar, Interval
from f1timings.meeting.lobbies import LONGEST
from f1timings.meeting.people import (
    Assignment,
    Driver,
    GameName,
    LapMark,
    ManualLap,
    MeetingPeriod,
    RigCard,
    is_join,
    joined_ends,
)
from f1timings.store.boards.rosters import read_periods
from f1timings.store.boards.session_facts import build_facts, read_candidates, read_snapshots
from f1timings.store.chunks import chunks
from f1timings.store.reads.joined_rigs import is_one_of, read_remaining
from f1timings.store.stored import RecordChange
from f1timings.store.tables.people import assignments, attributions, game_names
from f1timings.store.tables.timed import laps, sessions


def laps_touched_by(connection: Connection, changes: Sequence[RecordChange]) -> set[str]:
    """Ids of the laps that an act may have given to another driver or to another board."""
    ids: set[str] = set()
    periods: list[RecordChange] = []
    names: set[str] = set()
    for change in changes:
        record = change.newest
        if isinstance(record, LapMark | ManualLap):
            ids.add(record.lap_id)
        elif isinstance(record, GameName):
            names.add(record.name)
        elif isinstance(record, Driver):
            ids |= _driven_under_names(connection, change)
        elif isinstance(record, Assignment):
            ids |= _driven_during(connection, change)
        elif isinstance(record, MeetingPeriod):
            periods.append(change)
        elif isinstance(record, RigCard):
            ids |= _of_joined_rig(connection, change)
    for chunk in chunks(names):
        ids.update(connection.execute(select(laps.c.id).where(laps.c.participant.in_(chunk))).scalars())
    return ids | _moved_to_another_meeting(connection, periods)


def _driven_under_names(connection: Connection, change: RecordChange) -> set[str]:
    """Laps under the driver's names in the games since the driver was deleted, before or after the change."""
    before, after = (None if driver is None else driver.deleted_at for driver in change)
    if before == after:
        return set()
    names = select(game_names.c.name).where(game_names.c.driver_id == change.newest.id)
    since = min(moment for moment in (before, after) if moment is not None)
    query = select(laps.c.id).where(laps.c.participant.in_(names), _began_within((since, None)))
    return set(connection.execute(query).scalars())


def _driven_during(connection: Connection, change: RecordChange) -> set[str]:
    """Laps of the rig's driver while the assignment lasts, before or after the change."""
    column = attributions.c
    ids: set[str] = set()
    for assignment in _spans(change):
        remaining = read_remaining(connection, assignment.rig)
        began = _began_within((assignment.since, assignment.until))
        query = select(laps.c.id).join(attributions, column.lap_id == laps.c.id)
        # A lap is recorded after it began; this condition uses the index.
        at_rig = column.rig == remaining
        query = query.where(at_rig, column.recorded_at >= assignment.since, column.is_own_car)
        ids.update(connection.execute(query.where(began)).scalars())
        of_others = or_(false(), *_received_by_others(connection, assignment, remaining))
        ids.update(connection.execute(select(laps.c.id).where(of_others, began)).scalars())
    return ids


def _spans(change: RecordChange) -> list[Assignment]:
    """The times in which a driver may change: the whole assignment, or what it is shorter or longer."""
    before, after = change
    if before is None or after is None or replace(before, until=after.until, seq=after.seq) != after:
        return [version for version in change if version is not None]
    first, last = sorted(
        (before.until, after.until), key=lambda until: (until is None, until or before.since)
    )
    return [] if first is None else [replace(after, since=first, until=last)]


def _received_by_others(
    connection: Connection, assignment: Assignment, remaining: str
) -> list[ColumnElement[bool]]:
    """Conditions for the laps of the rig's car in the sessions that other rigs received of its lobbies."""
    column = sessions.c
    query = select(column.id).where(
        is_one_of(column.rig, [remaining]),
        column.is_online.is_(True),
        column.opened_at > assignment.since - LONGEST,
        or_(column.ended_at.is_(None), column.ended_at > assignment.since),
        *([] if assignment.until is None else [column.opened_at < assignment.until]),
    )
    snapshots = read_snapshots(connection, set(connection.execute(query).scalars()), ())
    cars_by_session = {
        session.id: [car for car, rig in session.seats.items() if rig == remaining]
        for session in build_facts(snapshots).values()
        if session.rig != remaining
    }
    return [
        and_(laps.c.session_id == id_, laps.c.car_index.in_(cars))
        for id_, cars in cars_by_session.items()
        if cars
    ]


def _of_joined_rig(connection: Connection, change: RecordChange) -> set[str]:
    """Laps of a rig that was joined or separated, and of every session that shares a lobby with one of it."""
    card: RigCard = change.newest
    if not is_join(*change):
        return set()
    of_rig = connection.execute(select(sessions.c.id).where(sessions.c.rig == card.rig)).scalars()
    shared = read_snapshots(connection, read_candidates(connection, set(of_rig)), ())
    query = select(laps.c.id)
    ids = {
        lap_id
        for chunk in chunks(shared)
        for lap_id in connection.execute(query.where(laps.c.session_id.in_(chunk))).scalars()
    }
    # The seats of the joined rig cover laps of the other one too.
    seated = connection.execute(
        select(assignments.c.since, assignments.c.until).where(assignments.c.rig == card.rig)
    ).all()
    column = attributions.c
    others = query.join(attributions, column.lap_id == laps.c.id).where(
        column.rig.in_([card.rig, *joined_ends(*change)])
    )
    for since, until in seated:
        covered = others.where(column.recorded_at >= since, _began_within((since, until)))
        ids.update(connection.execute(covered).scalars())
    return ids


def _moved_to_another_meeting(connection: Connection, changes: Sequence[RecordChange]) -> set[str]:
    """Laps that began at a time that belongs to another meeting since these changes of periods."""
    if not changes:
        return set()
    after = {period.id: period for period in read_periods(connection)}
    before = dict(after)
    for change in changes:
        if change.before is None:
            before.pop(change.newest.id, None)
        else:
            before[change.before.id] = change.before
    intervals = Calendar(before.values()).moved(Calendar(after.values()))
    where = or_(false(), *map(_began_within, intervals))
    return set(connection.execute(select(laps.c.id).where(where)).scalars())


def _began_within(interval: Interval) -> ColumnElement[bool]:
    """A condition for laps that may have begun within an interval, or need it to find their driver."""
    column, instant = laps.c, laps.c.recorded_at.type
    # A lap without a bound may depend on when the rig was seen first, which is before it was recorded.
    certain = func.coalesce(column.began_at, column.recorded_at, type_=instant)
    is_certain = column.began_before.is_(None)
    last = case((column.began_after.is_(None), column.recorded_at), else_=column.began_before)
    latest = case((is_certain, certain), else_=last)
    earliest = case((is_certain, certain), else_=column.began_after)
    since, until = interval
    bounds = [] if since is None else [latest >= since]
    return and_(true(), *bounds, *([] if until is None else [or_(earliest.is_(None), earliest < until)]))
