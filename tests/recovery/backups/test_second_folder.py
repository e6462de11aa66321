"""The second folder: absent, full, slow, or damaged; nothing else waits for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from f1timings.recovery.backups import files
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.recovery.backups.making import SqliteSource
from f1timings.recovery.backups.second_folder import SecondFolder
from f1timings.store import DATABASE_FILE
from f1timings.store.data_folder import backups_folder
from tests.recovery.backups.world import add_driver, drive, erase_driver, make
from tests.waiting import LONGEST_WAIT_S, until


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """The path of a stick that is not there yet."""
    return tmp_path / "stick"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    drive(tmp_path / "data", 1, 2)
    return tmp_path / "data"


@pytest.fixture
def second(data: Path, stick: Path) -> Iterator[SecondFolder]:
    second = SecondFolder(backups_folder(data), stick, retry_s=0.01)
    yield second
    second.close()


def problem_of(second: SecondFolder) -> tuple[str, str] | None:
    problem = second.state().problem
    return None if problem is None else (problem.trouble, str(problem))


def test_an_absent_stick_is_never_created_and_gets_the_newest_when_it_is_there(
    data: Path, stick: Path, second: SecondFolder, caplog: pytest.LogCaptureFixture
) -> None:
    make(data)
    newest = make(data)
    with caplog.at_level(logging.WARNING):
        second.start()
        until(lambda: problem_of(second) == ("absent", "it is not there"))
        assert not stick.exists()
        stick.mkdir()
        until(lambda: second.state().problem is None)
    assert [
        f"Backups are not copied to {stick}: it is not there. Trying again.",
        f"Backups are copied to {stick} again.",
    ] == caplog.messages
    (copied,) = files.list_backups(stick)
    assert newest.sha256 == copied.sha256
    files.need_unchanged(copied)
    assert copied == second.state().newest


def test_a_full_stick_is_reported_and_nothing_is_left_on_it(data: Path, stick: Path) -> None:
    stick.mkdir()
    make(data)
    second = SecondFolder(backups_folder(data), stick, retry_s=0.01, free_bytes=lambda _path: 1_000_000)
    second.start()
    until(lambda: second.state().problem is not None)
    assert "space" == second.state().problem.trouble  # type: ignore[union-attr]
    assert [] == list(stick.iterdir())
    second.close()


def test_a_copy_that_was_written_wrongly_is_written_again(
    data: Path, stick: Path, second: SecondFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick.mkdir()
    backup = make(data)
    truly_copy, attempts = files._copy, []

    def copy(source: Path, target: Path, pause: object) -> None:
        attempts.append(target)
        truly_copy(source, target, pause)  # type: ignore[arg-type]
        if len(attempts) == 1:
            target.write_bytes(target.read_bytes()[:-1] + b"?")

    monkeypatch.setattr(files, "_copy", copy)
    second.start()
    until(lambda: len(files.list_backups(stick)) == 1 and second.state().problem is None)
    assert 2 == len(attempts)
    assert backup.path.read_bytes() == (stick / backup.path.name).read_bytes()


def test_backups_with_an_erased_person_disappear_from_a_stick_that_was_away(
    data: Path, stick: Path, second: SecondFolder
) -> None:
    person = add_driver(data, "Grace Hopper")
    stick.mkdir()
    make(data)
    second.start()
    until(lambda: len(files.list_backups(stick)) == 1)
    away = stick.rename(stick.with_name("away"))
    erase_driver(data, person)
    newest = make(data)
    second.request()
    until(lambda: problem_of(second) == ("absent", "it is not there"))
    away.rename(stick)
    until(lambda: second.state().problem is None)
    assert [newest.sha256] == [backup.sha256 for backup in files.list_backups(stick)]
    assert all(b"Grace Hopper" not in path.read_bytes() for path in stick.iterdir())


def test_a_stick_that_never_answers_holds_up_no_backup(
    data: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick.mkdir()
    is_copying, may_go = Event(), Event()

    def hang(*_arguments: object) -> None:
        is_copying.set()
        may_go.wait()

    monkeypatch.setattr(files, "_copy", hang)
    source = SqliteSource(data / DATABASE_FILE, is_in_use=False)
    keeper = BackupKeeper(source, backups_folder(data), stick, now=lambda: 1_795_000_000.0)
    keeper.start()
    first = keeper.make("requested")
    assert is_copying.wait(LONGEST_WAIT_S)
    second = keeper.make("requested")
    assert first.path != second.path
    state = keeper.state().second
    assert state is not None
    assert state.copying_since is not None
    may_go.set()
    keeper.close()
