"""A failure that may pass: told once, tried again with growing pauses, and its end told once."""

from __future__ import annotations

import logging
from typing import Final

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0


class Trouble:
    """One thing that works or does not.

    Attributes:
        since: when it began to fail, seconds since 1970; None while it works.
        error: what was wrong at the last try; None while it works.
    """

    def __init__(self, what: str) -> None:
        """Begin as working; ``what`` completes "cannot …" in the log."""
        self.since: float | None = None
        self.error: str | None = None
        self._what = what
        self._pause_s = _FIRST_PAUSE_S
        self._again_at = 0.0

    def met(self, error: Exception, now: float, ticks: float) -> None:
        """It failed.

        Args:
            error: as it was caught.
            now: seconds since 1970.
            ticks: seconds of a clock that only goes forward, for the pauses.
        """
        if self.since is None:
            self.since = now
            ours = None if isinstance(error, OSError) else error  # not the disk's fault: show where
            _log.error(
                "Cannot %s: %s. It is tried again without further messages.", self._what, error, exc_info=ours
            )
        self.error = str(error) or type(error).__name__
        self._again_at = ticks + self._pause_s
        self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)

    def over(self) -> None:
        """It worked."""
        if self.since is not None:
            _log.warning("Again able to %s.", self._what)
        self.since = self.error = None
        self._pause_s = _FIRST_PAUSE_S

    def rests(self, ticks: float) -> bool:
        """Whether the next try is still to wait."""
        return self.since is not None and ticks < self._again_at
