"""Written datagrams survive kill -9 at any moment, and the next start packs them."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake.recorder.recording import names, recorded, recording
from tests.intake.recorder.recording_child import numbered_datagram
from tests.waiting import until

_ROOT = Path(__file__).parents[3]


def record_and_kill(folder: Path, lines: int) -> int:
    """Kill the child after ``lines`` lines of output; return how many datagrams it reported as written."""
    command = [sys.executable, "-m", "tests.intake.recorder.recording_child", str(folder)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        output = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        output += child.stdout.readlines()
    assert -9 == child.returncode
    return int([line for line in output if line.endswith("\n")][-1].split()[0])


@pytest.mark.parametrize("attempt", range(3))
def test_all_written_datagrams_are_read_after_a_kill_and_after_the_next_start(
    tmp_path: Path, attempt: int
) -> None:
    written = record_and_kill(tmp_path, random.Random().randrange(50, 250) * (attempt + 1) // 2)
    after_kill = [datagram.data for datagram in recorded(tmp_path)]
    assert written > 0
    assert len(after_kill) >= written
    assert [numbered_datagram(number) for number in range(len(after_kill))] == after_kill
    with recording(tmp_path):
        until(lambda: all(name.endswith(".zst") for name in names(tmp_path)))
    assert after_kill == [datagram.data for datagram in recorded(tmp_path)]
