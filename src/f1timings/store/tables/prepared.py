"""Inserts and updates that are compiled once; their values need no second preparation by SQLAlchemy.

Each time that Python's ``sqlite3`` runs a statement it gives up the interpreter lock, which a busy event loop
may keep for 5 ms. So on SQLite, one statement inserts many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, Dialect, Table

from f1timings.store.tables.statements import insert_into, update_of_key

Row = Mapping[str, Any]

# How many rows one statement inserts: few sizes, so that the connection keeps each of them prepared. With the
# 32 columns of laps, 64 rows have 2,048 of the 32,766 parameters that SQLite allows.
_SIZES: Final = (64, 16, 4, 1)


class _Prepared(NamedTuple):
    """A statement of one database as text.

    Attributes:
        names: of its parameters, in their order.
        converters: how a value is converted for the driver, by its place among the parameters; without values
            that stay as they are.
        is_positional: whether the driver takes the values as a tuple, in place of a dictionary.
    """

    text: str
    names: tuple[str, ...]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]
    is_positional: bool

    def values(self, row: Row) -> Any:
        """The values of a row for the driver."""
        values = [row[name] for name in self.names]
        for place, convert in self.converters:
            values[place] = convert(values[place])
        return tuple(values) if self.is_positional else dict(zip(self.names, values, strict=True))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, which have the same columns; none is allowed."""
    if connection.dialect.name == "sqlite":
        for together in _in_groups(rows):
            _insert_together(connection, table, together)
    else:
        _execute(connection, insert_into(table), rows)


def update_rows(connection: Connection, key: Column[Any], rows: Sequence[Row]) -> None:
    """Update rows, which have the same columns and their present key as ``OLD_KEY``; none is allowed."""
    _execute(connection, update_of_key(key), rows)


def _execute(connection: Connection, statement: Any, rows: Sequence[Row]) -> None:
    if not rows:
        return
    prepared = _prepared(connection, statement, rows[0])
    values = [prepared.values(row) for row in rows]
    connection.exec_driver_sql(prepared.text, values if len(values) > 1 else values[0])


def _insert_together(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    prepared = _prepared(connection, insert_into(table), rows[0])
    values = tuple(chain.from_iterable(map(prepared.values, rows)))
    connection.exec_driver_sql(_insert_text(prepared.text, len(rows)), values)


def _in_groups(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows in their order, in groups of :data:`_SIZES`."""
    start = 0
    while rest := len(rows) - start:
        end = start + next(size for size in _SIZES if size <= rest)
        yield rows[start:end]
        start = end


@cache
def _insert_text(text: str, rows: int) -> str:
    """A statement that inserts several rows.

    Args:
        text: inserts one row.
    """
    head, values = text.split(" VALUES ")
    return f"{head} VALUES {', '.join([values] * rows)}"


def _prepared(connection: Connection, statement: Any, row: Row) -> _Prepared:
    """A statement with the columns of a row."""
    kind: Any = type(connection.dialect)
    return _prepare(statement, kind, tuple(row))


@cache
def _prepare(statement: Any, kind: Callable[[], Dialect], columns: tuple[str, ...]) -> _Prepared:
    dialect = kind()
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    names = tuple(compiled.positiontup if compiled.positional else compiled.binds)
    types = (compiled.binds[name].type.dialect_impl(dialect) for name in names)
    converters = enumerate(type_.bind_processor(dialect) for type_ in types)
    return _Prepared(
        text=str(compiled),
        names=names,
        converters=tuple((place, convert) for place, convert in converters if convert is not None),
        is_positional=compiled.positional,
    )
