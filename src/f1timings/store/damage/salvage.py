"""Taking over what is readable in a damaged SQLite file: row by row, around the pages that cannot be read."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Boolean, Integer, LargeBinary, Table
from sqlalchemy.types import TypeDecorator

from f1timings.errors import StoreError
from f1timings.store.damage.file_checks import expected_size, log_path
from f1timings.store.engines import database_url, writer_engine
from f1timings.store.migrations import upgrade
from f1timings.store.tables.column_types import Json
from f1timings.store.tables.timed import metadata

# Derived from the other tables when the database is opened; and logins, after which people log in again.
_LEFT_OUT: Final = frozenset({"attributions", "board_bests", "logins", "waiting_laps"})
# How far to look behind a row that cannot be read: a damaged page of pages has some thousand rows.
_MOST_SKIPPED: Final = 20_000
_HEADER_BYTES: Final = 100
# A header that is damaged may state any size.
_MOST_ADDED_BYTES: Final = 1 << 30

Row = tuple[Any, ...]


class Salvage(NamedTuple):
    """What was taken over.

    Attributes:
        rows: the number of rows by table, of tables with rows only.
        incomplete: the tables of which a part could not be read.
    """

    rows: Mapping[str, int]
    incomplete: Sequence[str]


def salvage(damaged: Path, fresh: Path) -> Salvage:
    """Copy each readable row of a damaged database to a fresh one; the damaged files are not changed.

    Args:
        damaged: the file of an SQLite database, with its write-ahead log beside it.
        fresh: the file of a migrated database without records.
    """
    copy = damaged.with_name(f"{damaged.name}.copy")
    try:
        _copy(damaged, copy)
        _repair_header(copy, fresh)
        _lengthen(copy)
        with suppress(StoreError):  # of an earlier version; one that is too damaged is read as it is
            _migrate(copy)
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(fresh)) as target:
            source.text_factory = bytes
            # Tables stay readable if the description of others cannot be read.
            source.execute("PRAGMA writable_schema = ON")
            target.execute("PRAGMA foreign_keys = ON")
            found = [_copy_rows(source, target, table) for table in _tables()]
            _advance_counter(target)
    finally:
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(f"{copy.name}{suffix}").unlink(missing_ok=True)
    rows = {table.name: count for table, (count, _) in zip(_tables(), found, strict=True) if count}
    incomplete = [table.name for table, (_, lost) in zip(_tables(), found, strict=True) if lost]
    return Salvage(rows, incomplete)


def _tables() -> list[Table]:
    """The tables to copy, each after those to which it refers."""
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def _copy(damaged: Path, copy: Path) -> None:
    shutil.copyfile(damaged, copy)
    if log_path(damaged).exists():
        shutil.copyfile(log_path(damaged), log_path(copy))


def _repair_header(copy: Path, fresh: Path) -> None:
    """Replace a header that was overwritten: the same program writes the same one, but for the sizes."""
    with fresh.open("rb") as file:
        header = bytearray(file.read(_HEADER_BYTES))
    with copy.open("r+b") as file:
        size = copy.stat().st_size
        if size < _HEADER_BYTES or file.read(_HEADER_BYTES)[:24] == header[:24]:
            return
        page_size = int.from_bytes(header[16:18], "big")
        header[28:32] = (size // page_size).to_bytes(4, "big")
        header[32:40] = bytes(8)  # no free pages
        header[92:96] = header[24:28]
        file.seek(0)
        file.write(header)


def _lengthen(copy: Path) -> None:
    """Add empty pages to a file that was cut, without which SQLite reads none of the pages that are left."""
    with copy.open("rb") as file:
        expected = expected_size(file.read(_HEADER_BYTES))
    if expected is not None and copy.stat().st_size < expected <= copy.stat().st_size + _MOST_ADDED_BYTES:
        os.truncate(copy, expected)


def _migrate(copy: Path) -> None:
    engine = writer_engine(database_url(f"sqlite:///{copy.as_posix()}"))
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def _copy_rows(source: sqlite3.Connection, target: sqlite3.Connection, table: Table) -> tuple[int, bool]:
    """Copy the rows of one table; return their number, and whether some could not be read."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    places = ", ".join("?" * len(table.columns))
    insert = f"INSERT OR IGNORE INTO {table.name} ({names}) VALUES ({places})"
    count, reader = 0, _RowReader(source, f"SELECT rowid, {names} FROM {table.name}")
    with target:
        for row in reader.rows():
            values = _valid_values(table, row)
            if not count:
                target.execute(f"DELETE FROM {table.name}")  # the defaults of a fresh database
            count += values is not None and _insert(target, insert, values)
            reader.has_lost |= values is None
    return count, reader.has_lost


def _insert(target: sqlite3.Connection, statement: str, values: Row) -> bool:
    try:
        return target.execute(statement, values).rowcount == 1
    except sqlite3.IntegrityError:  # what it refers to could not be read
        return False


class _RowReader:
    """Reads the rows of one table in the order of their numbers, and goes on behind what cannot be read."""

    def __init__(self, source: sqlite3.Connection, query: str) -> None:
        self.has_lost = False
        self._source = source
        self._query = f"{query} WHERE rowid > ? ORDER BY rowid"

    def rows(self) -> Iterator[Row]:
        """The rows that can be read, without their numbers."""
        newest, skipped = -1, 0
        while skipped < _MOST_SKIPPED:
            try:
                for number, *values in self._source.execute(self._query, (newest + skipped,)):
                    if number > newest:
                        newest, skipped = number, 0
                        yield tuple(values)
            except sqlite3.DatabaseError:
                self.has_lost = True
                # One by one at first: behind a damaged page of rows, the next page is near.
                skipped += 1 + skipped // 100
            else:
                return


def _valid_values(table: Table, row: Row) -> Row | None:
    """The values of a row as the columns want them; None if one of them is of another kind."""
    try:
        return tuple(_valid(column.type, value) for column, value in zip(table.columns, row, strict=True))
    except ValueError:
        return None


def _valid(type_: Any, value: Any) -> Any:
    if value is None:
        return None
    stored = type_.impl if isinstance(type_, TypeDecorator) else type_
    if isinstance(stored, Integer | Boolean):
        if not isinstance(value, int) or (isinstance(stored, Boolean) and value not in (0, 1)):
            raise ValueError
        return value
    if not isinstance(value, bytes):
        raise ValueError
    if isinstance(stored, LargeBinary):
        return value
    text = value.decode()
    if isinstance(type_, Json):
        json.loads(text)
    return text


def _advance_counter(target: sqlite3.Connection) -> None:
    """Let the counter of changes and the server time go on behind everything that was taken over."""
    numbered = [table.name for table in _tables() if "seq" in table.columns]
    newest = " UNION ALL ".join(f"SELECT max(seq) AS seq FROM {name}" for name in numbered)
    times = "SELECT max(official_at) AS at FROM laps UNION ALL SELECT max(at) FROM acts"
    with target:
        target.execute(
            f"UPDATE change_counter SET seq = (SELECT max(seq) FROM ({newest})), "
            f"server_time = max(coalesce(server_time, 0), coalesce((SELECT max(at) FROM ({times})), 0)), "
            # The laps of the spool refer to records that may be lost; the captures have them all.
            "spool_owner = 0"
        )
        target.execute("UPDATE change_counter SET server_time = NULL WHERE server_time = 0")
