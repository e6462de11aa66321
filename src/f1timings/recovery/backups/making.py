"""Making one backup: space is checked, the copy is verified, and only then it gets its name."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import URL

from f1timings.errors import BackupError
from f1timings.recovery.backups import files
from f1timings.recovery.backups.files import Backup, Reason
from f1timings.recovery.backups.thinning import which_to_keep
from f1timings.store.backups import online_copy, postgresql
from f1timings.store.backups.counts import DatabaseCounts
from f1timings.store.damage.file_checks import sqlite_path
from f1timings.store.damage.fresh_file import store_names

#: Free space that a backup leaves to the database, in bytes.
RESERVE_BYTES: Final = 64 << 20
_MEGABYTE: Final = 1e6

Pause = Callable[[], None]


class BackupSource(Protocol):
    """A database that can be backed up."""

    kind: str

    def needed_bytes(self) -> int:
        """The most bytes that a backup needs."""
        ...

    def copy(self, target: Path, pause: Pause) -> DatabaseCounts:
        """Write a copy into an empty file; return what the database had in it at that moment."""
        ...

    def inspect(self, copy: Path, contents: DatabaseCounts) -> DatabaseCounts:
        """Check a copy, and return what is in it; ``contents`` are known for what cannot be counted."""
        ...


class SqliteSource:
    """An SQLite file.

    Args:
        path: the file.
        is_in_use: this process has it open; otherwise nobody has.
    """

    kind = "db"

    def __init__(self, path: Path, *, is_in_use: bool) -> None:
        self._path = path
        self._is_in_use = is_in_use

    def needed_bytes(self) -> int:
        """See :class:`BackupSource`."""
        return online_copy.size_in_use(self._path)

    def copy(self, target: Path, pause: Pause) -> DatabaseCounts:
        """See :class:`BackupSource`."""
        return online_copy.copy_file(self._path, target, is_in_use=self._is_in_use, pause=pause)

    def inspect(self, copy: Path, contents: DatabaseCounts) -> DatabaseCounts:  # noqa: ARG002
        """See :class:`BackupSource`."""
        return online_copy.inspect_file(copy)


class PostgresqlSource:
    """A PostgreSQL database."""

    kind = "dump"

    def __init__(self, url: URL) -> None:
        self._url = url

    def needed_bytes(self) -> int:
        """See :class:`BackupSource`."""
        return postgresql.database_bytes(self._url)

    def copy(self, target: Path, pause: Pause) -> DatabaseCounts:
        """See :class:`BackupSource`."""
        return postgresql.dump(self._url, target, pause)

    def inspect(self, copy: Path, contents: DatabaseCounts) -> DatabaseCounts:
        """See :class:`BackupSource`."""
        return postgresql.inspect_dump(copy, contents)


def source_of(url: URL, *, is_in_use: bool) -> BackupSource:
    """The database at an address, as a source of backups."""
    path = sqlite_path(url)
    return PostgresqlSource(url) if path is None else SqliteSource(path, is_in_use=is_in_use)


class BackupMaker:
    """Makes backups of one database in one folder, one at a time.

    Args:
        source: the database.
        folder: of the backups; it is created.
        now: server time, seconds since 1970.
        pause: called again and again while a backup is made; what it raises ends the backup.
        free_bytes: the free space at a path.
    """

    def __init__(
        self,
        source: BackupSource,
        folder: Path,
        *,
        now: Callable[[], float],
        pause: Pause = lambda: None,
        free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    ) -> None:
        self.folder = folder
        self._source = source
        self._now = now
        self._pause = pause
        self._free_bytes = free_bytes

    def make(self, reason: Reason) -> Backup:
        """Make a backup, and remove those that are no longer kept.

        Raises:
            BackupError: it could not be made; earlier backups are unchanged.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            files.remove_leftovers(self.folder)
            need_space(self.folder, self._source.needed_bytes(), self._free_bytes)
            backup = self._make(reason)
        except OSError as error:
            raise BackupError(
                f"the backup could not be written: {error.strerror or error}", "unwritable"
            ) from error
        with contextlib.suppress(OSError):  # the next backup tries again
            remove_superseded(self.folder)
        return backup

    def _make(self, reason: Reason) -> Backup:
        made_at = datetime.fromtimestamp(self._now(), UTC)
        path = files.next_path(self.folder, self._source.kind, made_at)
        part = path.with_name(f"{path.name}{files.PART}")
        try:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            contents = self._source.copy(part, self._pause)
            self._verify(part, contents)
            backup = Backup(
                path=path,
                made_at=made_at,
                reason=reason,
                bytes=part.stat().st_size,
                sha256=files.checksum(part, self._pause),
                contents=contents,
            )
            files.write_description(backup)
            part.replace(path)
            store_names(self.folder)
        finally:
            for suffix in ("", "-journal", "-wal", "-shm"):
                part.with_name(f"{part.name}{suffix}").unlink(missing_ok=True)
        return backup

    def _verify(self, part: Path, contents: DatabaseCounts) -> None:
        try:
            found = self._source.inspect(part, contents)
        except BackupError as error:
            raise BackupError(f"the copy of the database is damaged: {error}", "damaged") from error
        if found != contents:
            raise BackupError(
                f"the copy of the database has {found.laps} laps and {found.seq} changes, "
                f"the database had {contents.laps} and {contents.seq}",
                "damaged",
            )


def need_space(folder: Path, needed_bytes: int, free_bytes: Callable[[Path], int]) -> None:
    """Check the free space before a backup is written.

    Raises:
        BackupError: too little is free.
        OSError: the folder cannot be read.
    """
    free = free_bytes(folder)
    if free < needed_bytes + RESERVE_BYTES:
        raise BackupError(
            f"the disk has {free / _MEGABYTE:,.0f} MB free; a backup needs "
            f"{(needed_bytes + RESERVE_BYTES) / _MEGABYTE:,.0f} MB in {folder}",
            "space",
        )


def remove_superseded(folder: Path) -> list[Path]:
    """Remove the backups that are not kept: too many of an age, or with the name of an erased person.

    Returns:
        The removed ones.

    Raises:
        OSError: one cannot be removed.
    """
    backups = files.list_backups(folder)
    removed = with_erased_persons(backups)
    remaining = [backup for backup in backups if backup not in removed]
    kept = which_to_keep([backup.made_at for backup in remaining])
    removed += [backup for place, backup in enumerate(remaining) if place not in kept]
    for backup in removed:
        files.remove(backup.path)
    return [backup.path for backup in removed]


def with_erased_persons(backups: Sequence[Backup]) -> list[Backup]:
    """The backups with persons who are erased in the newest one."""
    erased = set(backups[-1].contents.erased) if backups else set()
    return [backup for backup in backups if erased - set(backup.contents.erased)]
