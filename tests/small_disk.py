"""A small disk of its own for a test, and filling it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def mounted_disk(folder: Path, megabytes: int = 8) -> Iterator[Path]:
    """A disk in memory, mounted at a new folder; skips the test where that is not allowed."""
    folder.mkdir()
    mount = shutil.which("mount")
    options = ("-t", "tmpfs", "-o", f"size={megabytes}m", "none", folder)
    refused = "there is no mount" if mount is None else _run(mount, *options)
    if refused:
        pytest.skip(f"no small disk can be mounted: {refused}")
    yield folder
    _run("umount", "-l", folder)  # also while a failed test left files open


def fill(disk: Path) -> Path:
    """Take the whole free space of a disk; return the file that has it."""
    path = disk / "filler"
    with path.open("wb", buffering=0) as filler:
        for size in (65_536, 4096, 1):
            with suppress(OSError):
                while True:
                    filler.write(bytes(size))
    return path


def _run(*command: str | Path) -> str:
    """Run a command; return what it printed if it failed."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return ended.stderr.strip() if ended.returncode else ""
