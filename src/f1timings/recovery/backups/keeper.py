"""Makes the backups of a running server: by the schedule, before great changes, and on request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition, Thread
from typing import Final, Self

from f1timings.config import Settings
from f1timings.errors import BackupError
from f1timings.recovery.address import address_of
from f1timings.recovery.backups import files
from f1timings.recovery.backups.copies import OldCopy, find_old_copy
from f1timings.recovery.backups.files import Backup, Reason
from f1timings.recovery.backups.making import BackupMaker, BackupSource, source_of
from f1timings.recovery.backups.schedule import BackupSchedule
from f1timings.recovery.backups.second_folder import SecondFolder, SecondFolderState
from f1timings.store.data_folder import backups_folder

_log = logging.getLogger(__name__)

# Between two steps of a backup, so that it never needs a whole processor: a tenth of the time is work.
_PAUSE_S: Final = 0.005
_LOOK_S: Final = 1.0
# How long an act or a request waits for its backup.
_WAIT_S: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsState:
    """What the staff must know about the backups.

    Attributes:
        newest: the newest good one; None if there is none.
        problem: why the last attempt failed; None if it did not.
        is_late: changes wait for a backup for longer than they should.
        is_running: one is made at this moment.
        second: the second folder; None if none is set.
        old_copy: what the second folder lacks for a day or more; None if it has all laps.
    """

    newest: Backup | None
    problem: BackupError | None
    is_late: bool
    is_running: bool
    second: SecondFolderState | None
    old_copy: OldCopy | None = None


class BackupKeeper:
    """Makes backups in a thread of its own, one at a time; requests that come meanwhile share the next one.

    Args:
        source: the database.
        folder: of the backups.
        second: a second folder for copies, if any.
        now: server time, seconds since 1970.
        elapsed: seconds of a clock that only counts.
    """

    def __init__(
        self,
        source: BackupSource,
        folder: Path,
        second: Path | None,
        *,
        now: Callable[[], float],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._maker = BackupMaker(source, folder, now=now, pause=self._pause)
        self._now = now
        self._elapsed = elapsed
        self._second = None if second is None else SecondFolder(folder, second)
        self._schedule = BackupSchedule(elapsed())
        self._changed = Condition()
        self._wanted: Reason | None = None
        self._begun = self._ended = 0
        self._is_running = self._is_stopping = False
        self._problem: BackupError | None = None
        made = files.list_backups(folder)
        self._oldest: Backup | None = made[0] if made else None
        self._newest: Backup | None = made[-1] if made else None
        self._thread = Thread(target=self._run, name="backups", daemon=True)

    @classmethod
    def of_server(cls, settings: Settings, *, now: Callable[[], float]) -> Self:
        """The keeper of a server that has its database open."""
        source = source_of(address_of(settings), is_in_use=True)
        return cls(source, backups_folder(settings.data_dir), settings.backup_folder, now=now)

    @property
    def folder(self) -> Path:
        """The folder of the backups."""
        return self._maker.folder

    def start(self) -> None:
        """Begin; what was stored before counts as a change."""
        self.note_change()
        self._thread.start()
        if self._second is not None:
            self._second.start()

    def note_change(self) -> None:
        """Something was stored; from any thread."""
        with self._changed:
            self._schedule.note_change(self._elapsed())

    def note_end_of_session(self) -> None:
        """A session ended; from any thread."""
        with self._changed:
            self._schedule.note_end_of_session()

    def request(self, reason: Reason) -> None:
        """Let a backup begin as soon as none runs; returns at once."""
        with self._changed:
            self._wanted = self._wanted or reason
            self._changed.notify_all()

    def make(self, reason: Reason) -> Backup:
        """Make a backup that begins after this call, and wait for it.

        Raises:
            BackupError: it could not be made, or is not ready after two minutes.
        """
        with self._changed:
            goal = self._begun + 1
            self._wanted = self._wanted or reason
            self._changed.notify_all()
            is_ended = self._changed.wait_for(lambda: self._ended >= goal or self._is_stopping, _WAIT_S)
            if not is_ended:
                raise BackupError(f"the backup is not ready after {_WAIT_S:.0f} s; it goes on")
            if self._problem is not None or self._newest is None or self._ended < goal:
                raise self._problem or BackupError("the server stops")
            return self._newest

    def make_before(self, reason: Reason, *, younger_than_s: float = 0.0) -> None:
        """Make a backup before a great change. The change must not fail with it: a failure is only reported.

        Args:
            younger_than_s: a backup that was made at most this many seconds ago is enough.
        """
        with self._changed:
            since = self._schedule.changed_since
            is_enough = self._newest is not None and not self._is_running and self._problem is None
            if is_enough and (since is None or self._schedule.is_younger(self._elapsed(), younger_than_s)):
                return
        try:
            self.make(reason)
        except BackupError as error:
            _log.warning("A change was made without a backup before it: %s.", error)

    def state(self) -> BackupsState:
        """What is known now."""
        with self._changed:
            second = None if self._second is None else self._second.state()
            return BackupsState(
                newest=self._newest,
                problem=self._problem,
                is_late=self._schedule.is_late(self._elapsed()),
                is_running=self._is_running,
                second=second,
                old_copy=None if second is None else self._find_old_copy(second),
            )

    def _find_old_copy(self, second: SecondFolderState) -> OldCopy | None:
        """What the second folder lacks; nothing while a copy is written."""
        if second.copying_since is not None:
            return None
        now = datetime.fromtimestamp(self._now(), UTC)
        return find_old_copy(
            second.path, copied=second.newest, oldest=self._oldest, newest=self._newest, now=now
        )

    def close(self) -> None:
        """End the thread; a backup that is not ready is given up."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        if self._second is not None:
            self._second.close()

    def _run(self) -> None:
        while (reason := self._next()) is not None:
            self._make(reason)

    def _next(self) -> Reason | None:
        """Wait until a backup is due, and begin it; return None when the thread must end."""
        with self._changed:
            while not self._is_stopping:
                reason = self._wanted or self._schedule.due(self._elapsed())
                if reason is not None:
                    self._wanted = None
                    self._begun += 1
                    self._is_running = True
                    self._schedule.begin(self._elapsed())
                    return reason
                self._changed.wait(_LOOK_S)
        return None

    def _make(self, reason: Reason) -> None:
        backup, problem = None, None
        try:
            backup = self._maker.make(reason)
        except BackupError as error:
            problem = error
        self._report(problem, backup)
        with self._changed:
            self._problem = problem
            self._newest = backup or self._newest
            self._oldest = self._oldest or backup
            self._schedule.end(self._elapsed(), is_made=backup is not None)
            self._is_running = False
            self._ended = self._begun
            self._changed.notify_all()
        if backup is not None and self._second is not None:
            self._second.request()

    def _report(self, problem: BackupError | None, backup: Backup | None) -> None:
        """Log the first failure and the recovery, and each backup for those who look for details."""
        if problem is not None and self._problem is None and not self._is_stopping:
            _log.error("No backup could be made: %s. Trying again.", problem)
        elif problem is None and self._problem is not None:
            _log.warning("Backups are made again.")
        if backup is not None:
            _log.debug("backup %s (%s): %s", backup.path.name, backup.reason, backup.text)

    def _pause(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping, _PAUSE_S)
            if self._is_stopping:
                raise BackupError("the server stops")
