"""A full or forbidden disk, or one with little space: captures are lost, but no more than necessary."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from f1timings.intake.captures.folder import list_capture_paths
from f1timings.intake.captures.reader import open_capture
from f1timings.intake.datagrams import Datagram
from f1timings.intake.recorder.recording import CaptureBudget
from f1timings.packets import identify
from tests.intake.recorder.recording import (
    EVENING,
    NO_BUDGET,
    SMALL,
    World,
    names,
    noise,
    packets,
    recorded,
    recording,
    size_of,
)
from tests.intake.recorder.recording_child import numbered_datagram
from tests.waiting import LONGEST_WAIT_S, until

_ROOT = Path(__file__).parents[3]
_MIB = 1024**2
#: A new file only when the clock of the test advances, whatever the size.
BY_AGE = replace(SMALL, max_bytes=1 << 30)
LAPS = ("lap_data", "session")
TELEMETRY = ("motion", "car_telemetry")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)],
            capture_output=True,
            timeout=LONGEST_WAIT_S,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if mounted.returncode:
        pytest.skip("only root can mount a small disk, and only where that is allowed")
    yield disk
    subprocess.run(["umount", str(disk)], timeout=LONGEST_WAIT_S, check=True)


def test_recording_on_a_full_disk_loses_nothing_and_continues_when_there_is_space(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(_MIB - 300_000))
    sent = noise(400)
    with recording(small_disk / "captures", rotation=BY_AGE) as run:
        run.record(sent)
        until(lambda: run.state.failing_since is not None)
        assert "No space left" in (run.state.error or "")
        assert EVENING == run.state.failing_since
        written = len(recorded(run.folder))
        assert 100 < written < 200
        ballast.unlink()
        run.world.seconds += 1.0
        until(lambda: run.state.datagrams == len(sent))
        assert sent == recorded(run.folder)
        run.world.seconds += 60.0  # packing the first file failed, too, and is tried again
        until(lambda: run.state.failing_since is None)
        assert run.state.error is None
        assert 0 == run.state.dropped
    for path in (small_disk / "captures").iterdir():
        with open_capture(path) as capture:
            assert [] != list(capture)
        assert not capture.is_torn
    assert sent == recorded(small_disk / "captures")
    assert 1 == caplog.text.count("Cannot record telemetry")
    assert 1 == caplog.text.count("Able to record telemetry in")


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limit on the size of files")
def test_a_file_that_cannot_grow_ends_with_a_complete_datagram_and_a_new_file_follows(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-m", "tests.intake.recorder.recording_child", str(tmp_path), "200000"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        failed = next(line for line in child.stdout if " True " in line)
        again = next(line for line in child.stdout if int(line.split()[0]) > int(failed.split()[0]))
        child.kill()
    assert "File too large" in failed
    first, *later = list_capture_paths(tmp_path)
    with open_capture(first) as capture:
        data = [datagram.data for datagram in capture]
    assert not capture.is_torn
    assert [numbered_datagram(number) for number in range(len(data))] == data
    assert later
    assert int(again.split()[0]) <= len(recorded(tmp_path))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_reported(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with recording(tmp_path / "captures") as run:
        until(lambda: "Permission denied" in (run.state.error or ""))
        tmp_path.chmod(0o700)


def test_creating_a_folder_is_tried_again_with_growing_pauses(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocking_file = tmp_path / "captures"
    blocking_file.write_bytes(b"a file")
    with recording(blocking_file) as run:
        run.record(noise(5))
        until(lambda: run.state.failing_since is not None)
        blocking_file.unlink()
        run.world.seconds += 0.5
        until(lambda: run.state.pending_bytes > 0)
        assert not blocking_file.exists()
        run.world.seconds += 0.5
        until(lambda: run.state.datagrams == 5)
    assert noise(5) == recorded(blocking_file)
    assert 1 == caplog.text.count("Cannot record telemetry")


def test_datagrams_that_are_not_written_before_the_end_are_counted(tmp_path: Path) -> None:
    blocking_file = tmp_path / "captures"
    blocking_file.write_bytes(b"a file")
    with recording(blocking_file) as run:
        run.record(noise(5))
    assert 5 == run.state.dropped


def test_recording_pauses_at_little_free_space_deletes_old_captures_and_continues_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    budget = CaptureBudget(max_bytes=1 << 40, keep_free_bytes=800 * _MIB)
    first, second, third = noise(5, seed=1), noise(5, seed=2), noise(5, seed=3)
    caplog.set_level(logging.WARNING)
    with recording(tmp_path, budget, world=world) as run:
        run.write(first)
        world.free_bytes = lambda _: 800 * _MIB - 1
        until(lambda: run.state.stopped_because is not None)
        assert "800 MiB are reserved for the database" in (run.state.stopped_because or "")
        until(lambda: run.names() == [])
        run.record(second)
        world.free_bytes = lambda _: 850 * _MIB  # more than the reserved space, but not enough to continue
        until(lambda: run.state.pending_bytes > 0)
        assert 5 == run.state.datagrams
        world.free_bytes = lambda _: 900 * _MIB
        until(lambda: run.state.datagrams == 10)
        assert run.state.stopped_because is None
        run.write(third)
    assert second + third == recorded(tmp_path)
    assert 1 == caplog.text.count("Recording of telemetry is paused")
    assert 1 == caplog.text.count("has space again")


def test_with_little_space_old_captures_are_thinned_and_recording_continues(tmp_path: Path) -> None:
    world = World()
    budget = CaptureBudget(max_bytes=1 << 40, keep_free_bytes=400_000)
    with recording(tmp_path, budget, BY_AGE, world) as run:
        for _ in range(3):
            run.write_capture(packets(20, *LAPS, *TELEMETRY))
        size = size_of(tmp_path) + 399_000
        world.free_bytes = lambda folder: size - size_of(folder)
        until(lambda: any(".t1." in name for name in run.names()))
        until(lambda: run.state.stopped_because is None)
        run.write(packets(5, *LAPS))
    kinds = [".t1." in name for name in names(tmp_path)]
    assert kinds == sorted(kinds, reverse=True)


def test_over_budget_all_telemetry_goes_before_any_status_and_all_status_before_any_lap(
    tmp_path: Path,
) -> None:
    evenings = [packets(60, *LAPS, "car_status", *TELEMETRY) for _ in range(3)]
    steps = shrink(tmp_path, evenings)
    assert [
        ["0", "0", "0"],
        ["1", "0", "0"],
        ["1", "1", "0"],
        ["1", "1", "1"],
        ["2", "1", "1"],
        ["2", "2", "1"],
        ["2", "2", "2"],
        ["2", "2"],
        ["2"],
        [],
    ] == steps


def shrink(folder: Path, evenings: list[list[Datagram]]) -> list[list[str]]:
    """Reduce the budget step by step; return the stages of the captures after each step, oldest first."""
    with recording(folder, NO_BUDGET, BY_AGE) as run:
        for evening in evenings:
            run.write_capture(evening)
    steps = [stages(folder)]
    while steps[-1]:
        budget = CaptureBudget(max_bytes=size_of(folder) - 1, keep_free_bytes=0)
        with recording(folder, budget, BY_AGE):
            until(lambda: size_of(folder) <= budget.max_bytes)  # noqa: B023
        steps.append(stages(folder))
    return steps


def stages(folder: Path) -> list[str]:
    return [name.partition(".t")[2][:1] if ".t" in name else "0" for name in names(folder)]


def test_thinning_leaves_the_packet_kinds_of_its_stage_in_order(tmp_path: Path) -> None:
    evening = packets(61, *LAPS, "car_status", *TELEMETRY)
    remaining = [datagram for datagram in evening if identify(datagram.data).kind not in TELEMETRY]
    with recording(tmp_path, NO_BUDGET, BY_AGE) as run:
        run.write_capture(evening)
    full = size_of(tmp_path)
    with recording(tmp_path, CaptureBudget(full - 1, 0), BY_AGE):
        until(lambda: ["1"] == stages(tmp_path))
    assert remaining == recorded(tmp_path)


def test_new_captures_count_for_the_budget(tmp_path: Path) -> None:
    budget = CaptureBudget(max_bytes=400_000, keep_free_bytes=0)
    with recording(tmp_path, budget, BY_AGE) as run:
        for _ in range(12):
            run.write_capture(packets(20, *LAPS, *TELEMETRY))
        until(lambda: size_of(tmp_path) <= budget.max_bytes)
        assert run.state.dropped == 0
    assert len(stages(tmp_path)) > 4


def test_a_damaged_capture_is_not_thinned_but_counts_as_thinned(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with recording(tmp_path, NO_BUDGET, BY_AGE) as run:
        run.write_capture(packets(20, *LAPS, *TELEMETRY))
        run.write_capture(packets(20, *LAPS, *TELEMETRY))
    damaged = tmp_path / names(tmp_path)[0]
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    damaged.write_bytes(content)
    with recording(tmp_path, CaptureBudget(size_of(tmp_path) - 1, 0), BY_AGE):
        until(lambda: ["2", "1"] == stages(tmp_path))
    assert bytes(content) == (tmp_path / names(tmp_path)[0]).read_bytes()
    assert "It is not thinned" in caplog.text


def test_without_space_for_a_thinned_copy_the_oldest_capture_is_deleted(tmp_path: Path) -> None:
    world = World()
    with recording(tmp_path, NO_BUDGET, BY_AGE) as run:
        run.write_capture(packets(20, *LAPS, *TELEMETRY))
        run.write_capture(packets(20, *LAPS, *TELEMETRY))
    newest = names(tmp_path)[1]
    free_at_first = 1000 - size_of(tmp_path)
    world.free_bytes = lambda folder: free_at_first + 2_000_000 if len(names(folder)) < 2 else 1000
    with recording(tmp_path, CaptureBudget(1 << 40, 4_000), BY_AGE, world):
        until(lambda: [newest] == names(tmp_path))
