"""The laps that attribution reads, and the attributions that it reads and writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from f1timings.meeting.attribution import Attribution, LapFacts
from f1timings.meeting.lap_class import CLASSES_OF_LAP, LAP_CLASSES, values_of
from f1timings.store.boards.rosters import read_periods
from f1timings.store.chunks import chunks
from f1timings.store.stored import StoredLap
from f1timings.store.tables.people import attributions
from f1timings.store.tables.prepared import insert_rows, update_rows
from f1timings.store.tables.record_columns import RecordColumns
from f1timings.store.tables.statements import KEYS, OLD_KEY
from f1timings.store.tables.timed import laps

_LAPS = RecordColumns(laps, LapFacts, CLASSES_OF_LAP)
ATTRIBUTIONS = RecordColumns(attributions, Attribution, LAP_CLASSES)
_OF_LAPS = select(*ATTRIBUTIONS.columns).where(attributions.c.lap_id.in_(bindparam(KEYS, expanding=True)))
_RIVALS = (
    select(*_LAPS.columns)
    .join(attributions, attributions.c.lap_id == laps.c.id)
    .where(
        attributions.c.entrant.is_not(None),
        attributions.c.lobby.in_(bindparam("lobbies", expanding=True)),
        attributions.c.lap_number.in_(bindparam("numbers", expanding=True)),
    )
)
# So many attributions that change alike are updated sooner by a statement of their own than one by one.
_MANY: Final = 50


class AttributionChange(NamedTuple):
    """The attribution of a lap before and after; None before for a new lap."""

    before: Attribution | None
    after: Attribution


def facts_of_lap(stored: StoredLap) -> LapFacts:
    """The facts of a stored lap."""
    lap = stored.lap
    return LapFacts(
        id=lap.id,
        session_id=lap.session_id,
        rig=lap.rig,
        car_index=lap.car_index,
        participant=lap.participant,
        lap_number=lap.lap_number,
        branch=lap.branch,
        lap_time_ms=lap.lap_time_ms,
        sector1_ms=lap.sector1_ms,
        sector2_ms=lap.sector2_ms,
        sector3_ms=lap.sector3_ms,
        is_valid=lap.is_valid,
        state=lap.state.value,
        began_at=stored.began_at,
        began_after=stored.began_after,
        began_before=stored.began_before,
        recorded_at=stored.recorded_at,
        classes=values_of(lap, CLASSES_OF_LAP),
    )


def read_laps(connection: Connection, *where: ColumnElement[bool]) -> dict[str, LapFacts]:
    """Laps by id."""
    rows = connection.execute(select(*_LAPS.columns).where(*where))
    return {lap.id: lap for lap in _LAPS.records(rows)}


def read_attributions(connection: Connection, lap_ids: Collection[str]) -> dict[str, Attribution]:
    """The attributions of these laps, by lap; a lap without one is left out."""
    found: dict[str, Attribution] = {}
    for chunk in chunks(lap_ids):
        rows = connection.execute(_OF_LAPS, {KEYS: chunk})
        found |= {attribution.lap_id: attribution for attribution in ATTRIBUTIONS.records(rows)}
    return found


def read_rivals(
    connection: Connection, contests: Mapping[str, set[int]], known: Mapping[str, LapFacts]
) -> dict[str, LapFacts]:
    """The laps that compete in these contests, without the known ones.

    Args:
        contests: lap numbers by lobby.
    """
    # The lobbies with equal numbers in one query: for pairs of columns SQLite would not use the index.
    lobbies: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    for lobby, numbers in contests.items():
        lobbies[tuple(sorted(numbers))].append(lobby)
    rivals: dict[str, LapFacts] = {}
    for lap_numbers, contested in lobbies.items():
        for chunk in chunks(contested):
            rows = connection.execute(_RIVALS, {"lobbies": chunk, "numbers": lap_numbers})
            rivals |= {lap.id: lap for lap in _LAPS.records(rows)}
    return {id_: lap for id_, lap in rivals.items() if id_ not in known}


def store_changes(connection: Connection, changes: Iterable[AttributionChange]) -> None:
    """Insert or update the attributions."""
    new = [ATTRIBUTIONS.row(after) for before, after in changes if before is None]
    insert_rows(connection, attributions, new)
    alike: defaultdict[tuple[tuple[str, Any], ...], list[Attribution]] = defaultdict(list)
    for before, after in changes:
        if before is not None:
            alike[_difference(before, after)].append(after)
    rows: list[dict[str, Any]] = []
    for difference, changed in alike.items():
        if len(changed) < _MANY:
            rows += (ATTRIBUTIONS.row(after) | {OLD_KEY: after.lap_id} for after in changed)
        else:
            _update_alike(connection, dict(difference), changed)
    update_rows(connection, attributions.c.lap_id, rows)


def _difference(before: Attribution, after: Attribution) -> tuple[tuple[str, Any], ...]:
    """The columns that are different after, and their values."""
    old = ATTRIBUTIONS.row(before)
    return tuple((name, value) for name, value in ATTRIBUTIONS.row(after).items() if value != old[name])


def _update_alike(connection: Connection, values: dict[str, Any], changed: Iterable[Attribution]) -> None:
    """Set the same columns of many attributions to the same values, as when their driver is another one."""
    for chunk in chunks([after.lap_id for after in changed]):
        is_one_of = attributions.c.lap_id.in_(bindparam(KEYS, expanding=True))
        connection.execute(update(attributions).where(is_one_of).values(values), {KEYS: chunk})


def list_unattributed_sessions(connection: Connection) -> list[str]:
    """Ids of the sessions with laps that have no attribution, or no meeting although there is one."""
    count = select(func.count())
    laps_count, attributions_count = (
        connection.execute(count.select_from(table)).scalar_one() for table in (laps, attributions)
    )
    column = attributions.c
    without_meeting = select(column.session_id).where(column.meeting_id == "").distinct()
    found = set(connection.execute(without_meeting).scalars()) if read_periods(connection) else set()
    if laps_count != attributions_count:
        joined = laps.outerjoin(attributions, column.lap_id == laps.c.id)
        query = select(laps.c.session_id).select_from(joined).where(column.lap_id.is_(None)).distinct()
        found |= set(connection.execute(query).scalars())
    return sorted(found)


def contested_laps(
    before: Mapping[str, Attribution], after: Mapping[str, Attribution]
) -> dict[str, set[int]]:
    """The lap numbers by lobby of which another view may count since this change."""
    contests: defaultdict[str, set[int]] = defaultdict(set)
    for id_, attribution in after.items():
        previous = before.get(id_)
        for version in (attribution, previous) if previous != attribution else ():
            if version is not None and version.entrant is not None:
                contests[version.lobby].add(version.lap_number)
    return contests
