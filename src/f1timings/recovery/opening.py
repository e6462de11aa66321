"""Opening the database of the settings; errors for a damaged one say how to go on."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import URL

from f1timings.clock import ServerClock
from f1timings.config import Settings
from f1timings.errors import BackupError, ConfigError, StoreDamaged
from f1timings.recovery.address import address_of, url_of
from f1timings.recovery.advice import report, with_advice
from f1timings.recovery.backups.choice import list_restorable, newest_good
from f1timings.recovery.backups.files import Backup, Reason
from f1timings.recovery.backups.making import BackupMaker, source_of
from f1timings.recovery.captures import check_captures
from f1timings.recovery.missing import find_missing, need_present, report_begun
from f1timings.recovery.unfinished import need_finished
from f1timings.store import Store
from f1timings.store.backups import postgresql
from f1timings.store.backups.online_copy import read_schema
from f1timings.store.counter import ClockKeeper
from f1timings.store.damage.file_checks import sqlite_path
from f1timings.store.damage.fresh_file import replace_damaged
from f1timings.store.data_folder import backups_folder, captures_folder
from f1timings.store.migrations import newest_number
from f1timings.store.spool.waiting_entries import Spool

_log = logging.getLogger(__name__)

# A command reads the captures for this long at most. A running server has other work and only begins each.
_CHECK_S: Final = 20.0


def open_store(
    settings: Settings, *, clock: ServerClock, is_fresh_wanted: bool = False, **options: Any
) -> Store:
    """Open the database of a server with its spool, unless a restore of it was interrupted.

    Args:
        settings: of the server.
        clock: goes on from the times in the database.
        is_fresh_wanted: begin an empty database, although there are backups of a missing one.
        options: further ones of :meth:`Store.open`.

    Raises:
        StoreError: as for :meth:`Store.open`, or the database was restored only in part, or is missing
            although there are backups of it.
        StoreDamaged: the database is damaged; the text has the commands that bring the laps back.
    """
    need_finished(settings)
    if not is_fresh_wanted:
        need_present(settings)
    spool = Spool.of_folders(settings.data_dir, settings.spool_folder)
    return open_any_store(settings, clock=clock, spool=spool, **options)


def open_any_store(settings: Settings, *, clock: ServerClock, **options: Any) -> Store:
    """Open the database also while it is being restored; for the rest see :func:`open_store`."""
    with explaining_damage(settings):
        back_up_before_migration(settings, clock)
        store = Store.open(url_of(settings), clock=clock.now, advance_to=clock.advance_to, **options)
        ClockKeeper(store.transact, clock).resume()
        return store


@contextlib.contextmanager
def explaining_damage(settings: Settings) -> Iterator[None]:
    """Add the advice to an error for a damaged database."""
    try:
        yield
    except StoreDamaged as damage:
        raise explain(damage, settings, _CHECK_S) from damage


def explain(damage: StoreDamaged, settings: Settings, seconds: float = 0.0) -> StoreDamaged:
    """Add the state of the captures and the commands to an error for a damaged database.

    Args:
        damage: the error; one with advice stays as it is.
        settings: of the server.
        seconds: how long the captures may be read.
    """
    if damage.advice:
        return damage
    captures = check_captures(captures_folder(settings.data_dir), seconds)
    backup, _ = newest_good(list_restorable(settings))
    return with_advice(damage, settings, captures, backup=backup)


def back_up_unused(settings: Settings, clock: ServerClock, reason: Reason = "requested") -> Backup:
    """Back up a database that no server uses; call it with the data folder locked.

    Raises:
        BackupError: there is no database, or it could not be backed up.
    """
    url = address_of(settings)
    path = sqlite_path(url)
    if path is not None and not path.exists():
        raise BackupError(f"There is no database {path}.")
    maker = BackupMaker(source_of(url, is_in_use=False), backups_folder(settings.data_dir), now=clock.now)
    return maker.make(reason)


def back_up_before_migration(settings: Settings, clock: ServerClock) -> None:
    """Back up a database of an earlier program before it is migrated.

    If that fails, it is migrated without a backup, because the evening must begin.

    Args:
        settings: of the server.
        clock: gives the backup its name.
    """
    try:
        schema = _schema_of(address_of(settings))
        if schema and schema < newest_number():
            backup = back_up_unused(settings, clock, "migration")
            _log.info("The database is migrated to a new schema. Before: %s (%s).", backup.path, backup.text)
    except BackupError as error:
        _log.error("The database is migrated without a backup before it: %s.", error)


def _schema_of(url: URL) -> str:
    """The number of the newest migration of a database; empty if it has no tables or cannot be read."""
    path = sqlite_path(url)
    return read_schema(path) if path is not None else postgresql.read_schema(url)


def start_fresh(settings: Settings, clock: ServerClock) -> str:
    """Replace a damaged or missing SQLite file by a fresh one; call it with the data folder locked.

    Args:
        settings: of the server.
        clock: gives the file that is kept aside its name.

    Returns:
        What happened, for people.

    Raises:
        ConfigError: the database is in PostgreSQL.
        StoreError: the file can never be opened, whether damaged or not.
    """
    path = sqlite_path(address_of(settings))
    if path is None:
        raise ConfigError(
            "--fresh-database is for SQLite. With PostgreSQL, create an empty database and set database_url "
            "to it."
        )
    if (missing := find_missing(settings)) is not None:
        return report_begun(missing, settings)
    start = replace_damaged(path, datetime.fromtimestamp(clock.now(), UTC))
    if start is None:
        return f"--fresh-database changed nothing: {path} is whole, or there is no such file yet."
    return report(start, settings)
