"""Looks at the files of an SQLite database in use: whether they still have their names.

A file that is deleted or replaced while a program has it open goes on to exist for this program, and what is
written to it is lost when the program ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from f1timings.errors import StoreError
from f1timings.store.probe.rescue import Rescue, rescued_path

Identity = tuple[int, int]

_SUFFIXES = ("", "-wal", "-shm")


class FileLook:
    """Compares each file with the one that was there when the database was opened.

    Args:
        path: the database file; this process has it open.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rescue = Rescue(path)
        self._files: Mapping[Path, Identity] = {
            file: identity
            for suffix in _SUFFIXES
            if (identity := _identity(file := path.with_name(f"{path.name}{suffix}"))) is not None
        }

    def trouble(self) -> str | None:
        """The first file that is gone or another one, and what to do; None if all are there."""
        for file, identity in self._files.items():
            found = _identity(file)
            if found is None:
                return f"the file {file} was deleted or moved away while the server runs. {self._advice}"
            if found != identity:
                return f"the file {file} was replaced by another one while the server runs. {self._advice}"
        return None

    def rescue(self) -> None:
        """Copy everything that is stored, because it is lost with the process otherwise."""
        self._rescue.copy()

    def close(self) -> None:
        """Close what :meth:`rescue` reads; its copy is deleted if the files are back."""
        if self.trouble() is None:
            self._rescue.discard()
        self._rescue.close()

    @property
    def _advice(self) -> str:
        if not self._rescue.is_done:
            return "Put it back"
        return (
            f"Put it back; or stop the server, rename {rescued_path(self._path)}, which has all that was "
            f"stored, to {self._path.name}, start the server, and enter: f1timings rebuild"
        )

    def guard(self, engine: Engine) -> None:
        """Let no transaction of an engine begin while a file is gone: it would be lost with it."""
        event.listen(engine, "begin", self._need_files)

    def _need_files(self, _connection: Connection) -> None:
        trouble = self.trouble()
        if trouble is not None:
            raise StoreError(trouble)


def _identity(file: Path) -> Identity | None:
    """What distinguishes a file from another of its name; None if there is none."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
