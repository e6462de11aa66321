"""What is counted in a database and in its backup: equal numbers show that the backup is complete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

#: Reads the number of the newest migration.
SCHEMA: Final = "SELECT version_num FROM alembic_version"
Query = Callable[[str], Sequence[Sequence[Any]]]


class DatabaseCounts(NamedTuple):
    """What a database has in it.

    Attributes:
        laps: the number of laps, also of deleted ones and of those typed by hand.
        seq: number of the newest change; 0 in a database without tables.
        schema: number of the newest migration, empty in a database without tables.
        erased: ids of the drivers with erased personal data, sorted.
    """

    laps: int
    seq: int
    schema: str
    erased: tuple[str, ...]


def count_database(query: Query, tables: Sequence[str]) -> DatabaseCounts:
    """Count what a database has in it.

    Args:
        query: runs one SELECT, of any schema so far.
        tables: the names of its tables; an earlier schema has fewer.
    """

    def rows(table: str, statement: str) -> Sequence[Sequence[Any]]:
        return query(statement) if table in tables else ()

    erased = rows("acts", "SELECT DISTINCT subject FROM acts WHERE kind = 'driver_erased'")
    return DatabaseCounts(
        laps=_first(rows("laps", "SELECT count(*) FROM laps"), 0),
        seq=_first(rows("change_counter", "SELECT seq FROM change_counter"), 0),
        schema=_first(rows("alembic_version", SCHEMA), ""),
        erased=tuple(sorted(str(row[0]) for row in erased)),
    )


def _first(rows: Sequence[Sequence[Any]], default: Any) -> Any:
    return rows[0][0] if rows else default
