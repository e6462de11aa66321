"""Failures in the writer's thread: how they are caught, which of them pass, and how long one has lasted."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)

from f1timings.errors import F1TimingsError, QueryError, StoreError, StoreOutage, StoreTrouble
from f1timings.store.engines import cause

T = TypeVar("T")

# Short, so that screens show the end of an outage within seconds.
_FIRST_RETRY_S, _LAST_RETRY_S = 0.1, 2.0
_TROUBLES: Final[dict[int | str, StoreTrouble]] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read-only",
    # disk_full and read_only_sql_transaction of PostgreSQL.
    "53100": "full",
    "25006": "read-only",
}


def attempt(step: Callable[[], T]) -> T | Exception:
    """Run one step of the writer's thread, and return what it raises.

    The thread must survive every error: without it nothing in the queue would be written.
    """
    try:
        return step()
    except Exception as error:  # noqa: BLE001  the supervisor of the writer's thread
        return error


def is_outage(error: Exception) -> bool:
    """Whether the database is at fault, so that the same batch may succeed later; else an entry is."""
    if isinstance(error, IntegrityError | DataError):
        return False
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return False  # a value of the entry could not even become a parameter
    return isinstance(error, SQLAlchemyError | StoreError | OSError | MemoryError)


def trouble_of(error: Exception, folder: Path | None = None) -> StoreTrouble:
    """Why the database accepts nothing, from the error of an outage.

    Args:
        folder: of an SQLite file. On a disk that the system made read-only after an error, SQLite reports an
            error of the disk only.
    """
    trouble = _named_trouble(error)
    return "read-only" if trouble == "failing" and folder is not None and is_read_only(folder) else trouble


def is_read_only(folder: Path) -> bool:
    """Whether the disk of a folder refuses every change."""
    try:
        # The times that the folder has anyway: nothing changes, but the system must allow it.
        state = folder.stat()
        os.utime(folder, ns=(state.st_atime_ns, state.st_mtime_ns))
    except OSError as error:
        return error.errno == errno.EROFS
    return False


def _named_trouble(error: Exception) -> StoreTrouble:
    original = error.orig if isinstance(error, StatementError) else error
    code = getattr(original, "sqlite_errorcode", None)
    key = getattr(original, "sqlstate", None) if code is None else code & 0xFF
    return _TROUBLES.get(key, "failing") if key is not None else "failing"


def may_pass(error: Exception) -> bool:
    """Whether an outage is the reason that a transaction of a caller failed, not its own statements."""
    return is_outage(error) and not isinstance(error, ProgrammingError | QueryError)


def failure_text(error: Exception) -> str:
    """The cause of a failure in one line."""
    if isinstance(error, F1TimingsError):
        return str(error)
    return cause(error) if isinstance(error, SQLAlchemyError) else f"{type(error).__name__}: {error}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The database accepts nothing.

    Attributes:
        since: UTC; when it was noticed.
        text: the database's error text.
        trouble: why.
        retry_s: how long to wait before the next try.
    """

    since: datetime
    text: str
    trouble: StoreTrouble
    retry_s: float = _FIRST_RETRY_S

    @classmethod
    def after(cls, before: Outage | None, error: Exception, at: datetime, *, trouble: StoreTrouble) -> Outage:
        """The outage after a further failure; the waits get longer."""
        return cls(
            since=at if before is None else before.since,
            text=failure_text(error),
            trouble=trouble,
            retry_s=_FIRST_RETRY_S if before is None else min(_LAST_RETRY_S, before.retry_s * 2),
        )

    def refusal(self) -> StoreOutage:
        """The error for a change that is not even tried."""
        return StoreOutage(f"the database cannot be written at the moment: {self.text}", self.trouble)
