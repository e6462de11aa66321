"""Copies of an SQLite file while it is written: one moment, complete, and nothing waits for them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from f1timings.clock import ServerClock
from f1timings.errors import BackupError
from f1timings.store import DATABASE_FILE, Stamped, Store, sqlite_url
from f1timings.store.backups.counts import DatabaseCounts
from f1timings.store.backups.online_copy import STEP_PAGES, copy_file, inspect_file, read_schema, size_in_use
from f1timings.store.damage.file_checks import log_path
from f1timings.store.migrations import newest_number
from f1timings.timing.events import LapRecorded, SessionChanged
from tests.migrated import copy_migrated, downgrade
from tests.store.events import ARRIVED, lap, rig, session

LAPS = 2_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An open database with two thousand laps, most of them in its file and the newest in its log."""
    copy_migrated(tmp_path)
    store = Store.open(sqlite_url(tmp_path), clock=ServerClock().now)
    store.submit([Stamped(ARRIVED, rig()), Stamped(ARRIVED, SessionChanged(session()))])
    drive(store, range(1, LAPS + 1))
    return store


def lap_ids_in(path: Path) -> set[str]:
    """The ids of the laps in a file."""
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM laps")}


def drive(store: Store, numbers: range) -> None:
    """Store laps with these numbers."""
    store.submit([Stamped(ARRIVED, LapRecorded(lap(lap_number=number))) for number in numbers])
    store.flush()


def test_a_copy_is_the_moment_at_which_it_began(tmp_path: Path, store: Store) -> None:
    later = iter(range(LAPS + 1, LAPS + 100_000))
    target = tmp_path / "copy"
    target.touch()

    def drive_another() -> None:
        number = next(later)
        drive(store, range(number, number + 1))

    with store:
        counts = copy_file(tmp_path / DATABASE_FILE, target, is_in_use=True, pause=drive_another)
        driven = next(later) - LAPS - 1
    assert LAPS == counts.laps
    assert counts == inspect_file(target)
    # Each step was followed by a commit, and the copy was not begun again.
    assert driven == -(-target.stat().st_size // 4096 // STEP_PAGES)
    assert driven >= 5
    assert newest_number() == counts.schema


def test_the_writer_goes_on_and_no_second_connection_writes(tmp_path: Path, store: Store) -> None:
    target = tmp_path / "copy"
    target.touch()
    database = tmp_path / DATABASE_FILE
    with store:
        before = database.stat().st_mtime_ns, log_path(database).stat().st_size
        copy_file(database, target, is_in_use=True, pause=lambda: None)
        assert before == (database.stat().st_mtime_ns, log_path(database).stat().st_size)
        drive(store, range(LAPS + 1, LAPS + 11))
        # After the copy, the log can be emptied again.
        with closing(sqlite3.connect(database)) as reader:
            (count,) = reader.execute("SELECT count(*) FROM laps").fetchone()
    assert LAPS + 10 == count


def test_an_interrupted_copy_ends_at_once(tmp_path: Path, store: Store) -> None:
    steps = 0

    def stop() -> None:
        nonlocal steps
        steps += 1
        raise BackupError("the server stops")

    with store, pytest.raises(BackupError, match="the server stops"):
        copy_file(tmp_path / DATABASE_FILE, tmp_path / "copy", is_in_use=True, pause=stop)
    assert 1 == steps


def test_a_killed_server_leaves_a_database_whose_copy_has_the_log_too(tmp_path: Path, store: Store) -> None:
    killed = tmp_path / "killed"
    killed.mkdir()
    database = tmp_path / DATABASE_FILE
    with store:
        for path in (database, log_path(database)):
            (killed / path.name).write_bytes(path.read_bytes())
    target = tmp_path / "copy"
    target.touch()
    content = {path.name: path.read_bytes() for path in killed.iterdir()}
    counts = copy_file(killed / DATABASE_FILE, target, is_in_use=False, pause=lambda: None)
    assert LAPS == counts.laps == inspect_file(target).laps
    assert content == {name: (killed / name).read_bytes() for name in content}


@pytest.mark.parametrize("table", ["sqlite_master", "laps", "ix_laps_rig_seq"])
def test_a_damaged_page_of_a_copy_is_found(tmp_path: Path, store: Store, table: str) -> None:
    store.close()
    database = tmp_path / DATABASE_FILE
    with closing(sqlite3.connect(database)) as connection:
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
    content = bytearray(database.read_bytes())
    begin = (({"sqlite_master": 1} | roots)[table] - 1) * 4096
    content[begin : begin + 200] = bytes(255 - byte for byte in content[begin : begin + 200])
    database.write_bytes(content)
    with pytest.raises(BackupError):
        inspect_file(database)


def test_a_cut_copy_is_found(tmp_path: Path, store: Store) -> None:
    store.close()
    database = tmp_path / DATABASE_FILE
    for size in (0, 50, 4096, database.stat().st_size - 1):
        os.truncate(database, size)
        with pytest.raises(BackupError):
            inspect_file(database)


def test_a_file_that_cannot_be_copied_is_reported(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"no database" * 1000)
    (tmp_path / "copy").touch()
    with pytest.raises(BackupError, match="the database could not be copied: file is not a database"):
        copy_file(tmp_path / "no.db", tmp_path / "copy", is_in_use=False, pause=lambda: None)


def test_the_schema_of_an_earlier_program_is_read(tmp_path: Path) -> None:
    database = tmp_path / DATABASE_FILE
    assert "" == read_schema(database)
    database.touch()
    assert "" == read_schema(database)
    database.unlink()
    copy_migrated(tmp_path)
    assert newest_number() == read_schema(database)
    downgrade(sqlite_url(tmp_path), "0001")
    assert "0001" == read_schema(database)
    assert DatabaseCounts(laps=0, seq=0, schema="0001", erased=()) == inspect_file(database)
    assert size_in_use(database) >= database.stat().st_size


def test_every_lap_of_the_copy_is_one_of_the_database(tmp_path: Path, store: Store) -> None:
    target = tmp_path / "copy"
    target.touch()
    with store:
        copy_file(tmp_path / DATABASE_FILE, target, is_in_use=True, pause=lambda: None)
    assert lap_ids_in(tmp_path / DATABASE_FILE) == lap_ids_in(target)
