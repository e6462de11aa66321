"""The server's clock, which orders what people and rigs do; the wall clock can only set it ahead."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

# The wall clock is ahead of the server's clock by more than this only after somebody has set it.
_STEP_S: Final = 1.0


def _elapsed() -> float:
    """Seconds since the machine started, asleep or awake where the system can tell."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class ServerClock:
    """Server time: seconds since 1970, which never go back.

    It starts at the wall clock, or at the newest time in the database if that is later, and then counts what
    really elapses. So assignments, laps and meetings keep their order when the wall clock is set back. If the
    wall clock is set ahead (the first answer of a time server), server time follows.

    Args:
        elapsed: seconds of a clock that only counts, for tests.
    """

    def __init__(self, elapsed: Callable[[], float] = _elapsed) -> None:
        self._elapsed = elapsed
        self._started = time.time() - elapsed()
        self._ahead = 0.0

    def now(self) -> float:
        """Server time."""
        return self.steady() + self._ahead

    def steady(self) -> float:
        """Server time without the steps that it followed, for what lasts a while: log-ins and waits."""
        return self._started + self._elapsed()

    def advance_to(self, moment: float) -> None:
        """Begin later, at the newest time in the database; an earlier one changes nothing."""
        self._started += max(0.0, moment - self.now())

    def follow_wall_clock(self) -> None:
        """Follow the wall clock if it was set ahead; called about twice a second."""
        ahead = time.time() - self.now()
        if ahead > _STEP_S:
            self._ahead += ahead
