"""What people entered about some laps, as attribution uses it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Table, bindparam, or_, select

from f1timings.meeting.attribution import Calendar, LapFacts, Roster, SessionFacts
from f1timings.meeting.lobbies import NO_NAME
from f1timings.meeting.people import Assignment, LapMark, ManualLap, MeetingPeriod
from f1timings.store.boards.remembered import NameOwner, Remembered
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
from f1timings.store.tables.statements import KEYS, select_of_keys
from f1timings.store.tables.timed import rigs

R = TypeVar("R")

# The assignments of some rigs, built once, because commits run it.
_SEATS = with_remaining(select(assignments), assignments.c.rig).where(
    is_one_of(assignments.c.rig, bindparam(KEYS, expanding=True))
)
_SEATS_SINCE = _SEATS.where(or_(assignments.c.until.is_(None), assignments.c.until > bindparam("since")))
_PERIODS = select(meeting_periods)
_NAME_OWNERS = (
    select(game_names.c.name, game_names.c.driver_id, drivers.c.deleted_at)
    .select_from(game_names.outerjoin(drivers, drivers.c.id == game_names.c.driver_id))
    .where(game_names.c.name.in_(bindparam(KEYS, expanding=True)))
)
_FIRST_SEEN = select(rigs.c.key, rigs.c.first_seen_at).where(rigs.c.key.in_(bindparam(KEYS, expanding=True)))


def read_periods(connection: Connection) -> list[MeetingPeriod]:
    """The times when each meeting was open."""
    return [MeetingPeriod(**row) for row in connection.execute(_PERIODS).mappings()]


def read_roster(
    connection: Connection,
    laps: Collection[LapFacts],
    sessions: Mapping[str, SessionFacts],
    *,
    existing: Collection[str],
    remembered: Remembered,
) -> Roster:
    """What people entered about these laps.

    Args:
        existing: ids of the laps that were stored before; only these can have marks.
    """
    seated = {rig for session in sessions.values() for rig in session.seats.values()}
    owners = read_game_names(connection, {lap.participant for lap in laps}, remembered)
    if remembered.calendar is None:
        remembered.calendar = Calendar(read_periods(connection))
    return Roster(
        marks={mark.lap_id: mark for mark in _read_by_lap(connection, lap_marks, LapMark, existing)},
        manual={lap.lap_id: lap for lap in _read_by_lap(connection, manual_laps, ManualLap, existing)},
        assignments=_read_assignments(connection, seated, laps, remembered=remembered),
        first_seen=_read_first_seen(connection, seated, laps),
        game_names={name: owner.driver_id for name, owner in owners.items()},
        deleted_at={
            owner.driver_id: owner.deleted_at
            for owner in owners.values()
            if owner.driver_id is not None and owner.deleted_at is not None
        },
        calendar=remembered.calendar,
    )


def read_game_names(
    connection: Connection, names: Iterable[str | None], remembered: Remembered
) -> dict[str, NameOwner]:
    """Drivers by their names in the games."""
    wanted = {name for name in names if name is not None and name != NO_NAME}
    return remembered.game_names.get_all(wanted, partial(_read_name_owners, connection))


def _read_name_owners(connection: Connection, names: Collection[str]) -> dict[str, NameOwner]:
    owners: dict[str, NameOwner] = {}
    for chunk in chunks(names):
        found = connection.execute(_NAME_OWNERS, {KEYS: chunk})
        owners.update((name, NameOwner(*owner)) for name, *owner in found)
    return owners


def _read_by_lap(connection: Connection, table: Table, kind: type[R], lap_ids: Collection[str]) -> list[R]:
    records: list[R] = []
    for chunk in chunks(lap_ids):
        found = connection.execute(select_of_keys(table.c.lap_id), {KEYS: chunk}).mappings()
        records += [kind(**row) for row in found]
    return records


def _read_first_seen(
    connection: Connection, keys: Collection[str], laps: Collection[LapFacts]
) -> dict[str, datetime]:
    """When each rig sent its first datagram; read only if a lap may have begun at any time before."""
    if not any(lap.is_unbounded for lap in laps):
        return {}
    found = connection.execute(_FIRST_SEEN, {KEYS: sorted(keys)})
    return {row.key: row.first_seen_at for row in found}


def _read_assignments(
    connection: Connection, keys: Collection[str], laps: Collection[LapFacts], *, remembered: Remembered
) -> list[Assignment]:
    """The assignments of these rigs that may apply to these laps."""
    if not keys or not laps:
        return []
    if any(lap.is_unbounded for lap in laps):
        return _assignments(connection.execute(_SEATS, {KEYS: sorted(keys)}))
    earliest, latest = min(lap.earliest for lap in laps), max(lap.moment for lap in laps)
    lasting = remembered.assignments.get_all(keys, earliest, partial(_read_lasting, connection))
    return [
        assignment
        for assignment in lasting
        if assignment.since <= latest and (assignment.until is None or assignment.until > earliest)
    ]


def _read_lasting(connection: Connection, keys: list[str], since: datetime) -> list[Assignment]:
    return _assignments(connection.execute(_SEATS_SINCE, {KEYS: keys, "since": since}))


def _assignments(found: CursorResult[Any]) -> list[Assignment]:
    return [Assignment(**row) for row in found.mappings()]
