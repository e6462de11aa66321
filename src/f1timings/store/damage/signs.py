"""What an error of a database means: damage, or another reason why the database cannot be used."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError, StatementError

from f1timings.errors import StoreDamaged, StoreError
from f1timings.store.engines import cause

_SQLITE_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# data_corrupted and index_corrupted of PostgreSQL.
_POSTGRESQL_DAMAGE: Final = frozenset({"XX001", "XX002"})
_FREE_SPACE: Final = (
    "The disk is full: free some space, then start again. Nothing was changed, and what waits in the spool "
    "stays"
)
# SQLite reports a disk without room for its shared memory as a disk with errors.
_LITTLE_SPACE_BYTES: Final = 1 << 20
_ADVICE_BY_CODE: Final = {
    sqlite3.SQLITE_FULL: _FREE_SPACE,
    sqlite3.SQLITE_IOERR: (
        "The disk reported an error: check it, and copy the data folder to another disk before anything else"
    ),
    sqlite3.SQLITE_BUSY: "Another program uses the file: close it, then start again",
    sqlite3.SQLITE_READONLY: "Make the file and its folder writable for this user",
    sqlite3.SQLITE_CANTOPEN: (
        "Check that the folder exists, and that this user may read and write the file and its folder"
    ),
}


def is_damage(error: BaseException | None) -> bool:
    """Whether an error, or its cause in the driver, shows that the database is damaged."""
    original = error.orig if isinstance(error, StatementError) else error
    code = getattr(original, "sqlite_errorcode", None)
    if isinstance(original, sqlite3.Error):
        # The driver gives no code for text that is not UTF-8, which the program never stores.
        return (code is not None and code & 0xFF in _SQLITE_DAMAGE) or "Could not decode to UTF-8" in str(
            original
        )
    return getattr(original, "sqlstate", None) in _POSTGRESQL_DAMAGE


def name_of(url: URL) -> str:
    """A database as people know it: the path of its file, or its name and host."""
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or ""))
    return f"{url.database} at {url.host or 'localhost'}:{url.port or 5432}"


def describe_damage(reported: str) -> str:
    """What is damaged, from the text of the database."""
    text = " ".join(reported.replace("***", "").split())
    page = re.search(r"\bpage (\d+)", text, re.IGNORECASE)
    what = "its contents contradict each other" if page is None else f"page {page[1]} cannot be read"
    return f"{what} (the database reports: {text})"


def damage_of(url: URL, error: SQLAlchemyError) -> StoreDamaged:
    """The error that reports damage which the database noticed itself."""
    return StoreDamaged(name_of(url), describe_damage(cause(error)))


def unreadable_value(url: URL, error: Exception) -> StoreDamaged:
    """The error for a stored value that no version of the program stores."""
    return StoreDamaged(name_of(url), f"a stored value cannot be read ({error})")


def opening_error(url: URL, error: SQLAlchemyError) -> StoreError:
    """Explain why a database cannot be opened."""
    if is_damage(error):
        return damage_of(url, error)
    reason = f"the database cannot be opened: {cause(error)}"
    if url.get_backend_name() != "sqlite":
        return StoreError(
            f"{reason.rstrip('.?')}. Check that PostgreSQL runs, and the address in database_url"
        )
    code = getattr(error.orig if isinstance(error, StatementError) else error, "sqlite_errorcode", None)
    advice = None if code is None else _advice(code & 0xFF, Path(url.database or "").parent)
    return StoreError(f"{reason}. {advice}: {name_of(url)}" if advice else reason)


def _advice(code: int, folder: Path) -> str | None:
    """What to do about an error of SQLite; None where nothing general can be said."""
    with contextlib.suppress(OSError):
        if code == sqlite3.SQLITE_IOERR and shutil.disk_usage(folder).free < _LITTLE_SPACE_BYTES:
            return _FREE_SPACE
    return _ADVICE_BY_CODE.get(code)


def need_usable_file(path: Path, may: Callable[[Path, int], bool] = os.access) -> None:
    """Raise an error that names what to change, if a file exists and can never be opened as a database.

    Args:
        path: the file of an SQLite database.
        may: whether this user may read or write a path.

    Raises:
        StoreError: it is a folder or a device, or this user may not read or write it.
    """
    if not path.exists():
        return
    if not path.is_file():
        kind = "a folder" if path.is_dir() else "no regular file"
        raise StoreError(
            f"the database cannot be opened: {path} is {kind}. Move it away, or choose another data folder"
        )
    for permission, word in ((os.R_OK, "read"), (os.W_OK, "write")):
        if not may(path, permission):
            raise StoreError(
                f"the database cannot be opened: this user may not {word} {path}. Change the owner or the "
                f"permissions of the file, or start the server as its owner"
            )
    if not may(path.parent, os.W_OK):
        raise StoreError(
            f"the database cannot be opened: this user may not write in the folder {path.parent}, "
            "where the database keeps two more files. Change the permissions of the folder"
        )
