"""The data folder: one process owns it, and what lies in it has its names here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from f1timings.errors import ConfigError, FolderInUse

_LOCK_FILE = ".lock"


class DataFolder:
    """Ownership of a data folder, from :meth:`acquire` to :meth:`release` or the end of the process.

    The lock is the operating system's, so that a crash leaves none behind.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Make the folder if need be, and own it.

        Raises:
            ConfigError: it cannot be made or written.
            FolderInUse: another process owns it.
        """
        folder = cls(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            folder._lock = os.open(path / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigError(
                f"The data folder {path} cannot be written ({error.strerror}). "
                "Choose another with --data-dir or F1TIMINGS_DATA_DIR."
            ) from error
        folder._take()
        return folder

    def release(self) -> None:
        """Give the folder up."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _take(self) -> None:
        assert self._lock is not None
        try:
            _lock_whole_file(self._lock)
        except OSError as error:
            owner = os.read(self._lock, 32).decode("ascii", "replace").strip()
            self.release()
            process = f" (process {owner})" if owner else ""
            raise FolderInUse(
                f"The data folder {self.path} belongs to a server that is running{process}. "
                "Stop it, or choose another folder with --data-dir."
            ) from error
        os.ftruncate(self._lock, 0)
        os.write(self._lock, str(os.getpid()).encode())


if sys.platform == "win32":
    import msvcrt

    # The locked byte lies far behind the text, which others may still read.
    _LOCKED_BYTE = 1 << 20

    def _lock_whole_file(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock_whole_file(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
