"""The command line as its users run it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.waiting import LONGEST_WAIT_S

# A command does more than tests wait for: it starts an interpreter and may read all captures of an evening.
_LIMIT_S: Final = 2 * LONGEST_WAIT_S


def command_line(*arguments: str | Path) -> list[str]:
    """The words that start ``f1timings`` with arguments."""
    return [sys.executable, "-m", "f1timings", *map(str, arguments)]


def run_command(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``f1timings`` to its end, without the settings of the user who runs the tests.

    Args:
        environment: further variables of the environment.

    Raises:
        TimeoutExpired: the command has not ended after two minutes; it is killed.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("F1TIMINGS_")}
    return subprocess.run(
        command_line(*arguments),
        capture_output=True,
        encoding="utf-8",
        timeout=_LIMIT_S,
        env=inherited | {"COLUMNS": "200", "NO_COLOR": "1"} | environment,
        check=False,
    )


def output_of(*arguments: str | Path) -> str:
    """Run ``f1timings`` and return what it printed; fail with its error if its exit code is not 0."""
    ended = run_command(*arguments)
    assert 0 == ended.returncode, ended.stderr
    return ended.stdout
