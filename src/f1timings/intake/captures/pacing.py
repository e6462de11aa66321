"""When each datagram of a replay may go, from the recorded times and the time that has passed alone."""

from __future__ import annotations

import math
from typing import Final

from f1timings.errors import ConfigError

#: Datagrams sent without a rest: a receive buffer of usual size (208 KiB) holds some 90 of the games'.
UNBROKEN: Final = 32
REST_S: Final = 0.001
#: A shorter wait is not worth a sleep, which oversleeps by as much.
LEAST_WAIT_S: Final = 0.0005
#: Two network cards of one recording disagree by less; a clock that was set back, by more.
_OUT_OF_ORDER_S: Final = 1.0
_LEAST_SPEED: Final = 0.01


class Pacing:
    """Turns recorded times into waits.

    A recording may hold pauses of hours and clocks that were set back: a gap counts as at most
    ``longest_gap_s`` of recorded time, a step back as none. However late or fast a replay is, it rests now
    and then, so that the receiver's buffer does not overflow.
    """

    def __init__(self, speed: float, longest_gap_s: float = math.inf) -> None:
        """Prepare a pace.

        Args:
            speed: 1.0 as recorded, 10.0 ten times as fast, 0.0 as fast as is safe.
            longest_gap_s: recorded seconds, 0 or more.

        Raises:
            ConfigError: a speed below 0.01 that is not 0, or no number; a negative gap.
        """
        if not (speed == 0.0 or _LEAST_SPEED <= speed < math.inf):
            raise ConfigError(f"No replay can run at speed {speed}: give 1 for as recorded, 10, or max.")
        if not longest_gap_s >= 0.0:
            raise ConfigError(f"No gap can last {longest_gap_s} s: give 0 seconds or more.")
        self._speed = speed
        self._longest_gap_s = longest_gap_s
        self._newest: float | None = None
        self._recorded_s = 0.0
        self._unbroken = 0

    def wait_s(self, received_at: float, elapsed_s: float) -> float:
        """How long to wait before the next datagram is sent.

        Args:
            received_at: when it was recorded, seconds since 1970.
            elapsed_s: seconds since the replay began, by a clock that only goes forward.
        """
        wait_s = self._due_s(received_at) - elapsed_s
        if wait_s < LEAST_WAIT_S:
            wait_s = REST_S if self._unbroken >= UNBROKEN else 0.0
        self._unbroken = 0 if wait_s else self._unbroken
        self._unbroken += 1
        return wait_s

    def _due_s(self, received_at: float) -> float:
        """Seconds after the start at which a datagram is due; never less than for the one before."""
        newest = received_at if self._newest is None else self._newest
        gap_s = received_at - newest
        if not -_OUT_OF_ORDER_S < gap_s < 0.0:
            self._newest = received_at
            self._recorded_s += min(max(gap_s, 0.0), self._longest_gap_s)
        return self._recorded_s / self._speed if self._speed else 0.0
