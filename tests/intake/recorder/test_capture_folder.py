"""The folder of captures: names sorted by time, one form of each capture, and reading in order."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
import zstandard

from f1timings.intake.captures.folder import (
    iter_datagrams,
    list_capture_paths,
    list_captures,
    next_capture_path,
    remove_leftovers,
)
from f1timings.intake.captures.pcapng_writer import PcapngWriter
from f1timings.intake.datagrams import Datagram
from tests.intake.recorder.recording import EVENING, names, noise


def build_pcapng(datagrams: list[Datagram]) -> bytes:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    for datagram in datagrams:
        writer.write(*datagram)
    return file.getvalue()


def create_files(folder: Path, *files: str, content: bytes = b"x") -> None:
    for name in files:
        (folder / name).write_bytes(content)


def listed_names(folder: Path) -> list[str]:
    return [path.name for path in list_capture_paths(folder)]


def test_captures_are_listed_by_time_and_number_whatever_their_form(tmp_path: Path) -> None:
    in_order = [
        "20251231T235959Z-0001.t2.pcapng.zst",
        "20260801T160000Z-0001.t1.pcapng.zst",
        "20260801T160000Z-0002.pcapng.zst",
        "20260801T160000Z-9999.pcapng.zst",
        "20260801T160000Z-10000.pcapng.zst",
        "20260801T160001Z-0001.pcapng",
    ]
    create_files(tmp_path, *reversed(in_order))
    assert in_order == listed_names(tmp_path)


def test_files_of_other_names_are_no_captures(tmp_path: Path) -> None:
    create_files(
        tmp_path, "notes.txt", "evening.pcapng", "20260801T160000Z-0001.pcapng.zst.part", "20260801.pcapng"
    )
    assert [] == listed_names(tmp_path)


def test_a_missing_folder_has_no_captures(tmp_path: Path) -> None:
    assert [] == list_capture_paths(tmp_path / "captures")


def test_of_two_forms_of_one_capture_the_later_form_is_listed(tmp_path: Path) -> None:
    create_files(tmp_path, "20260801T160000Z-0001.pcapng", "20260801T160000Z-0001.pcapng.zst")
    create_files(tmp_path, "20260801T160000Z-0002.pcapng.zst", "20260801T160000Z-0002.t1.pcapng.zst")
    assert ["20260801T160000Z-0001.pcapng.zst", "20260801T160000Z-0002.t1.pcapng.zst"] == listed_names(
        tmp_path
    )


def test_the_name_of_a_capture_contains_its_time_and_form(tmp_path: Path) -> None:
    create_files(tmp_path, "20260801T160000Z-0012.t2.pcapng.zst")
    (file,) = list_captures(tmp_path)
    assert ("20260801T160000Z", 12, 2, True) == file[:4]
    assert tmp_path / "20260801T160000Z-0012.pcapng" == file.path_of_form(0, is_packed=False)


def test_a_new_capture_is_named_after_its_time_in_utc(tmp_path: Path) -> None:
    assert tmp_path / "20260801T160000Z-0001.pcapng" == next_capture_path(tmp_path, EVENING)


def test_a_second_capture_within_a_second_has_the_next_number(tmp_path: Path) -> None:
    create_files(tmp_path, "20260801T160000Z-0001.t1.pcapng.zst")
    assert "20260801T160000Z-0002.pcapng" == next_capture_path(tmp_path, EVENING).name


def test_a_clock_set_back_does_not_change_the_order(tmp_path: Path) -> None:
    create_files(tmp_path, "20260801T173000Z-0001.pcapng.zst")
    new = next_capture_path(tmp_path, EVENING)
    assert "20260801T173000Z-0002.pcapng" == new.name


def test_only_leftovers_of_a_crash_are_removed(tmp_path: Path) -> None:
    remaining = [
        "20260801T160000Z-0001.pcapng.zst",
        "20260801T160000Z-0002.t1.pcapng.zst",
        "notes.txt",
        "x.part",
    ]
    create_files(tmp_path, *remaining)
    create_files(tmp_path, "20260801T160000Z-0001.pcapng", "20260801T160000Z-0002.pcapng.zst")
    create_files(tmp_path, "20260801T160000Z-0003.pcapng.zst.part")
    create_files(tmp_path, "20260801T160000Z-0004.pcapng", content=b"")
    remove_leftovers(tmp_path)
    assert remaining == names(tmp_path)


def test_captures_are_read_in_order(tmp_path: Path) -> None:
    datagrams = noise(30)
    packed = zstandard.compress(build_pcapng(datagrams[:10]))
    create_files(tmp_path, "20260801T160000Z-0001.pcapng.zst", content=packed)
    create_files(tmp_path, "20260801T160000Z-0002.pcapng", content=build_pcapng(datagrams[10:20]))
    create_files(tmp_path, "20260801T160000Z-0003.pcapng", content=build_pcapng(datagrams[20:]))
    assert datagrams == list(iter_datagrams(list_capture_paths(tmp_path)))


def test_a_torn_end_loses_one_datagram_and_the_next_capture_is_read(tmp_path: Path) -> None:
    datagrams = noise(20)
    create_files(tmp_path, "20260801T160000Z-0001.pcapng", content=build_pcapng(datagrams[:10])[:-7])
    create_files(tmp_path, "20260801T160000Z-0002.pcapng", content=build_pcapng(datagrams[10:]))
    assert datagrams[:9] + datagrams[10:] == list(iter_datagrams(list_capture_paths(tmp_path)))


def test_the_complete_datagrams_of_a_cut_packed_capture_are_read(tmp_path: Path) -> None:
    datagrams = noise(400)
    packed = zstandard.compress(build_pcapng(datagrams))
    create_files(tmp_path, "20260801T160000Z-0001.pcapng.zst", content=packed[: len(packed) // 2])
    read = list(iter_datagrams(list_capture_paths(tmp_path)))
    assert read == datagrams[: len(read)]
    assert len(read) > 50


def test_a_damaged_capture_is_logged_and_skipped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    datagrams = noise(20)
    damaged = bytearray(build_pcapng(datagrams[:10]))
    damaged[len(damaged) // 2 :] = b"\xff" * (len(damaged) - len(damaged) // 2)
    create_files(tmp_path, "20260801T160000Z-0001.pcapng", content=bytes(damaged))
    create_files(tmp_path, "20260801T160000Z-0002.pcapng", content=b"")
    create_files(tmp_path, "20260801T160000Z-0003.pcapng", content=build_pcapng(datagrams[10:]))
    read = list(iter_datagrams(list_capture_paths(tmp_path)))
    assert datagrams[10:] == read[-10:]
    assert 2 == len(caplog.records)
    assert "0001.pcapng is damaged" in caplog.text


def test_a_capture_that_changes_its_form_during_reading_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    datagrams = noise(30)
    for number, at in enumerate(range(0, 30, 10), 1):
        name = f"20260801T160000Z-000{number}.pcapng"
        create_files(tmp_path, name, content=build_pcapng(datagrams[at : at + 10]))
    reading = iter_datagrams(list_capture_paths(tmp_path))
    read = [next(reading)]
    (tmp_path / "20260801T160000Z-0002.pcapng").rename(tmp_path / "20260801T160000Z-0002.t1.pcapng.zst")
    (tmp_path / "20260801T160000Z-0003.pcapng").unlink()
    with caplog.at_level(logging.WARNING):
        read += reading
    assert datagrams[:20] == read
    assert "was deleted" in caplog.text
