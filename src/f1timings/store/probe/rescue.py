"""A copy of an SQLite database that has lost its file: a program that has the file open can still read it."""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from f1timings.store.engines import open_file

log = logging.getLogger(__name__)

_PRAGMAS: Final = ("busy_timeout = 5000", "wal_autocheckpoint = 0", "mmap_size = 0", "query_only = 1")


def rescued_path(path: Path) -> Path:
    """The copy of a database that has lost its file."""
    return path.with_name(f"{path.name}.rescued")


class Rescue:
    """A connection to the files of a database, opened while they have their names.

    Args:
        path: the database file; this process has it open.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._source = open_file(path, "mode=ro")
        self._source.isolation_level = None
        for pragma in _PRAGMAS:
            self._source.execute(f"PRAGMA {pragma}")
        self._copied = self._version()
        self._is_done = self._is_failing = False

    @property
    def is_done(self) -> bool:
        """Whether there is a copy."""
        return self._is_done

    def copy(self) -> None:
        """Copy everything that is stored, unless that is done; a failure is logged once and tried again."""
        try:
            version = self._version()
            if not self._is_done or version != self._copied:
                self._copy()
                self._is_done, self._copied = True, version
                log.warning("all that was stored is in %s", rescued_path(self._path))
        except (sqlite3.Error, OSError) as error:
            if not self._is_failing:
                log.error("what was stored could not be copied: %s", error)
            self._is_failing = True

    def discard(self) -> None:
        """Delete the copy that this process made."""
        if self._is_done:
            rescued_path(self._path).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connection."""
        self._source.close()

    def _version(self) -> int:
        """Another number after each commit of the writer; reading it opens the write-ahead log."""
        self._source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        (version,) = self._source.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _copy(self) -> None:
        target = rescued_path(self._path)
        unfinished = target.with_name(f"{target.name}.new")
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished)) as copy:
            self._source.backup(copy)
            # So that it can be renamed alone, without a write-ahead log.
            copy.execute("PRAGMA journal_mode = DELETE")
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
