"""Backups of a running server: never two at once, requests are joined, failures are reported once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from f1timings.errors import BackupError
from f1timings.recovery.backups import files
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.recovery.backups.making import SqliteSource
from f1timings.recovery.backups.schedule import EVERY_S, OLD_S, RETRY_S
from f1timings.store import DATABASE_FILE
from f1timings.store.backups.counts import DatabaseCounts
from f1timings.store.data_folder import backups_folder
from tests.recovery.backups.world import drive
from tests.waiting import LONGEST_WAIT_S, until


class _Held(SqliteSource):
    """A database of which each copy waits until the test lets it go on, and may then fail."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, is_in_use=False)
        self.may_go, self.has_begun = Event(), Event()
        self.running = self.most_at_once = self.copies = 0
        self.fault: str | None = None

    def copy(self, target: Path, pause: Callable[[], None]) -> DatabaseCounts:
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self.copies += 1
        self.has_begun.set()
        while not self.may_go.wait(0.001):
            pause()
        self.running -= 1
        if self.fault:
            raise BackupError(self.fault)
        return super().copy(target, pause)


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def source(tmp_path: Path) -> _Held:
    drive(tmp_path, 1)
    return _Held(tmp_path / DATABASE_FILE)


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def keeper(tmp_path: Path, source: _Held, clock: _Clock) -> Iterator[BackupKeeper]:
    keeper = BackupKeeper(
        source, backups_folder(tmp_path), None, now=lambda: 1_795_000_000.0 + clock.now, elapsed=clock
    )
    keeper.start()
    yield keeper
    keeper.close()


def in_threads(count: int, keeper: BackupKeeper) -> tuple[list[Thread], list[Backup]]:
    """Let several threads ask for a backup."""
    made: list[Backup] = []
    threads = [Thread(target=lambda: made.append(keeper.make("requested"))) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, made


def test_requests_during_a_backup_share_the_next_one(keeper: BackupKeeper, source: _Held) -> None:
    first, made = in_threads(1, keeper)
    assert source.has_begun.wait(LONGEST_WAIT_S)
    later, shared = in_threads(5, keeper)
    until(lambda: keeper._wanted is not None)
    assert keeper.state().is_running
    source.may_go.set()
    for thread in [*first, *later]:
        thread.join(LONGEST_WAIT_S)
    assert 2 == source.copies
    assert 1 == source.most_at_once
    assert 1 == len({backup.path for backup in shared})
    assert made[0].path != shared[0].path
    assert shared[0] == keeper.state().newest


def test_a_backup_is_made_when_it_is_due(keeper: BackupKeeper, source: _Held, clock: _Clock) -> None:
    source.may_go.set()
    keeper.note_change()
    clock.now = EVERY_S - 1
    keeper.make_before("change", younger_than_s=EVERY_S)  # the start is no backup
    assert 1 == source.copies
    keeper.make_before("change")  # nothing has changed since
    assert 1 == source.copies
    keeper.note_change()
    clock.now += EVERY_S
    until(lambda: source.copies == 2 and not keeper.state().is_running)
    newest = keeper.state().newest
    assert newest is not None
    assert "interval" == newest.reason
    keeper.note_change()
    keeper.note_end_of_session()
    clock.now += EVERY_S / 2
    until(lambda: source.copies == 3)


def test_a_failure_is_reported_once_and_so_is_the_recovery(
    keeper: BackupKeeper, source: _Held, clock: _Clock, caplog: pytest.LogCaptureFixture
) -> None:
    source.may_go.set()
    source.fault = "the disk is full"
    with caplog.at_level(logging.WARNING):
        with pytest.raises(BackupError, match="the disk is full"):
            keeper.make("requested")
        clock.now = RETRY_S
        until(lambda: source.copies == 2)
        until(lambda: not keeper.state().is_running)
        assert ["No backup could be made: the disk is full. Trying again."] == caplog.messages
        assert "the disk is full" == str(keeper.state().problem)
        assert not keeper.state().is_late
        clock.now = RETRY_S + 1
        keeper.make_before("change")  # a change does not fail with its backup
        assert "A change was made without a backup before it: the disk is full." == caplog.messages[-1]
        source.fault = None
        clock.now = OLD_S
        keeper.make("requested")
    assert "Backups are made again." == caplog.messages[-1]
    assert 3 == len(caplog.messages)
    assert keeper.state().problem is None


def test_changes_without_a_backup_are_late_after_half_an_hour(tmp_path: Path, source: _Held) -> None:
    clock = _Clock()
    keeper = BackupKeeper(source, backups_folder(tmp_path), None, now=clock, elapsed=clock)
    assert not keeper.state().is_late
    keeper.note_change()
    clock.now = OLD_S
    assert keeper.state().is_late


def test_the_end_of_the_server_gives_a_running_backup_up(
    tmp_path: Path, keeper: BackupKeeper, source: _Held
) -> None:
    keeper.request("requested")
    assert source.has_begun.wait(LONGEST_WAIT_S)
    keeper.close()
    assert [] == list(backups_folder(tmp_path).iterdir())
    with pytest.raises(BackupError, match="the server stops"):
        keeper.make("requested")


def test_a_new_start_knows_the_newest_backup(tmp_path: Path, keeper: BackupKeeper, source: _Held) -> None:
    source.may_go.set()
    backup = keeper.make("requested")
    again = BackupKeeper(source, backups_folder(tmp_path), None, now=lambda: 0.0)
    assert backup == again.state().newest == files.newest_of(backups_folder(tmp_path))
