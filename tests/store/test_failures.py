"""Why the database accepts nothing, in a word."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from f1timings.store.failures import trouble_of


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "read-only"),
        (sqlite3.SQLITE_IOERR_WRITE, "failing"),
    ],
)
def test_the_code_of_sqlite_names_the_trouble(code: int, expected: str, tmp_path: Path) -> None:
    assert expected == trouble_of(sqlite_error(code), tmp_path)


def test_an_error_of_a_disk_that_the_system_made_read_only_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "utime", refuse)
    error = sqlite_error(sqlite3.SQLITE_IOERR_WRITE)
    assert ["failing", "read-only"] == [trouble_of(error), trouble_of(error, tmp_path)]
