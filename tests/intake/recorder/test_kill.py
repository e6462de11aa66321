"""What the system was given survives kill -9, wherever it hits, and the next start picks it up."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake.recorder.recording import names, recorded, recording, until
from tests.intake.recorder.recording_child import numbered

_ROOT = Path(__file__).parents[3]


def written_until_killed(folder: Path, lines: int) -> int:
    """How many datagrams the child knew to be written before it was killed."""
    command = [sys.executable, "-m", "tests.intake.recorder.recording_child", str(folder)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        told += child.stdout.readlines()
    assert -9 == child.returncode
    return int([line for line in told if line.endswith("\n")][-1].split()[0])


@pytest.mark.parametrize("attempt", range(3))
def test_all_that_was_written_is_read_after_a_kill_and_after_the_next_start(
    tmp_path: Path, attempt: int
) -> None:
    written = written_until_killed(tmp_path, random.Random().randrange(50, 250) * (attempt + 1) // 2)
    after_kill = [datagram.data for datagram in recorded(tmp_path)]
    assert written > 0
    assert len(after_kill) >= written
    assert [numbered(number) for number in range(len(after_kill))] == after_kill
    with recording(tmp_path):
        until(lambda: all(name.endswith(".zst") for name in names(tmp_path)))
    assert after_kill == [datagram.data for datagram in recorded(tmp_path)]
