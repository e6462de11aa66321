"""Backups in their folder: verified, described, thinned, and damage in them is found."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from f1timings.errors import BackupError
from f1timings.recovery.backups import files
from f1timings.recovery.backups.making import RESERVE_BYTES, BackupMaker, SqliteSource
from f1timings.recovery.backups.thinning import MOST
from f1timings.store import DATABASE_FILE
from f1timings.store.backups.counts import DatabaseCounts
from f1timings.store.data_folder import backups_folder
from tests.recovery.backups.world import add_driver, drive, erase_driver, make, maker


def test_a_backup_has_every_lap_and_states_its_checksum(tmp_path: Path) -> None:
    drive(tmp_path, 1, 2, 3)
    backup = make(tmp_path)
    assert "f1timings-20261118T110640Z.db" == backup.path.name
    assert 3 == backup.contents.laps
    assert hashlib.sha256(backup.path.read_bytes()).hexdigest() == backup.sha256
    assert [backup] == files.list_backups(backups_folder(tmp_path))
    files.need_unchanged(backup)
    assert {backup.path, files.description_path(backup.path)} == set(backups_folder(tmp_path).iterdir())


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_can_read_a_backup(tmp_path: Path) -> None:
    drive(tmp_path)
    backup = make(tmp_path)
    modes = [backup.path, files.description_path(backup.path)]
    assert [0o600, 0o600] == [stat.S_IMODE(path.stat().st_mode) for path in modes]
    assert 0o700 == stat.S_IMODE(backup.path.parent.stat().st_mode)


def test_the_next_one_sorts_behind_also_if_the_clock_was_set_back(tmp_path: Path) -> None:
    drive(tmp_path, 1)
    first, second = make(tmp_path), make(tmp_path)
    third = maker(tmp_path, now=lambda: 1_000_000_000.0).make("requested")
    assert "f1timings-20261118T110640Z-3.db" == third.path.name
    assert [first, second, third] == files.list_backups(backups_folder(tmp_path))


def test_without_space_nothing_is_written_and_the_text_says_how_much_is_needed(tmp_path: Path) -> None:
    drive(tmp_path, 1)
    size = (tmp_path / DATABASE_FILE).stat().st_size
    with pytest.raises(BackupError, match="the disk has 1 MB free; a backup needs ") as refused:
        maker(tmp_path, free_bytes=lambda _path: 1_000_000).make("requested")
    assert "space" == refused.value.trouble
    assert [] == list(backups_folder(tmp_path).iterdir())
    maker(tmp_path, free_bytes=lambda _path: size + RESERVE_BYTES).make("requested")


class _Spoiled(SqliteSource):
    """A database that gives copies to which something happens."""

    def __init__(self, path: Path, spoil: Callable[[Path], None]) -> None:
        super().__init__(path, is_in_use=False)
        self._spoil = spoil

    def copy(self, target: Path, pause: Callable[[], None]) -> DatabaseCounts:
        counts = super().copy(target, pause)
        self._spoil(target)
        return counts


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 4096)


def _exchange(path: Path) -> None:
    """Put a whole database with other laps in the place of the copy."""
    other = path.parent.parent / "other"
    drive(other, 1)
    path.write_bytes((other / DATABASE_FILE).read_bytes())


@pytest.mark.parametrize(
    ("spoil", "text"),
    [(_cut, "the copy of the database is damaged: "), (_exchange, "has 1 laps and . changes, .* had 2")],
)
def test_a_copy_that_differs_never_becomes_a_backup(
    tmp_path: Path, spoil: Callable[[Path], None], text: str
) -> None:
    drive(tmp_path, 1, 2)
    good = make(tmp_path)
    source = _Spoiled(tmp_path / DATABASE_FILE, spoil)
    spoiled = BackupMaker(source, backups_folder(tmp_path), now=lambda: 1_795_000_100.0)
    with pytest.raises(BackupError, match=text) as refused:
        spoiled.make("requested")
    assert "damaged" == refused.value.trouble
    assert [good] == files.list_backups(backups_folder(tmp_path))
    assert 2 == len(list(backups_folder(tmp_path).iterdir()))


def test_what_a_stopped_server_left_is_removed(tmp_path: Path) -> None:
    drive(tmp_path, 1)
    folder = backups_folder(tmp_path)
    folder.mkdir()
    left = [
        "f1timings-20250101T000000Z.db.part",
        "f1timings-20250101T000000Z.db.json",
        "f1timings-x.json.part",
    ]
    for name in [*left, "notes.txt"]:
        (folder / name).write_text("{}")
    backup = make(tmp_path)
    expected = {backup.path.name, files.description_path(backup.path).name, "notes.txt"}
    assert expected == {path.name for path in folder.iterdir()}


def test_at_most_thirty_are_kept(tmp_path: Path) -> None:
    drive(tmp_path, 1)
    times = iter(range(1_795_000_000, 1_799_000_000, 40_000))
    made = maker(tmp_path, now=lambda: float(next(times)))
    backups = [made.make("interval") for _ in range(MOST + 15)]
    remaining = files.list_backups(backups_folder(tmp_path))
    assert MOST >= len(remaining)
    assert backups[-12:] == remaining[-12:]


def test_backups_with_an_erased_person_are_removed_when_one_without_is_made(tmp_path: Path) -> None:
    drive(tmp_path, 1)
    person = add_driver(tmp_path, "Grace Hopper")
    first, second = make(tmp_path), make(tmp_path)
    assert b"Grace Hopper" in first.path.read_bytes()
    erase_driver(tmp_path, person)
    assert [first, second] == files.list_backups(backups_folder(tmp_path))
    third = make(tmp_path)
    assert (person,) == third.contents.erased
    assert [third] == files.list_backups(backups_folder(tmp_path))
    assert all(b"Grace Hopper" not in path.read_bytes() for path in backups_folder(tmp_path).iterdir())
    fourth = make(tmp_path)
    assert [third, fourth] == files.list_backups(backups_folder(tmp_path))


@pytest.mark.parametrize("place", [0, 4096, -1])
def test_a_flipped_bit_is_found(tmp_path: Path, place: int) -> None:
    drive(tmp_path, 1)
    backup = make(tmp_path)
    content = bytearray(backup.path.read_bytes())
    content[place] ^= 1
    backup.path.write_bytes(content)
    with pytest.raises(BackupError, match="is damaged: its checksum is wrong"):
        files.need_unchanged(backup)


def test_a_cut_file_and_a_missing_file_are_found(tmp_path: Path) -> None:
    drive(tmp_path, 1)
    backup = make(tmp_path)
    os.truncate(backup.path, 1000)
    with pytest.raises(BackupError, match=r"is damaged: it has 1,000 of [\d,]+ bytes"):
        files.need_unchanged(backup)
    backup.path.unlink()
    with pytest.raises(BackupError, match="cannot be read"):
        files.need_unchanged(backup)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"made_at": "yesterday"}', "\xff"])
def test_a_description_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    drive(tmp_path, 1)
    backup = make(tmp_path)
    files.description_path(backup.path).write_text(text, "latin-1")
    assert files.read_description(backup.path) is None
    assert [] == files.list_backups(backups_folder(tmp_path))
