"""What people entered about some laps, as attribution uses it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, Table, bindparam, or_, select

from f1timings.meeting.attribution import Calendar, LapFacts, Roster, SessionFacts
from f1timings.meeting.lobbies import NO_NAME
from f1timings.meeting.people import Assignment, LapMark, ManualLap, MeetingPeriod
from f1timings.store.chunks import chunks
from f1timings.store.reads.joined_rigs import is_one_of, with_remaining
from f1timings.store.tables.people import (
    assignments,
    drivers,
    game_names,
    lap_marks,
    manual_laps,
    meeting_periods,
)
from f1timings.store.tables.timed import rigs

R = TypeVar("R")

# The assignments of some rigs, built once, because every commit runs it.
_SEATS = with_remaining(select(assignments), assignments.c.rig).where(
    is_one_of(assignments.c.rig, bindparam("rigs", expanding=True))
)


class NameOwner(NamedTuple):
    """The driver of a name in the games, None for no driver; and when that driver was deleted."""

    driver_id: str | None
    deleted_at: datetime | None


def read_periods(connection: Connection) -> list[MeetingPeriod]:
    """The times when each meeting was open."""
    return [MeetingPeriod(**row) for row in connection.execute(select(meeting_periods)).mappings()]


def read_roster(
    connection: Connection,
    laps: Collection[LapFacts],
    sessions: Mapping[str, SessionFacts],
    existing: Collection[str],
) -> Roster:
    """What people entered about these laps.

    Args:
        existing: ids of the laps that were stored before; only these can have marks.
    """
    seated = {rig for session in sessions.values() for rig in session.seats.values()}
    owners = read_game_names(connection, {lap.participant for lap in laps})
    return Roster(
        marks={mark.lap_id: mark for mark in _read_by_lap(connection, lap_marks, LapMark, existing)},
        manual={lap.lap_id: lap for lap in _read_by_lap(connection, manual_laps, ManualLap, existing)},
        assignments=_read_assignments(connection, seated, laps),
        first_seen=_read_first_seen(connection, seated, laps),
        game_names={name: owner.driver_id for name, owner in owners.items()},
        deleted_at={
            owner.driver_id: owner.deleted_at
            for owner in owners.values()
            if owner.driver_id is not None and owner.deleted_at is not None
        },
        calendar=Calendar(read_periods(connection)),
    )


def read_game_names(connection: Connection, names: Iterable[str | None]) -> dict[str, NameOwner]:
    """Drivers by their names in the games."""
    wanted = {name for name in names if name is not None and name != NO_NAME}
    joined = game_names.outerjoin(drivers, drivers.c.id == game_names.c.driver_id)
    columns = (game_names.c.name, game_names.c.driver_id, drivers.c.deleted_at)
    owners: dict[str, NameOwner] = {}
    for chunk in chunks(wanted):
        query = select(*columns).select_from(joined).where(game_names.c.name.in_(chunk))
        owners.update((name, NameOwner(*owner)) for name, *owner in connection.execute(query))
    return owners


def _read_by_lap(connection: Connection, table: Table, kind: type[R], lap_ids: Collection[str]) -> list[R]:
    records: list[R] = []
    for chunk in chunks(lap_ids):
        query = select(table).where(table.c.lap_id.in_(chunk))
        records += [kind(**row) for row in connection.execute(query).mappings()]
    return records


def _read_first_seen(
    connection: Connection, keys: Collection[str], laps: Collection[LapFacts]
) -> dict[str, datetime]:
    """When each rig sent its first datagram; read only if a lap may have begun at any time before."""
    if not any(lap.is_unbounded for lap in laps):
        return {}
    query = select(rigs.c.key, rigs.c.first_seen_at).where(rigs.c.key.in_(sorted(keys)))
    return {row.key: row.first_seen_at for row in connection.execute(query)}


def _read_assignments(
    connection: Connection, keys: Collection[str], laps: Collection[LapFacts]
) -> list[Assignment]:
    """The assignments of these rigs that may apply to these laps."""
    if not keys or not laps:
        return []
    column = assignments.c
    query = _SEATS
    if not any(lap.is_unbounded for lap in laps):
        lasts = or_(column.until.is_(None), column.until > min(lap.earliest for lap in laps))
        query = query.where(column.since <= max(lap.moment for lap in laps), lasts)
    return [Assignment(**row) for row in connection.execute(query, {"rigs": sorted(keys)}).mappings()]
