"""Backups of a PostgreSQL database by its own programs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import make_url

from f1timings.clock import ServerClock
from f1timings.commands.backups.restore import _newest
from f1timings.config import load_settings
from f1timings.errors import BackupError
from f1timings.recovery.backups import files
from f1timings.recovery.opening import back_up_unused
from f1timings.recovery.restoring import read_backup, restore_backup
from f1timings.store import Stamped, Store
from f1timings.store.acts import drivers
from f1timings.store.backups import postgresql
from f1timings.store.migrations import newest_number
from f1timings.timing.events import LapRecorded, SessionChanged
from tests.store.events import ARRIVED, lap, rig, session

pytestmark = pytest.mark.postgres


def drive(url: str, *numbers: int) -> None:
    with Store.open(url, clock=ServerClock().now) as store:
        store.submit([Stamped(ARRIVED, rig()), Stamped(ARRIVED, SessionChanged(session()))])
        store.submit([Stamped(ARRIVED, LapRecorded(lap(lap_number=number))) for number in numbers])
        store.flush()


def lap_numbers(url: str) -> list[int]:
    with Store.open(url, clock=ServerClock().now) as store:
        return sorted(stored.lap.lap_number for stored in store.reads.list_laps().items)


def test_a_backup_is_restored_and_the_present_tables_are_kept(postgres_url: str, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, database_url=postgres_url)
    drive(postgres_url, 1, 2, 3)
    backup = back_up_unused(settings, ServerClock())
    assert ".dump" == backup.path.suffix
    assert (3, newest_number()) == (backup.contents.laps, backup.contents.schema)
    assert 3 == postgresql.inspect_dump(backup.path).laps
    drive(postgres_url, 4)
    with Store.open(postgres_url, clock=ServerClock().now) as store:
        store.act("Test", lambda desk: drivers.add(desk, name="Ada"))
    restored = restore_backup(_newest(settings), settings, ServerClock())
    assert 3 == restored.laps
    assert [1, 2, 3] == lap_numbers(postgres_url)
    assert restored.kept is not None
    assert 4 == postgresql.inspect_dump(restored.kept).laps
    # What was kept can be restored too.
    kept = read_backup(restored.kept, settings)
    restore_backup(kept, settings, ServerClock())
    assert [1, 2, 3, 4] == lap_numbers(postgres_url)


def test_a_damaged_dump_is_refused(postgres_url: str, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, database_url=postgres_url)
    drive(postgres_url, *range(1, 50))
    good, damaged = (back_up_unused(settings, ServerClock()) for _ in range(2))
    content = damaged.path.read_bytes()
    damaged.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupError, match=r"is damaged: it has .* The newest good backup is "):
        read_backup(damaged.path, settings)
    assert good.path == _newest(settings).path
    files.description_path(damaged.path).unlink()
    with pytest.raises(BackupError, match="is damaged, or no backup: pg_restore failed"):
        read_backup(damaged.path, settings)
    assert 49 == len(lap_numbers(postgres_url))


def test_missing_programs_are_named(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive(postgres_url, 1)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(BackupError, match=r"the program pg_dump is missing\. .*postgresql-client") as refused:
        back_up_unused(load_settings(data_dir=tmp_path, database_url=postgres_url), ServerClock())
    assert "programs" == refused.value.trouble


def test_a_database_that_does_not_answer_is_reported(tmp_path: Path) -> None:
    url = make_url("postgresql://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(BackupError, match="PostgreSQL reports: ") as refused:
        postgresql.dump(url, tmp_path / "dump", lambda: None)
    assert "secret" not in str(refused.value)
    assert "" == postgresql.read_schema(url)


def test_an_interrupted_dump_ends_at_once() -> None:
    def stop() -> None:
        raise BackupError("the server stops")

    with pytest.raises(BackupError, match="the server stops"):
        postgresql._run(None, ("sleep", "60"), stop)
