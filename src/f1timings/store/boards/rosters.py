"""What people entered, read as far as it concerns some laps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, or_, select

from f1timings.meeting.attribution import Calendar, LapFacts, Roster, SessionFacts
from f1timings.meeting.lobbies import NO_NAME
from f1timings.meeting.people import Assignment, LapMark, ManualLap, MeetingPeriod
from f1timings.store.boards.session_facts import keys_in_turn
from f1timings.store.tables.people import assignments, game_names, lap_marks, manual_laps, meeting_periods

R = TypeVar("R")


def read_calendar(connection: Connection) -> Calendar:
    """When each meeting was open."""
    return Calendar(read_periods(connection))


def read_periods(connection: Connection) -> list[MeetingPeriod]:
    """When meetings were opened."""
    return [MeetingPeriod(**row) for row in connection.execute(select(meeting_periods)).mappings()]


def read_roster(
    connection: Connection,
    laps: Collection[LapFacts],
    sessions: Mapping[str, SessionFacts],
    existing: Collection[str],
) -> Roster:
    """All that concerns these laps.

    Args:
        existing: ids of those that were there before; nobody has marked the others yet.
    """
    rigs = {rig for session in sessions.values() for rig in session.seats.values()}
    return Roster(
        marks={one.lap_id: one for one in _by_lap(connection, lap_marks, LapMark, existing)},
        manual={one.lap_id: one for one in _by_lap(connection, manual_laps, ManualLap, existing)},
        assignments=_assignments(connection, rigs, laps),
        game_names=read_game_names(connection, {lap.participant for lap in laps}),
        calendar=read_calendar(connection),
    )


def read_game_names(connection: Connection, names: Iterable[str | None]) -> dict[str, str | None]:
    """Drivers by their names in the games."""
    wanted = {name for name in names if name is not None and name != NO_NAME}
    found: dict[str, str | None] = {}
    for some in keys_in_turn(wanted):
        query = select(game_names.c.name, game_names.c.driver_id).where(game_names.c.name.in_(some))
        found.update((row[0], row[1]) for row in connection.execute(query))
    return found


def _by_lap(connection: Connection, table: Table, kind: type[R], lap_ids: Collection[str]) -> list[R]:
    found: list[R] = []
    for some in keys_in_turn(lap_ids):
        query = select(table).where(table.c.lap_id.in_(some))
        found += [kind(**row) for row in connection.execute(query).mappings()]
    return found


def _assignments(
    connection: Connection, rigs: Collection[str], laps: Collection[LapFacts]
) -> list[Assignment]:
    if not rigs or not laps:
        return []
    moments = [lap.moment for lap in laps]
    column = assignments.c
    lasts = or_(column.until.is_(None), column.until > min(moments))
    query = select(assignments).where(column.rig.in_(sorted(rigs)), column.since <= max(moments), lasts)
    found: Any = connection.execute(query).mappings()
    return [Assignment(**row) for row in found]
