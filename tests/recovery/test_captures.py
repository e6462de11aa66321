"""The advice about a damaged database states what is really in the folder of captures."""

from __future__ import annotations

from pathlib import Path

import pytest

from f1timings.config import load_settings
from f1timings.errors import StoreDamaged
from f1timings.intake.captures.folder import next_capture_path
from f1timings.intake.captures.pcapng_writer import PcapngWriter
from f1timings.recovery.advice import with_advice
from f1timings.recovery.captures import check_captures

SECONDS_OF_AN_EVENING = (1_785_600_000.0, 1_785_603_600.0, 1_785_607_200.0)
DAMAGE = StoreDamaged("data/f1timings.db", "page 7 cannot be read")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three captures, one for each hour."""
    for begun_at in SECONDS_OF_AN_EVENING:
        with next_capture_path(tmp_path, begun_at).open("wb") as file:
            writer = PcapngWriter(file)
            for number in range(20):
                writer.write(begun_at + number, "127.0.0.2", 50_000, 20_777, bytes(100))
    return tmp_path


def test_whole_captures_are_counted_and_read_to_the_end(folder: Path) -> None:
    assert (
        "The captures are whole: 3 files, 9.8 kB, begun from 2026-08-01 16:00 UTC to 2026-08-01 18:00 UTC, "
        "all read to the end"
    ) == check_captures(folder, seconds=60).text


def test_the_newest_are_read_first_when_time_is_short(folder: Path) -> None:
    seconds = iter(range(10))
    state = check_captures(folder, seconds=1.5, clock=lambda: float(next(seconds)))
    assert 1 == state.read_whole
    assert state.text.endswith("the newest 1 read to the end")


def test_a_torn_end_is_whole(folder: Path) -> None:
    newest = max(folder.iterdir())
    newest.write_bytes(newest.read_bytes()[:-10])
    assert "The captures are whole: 3 files" in check_captures(folder, seconds=60).text


def test_a_damaged_capture_is_named(folder: Path) -> None:
    oldest = min(folder.iterdir())
    content = bytearray(oldest.read_bytes())
    content[400:800] = b"?" * 400
    oldest.write_bytes(content)
    text = check_captures(folder, seconds=60).text
    assert text.startswith("2 of 3 captures are whole (3 files, ")
    assert oldest.name in text


def test_without_captures_no_laps_are_promised(tmp_path: Path) -> None:
    text = str(with_advice(DAMAGE, load_settings(data_dir=tmp_path), check_captures(tmp_path, seconds=60)))
    assert "There are no captures." in text
    assert "f1timings rebuild" not in text


def test_commands_name_a_folder_only_if_it_is_not_the_default(folder: Path) -> None:
    captures = check_captures(folder, seconds=60)
    assert "    f1timings rebuild\n" in str(with_advice(DAMAGE, load_settings(), captures))
    elsewhere = load_settings(data_dir=Path("/srv/my data"))
    assert "    f1timings rebuild --data-dir '/srv/my data'\n" in str(
        with_advice(DAMAGE, elsewhere, captures)
    )


def test_the_advice_for_postgresql_is_a_backup_and_shows_no_password(folder: Path) -> None:
    settings = load_settings(database_url="postgresql://club:secret@db/laps")
    text = str(with_advice(DAMAGE, settings, check_captures(folder, seconds=60)))
    assert "Restore a backup" in text
    assert "--fresh-database" not in text
    assert "secret" not in text
