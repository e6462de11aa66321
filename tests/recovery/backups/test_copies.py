"""The second folder is old if laps were driven since its newest backup, and that is a day ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from f1timings.recovery.backups import files
from f1timings.recovery.backups.copies import OLD, OldCopy, find_old_copy, look_for_old_copy
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.recovery.backups.making import SqliteSource
from f1timings.store import DATABASE_FILE
from f1timings.store.backups.counts import DatabaseCounts
from f1timings.store.data_folder import backups_folder
from tests.recovery.backups.world import drive, maker
from tests.waiting import until

STICK = Path("/media/stick")
NOW = datetime(2026, 8, 9, 20, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)


def backup(made_at: datetime, laps: int) -> Backup:
    contents = DatabaseCounts(laps=laps, seq=1, schema="0033", erased=())
    return Backup(
        path=Path("f1timings.db"), made_at=made_at, reason="session", bytes=1, sha256="", contents=contents
    )


@pytest.mark.parametrize(
    ("copied", "oldest", "newest", "expected"),
    [
        pytest.param(None, None, None, None, id="no backup at all"),
        pytest.param(backup(NOW - DAY, 5), backup(NOW - DAY, 5), backup(NOW, 6), NOW - DAY, id="a day old"),
        pytest.param(backup(NOW - 23 * HOUR, 5), backup(NOW - 9 * DAY, 1), backup(NOW, 6), None, id="recent"),
        pytest.param(backup(NOW - 9 * DAY, 5), backup(NOW - 9 * DAY, 5), backup(NOW, 5), None, id="no lap"),
        pytest.param(None, backup(NOW - 2 * DAY, 5), backup(NOW, 6), NOW - 2 * DAY, id="never there"),
        pytest.param(None, backup(NOW - HOUR, 5), backup(NOW, 6), None, id="never there, the first evening"),
    ],
)  # fmt: skip
def test_when_the_copy_is_old(
    copied: Backup | None, oldest: Backup | None, newest: Backup | None, expected: datetime | None
) -> None:
    found = find_old_copy(STICK, copied=copied, oldest=oldest, newest=newest, now=NOW)
    assert (None if expected is None else OldCopy(STICK, expected)) == found


def test_the_hours_are_whole_ones() -> None:
    assert 31 == OldCopy(STICK, NOW - timedelta(hours=31, minutes=59)).hours(NOW)


def test_a_stick_that_was_left_at_home_is_reported_until_it_has_a_copy(tmp_path: Path) -> None:
    data, stick = tmp_path / "data", tmp_path / "stick"
    drive(data, 1)
    last_week = maker(data).make("session")
    drive(data, 2)
    now_s = last_week.made_at.timestamp() + 7 * DAY.total_seconds()
    keeper = BackupKeeper(
        SqliteSource(data / DATABASE_FILE, is_in_use=False), backups_folder(data), stick, now=lambda: now_s
    )
    try:
        keeper.start()
        keeper.make("session")
        old = OldCopy(stick, last_week.made_at)
        assert old == keeper.state().old_copy
        now = datetime.fromtimestamp(now_s, UTC)
        assert old == look_for_old_copy(backups_folder(data), stick, now)
        stick.mkdir()
        keeper.make("requested")
        until(lambda: keeper.state().old_copy is None)
    finally:
        keeper.close()
    assert files.newest_of(stick) is not None
    assert look_for_old_copy(backups_folder(data), stick, now + OLD) is None
    assert look_for_old_copy(backups_folder(data), None, now) is None
