"""What a row of a board is without some of its laps: only what one of them decided is read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from f1timings.meeting.attribution import Attribution
from f1timings.meeting.leaderboard import Best
from f1timings.store.boards.best_laps import BEST_FIRST, NO_BEST_LAP, SECTORS, best_lap_columns
from f1timings.store.tables.people import attributions


def without(
    connection: Connection, best: Best, removed: Sequence[Attribution], *, in_row: ColumnElement[bool]
) -> Best | None:
    """What a row is without laps that it had; None if it has no other.

    Args:
        removed: the laps as they were; their new versions are stored.
        in_row: the condition for the attributions that belong to the row now. They may include laps that are
            added to it next, since adding what is best already changes nothing but the counts.
    """
    if best.laps <= len(removed):
        return None
    counted = [lap for lap in removed if lap.counts]
    rest = best._replace(laps=best.laps - len(removed), valid_laps=best.valid_laps - len(counted))
    if any(lap.set_at == best.last_at for lap in removed):
        rest = rest._replace(last_at=_read_last(connection, in_row))
    in_row &= attributions.c.counts
    if any(lap.lap_id == best.lap_id for lap in counted):
        rest = rest._replace(**_read_best_lap(connection, in_row))
    lost = [name for name in SECTORS if any(_decided(lap, name, best) for lap in counted)]
    return rest._replace(**_read_best_sectors(connection, lost, in_row)) if lost else rest


def _decided(lap: Attribution, sector: str, best: Best) -> bool:
    time_ms = getattr(lap, sector)
    return time_ms is not None and time_ms == getattr(best, f"best_{sector}")


def _read_last(connection: Connection, in_row: ColumnElement[bool]) -> Any:
    column = attributions.c.set_at
    on_board = attributions.c.lap_time_ms.is_not(None)
    return connection.execute(select(func.max(column, type_=column.type)).where(in_row, on_board)).scalar()


def _read_best_lap(connection: Connection, in_row: ColumnElement[bool]) -> dict[str, Any]:
    query = select(*best_lap_columns()).where(in_row).order_by(*BEST_FIRST).limit(1)
    found = connection.execute(query).mappings().one_or_none()
    return NO_BEST_LAP if found is None else dict(found)


def _read_best_sectors(
    connection: Connection, sectors: Sequence[str], in_row: ColumnElement[bool]
) -> dict[str, Any]:
    least = (func.min(attributions.c[name]).label(f"best_{name}") for name in sectors)
    return dict(connection.execute(select(*least).where(in_row)).mappings().one())
