"""When a backup is due: some minutes after the first change, sooner after a session or a failure."""

from __future__ import annotations

from typing import Final

from f1timings.recovery.backups.files import Reason

#: While laps are driven or people change something, in seconds.
EVERY_S: Final = 15 * 60.0
#: At the end of a session, but not more often than this: with many rigs, sessions end all the time.
AFTER_SESSION_S: Final = 5 * 60.0
#: After a backup that failed.
RETRY_S: Final = 60.0
#: The age from which a missing backup is reported to the staff.
OLD_S: Final = 2 * EVERY_S


class BackupSchedule:
    """Decides when a backup is due. It is not safe for threads; its owner has a lock.

    Args:
        now: seconds of a clock that only counts.
    """

    def __init__(self, now: float) -> None:
        # The first session after the start is not made to wait.
        self._last_try = now - AFTER_SESSION_S
        self._last_success = now
        self._changed_since: float | None = None
        self._changed_before: float | None = None
        self._has_session_ended = False
        self._has_failed = False

    @property
    def changed_since(self) -> float | None:
        """The first change that no backup has; None if there is none."""
        return self._changed_since

    def note_change(self, now: float) -> None:
        """Something was stored."""
        if self._changed_since is None:
            self._changed_since = now

    def note_end_of_session(self) -> None:
        """A session ended; a backup is due if it brought anything."""
        self._has_session_ended = True

    def due(self, now: float) -> Reason | None:
        """Why a backup is due now, None if none is."""
        if self._changed_since is None:
            return None
        if self._has_failed:
            return "interval" if now >= self._last_try + RETRY_S else None
        if self._has_session_ended and now >= self._last_try + AFTER_SESSION_S:
            return "session"
        is_due = now >= max(self._last_success, self._changed_since) + EVERY_S
        return "interval" if is_due else None

    def begin(self, now: float) -> None:
        """A backup begins; changes from now on need the next one."""
        self._last_try = now
        self._changed_before = self._changed_since
        self._changed_since = None
        self._has_session_ended = False

    def end(self, now: float, *, is_made: bool) -> None:
        """The backup is made, or it failed and its changes still need one."""
        self._has_failed = not is_made
        if is_made:
            self._last_success = now
        elif self._changed_before is not None:
            self._changed_since = self._changed_before

    def is_younger(self, now: float, seconds: float) -> bool:
        """Whether the last backup was made less than this many seconds ago."""
        return not self._has_failed and now < self._last_success + seconds

    def is_late(self, now: float) -> bool:
        """Whether changes wait for a backup for so long that the staff must know."""
        return self._changed_since is not None and now >= self._changed_since + OLD_S
