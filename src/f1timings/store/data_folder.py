"""The data folder: ownership by one process, and the names of the files in it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from f1timings.errors import ConfigError, FolderInUse

_LOCK_FILE = ".lock"
_CONTROL_FILE = ".control"


def captures_folder(data_dir: Path) -> Path:
    """The folder of recorded datagrams."""
    return data_dir / "captures"


def backups_folder(data_dir: Path) -> Path:
    """The folder of backups."""
    return data_dir / "backups"


class Control(NamedTuple):
    """How a command calls the server that owns a data folder.

    Attributes:
        scheme: http or https.
    """

    scheme: str
    port: int
    secret: str


def read_control(data_dir: Path) -> Control | None:
    """Read how the running server is called; None if they are missing or not readable."""
    try:
        control = json.loads((data_dir / _CONTROL_FILE).read_text())
        return Control(str(control["scheme"]), int(control["port"]), str(control["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class DataFolder:
    """Ownership of a data folder, from :meth:`acquire` to :meth:`release` or the end of the process.

    The operating system holds the lock and releases it when the process ends, also after a crash.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Lock the folder, and create it if it is missing.

        Raises:
            ConfigError: the folder cannot be created or written.
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
        folder._acquire_lock()
        return folder

    def save_control(self, control: Control) -> None:
        """Write how this server is called to a file that only its owner can read."""
        path = self.path / _CONTROL_FILE
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(control._asdict(), file)

    def release(self) -> None:
        """Release the lock."""
        if self._lock is not None:
            (self.path / _CONTROL_FILE).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _acquire_lock(self) -> None:
        assert self._lock is not None
        try:
            _lock_whole_file(self._lock)
        except OSError as error:
            owner = os.read(self._lock, 32).decode("ascii", "replace").strip()
            os.close(self._lock)  # not release(): the control file belongs to the owner
            self._lock = None
            process = f" (process {owner})" if owner else ""
            raise FolderInUse(
                f"The data folder {self.path} is in use by a running server{process}. "
                "Stop it, or choose another folder with --data-dir."
            ) from error
        os.ftruncate(self._lock, 0)
        os.write(self._lock, str(os.getpid()).encode())


if sys.platform == "win32":
    import msvcrt

    # The locked byte is far behind the text, so that other processes can still read the text.
    _LOCKED_BYTE = 1 << 20

    def _lock_whole_file(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock_whole_file(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
