"""Copies of the backups in a second folder, such as a USB stick: it may be absent, full or slow at any time.

A thread of its own copies, so that nothing else waits for it. A stick that never answers holds only this
thread.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import Final

from f1timings.errors import BackupError
from f1timings.recovery.backups import files
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.backups.making import need_space, remove_superseded

_log = logging.getLogger(__name__)

#: How often a folder that is absent or failed is tried again, in seconds.
RETRY_S: Final = 30.0


class _Stopped(Exception):
    """The server stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFolderState:
    """What is known about the second folder.

    Attributes:
        path: of the folder.
        newest: its newest backup; None if it has none, or was never reached.
        problem: why the newest backup is not there; None if it is.
        copying_since: seconds of the clock, while a copy is written; None otherwise.
    """

    path: Path
    newest: Backup | None
    problem: BackupError | None
    copying_since: float | None


class SecondFolder:
    """Keeps the newest backup, and earlier ones by the same rule, in a second folder.

    Args:
        first: the folder of the backups.
        path: the second folder. It is never created: a stick that is absent would leave its copies on the
            disk of the computer.
        clock: seconds of a clock that only counts.
        retry_s: seconds after which a folder that is absent or failed is tried again.
    """

    def __init__(
        self,
        first: Path,
        path: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        retry_s: float = RETRY_S,
        free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    ) -> None:
        self._first = first
        self._path = path
        self._clock = clock
        self._retry_s = retry_s
        self._free_bytes = free_bytes
        self._changed = Condition()
        self._is_wanted, self._is_stopping = True, False
        self._newest: Backup | None = None
        self._problem: BackupError | None = None
        self._copying_since: float | None = None
        self._thread = Thread(target=self._run, name="backup-copies", daemon=True)

    def start(self) -> None:
        """Copy what is missing, and go on."""
        self._thread.start()

    def request(self) -> None:
        """Copy the newest backup; returns at once."""
        with self._changed:
            self._is_wanted = True
            self._changed.notify_all()

    def state(self) -> SecondFolderState:
        """What is known now, without a look at the folder."""
        with self._changed:
            return SecondFolderState(
                path=self._path,
                newest=self._newest,
                problem=self._problem,
                copying_since=self._copying_since,
            )

    def close(self, timeout: float = 5.0) -> None:
        """End the thread; one that waits for a stick is left alone."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        while self._wait():
            try:
                self._copy_newest()
            except _Stopped:
                return
            except BackupError as error:
                self._set_problem(error)
            except OSError as error:
                self._set_problem(BackupError(error.strerror or str(error), "unwritable"))
            else:
                self._set_problem(None)

    def _wait(self) -> bool:
        """Wait for something to copy; return False when the thread must end."""
        with self._changed:
            wait_s = None if self._problem is None else self._retry_s
            self._changed.wait_for(lambda: self._is_wanted or self._is_stopping, wait_s)
            self._is_wanted = False
            return not self._is_stopping

    def _copy_newest(self) -> None:
        """Copy the newest backup if it is missing, and remove those that are not kept.

        Raises:
            BackupError: the folder is absent or full, or the copy differs.
            OSError: the folder cannot be read or written.
        """
        wanted = files.list_backups(self._first)[-1:]
        if not self._path.is_dir():
            raise BackupError("it is not there", "absent")
        present = files.list_backups(self._path)
        for backup in wanted:
            if all(other.sha256 != backup.sha256 for other in present):
                self._copy(backup)
        remove_superseded(self._path)
        with self._changed:
            self._newest = files.newest_of(self._path)

    def _copy(self, backup: Backup) -> None:
        with self._changed:
            self._copying_since = self._clock()
        try:
            files.remove_leftovers(self._path)
            need_space(self._path, backup.bytes, self._free_bytes)
            files.copy_to(backup, self._path, self._pause)
        finally:
            with self._changed:
                self._copying_since = None

    def _pause(self) -> None:
        with self._changed:
            if self._is_stopping:
                raise _Stopped

    def _set_problem(self, problem: BackupError | None) -> None:
        """Keep the problem; log it when it begins and when it ends."""
        with self._changed:
            before, self._problem = self._problem, problem
        if problem is not None and before is None:
            _log.warning("Backups are not copied to %s: %s. Trying again.", self._path, problem)
        elif problem is None and before is not None:
            _log.warning("Backups are copied to %s again.", self._path)
