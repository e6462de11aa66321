"""A file of the spool: what is appended is read again, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from f1timings.store.spool.place import SpoolPlace, SpoolRecord

RECORDS = [SpoolRecord(1 << 61, number, f"record {number}".encode()) for number in range(5, 9)]
RESERVED = 4096


@pytest.fixture(params=[True, False], ids=["reserved", "second"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SpoolPlace]:
    place = SpoolPlace(tmp_path / "folder" / "spool", is_reserved=request.param, largest=RESERVED)
    if request.param:
        place.path.parent.mkdir()
    place.reserve()
    yield place
    place.close()


def again(place: SpoolPlace) -> SpoolPlace:
    """The same file, for the next process."""
    place.close()
    return SpoolPlace(place.path, is_reserved=place._is_reserved, largest=RESERVED)


def test_records_are_read_in_their_order(place: SpoolPlace) -> None:
    place.append(RECORDS[:1])
    place.append(RECORDS[1:])
    assert again(place).read() == RECORDS


def test_a_later_process_appends_behind_them(place: SpoolPlace) -> None:
    place.append(RECORDS[:2])
    later = again(place)
    later.read()
    later.append(RECORDS[2:])
    assert again(later).read() == RECORDS


def test_a_file_that_was_emptied_has_none_and_no_text(place: SpoolPlace) -> None:
    place.append(RECORDS)
    place.clear()
    assert again(place).read() == []
    assert not place.path.exists() or place.path.read_bytes() == bytes(RESERVED)


@pytest.mark.parametrize("lost", range(1, 37))
def test_a_record_that_was_cut_is_left_out(place: SpoolPlace, lost: int) -> None:
    place.append(RECORDS)
    place.close()
    size = sum(28 + len(record.content) for record in RECORDS)
    os.truncate(place.path, size - lost)
    assert again(place).read() == RECORDS[:-1]


def test_a_changed_byte_ends_the_records(place: SpoolPlace) -> None:
    place.append(RECORDS)
    content = bytearray(place.path.read_bytes())
    content[36 + 35] ^= 1
    place.path.write_bytes(content)
    assert again(place).read() == RECORDS[:1]


def test_records_of_an_earlier_use_are_left_out(tmp_path: Path) -> None:
    place = SpoolPlace(tmp_path / "spool", is_reserved=True, largest=RESERVED)
    place.append(RECORDS)
    later = again(place)
    later.append([SpoolRecord(1 << 61, 20, b"record 9")])  # over the first one, without emptying the file
    assert [20] == [record.number for record in again(later).read()]


def test_what_does_not_fit_is_refused_and_leaves_the_rest(place: SpoolPlace) -> None:
    place.append(RECORDS)
    with pytest.raises(OSError, match="full"):
        place.append([SpoolRecord(1 << 61, 9, bytes(RESERVED))])
    assert again(place).read() == RECORDS


def test_a_reserved_file_has_its_size_before_the_first_record(tmp_path: Path) -> None:
    place = SpoolPlace(tmp_path / "spool", is_reserved=True, largest=RESERVED)
    place.reserve()
    assert RESERVED <= place.path.stat().st_blocks * 512
    place.append(RECORDS)
    assert place.path.stat().st_size == RESERVED
    place.close()


@pytest.mark.skipif(os.name == "nt", reason="the temporary folder of Windows belongs to one user")
def test_a_folder_that_others_may_write_is_neither_read_nor_used(tmp_path: Path) -> None:
    place = SpoolPlace(tmp_path / "shared" / "spool", is_reserved=False)
    place.append(RECORDS)
    place.path.parent.chmod(0o777)
    assert again(place).read() == []
    with pytest.raises(PermissionError):
        place.append(RECORDS)
