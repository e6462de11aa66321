"""A small disk of its own for a test: one that can be filled, and one that can fail."""

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


class FailingDisk:
    """An ext4 file system in a file, which the system makes read-only as after an error of a real disk.

    Attributes:
        folder: where it is mounted.
    """

    def __init__(self, folder: Path, image: Path) -> None:
        self.folder = folder
        self._image = image

    def fail(self) -> None:
        """Make it read-only at once, also for files that are open, as the kernel does after an error."""
        assert not _run("mount", "-o", "remount,abort", self.folder)

    def mend(self) -> None:
        """Repair and mount it, as a restart of the machine does; no file of it may be open."""
        assert not _run("umount", self.folder)
        subprocess.run(("fsck.ext4", "-fy", self._image), capture_output=True, check=False)
        assert not _run("mount", "-o", "loop", self._image, self.folder)


@contextmanager
def failing_disk(folder: Path, megabytes: int = 64) -> Iterator[FailingDisk]:
    """A disk mounted at a new folder; skips the test where that is not allowed."""
    if any(shutil.which(tool) is None for tool in ("mkfs.ext4", "fsck.ext4", "mount")):
        pytest.skip("there are no tools for ext4")
    image = folder.with_name(f"{folder.name}.image")
    with image.open("wb") as file:
        file.truncate(megabytes * 1024**2)
    folder.mkdir()
    refused = _run("mkfs.ext4", "-q", image) or _run("mount", "-o", "loop", image, folder)
    if refused:
        pytest.skip(f"no disk can be mounted: {refused}")
    try:
        yield FailingDisk(folder, image)
    finally:
        _run("umount", "-l", folder)


def _run(*command: str | Path) -> str:
    """Run a command; return what it printed if it failed."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return ended.stderr.strip() if ended.returncode else ""
