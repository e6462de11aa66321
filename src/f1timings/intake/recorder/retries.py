"""The retry state of an operation: log a failure once, retry after growing pauses, log the recovery once."""

from __future__ import annotations

import logging
from typing import Final

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0


class RetryState:
    """Whether an operation works, and when to try it again.

    Attributes:
        failing_since: start of the failure in seconds since 1970; None while the operation works.
        error: text of the latest error; None while the operation works.
    """

    def __init__(self, operation: str) -> None:
        """Start as working. ``operation`` completes "Cannot …" in the log."""
        self.failing_since: float | None = None
        self.error: str | None = None
        self._operation = operation
        self._pause_s = _FIRST_PAUSE_S
        self._retry_at = 0.0

    def report_failure(self, error: Exception, now: float, monotonic: float) -> None:
        """Record a failure and set the time of the next try.

        Args:
            error: the caught exception.
            now: seconds since 1970.
            monotonic: seconds of a monotonic clock, for the pauses.
        """
        if self.failing_since is None:
            self.failing_since = now
            bug = None if isinstance(error, OSError) else error  # not an error of the disk: log the traceback
            _log.error(
                "Cannot %s: %s. It is retried without further messages.", self._operation, error, exc_info=bug
            )
        self.error = str(error) or type(error).__name__
        self._retry_at = monotonic + self._pause_s
        self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)

    def report_success(self) -> None:
        """Record that the operation works."""
        if self.failing_since is not None:
            _log.warning("Able to %s again.", self._operation)
        self.failing_since = self.error = None
        self._pause_s = _FIRST_PAUSE_S

    def must_wait(self, monotonic: float) -> bool:
        """Whether the time of the next try has not come yet."""
        return self.failing_since is not None and monotonic < self._retry_at
