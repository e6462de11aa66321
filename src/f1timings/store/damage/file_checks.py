"""Checks of the file of an SQLite database that do not change it: what is damaged in it, if anything."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from f1timings.errors import StoreDamaged
from f1timings.store.damage.signs import describe_damage, need_usable_file
from f1timings.store.damage.write_ahead_log import find_log_damage
from f1timings.store.data_folder import captures_folder
from f1timings.store.engines import open_file

#: Larger files are checked after the start, in the background: 100 MB take a quarter of a second on a laptop.
CHECKED_AT_START_BYTES: Final = 256 * 1024 * 1024
_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100


def log_path(path: Path) -> Path:
    """The write-ahead log of a database file: the newest commits, as long as the database is open."""
    return path.with_name(f"{path.name}-wal")


def sqlite_path(url: URL) -> Path | None:
    """The file of an SQLite database; None for a database of another kind."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def need_sound_file(url: URL) -> None:
    """Check the file of an SQLite database before it is opened; a large file only at its beginning and end.

    Raises:
        StoreDamaged: it is damaged; it was not changed.
        StoreError: it can never be opened.
    """
    path = sqlite_path(url)
    if path is None:
        return
    need_usable_file(path)
    has_captures = any(captures_folder(path.parent).glob("*.pcapng*"))
    damage = find_damage(path, has_captures=has_captures, quick_up_to=CHECKED_AT_START_BYTES)
    if damage is not None:
        raise damage


def find_damage(path: Path, *, has_captures: bool, quick_up_to: int | None = None) -> StoreDamaged | None:
    """Check a database file that no process has open; it is not changed.

    Args:
        path: the file; a missing file has no damage.
        has_captures: something was recorded beside it, so an empty file had contents once.
        quick_up_to: size in bytes up to which all pages are checked, without comparing tables and indices;
            None checks everything, which takes six times as long.
    """
    if not path.exists():
        return None
    size = path.stat().st_size
    damage = _damage_of_beginning(path, size, has_captures) or find_log_damage(log_path(path))
    if damage is None and size and (quick_up_to is None or size <= quick_up_to):
        damage = _check_pages_of(path, "integrity_check" if quick_up_to is None else "quick_check")
    return None if damage is None else StoreDamaged(str(path), damage)


def check_pages(connection: sqlite3.Connection, pragma: str = "quick_check") -> str | None:
    """Let SQLite read every page of a database; return the first damage that it reports.

    Raises:
        sqlite3.Error: the check was interrupted.
    """
    try:
        (found,) = connection.execute(f"PRAGMA {pragma}(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise
        found = str(error)
    return None if found == "ok" else describe_damage(found)


def _check_pages_of(path: Path, pragma: str) -> str | None:
    if path.with_name(f"{path.name}-journal").exists():
        return None  # The first start was cut short: SQLite takes its changes back when it opens the file.
    with closing(open_unchanged(path)) as connection:
        return check_pages(connection, pragma)


def open_unchanged(path: Path, *, is_in_use: bool = False) -> sqlite3.Connection:
    """Open a database file for reading, so that neither the file nor its write-ahead log changes.

    Args:
        path: the file.
        is_in_use: this process writes to the database meanwhile.
    """
    log = log_path(path)
    # Without a log, the file alone is the database. SQLite would create the log otherwise.
    has_log = is_in_use or (log.exists() and log.stat().st_size > 0)
    return open_file(path, "mode=ro" if has_log else "immutable=1")


def _damage_of_beginning(path: Path, size: int, has_captures: bool) -> str | None:
    has_log = log_path(path).exists() and log_path(path).stat().st_size > 0
    if size == 0:
        return "the file is empty" if has_log or has_captures else None
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header.startswith(_MAGIC[:size]):
        return "the file does not begin as an SQLite database: it was overwritten, or is another kind of file"
    if size < _HEADER_BYTES:
        return f"the file is cut: it has {size} bytes"
    expected = expected_size(header)
    if not has_log and expected is not None and size < expected:
        return f"the file is cut: it has {size:,} of {expected:,} bytes"
    return None


def expected_size(header: bytes) -> int | None:
    """The size that a header states; None if it is cut, or does not know it."""
    if len(header) < _HEADER_BYTES:
        return None
    page_size = struct.unpack_from(">H", header, 16)[0]
    changes, pages = struct.unpack_from(">II", header, 24)
    is_known = changes == struct.unpack_from(">I", header, 92)[0]
    return pages * (65536 if page_size == 1 else page_size) if is_known else None
