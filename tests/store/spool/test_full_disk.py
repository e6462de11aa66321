"""While the disk is full or read-only, laps wait in the spool; each is committed once, also after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from f1timings.clock import ServerClock
from f1timings.errors import StoreError, StoreOutage
from f1timings.store import Committed, Page, Store, WriterState, sqlite_url
from f1timings.store.counter import SpoolPosition, leave_spool
from f1timings.store.spool.place import SpoolPlace
from f1timings.store.spool.waiting_entries import SPOOL_FILE, Spool
from tests.migrated import copy_migrated
from tests.small_disk import fill, mounted_disk
from tests.source_code import ROOT
from tests.store.events import lap, lap_events, rig_and_session, session
from tests.store.spool.filling_child import LAPS, run_pragma
from tests.waiting import LONGEST_WAIT_S, until

SECOND = "second"


def open_store(folder: Path, announced: list[Committed] | None = None) -> Store:
    folder.mkdir(exist_ok=True)
    copy_migrated(folder)
    second = folder.parent / SECOND
    second.mkdir(exist_ok=True)
    spool = Spool.of_folders(folder, second)
    listener = None if announced is None else announced.extend
    return Store.open(sqlite_url(folder), clock=ServerClock().now, spool=spool, on_committed=listener)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path, announced: list[Committed]) -> Iterator[Store]:
    store = open_store(folder, announced)
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    announced.clear()
    yield store
    store.close()


def limit_pages(store: Store, pages: int) -> None:
    """Let the database be full, or have room again."""
    run_pragma(store._writer_engine, f"max_page_count = {pages}")


def set_read_only(store: Store, is_read_only: bool) -> None:
    run_pragma(store._writer_engine, f"query_only = {int(is_read_only)}")


def is_spooled(store: Store, count: int) -> Callable[[], bool]:
    return lambda: store.writer_state().spooled == count


def lap_keys(store: Store) -> list[tuple[str, int, int]]:
    """The laps in the order of their commits, each with its number of versions and its time."""
    laps = sorted(store.reads.list_laps(Page(1000)).items, key=lambda stored: stored.seq)
    return [(stored.lap.id, stored.revision, stored.lap.lap_time_ms or 0) for stored in laps]


def expected_keys() -> list[tuple[str, int, int]]:
    return [(recorded.id, 1, recorded.lap_time_ms or 0) for recorded in LAPS]


@pytest.mark.parametrize(
    ("fail", "mend", "trouble"),
    [
        (lambda store: limit_pages(store, 1), lambda store: limit_pages(store, 1 << 20), "full"),
        (lambda store: set_read_only(store, True), lambda store: set_read_only(store, False), "read-only"),
    ],
    ids=["full", "read-only"],
)
def test_laps_wait_in_the_spool_and_are_committed_in_order_when_the_trouble_ends(
    store: Store,
    announced: list[Committed],
    fail: Callable[[Store], None],
    mend: Callable[[Store], None],
    trouble: str,
) -> None:
    fail(store)
    for recorded in LAPS:
        store.submit(lap_events(recorded))
    until(is_spooled(store, len(LAPS)))
    state = store.writer_state()
    assert (trouble, len(LAPS)) == (state.trouble, state.queued)
    assert [] == announced
    assert [] == lap_keys(store)
    mend(store)
    store.flush(LONGEST_WAIT_S)
    assert expected_keys() == lap_keys(store)
    assert [recorded.id for recorded in LAPS] == [each.lap.lap.id for each in announced if each.lap]
    until(lambda: store.writer_state().failing_since is None)
    ended = WriterState(queued=0, committed=len(LAPS) + 2, rejected=0, failing_since=None, error=None)
    assert ended == store.writer_state()


def test_a_change_is_refused_at_once_and_the_end_is_noticed_without_laps(store: Store) -> None:
    set_read_only(store, True)
    for _ in range(3):
        with pytest.raises(StoreOutage) as refusal:
            store.transact(lambda connection: connection.exec_driver_sql("DELETE FROM laps"))
        assert refusal.value.trouble == "read-only"
    assert store.writer_state().trouble == "read-only"
    set_read_only(store, False)
    until(lambda: store.writer_state().failing_since is None)
    store.transact(lambda connection: connection.exec_driver_sql("DELETE FROM laps"))


def test_a_close_leaves_the_laps_to_the_next_start(folder: Path) -> None:
    store = open_store(folder)
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    limit_pages(store, 1)
    for recorded in LAPS:
        store.submit(lap_events(recorded))
    until(is_spooled(store, len(LAPS)))
    store.close(LONGEST_WAIT_S)
    with open_store(folder) as later:
        assert expected_keys() == lap_keys(later)
        assert 0 == later.writer_state().spooled
    with open_store(folder) as latest:
        assert expected_keys() == lap_keys(latest)


def test_a_kill_while_laps_wait_loses_none(folder: Path) -> None:
    with open_store(folder):
        pass
    keep_until_killed(folder)
    with open_store(folder) as store:
        assert expected_keys() == lap_keys(store)


def keep_until_killed(folder: Path, *flags: str) -> None:
    """Let another process keep laps in the spool, and kill it."""
    module = "tests.store.spool.filling_child"
    arguments = [sys.executable, "-m", module, str(folder), str(folder.parent / SECOND)]
    with subprocess.Popen([*arguments, *flags], stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        waiting = child.stdout.readline()
        child.kill()
    assert int(waiting) > len(LAPS) // 2


def test_what_was_committed_before_a_kill_is_not_committed_again(folder: Path) -> None:
    """A lap that changed while it waited would get an earlier version again."""
    store = open_store(folder)
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    set_read_only(store, True)
    for time_ms in (80_000, 81_000, 82_000):
        store.submit(lap_events(lap(lap_time_ms=time_ms)))
    until(is_spooled(store, 3))
    kept = (folder / SPOOL_FILE).read_bytes()
    set_read_only(store, False)
    store.flush(LONGEST_WAIT_S)
    before = lap_keys(store)
    store.close()
    (folder / SPOOL_FILE).write_bytes(kept)  # as a kill before it was emptied leaves it
    with open_store(folder) as later:
        assert before == lap_keys(later)
        later.submit(lap_events(lap(lap_time_ms=83_000)))
        later.flush(LONGEST_WAIT_S)
        assert [(lap().id, 4, 83_000)] == lap_keys(later)


def test_laps_of_another_database_are_left_out_and_said(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They refer to sessions and rigs that a database in its place may not have."""
    store = open_store(folder)
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    set_read_only(store, True)
    store.submit(lap_events(*LAPS[:3]))
    until(is_spooled(store, 3))
    store.close()
    kept = (folder / SPOOL_FILE).read_bytes()
    with open_store(folder) as restored:
        restored.transact(leave_spool)
    (folder / SPOOL_FILE).write_bytes(kept)
    with open_store(folder) as later:
        assert 3 == len(lap_keys(later))
    assert "3 records in the spool belong to another database" in caplog.text
    assert set((folder / SPOOL_FILE).read_bytes()) == {0}


