"""The file of a database in use that is deleted, moved or replaced: nothing is stored meanwhile."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from f1timings.clock import ServerClock
from f1timings.errors import StoreError
from f1timings.meeting.people import Driver
from f1timings.store import DATABASE_FILE, Committed, Store, sqlite_url
from f1timings.store.acts import drivers
from f1timings.store.probe.file_look import FileLook
from tests.migrated import copy_migrated
from tests.store.events import lap, lap_events, rig_and_session
from tests.waiting import LONGEST_WAIT_S

FILES = (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm")


@pytest.fixture
def announced() -> list[Committed]:
    return []


@pytest.fixture
def store(tmp_path: Path, announced: list[Committed]) -> Store:
    copy_migrated(tmp_path)
    return Store.open(sqlite_url(tmp_path), clock=ServerClock().now, on_committed=announced.extend)


def test_files_that_only_grow_are_the_same(store: Store) -> None:
    look = FileLook(Path(str(store._writer_engine.url.database)))
    with store:
        store.submit(rig_and_session())
        store.flush(LONGEST_WAIT_S)
        assert look.trouble() is None
        look.close()


@pytest.mark.parametrize("name", FILES)
def test_while_a_file_is_away_laps_wait_and_are_official_when_it_is_back(
    tmp_path: Path, store: Store, announced: list[Committed], name: str
) -> None:
    with store:
        store.submit(rig_and_session())
        store.flush(LONGEST_WAIT_S)
        announced.clear()
        (tmp_path / name).rename(tmp_path / "away")
        store.submit(lap_events(lap(1), lap(2)))
        with pytest.raises(StoreError, match="deleted or moved away"):
            store.flush(0.3)
        assert [] == announced
        with pytest.raises(StoreError, match="deleted or moved away"):
            store.act("Test", lambda desk: drivers.add(desk, name="Ann"))
        assert not (tmp_path / name).exists(), "a new file was created in its place"
        (tmp_path / "away").rename(tmp_path / name)
        store.flush(LONGEST_WAIT_S)
        assert 2 == len(announced)
    assert [DATABASE_FILE] == [file.name for file in tmp_path.iterdir()]
    with Store.open(sqlite_url(tmp_path), clock=ServerClock().now) as again:
        assert [1, 2] == [stored.lap.car_index for stored in again.reads.list_laps().items]


def test_a_file_that_was_replaced_is_neither_written_nor_read(tmp_path: Path, store: Store) -> None:
    path = tmp_path / DATABASE_FILE
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    shutil.copyfile(path, tmp_path / "other")
    (tmp_path / "other").replace(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="replaced by another one"):
        store.transact(lambda _connection: None)
    store.submit(lap_events(lap(1)))
    with pytest.raises(StoreError, match=r"1 records are not in the database at the end.*replaced"):
        store.close(0.3)
    assert before == path.read_bytes()


def test_a_reader_does_not_create_a_file(tmp_path: Path, store: Store) -> None:
    with store:
        for name in FILES:
            (tmp_path / name).unlink()
        with pytest.raises(StoreError):
            store.reads.list_laps()
        assert not any((tmp_path / name).exists() for name in FILES)


def test_what_was_stored_before_all_files_were_deleted_is_rescued(tmp_path: Path, store: Store) -> None:
    path, rescued = tmp_path / DATABASE_FILE, tmp_path / f"{DATABASE_FILE}.rescued"
    store.submit(rig_and_session() + lap_events(lap(1), lap(2)))
    store.flush(LONGEST_WAIT_S)
    store.act("Test", lambda desk: drivers.add(desk, name="Ann"))
    for name in FILES:
        (tmp_path / name).unlink()
    store.submit(lap_events(lap(3)))
    with pytest.raises(StoreError, match="deleted or moved away"):
        store.flush(0.3)
    while not rescued.exists():
        time.sleep(0.01)
    while f"rename {rescued}" not in str(store.trouble):
        time.sleep(0.01)
    with pytest.raises(StoreError, match=r"1 records are not in the database"):
        store.close()
    assert [rescued] == list(tmp_path.iterdir())

    with pytest.raises(StoreError, match=f"Rename {rescued} to {DATABASE_FILE}"):
        Store.open(sqlite_url(tmp_path), clock=ServerClock().now)
    assert not path.exists()
    rescued.rename(path)
    with Store.open(sqlite_url(tmp_path), clock=ServerClock().now) as again:
        assert [1, 2] == [stored.lap.car_index for stored in again.reads.list_laps().items]
        assert ["Ann"] == [driver.name for driver in again.reads.list_records(Driver)]
