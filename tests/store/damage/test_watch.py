"""Damage that shows only while a database is open is reported once, and nobody waits for the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from f1timings.clock import ServerClock
from f1timings.errors import StoreDamaged, StoreError
from f1timings.store import DATABASE_FILE, Store, sqlite_url
from f1timings.store.damage.signs import is_damage
from tests.migrated import copy_migrated
from tests.store.events import one_event_of_each_kind
from tests.waiting import until

PAGE = 4096


@pytest.fixture
def reported() -> list[StoreDamaged]:
    return []


@pytest.fixture
def store(tmp_path: Path, reported: list[StoreDamaged]) -> Store:
    """An open store whose file was overwritten behind its first page."""
    copy_migrated(tmp_path)
    opened = Store.open(sqlite_url(tmp_path), on_damage=reported.append, clock=ServerClock().now)
    path = tmp_path / DATABASE_FILE
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(bytes(path.stat().st_size - PAGE))
    return opened


def test_a_reader_reports_damage_once(store: Store, reported: list[StoreDamaged]) -> None:
    for _ in range(2):
        with pytest.raises(StoreDamaged, match="is damaged: its contents contradict each other"):
            store.reads.list_laps()
    assert [store.damage] == reported
    store.close()


def test_the_writer_keeps_its_records_and_reports_damage(store: Store, reported: list[StoreDamaged]) -> None:
    store.submit(one_event_of_each_kind())
    until(lambda: reported)
    with pytest.raises(StoreError, match="records are not in the database"):
        store.close()
    assert [store.damage] == reported
    assert len(one_event_of_each_kind()) == store.writer_state().queued


def test_an_act_reports_damage(store: Store, reported: list[StoreDamaged]) -> None:
    with pytest.raises(StoreDamaged):
        store.transact(lambda connection: connection.exec_driver_sql("SELECT * FROM drivers").all())
    assert [store.damage] == reported
    store.close()


def test_a_value_that_no_program_stored_is_damage(tmp_path: Path) -> None:
    copy_migrated(tmp_path)
    with Store.open(sqlite_url(tmp_path), clock=ServerClock().now) as store:
        store.submit(one_event_of_each_kind())
        store.flush()
        store.transact(lambda connection: connection.exec_driver_sql("UPDATE laps SET recorded_at = 9e18"))
        with pytest.raises(StoreDamaged, match="a stored value cannot be read"):
            store.reads.list_laps()


def test_other_errors_are_no_damage() -> None:
    assert not is_damage(ValueError("malformed"))
    assert not is_damage(None)