def test_laps_go_to_the_second_folder_if_the_first_takes_nothing(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / SECOND
    first.mkdir()
    full = SpoolPlace(first / SPOOL_FILE, is_reserved=True, largest=8)
    spool = Spool([full, SpoolPlace(second / SPOOL_FILE, is_reserved=False)])
    assert spool.keep(rig_and_session())
    assert spool.last_place == second / SPOOL_FILE
    spool.close()
    later = Spool([full, SpoolPlace(second / SPOOL_FILE, is_reserved=False)])
    assert rig_and_session() == later.recover(SpoolPosition(0, 0))
    later.close()


def test_without_any_place_laps_wait_in_memory(folder: Path) -> None:
    folder.mkdir()
    copy_migrated(folder)
    nowhere = Spool([SpoolPlace(folder / "absent" / SPOOL_FILE, is_reserved=True)])
    with Store.open(sqlite_url(folder), clock=ServerClock().now, spool=nowhere) as store:
        set_read_only(store, True)
        store.submit(rig_and_session())
        until(lambda: store.writer_state().failing_since is not None)
        assert (2, 0) == (store.writer_state().queued, store.writer_state().spooled)
        set_read_only(store, False)
        store.flush(LONGEST_WAIT_S)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted_disk(tmp_path / "disk") as disk:
        yield disk


def test_a_disk_that_is_really_full_delays_laps_and_loses_none(small_disk: Path) -> None:
    store = open_store(small_disk / "data")
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    filler = fill(small_disk)
    for recorded in LAPS:
        store.submit(lap_events(recorded))
    until(lambda: store.writer_state().spooled == store.writer_state().queued)
    assert "full" == store.writer_state().trouble
    waiting = store.writer_state().queued
    assert waiting > len(LAPS) // 2
    filler.unlink()
    store.flush(LONGEST_WAIT_S)
    assert expected_keys() == lap_keys(store)
    store.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no tmpfs")
def test_a_kill_on_a_full_disk_loses_no_lap(small_disk: Path) -> None:
    folder = small_disk / "data"
    with open_store(folder):
        pass
    keep_until_killed(folder, "--fill")
    (small_disk / "filler").unlink()
    with open_store(folder) as store:
        assert expected_keys() == lap_keys(store)


def test_a_start_on_a_full_disk_says_that_it_is_full_and_changes_nothing(small_disk: Path) -> None:
    folder = small_disk / "data"
    with open_store(folder) as store:
        store.submit(rig_and_session())
    filler = fill(small_disk)
    with pytest.raises(StoreError, match="The disk is full: free some space, then start again"):
        open_store(folder)
    filler.unlink()
    with open_store(folder) as store:
        assert store.reads.get_session(session().id) is not None
