"""What is found in a file before it is opened as a database, and that the check changes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from f1timings.clock import ServerClock
from f1timings.errors import StoreDamaged, StoreError
from f1timings.store import DATABASE_FILE, Store, sqlite_url
from f1timings.store.damage.file_checks import find_damage, log_path, need_sound_file
from f1timings.store.damage.signs import need_usable_file, opening_error
from f1timings.store.damage.watch import BackgroundCheck, DamageWatch
from f1timings.store.engines import database_url, writer_engine
from tests.migrated import copy_migrated
from tests.store.events import one_event_of_each_kind
from tests.waiting import LONGEST_WAIT_S

PAGE = 4096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a database with one record of each kind."""
    copy_migrated(tmp_path)
    with Store.open(sqlite_url(tmp_path), clock=ServerClock().now) as store:
        store.submit(one_event_of_each_kind())
    return tmp_path / DATABASE_FILE


@pytest.fixture
def killed(tmp_path: Path, file: Path) -> Path:
    """The same after a kill: five transactions are in the write-ahead log only."""
    folder = tmp_path / "killed"
    folder.mkdir()
    connection = sqlite3.connect(file, isolation_level=None)
    for number in range(5):
        connection.execute("UPDATE change_counter SET seq = ?", (1_000 + number,))
    for path in (file, log_path(file)):
        shutil.copyfile(path, folder / path.name)
    connection.close()
    return folder / DATABASE_FILE


def content(path: Path) -> dict[str, bytes]:
    """The files of a database, without the index of the log, which every reader creates."""
    return {
        beside.name: beside.read_bytes()
        for beside in path.parent.glob(f"{path.name}*")
        if "shm" not in beside.name
    }


def damage_of(path: Path) -> str | None:
    found = find_damage(path, has_captures=False)
    return None if found is None else found.damage


def clear_laps(path: Path) -> int:
    """Clear the first page of the table of laps; return its number."""
    connection = sqlite3.connect(path)
    page: int = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'laps'").fetchone()[0]
    connection.close()
    with path.open("r+b") as opened:
        opened.seek((page - 1) * PAGE)
        opened.write(bytes(PAGE))
    return page


def test_a_whole_file_has_no_damage(file: Path) -> None:
    before = content(file)
    assert damage_of(file) is None
    assert before == content(file)


def test_a_file_after_a_kill_has_no_damage_and_keeps_its_log(killed: Path) -> None:
    before = content(killed)
    assert damage_of(killed) is None
    assert before == content(killed)
    with Store.open(sqlite_url(killed.parent), clock=ServerClock().now) as store:
        assert store.damage is None


def test_a_power_cut_in_the_last_transaction_is_no_damage(killed: Path) -> None:
    log = log_path(killed)
    log.write_bytes(log.read_bytes()[:-1000] + bytes(1000))
    assert damage_of(killed) is None


def test_transactions_that_were_on_the_disk_and_cannot_be_read_are_damage(killed: Path) -> None:
    log = log_path(killed)
    damaged = bytearray(log.read_bytes())
    damaged[100:200] = b"?" * 100
    log.write_bytes(damaged)
    assert f"the newest 5 transactions in {log.name} cannot be read" == damage_of(killed)


def test_a_log_whose_header_was_overwritten_is_damage(killed: Path) -> None:
    log = log_path(killed)
    log.write_bytes(b"?" * 32 + log.read_bytes()[32:])
    assert f"the newest 5 transactions in {log.name} cannot be read" == damage_of(killed)


def test_a_cleared_page_is_named(file: Path) -> None:
    page = clear_laps(file)
    assert (damage_of(file) or "").startswith(f"page {page} cannot be read (the database reports: ")


def test_a_cut_file_is_described_by_its_sizes(file: Path) -> None:
    size = file.stat().st_size
    os.truncate(file, size - 100_000)
    assert f"the file is cut: it has {size - 100_000:,} of {size:,} bytes" == damage_of(file)


def test_an_empty_file_is_damage_only_beside_captures(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).touch()
    need_sound_file(database_url(sqlite_url(tmp_path)))
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "20260801T183000Z-0001.pcapng").touch()
    with pytest.raises(StoreDamaged, match="the file is empty"):
        need_sound_file(database_url(sqlite_url(tmp_path)))


def test_only_the_beginning_of_a_large_file_is_checked_before_it_is_opened(file: Path) -> None:
    clear_laps(file)
    assert find_damage(file, has_captures=False, quick_up_to=file.stat().st_size - 1) is None
    assert find_damage(file, has_captures=False, quick_up_to=file.stat().st_size) is not None


def test_all_pages_of_a_large_file_are_checked_while_it_is_in_use(file: Path) -> None:
    clear_laps(file)
    url = database_url(f"sqlite:///{file}")
    engine, reported = writer_engine(url), Event()
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM change_counter")
        watch = DamageWatch(url, lambda _: reported.set())
        check = BackgroundCheck(url, watch, at_start_up_to=0)
        assert reported.wait(LONGEST_WAIT_S)
        check.close()
    assert watch.found is not None
    assert "cannot be read" in watch.found.damage
    engine.dispose()


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).mkdir()
    with pytest.raises(StoreError, match=r"f1timings\.db is a folder\. Move it away"):
        Store.open(sqlite_url(tmp_path), clock=ServerClock().now)


@pytest.mark.parametrize(
    ("forbidden", "permission", "text"),
    [
        (DATABASE_FILE, os.R_OK, "this user may not read "),
        (DATABASE_FILE, os.W_OK, "this user may not write "),
        (None, os.W_OK, "this user may not write in the folder "),
    ],
)
def test_a_missing_permission_is_named(
    tmp_path: Path, forbidden: str | None, permission: int, text: str
) -> None:
    (tmp_path / DATABASE_FILE).touch()
    refused = (tmp_path / forbidden if forbidden else tmp_path, permission)
    with pytest.raises(StoreError, match=text):
        need_usable_file(tmp_path / DATABASE_FILE, lambda path, wanted: (path, wanted) != refused)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (sqlite3.SQLITE_FULL, "The disk is full: free some space"),
        (sqlite3.SQLITE_IOERR_READ, "The disk reported an error: check it"),
        (sqlite3.SQLITE_BUSY, "Another program uses the file: close it"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "Make the file and its folder writable"),
        (sqlite3.SQLITE_CANTOPEN, "Check that the folder exists"),
    ],
)
def test_other_faults_name_what_to_do(code: int, advice: str, tmp_path: Path) -> None:
    original = sqlite3.OperationalError("what SQLite reports")
    original.sqlite_errorcode = code
    error = opening_error(database_url(sqlite_url(tmp_path)), OperationalError("SELECT", {}, original))
    assert not isinstance(error, StoreDamaged)
    assert str(error).startswith("the database cannot be opened: what SQLite reports. ")
    assert advice in str(error)
