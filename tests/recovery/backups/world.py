"""A database with a few laps, and a maker of backups of it, for the tests of backups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from f1timings.clock import ServerClock
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.backups.making import BackupMaker, SqliteSource
from f1timings.store import DATABASE_FILE, Stamped, Store, sqlite_url
from f1timings.store.acts import drivers
from f1timings.store.acts.erasure import erase
from f1timings.store.data_folder import backups_folder
from f1timings.timing.events import LapRecorded, SessionChanged
from tests.migrated import copy_migrated
from tests.store.events import ARRIVED, lap, rig, session


def drive(data_dir: Path, *numbers: int) -> None:
    """Store laps with these numbers in the database of a data folder."""
    data_dir.mkdir(exist_ok=True)
    copy_migrated(data_dir)
    with open_store(data_dir) as store:
        store.submit([Stamped(ARRIVED, rig()), Stamped(ARRIVED, SessionChanged(session()))])
        store.submit([Stamped(ARRIVED, LapRecorded(lap(lap_number=number))) for number in numbers])
        store.flush()


def open_store(data_dir: Path) -> Store:
    """The database of a data folder."""
    return Store.open(sqlite_url(data_dir), clock=ServerClock().now)


def add_driver(data_dir: Path, name: str) -> str:
    """Add a driver; return the id."""
    with open_store(data_dir) as store:
        return store.act("Test", lambda desk: drivers.add(desk, name=name)).id


def erase_driver(data_dir: Path, driver_id: str) -> None:
    """Erase a driver."""
    with open_store(data_dir) as store:
        driver = store.reads.people.get_driver(driver_id)
        assert driver is not None
        store.act("Test", lambda desk: erase(desk, driver_id, version=driver.seq, confirm=driver.name))


def maker(
    data_dir: Path,
    *,
    now: Callable[[], float] = lambda: 1_795_000_000.0,
    free_bytes: Callable[[Path], int] = lambda _path: 1 << 40,
) -> BackupMaker:
    """Makes backups of the database of a data folder that no one has open."""
    source = SqliteSource(data_dir / DATABASE_FILE, is_in_use=False)
    return BackupMaker(source, backups_folder(data_dir), now=now, free_bytes=free_bytes)


def make(data_dir: Path) -> Backup:
    """Make one backup."""
    return maker(data_dir).make("requested")
