"""``python scripts/install_packages.py LOCK``: install the packages of a lock file, and show how far it is.

It imports only the standard library, because it runs before anything else is installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

_PINNED: Final = re.compile(r"^[A-Za-z0-9][\w.\[\]-]*==", re.MULTILINE)
# pip handles the packages of a lock file one by one, in its order; then it unpacks all of them.
_HANDLED: Final = re.compile(r"^(?:Collecting|Requirement already satisfied:|Ignoring) ([\w.-]+)")
_UNPACKING: Final = "Installing collected packages"
# In a log that is no terminal, a line for every package would be long.
_STEP_OF_A_LOG: Final = 20
_LINES_OF_A_FAILURE: Final = 30


def steps(output: Iterable[str], total: int) -> Iterator[str]:
    """How far pip is, after each line of its output that says so.

    Args:
        total: number of packages in the lock file.
    """
    handled = 0
    for line in output:
        found = _HANDLED.match(line.strip())
        if found is not None and handled < total:
            handled += 1
            yield f"packages: {handled} of {total}, {found[1]}"
        elif line.startswith(_UNPACKING):
            yield f"packages: unpacking all {total}, this takes a moment …"


def install(lock: Path, pip: Sequence[str] = (sys.executable, "-m", "pip")) -> int:
    """Install the packages of a lock file and return pip's exit code; if it fails, print its last lines."""
    command = [*pip, "install", "--disable-pip-version-check", "--progress-bar", "off"]
    command += ["--require-hashes", "-r", str(lock)]
    last_lines: deque[str] = deque(maxlen=_LINES_OF_A_FAILURE)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        _show(steps(_remembered(process.stdout, last_lines), len(_PINNED.findall(lock.read_text("utf-8")))))
    if process.returncode:
        print("".join(last_lines), file=sys.stderr)
    else:
        print("packages: installed", flush=True)
    return process.returncode


def _remembered(lines: Iterable[str], last_lines: deque[str]) -> Iterator[str]:
    for line in lines:
        last_lines.append(line)
        yield line


def _show(progress: Iterable[str]) -> None:
    """Rewrite one line of a terminal; in a log, print some of the steps."""
    is_terminal = sys.stdout.isatty()
    for number, step in enumerate(progress):
        if is_terminal:
            print(f"\r\033[K{step}", end="", flush=True)
        elif number % _STEP_OF_A_LOG == 0 or "unpacking" in step:
            print(step, flush=True)
    if is_terminal:
        print("\r\033[K", end="", flush=True)


if __name__ == "__main__":
    sys.exit(install(Path(sys.argv[1])))
