"""The command line, in forked processes, which start quickly, and as its users start it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.forked_command import ForkedCommand
from tests.waiting import LONGEST_WAIT_S

# A command does more than tests wait for: it starts an interpreter and may read all captures of an evening.
_LIMIT_S: Final = 2 * LONGEST_WAIT_S


def run_command(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``f1timings`` to its end in a forked process, without the settings of the user who runs the tests.

    Args:
        environment: further variables of the environment.

    Raises:
        TimeoutExpired: the command has not ended after two minutes; it is killed.
    """
    with TemporaryDirectory() as folder:
        output, errors = (Path(folder) / name for name in ("output", "errors"))
        command = ForkedCommand(
            *arguments, stdout=output, stderr=errors, environment=_environment() | environment
        )
        try:
            code = command.wait(_LIMIT_S)
        except subprocess.TimeoutExpired:
            command.kill()
            raise
        words = [str(argument) for argument in arguments]
        texts = (path.read_text("utf-8") for path in (output, errors))
        return subprocess.CompletedProcess(words, code, *texts)


def run_program(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``f1timings`` as its users do: a new interpreter imports what the command needs.

    Args:
        environment: further variables of the environment.

    Raises:
        TimeoutExpired: the command has not ended after two minutes; it is killed.
    """
    return subprocess.run(
        program(*arguments),
        capture_output=True,
        encoding="utf-8",
        timeout=_LIMIT_S,
        env=_environment() | environment,
        check=False,
    )


def program(*arguments: str | Path) -> list[str]:
    """The words with which a user starts ``f1timings``."""
    return [sys.executable, "-m", "f1timings", *map(str, arguments)]


def output_of(*arguments: str | Path) -> str:
    """Run ``f1timings`` and return what it printed; fail with its error if its exit code is not 0."""
    ended = run_command(*arguments)
    assert 0 == ended.returncode, ended.stderr
    return ended.stdout


@contextmanager
def children_that_can_be_interrupted() -> Iterator[None]:
    """Children that are started here end by Ctrl+C.

    A program that was started in the background of a shell ignores it, and so would its children.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("F1TIMINGS_")}
    return inherited | {"COLUMNS": "200", "NO_COLOR": "1"}
