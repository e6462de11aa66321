"""Putting a backup in the place of the database: only a good one, and the present database is kept aside."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, func, select

from f1timings.clock import ServerClock
from f1timings.config import Settings
from f1timings.errors import BackupError
from f1timings.meeting.people import Driver
from f1timings.recovery.address import address_of
from f1timings.recovery.backups import files
from f1timings.recovery.backups.choice import list_restorable, need_known_schema, newest_good
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.backups.making import need_space
from f1timings.recovery.opening import open_any_store
from f1timings.recovery.unfinished import mark, unmark
from f1timings.store import Desk, Store
from f1timings.store.acts.assignments import end_seats_of_backup
from f1timings.store.acts.erasure import erase
from f1timings.store.backups import online_copy, postgresql
from f1timings.store.counter import leave_spool, read_server_time
from f1timings.store.damage.file_checks import sqlite_path
from f1timings.store.damage.fresh_file import set_aside, store_names
from f1timings.store.tables.timed import laps

_OWN_NAME: Final = "F1Timings"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredDatabase:
    """What a restore did.

    Attributes:
        backup: the restored one.
        kept: the database that was there before, under its new name; None if there was none.
        laps: the number of laps in the restored database.
        seats_ended: how many drivers were at rigs at the moment of the backup.
        erased_again: how many persons were erased again, whom the backup still had.
    """

    backup: Backup
    kept: Path | None
    laps: int
    seats_ended: int
    erased_again: int


def read_backup(path: Path, settings: Settings) -> Backup:
    """Check the file of a backup completely; one without a description is read instead.

    Raises:
        BackupError: it is damaged, of a newer program, no backup of such a database, or cannot be read. The
            text names the newest good one.
    """
    try:
        described = files.read_description(path)
        if described is not None:
            files.need_unchanged(described)
        backup = described or _undescribed(path, settings)
        need_known_schema(backup)
        return backup
    except BackupError as error:
        good, _ = newest_good([backup for backup in list_restorable(settings) if backup.path != path])
        advice = (
            "There is no other good backup"
            if good is None
            else f"The newest good backup is {good.path} ({good.text}): f1timings restore --newest"
        )
        raise BackupError(f"{error}. {advice}. Nothing was changed.") from error


def restore_backup(backup: Backup, settings: Settings, clock: ServerClock) -> RestoredDatabase:
    """Put a good backup in the place of the database; call it with the data folder locked.

    Until it is finished, a mark in the data folder keeps everything else from opening the database.

    Raises:
        BackupError: it could not be restored. Unless the mark remains, the present database is still in its
            place.
        StoreError: the restored database cannot be opened.
    """
    url = address_of(settings)
    path = sqlite_path(url)
    now = datetime.fromtimestamp(clock.now(), UTC)
    if path is None:
        kept, erased = _replace_tables(url, backup, folder=settings.data_dir, now=now)
    else:
        kept, erased = _replace_file(path, backup, folder=settings.data_dir, now=now)
    erased |= {person for other in list_restorable(settings) for person in other.contents.erased}
    with open_any_store(settings, clock=clock) as store:
        erased_again = _erase_again(store, erased - set(backup.contents.erased))
        seats_ended = store.act(_OWN_NAME, partial(end_seats_of_backup, at=_moment(backup, store)))
        laps_restored = count_laps(store)
        store.transact(leave_spool)
    unmark(settings.data_dir)
    return RestoredDatabase(
        backup=backup, kept=kept, laps=laps_restored, seats_ended=seats_ended, erased_again=erased_again
    )


def count_laps(store: Store) -> int:
    """The number of laps in an open database."""

    def count(connection: Connection) -> int:
        return connection.execute(select(func.count()).select_from(laps)).scalar_one()

    return store.transact(count)


def _replace_file(path: Path, backup: Backup, *, folder: Path, now: datetime) -> tuple[Path | None, set[str]]:
    """Replace an SQLite file; the present one stays in its place until the new one is complete and checked.

    Returns:
        The present one under its new name, and the persons who are erased in it.
    """
    staged = path.with_name(f"{path.name}.restoring")
    try:
        with _explained():
            staged.unlink(missing_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            need_space(path.parent, backup.bytes, lambda folder: shutil.disk_usage(folder).free)
            staged.touch(0o600)
            copied = online_copy.copy_file(backup.path, staged, is_in_use=False, pause=lambda: None)
            found = online_copy.inspect_file(staged)
            if not found == copied == backup.contents:
                raise BackupError(
                    f"{backup.path} has not the {backup.contents.laps} laps that it should have"
                )
            erased = set(online_copy.read_erased(path)) if path.exists() else set()
            mark(folder, backup.path)
            kept = set_aside(path, "replaced", now) if path.exists() else None
            staged.rename(path)
            store_names(path.parent)
    finally:
        staged.unlink(missing_ok=True)
    return kept, erased


def _replace_tables(url: URL, backup: Backup, *, folder: Path, now: datetime) -> tuple[Path | None, set[str]]:
    """Replace the tables of a PostgreSQL database; they are dumped first.

    Returns:
        The dump, and the persons who are erased in it.
    """
    kept = folder / f"f1timings.replaced-{now:%Y%m%dT%H%M%SZ}.dump"
    with _explained():
        postgresql.inspect_dump(backup.path)
        present = postgresql.dump(url, kept, lambda: None)
        mark(folder, backup.path)
        postgresql.restore_dump(url, backup.path)
    return kept, set(present.erased)


def _undescribed(path: Path, settings: Settings) -> Backup:
    """A file without a description, such as a copy that a person made: everything is read from the file."""
    url = address_of(settings)
    with _explained():
        if not path.is_file():
            raise BackupError(f"there is no file {path}")
        try:
            is_file = sqlite_path(url) is not None
            counts = online_copy.inspect_file(path) if is_file else postgresql.inspect_dump(path)
        except BackupError as error:
            raise BackupError(f"{path} is damaged, or no backup: {error}") from error
        return Backup(
            path=path,
            made_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
            reason="requested",
            bytes=path.stat().st_size,
            sha256="",
            contents=counts,
        )


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"the backup could not be restored: {error}") from error


def _erase_again(store: Store, erased: set[str]) -> int:
    """Erase the persons whom the backup has, because they were erased after it."""
    acts = (partial(_erase_if_there, driver_id=driver_id) for driver_id in sorted(erased))
    return sum(store.act(_OWN_NAME, act) for act in acts)


def _erase_if_there(desk: Desk, driver_id: str) -> bool:
    driver = desk.get_record(Driver, driver_id)
    if driver is None or driver.merged_into is not None:
        return False
    erase(desk, driver_id, version=driver.seq, confirm=driver.name)
    return True


def _moment(backup: Backup, store: Store) -> datetime:
    """When the backup was made; for a file without a description, its newest change."""
    if backup.sha256:
        return backup.made_at
    return store.transact(read_server_time) or backup.made_at
