"""Copies of an SQLite file that is in use: one moment of it, read in small steps with a pause after each.

Only the writer's connection writes and checkpoints the file. The copy is read by a connection that can do
neither. One read transaction spans all steps, so that commits in between neither get into the copy nor start
it again, as they would without it (https://www.sqlite.org/backup.html). Until it ends, the write-ahead log
cannot begin again at its start: it grows by what is committed meanwhile, which is little.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from f1timings.errors import BackupError
from f1timings.store.backups.counts import SCHEMA, DatabaseCounts, count_database
from f1timings.store.damage.file_checks import find_damage, log_path, open_unchanged

T = TypeVar("T")

#: Pages in a step. With 4 KiB pages a step is half a MiB and takes less than a millisecond.
STEP_PAGES: Final = 128
# How many steps are written between two times at which the copy is brought to the disk. One great sync at the
# end would let the commits of laps wait.
_STEPS_PER_SYNC: Final = 16
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table'"


def size_in_use(path: Path) -> int:
    """The most bytes that a copy of a database file can have."""
    return sum(part.stat().st_size for part in (path, log_path(path)) if part.exists())


def copy_file(path: Path, target: Path, *, is_in_use: bool, pause: Callable[[], None]) -> DatabaseCounts:
    """Copy an SQLite file as it is at this moment; the target is written completely, but not checked.

    Args:
        path: the file; this process writes to it, or nobody does.
        target: an empty file.
        is_in_use: this process writes to it meanwhile.
        pause: called after each step; what it raises ends the copy.

    Returns:
        What the database had in it at that moment.

    Raises:
        BackupError: it cannot be read, or the target cannot be written.
    """
    try:
        with (
            closing(open_unchanged(path, is_in_use=is_in_use)) as source,
            closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            source.isolation_level = None
            for pragma in ("busy_timeout = 5000", "wal_autocheckpoint = 0", "mmap_size = 0"):
                source.execute(f"PRAGMA {pragma}")
            source.execute("BEGIN")
            contents = _count(source)
            _copy_pages(source, copy, target, pause=pause)
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"the database could not be copied: {error}") from error
    return contents


def _copy_pages(
    source: sqlite3.Connection, copy: sqlite3.Connection, target: Path, *, pause: Callable[[], None]
) -> None:
    # If this is interrupted, the copy is thrown away. So it needs no journal.
    copy.execute("PRAGMA journal_mode = OFF")
    copy.execute("PRAGMA synchronous = OFF")
    descriptor, steps = os.open(target, os.O_RDWR), 0

    def after_step(_status: int, _remaining: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        if steps % _STEPS_PER_SYNC == 0:
            os.fsync(descriptor)
        pause()

    try:
        source.backup(copy, pages=STEP_PAGES, progress=after_step)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def inspect_file(path: Path) -> DatabaseCounts:
    """Check every page of an SQLite file that nobody has open, compare tables and indices, and count.

    Raises:
        BackupError: it is damaged.
        StoreError: it can never be opened.
    """
    damage = find_damage(path, has_captures=True)
    if damage is not None:
        raise BackupError(damage.damage, "damaged")
    try:
        with closing(open_unchanged(path)) as connection:
            return _count(connection)
    except sqlite3.Error as error:
        raise BackupError(f"it cannot be read: {error}", "damaged") from error


def read_erased(path: Path) -> tuple[str, ...]:
    """The ids of erased drivers in a database file, as far as a file that may be damaged is readable."""
    counts = _read(path, _count)
    return () if counts is None else counts.erased


def read_schema(path: Path) -> str:
    """The number of the newest migration of a database file; empty if it has none or is not readable."""
    rows = _read(path, lambda connection: connection.execute(SCHEMA).fetchall())
    return str(rows[0][0]) if rows else ""


def _read(path: Path, read: Callable[[sqlite3.Connection], T]) -> T | None:
    """Read from a file that nobody has open; None if it is empty or damaged."""
    if not path.is_file() or not path.stat().st_size:
        return None
    try:
        with closing(open_unchanged(path)) as connection:
            return read(connection)
    except (sqlite3.Error, OSError):
        return None


def _count(connection: sqlite3.Connection) -> DatabaseCounts:
    tables = [name for (name,) in connection.execute(_TABLES)]
    return count_database(lambda statement: connection.execute(statement).fetchall(), tables)
