"""Every datagram is recorded unchanged, in files that are finished by size and age, packed, and complete."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from f1timings.intake.captures.folder import list_capture_paths
from f1timings.intake.captures.reader import open_capture
from f1timings.intake.datagrams import Datagram
from f1timings.intake.recorder.datagram_queue import DatagramQueue, QueuedDatagram
from f1timings.intake.recorder.environment import RecorderEnvironment
from f1timings.intake.recorder.file import RecorderFile
from f1timings.intake.recorder.recording import CaptureBudget, Recorder, RecorderState
from tests.intake.recorder.recording import (
    EVENING,
    SMALL,
    World,
    names,
    noise,
    packet,
    recorded,
    recording,
)
from tests.waiting import until

#: One file for all datagrams of a test.
ONE_FILE = replace(SMALL, max_bytes=1 << 30)
REAL = RecorderEnvironment(now=time.time)


def test_recorded_datagrams_are_read_unchanged(tmp_path: Path) -> None:
    sent = [
        packet("lap_data"),
        Datagram(EVENING + 1 / 3, "fe80::20", 1, 20778, b""),
        Datagram(EVENING + 1, "::ffff:192.168.1.7", 65535, 20777, b"x" * 1351),
        Datagram(EVENING + 1, "10.0.0.1", 50000, 20777, b"y" * 65_000),
    ]
    with recording(tmp_path) as run:
        run.record(sent)
    assert sent == recorded(tmp_path)


def test_written_datagrams_can_be_read_during_the_recording(tmp_path: Path) -> None:
    sent = noise(20)
    with recording(tmp_path, rotation=ONE_FILE) as run:
        run.write(sent)
        assert ["20260801T160000Z-0001.pcapng"] == run.names()
        assert sent == recorded(tmp_path)


def test_a_datagram_is_written_within_half_a_second(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, environment=REAL)
    recorder.start()
    try:
        for round_ in range(3):
            recorder.record(b"lap", "192.168.1.20", 54321, 20777, EVENING)
            recorded_at = time.monotonic()
            until(lambda expected=round_ + 1: len(recorded(tmp_path)) == expected)  # type: ignore[misc]
            assert time.monotonic() - recorded_at < 0.5
    finally:
        recorder.close()


def test_a_new_file_begins_at_the_maximum_size(tmp_path: Path) -> None:
    sent = noise(1000)
    with recording(tmp_path) as run:
        for at in range(0, len(sent), 50):
            run.write(sent[at : at + 50])
    files = [
        len(zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).readall())
        for path in list_capture_paths(tmp_path)
    ]
    assert 10 < len(files) < 25
    assert all(SMALL.max_bytes <= size < 3 * SMALL.max_bytes for size in files[:-1])
    assert sent == recorded(tmp_path)


def test_no_file_is_larger_than_an_eighth_of_the_budget(tmp_path: Path) -> None:
    budget = CaptureBudget(max_bytes=800_000, keep_free_bytes=0)
    with recording(tmp_path, budget, rotation=ONE_FILE) as run:
        for _ in range(10):
            run.write(noise(20))
        until(lambda: run.state.files == 3)


def test_a_new_file_begins_at_the_maximum_age(tmp_path: Path) -> None:
    first, second = noise(5, seed=1), noise(5, seed=2)
    with recording(tmp_path) as run:
        run.write(first)
        run.world.seconds += SMALL.max_age_s - 1
        run.write(second[:2])
        assert ["20260801T160000Z-0001.pcapng"] == run.names()
        run.world.seconds += 1
        until(lambda: run.names() == ["20260801T160000Z-0001.pcapng.zst"])
        run.write(second[2:])
        assert "20260801T161500Z-0001.pcapng" == run.names()[1]
    assert first + second == recorded(tmp_path)


def test_without_datagrams_there_are_no_files(tmp_path: Path) -> None:
    with recording(tmp_path) as run:
        for _ in range(3):
            run.world.seconds += SMALL.max_age_s
            time.sleep(0.05)
    assert [] == names(tmp_path)


def test_a_finished_file_is_packed_and_the_unpacked_file_deleted(tmp_path: Path) -> None:
    same = [packet("lap_data")] * 500
    with recording(tmp_path, rotation=ONE_FILE) as run:
        run.write(same)
        unpacked = sum(path.stat().st_size for path in list_capture_paths(tmp_path))
        run.finish_capture()
        assert ["20260801T160000Z-0001.pcapng.zst"] == run.names()
        # The state follows the files a moment later.
        until(lambda: run.state.bytes_on_disk < unpacked / 20)
    assert same == recorded(tmp_path)


def test_closing_packs_the_last_file(tmp_path: Path) -> None:
    with recording(tmp_path) as run:
        run.record(noise(10))
    assert ["20260801T160000Z-0001.pcapng.zst"] == names(tmp_path)
    assert noise(10) == recorded(tmp_path)


def test_closing_without_waiting_leaves_the_last_file_to_the_next_start(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, rotation=SMALL, environment=World().environment)
    recorder.start()
    recorder.record(b"lap", "192.168.1.20", 54321, 20777, EVENING)
    recorder.close(timeout_s=0.0)
    assert ["20260801T160000Z-0001.pcapng"] == names(tmp_path)
    with recording(tmp_path):
        until(lambda: names(tmp_path) == ["20260801T160000Z-0001.pcapng.zst"])
    assert 1 == len(recorded(tmp_path))


def test_closing_twice_or_before_the_start_does_no_harm(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, environment=REAL)
    recorder.close()
    with recording(tmp_path) as run:
        run.recorder.close()
    assert [] == names(tmp_path)


def test_a_start_packs_the_file_of_a_crash_with_its_torn_end(tmp_path: Path) -> None:
    with recording(tmp_path, rotation=ONE_FILE) as run:
        run.write(noise(10))
        torn = next(tmp_path.iterdir()).read_bytes()[:-5]
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / "20260801T150000Z-0001.pcapng").write_bytes(torn)
    (tmp_path / "20260801T140000Z-0001.pcapng.zst.part").write_bytes(b"half")
    with recording(tmp_path):
        until(lambda: names(tmp_path) == ["20260801T150000Z-0001.pcapng.zst"])
    with open_capture(*list_capture_paths(tmp_path)) as capture:
        assert noise(10)[:9] == list(capture)
    assert capture.is_torn
    packed = list_capture_paths(tmp_path)[0].read_bytes()
    assert torn == zstandard.ZstdDecompressor().stream_reader(packed).readall()


def test_a_slow_writer_loses_recorded_datagrams_only_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sent = noise(500)
    recorder = Recorder(tmp_path, rotation=replace(SMALL, max_pending_bytes=160_600), environment=REAL)
    for received_at, address, port, listen_port, data in sent:
        recorder.record(data, address, port, listen_port, received_at)
    assert 0 < recorder.state.pending_bytes < 162_500
    recorder.start()
    until(lambda: recorder.state.datagrams == 100)
    assert 400 == recorder.state.dropped
    recorder.record(b"lap", "192.168.1.20", 54321, 20777, EVENING)
    recorder.close()
    assert (101, 400, 0) == (recorder.state.datagrams, recorder.state.dropped, recorder.state.pending_bytes)
    assert sent[:100] == recorded(tmp_path)[:100]
    assert 1 == caplog.text.count("recording is incomplete")


def test_the_queue_of_empty_datagrams_is_limited_too() -> None:
    queue = DatagramQueue(1_000_000)
    for _ in range(10_000):
        queue.put(b"", "192.168.1.20", 54321, 20777, EVENING)
    assert 10_000 == len(queue) + queue.dropped
    assert 2_000 < len(queue) < 5_000


def test_the_end_of_losses_is_logged_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with recording(tmp_path, rotation=replace(SMALL, max_pending_bytes=1)) as run:
        run.record(noise(1000))
        until(lambda: "recording is incomplete" in caplog.text)
        until(lambda: 1000 == run.state.datagrams + run.state.dropped)  # all drops are before the clock moves
        run.world.seconds += 60.0
        until(lambda: "recording is complete again" in caplog.text)
        assert 1000 == run.state.datagrams + run.state.dropped


def test_impossible_datagrams_are_counted_and_the_others_recorded(tmp_path: Path) -> None:
    sent = noise(3)
    with recording(tmp_path) as run:
        run.record([sent[0], sent[1]._replace(address="a name"), sent[2]._replace(port=70_000), sent[2]])
    assert (2, 2) == (run.state.datagrams, run.state.dropped)
    assert [sent[0], sent[2]] == recorded(tmp_path)


def test_the_state_has_the_bytes_per_hour(tmp_path: Path) -> None:
    with recording(tmp_path, rotation=ONE_FILE) as run:
        assert run.state.bytes_per_hour is None
        run.write(noise(100, size=1000))
        run.world.seconds += 10.0
        until(lambda: run.state.bytes_per_hour is not None)
        # A datagram has 1000 bytes of data, 28 of IP and UDP, 32 of the block; 100 datagrams in 10 s.
        assert 100 * 1060 / 10 * 3600 == pytest.approx(run.state.bytes_per_hour, rel=0.01)
        assert 1 == run.state.files
        assert 100 * 1060 == pytest.approx(run.state.bytes_on_disk, rel=0.01)


def test_the_state_of_an_idle_recorder_has_no_error(tmp_path: Path) -> None:
    with recording(tmp_path) as run:
        assert RecorderState() == run.state


def test_an_unexpected_error_is_logged_once_and_does_not_stop_the_recording(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()

    def fail(_: Path) -> int:
        raise ZeroDivisionError

    with recording(tmp_path, world=world) as run:
        world.free_bytes = fail
        until(lambda: run.state.error == "ZeroDivisionError")
        world.seconds += 1.0
        time.sleep(0.05)
        world.free_bytes = World().free_bytes
        world.seconds += 60.0
        run.write(noise(3))
        until(lambda: run.state.failing_since is None)
    assert noise(3) == recorded(tmp_path)
    assert 1 == caplog.text.count("Cannot record telemetry")
    assert "ZeroDivisionError" in caplog.text


def test_a_datagram_with_an_invalid_address_is_not_tried_again(tmp_path: Path) -> None:
    with recording(tmp_path) as run:
        run.record([packet("lap_data")._replace(address=["a list"])])  # type: ignore[arg-type]
        until(lambda: run.state.dropped == 1)
        assert "unhashable" in (run.state.error or "")
        run.world.seconds += 60.0
        run.write(noise(3))
    assert noise(3) == recorded(tmp_path)


def test_much_that_waits_is_written_with_few_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before each write the thread may wait for the interpreter lock while the event loop is busy."""
    writes: list[int] = []
    append = RecorderFile.append

    def count(self: RecorderFile, datagrams: list[QueuedDatagram]) -> int:
        writes.append(len(datagrams))
        return append(self, datagrams)

    monkeypatch.setattr(RecorderFile, "append", count)
    recorder = Recorder(tmp_path, rotation=ONE_FILE, environment=World().environment)
    one_third_of_a_second_of_64_rigs = 8_000
    for number in range(one_third_of_a_second_of_64_rigs):
        recorder.record(bytes(1_300), f"127.0.0.{number % 64}", 1, 20777, EVENING)
    recorder.start()
    until(lambda: recorder.state.datagrams == one_third_of_a_second_of_64_rigs)
    recorder.close()
    assert one_third_of_a_second_of_64_rigs == sum(writes)
    assert len(writes) <= 40
