"""Sums over all laps of a row of a board, made by the database: a board may have a million laps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from f1timings.meeting.lap_class import CLASS_NAMES
from f1timings.store.boards.best_laps import BEST_FIRST, NO_BEST_LAP, SECTORS, best_lap_columns
from f1timings.store.tables.people import attributions, clearings

_lap = attributions.c
# Laps with equal values of these columns are one row.
_KEYS: Final = tuple(_lap[name] for name in ("meeting_id", "circuit_key", "entrant", *CLASS_NAMES))
#: When each board was last cleared: meeting, circuit key and moment.
CLEARED: Final = select(
    clearings.c.meeting_id,
    clearings.c.circuit_key,
    func.max(clearings.c.at, type_=clearings.c.at.type).label("at"),
).group_by(clearings.c.meeting_id, clearings.c.circuit_key)

_cleared = CLEARED.subquery("cleared")
_WITH_CLEARINGS: Final = attributions.outerjoin(
    _cleared, and_(_cleared.c.meeting_id == _lap.meeting_id, _cleared.c.circuit_key == _lap.circuit_key)
)
_IS_ON_BOARD: Final = (
    _lap.entrant.is_not(None),
    _lap.lap_time_ms.is_not(None),
    or_(_cleared.c.at.is_(None), _lap.recorded_at >= _cleared.c.at),
)


def read_summed_rows(connection: Connection, where: Iterable[ColumnElement[bool]]) -> list[dict[str, Any]]:
    """The rows of boards that laps add up to, without their ids.

    Args:
        where: the conditions for the attributions of these laps; clearings are added to them.
    """
    conditions = [*_IS_ON_BOARD, *where]
    best_laps = {_key(row): row for row in connection.execute(_best_laps(conditions))}
    rows = []
    for total in connection.execute(_totals(conditions)):
        best = best_laps.get(_key(total))
        rows.append({**total._mapping, **(NO_BEST_LAP if best is None else best._mapping)})
    return rows


def _key(row: Row[Any]) -> tuple[Any, ...]:
    return tuple(row)[: len(_KEYS)]


def _totals(conditions: list[ColumnElement[bool]]) -> Select[Any]:
    """The sums of each row; of sectors, only those of laps that count."""
    least = (
        func.min(case((_lap.counts, _lap[name])), type_=_lap[name].type).label(f"best_{name}")
        for name in SECTORS
    )
    return (
        select(
            *_KEYS,
            func.max(_lap.circuit).label("circuit"),
            func.count().label("laps"),
            func.count(case((_lap.counts, 1))).label("valid_laps"),
            func.max(_lap.set_at, type_=_lap.set_at.type).label("last_at"),
            *least,
        )
        .select_from(_WITH_CLEARINGS)
        .where(*conditions)
        .group_by(*_KEYS)
    )


def _best_laps(conditions: list[ColumnElement[bool]]) -> Select[Any]:
    """The best lap of each row that has one; of equal times the one that was set first."""
    place = func.row_number().over(partition_by=_KEYS, order_by=BEST_FIRST).label("place")
    counting = (
        select(*_KEYS, *best_lap_columns(), place)
        .select_from(_WITH_CLEARINGS)
        .where(*conditions, _lap.counts)
        .subquery()
    )
    columns = (column for column in counting.c if column.name != "place")
    return select(*columns).where(counting.c.place == 1)
