"""When to send each datagram of a replay, computed from the recorded times and the elapsed time."""

from __future__ import annotations

import math
from typing import Final

from f1timings.errors import ConfigError

#: Most datagrams sent without a rest: a usual receive buffer (208 KiB) has room for about 90 of the games'.
MAX_BURST: Final = 32
REST_S: Final = 0.001
#: A shorter wait is left out, because a sleep takes as much longer than requested.
SHORTEST_WAIT_S: Final = 0.0005
#: The clocks of two network cards in one capture differ by less; a clock that was set back differs by more.
_OUT_OF_ORDER_S: Final = 1.0
_SLOWEST_SPEED: Final = 0.01


class Pacing:
    """Computes waits from recorded times.

    A capture may contain pauses of hours, and clocks that were set back. A gap counts as at most
    ``longest_gap_s`` of recorded time, a step back as no time. A replay that is late or as fast as possible
    still rests after every 32 datagrams, so that the receiver's buffer does not overflow.
    """

    def __init__(self, speed: float, longest_gap_s: float = math.inf) -> None:
        """Set the speed.

        Args:
            speed: 1.0 as recorded, 10.0 ten times as fast, 0.0 as fast as is safe.
            longest_gap_s: recorded seconds, 0 or more.

        Raises:
            ConfigError: the speed is below 0.01 and not 0, infinite or NaN, or the gap is negative or NaN.
        """
        if not (speed == 0.0 or _SLOWEST_SPEED <= speed < math.inf):
            raise ConfigError(
                f"A replay cannot run at speed {speed}. Use 1 for the recorded speed, or 0 for the fastest."
            )
        if not longest_gap_s >= 0.0:
            raise ConfigError(f"A pause cannot last {longest_gap_s} s. Use 0 seconds or more.")
        self._speed = speed
        self._longest_gap_s = longest_gap_s
        self._newest_at: float | None = None
        self._recorded_s = 0.0
        self._sent_without_rest = 0

    def wait_s(self, received_at: float, elapsed_s: float) -> float:
        """How long to wait before sending the next datagram.

        Args:
            received_at: when it was recorded, seconds since 1970.
            elapsed_s: seconds since the replay began, by a monotonic clock.
        """
        wait_s = self._due_s(received_at) - elapsed_s
        if wait_s < SHORTEST_WAIT_S:
            wait_s = REST_S if self._sent_without_rest >= MAX_BURST else 0.0
        self._sent_without_rest = 0 if wait_s else self._sent_without_rest
        self._sent_without_rest += 1
        return wait_s

    def _due_s(self, received_at: float) -> float:
        """When a datagram is due, in seconds after the start; never earlier than the previous datagram."""
        newest_at = received_at if self._newest_at is None else self._newest_at
        gap_s = received_at - newest_at
        if not -_OUT_OF_ORDER_S < gap_s < 0.0:
            self._newest_at = received_at
            self._recorded_s += min(max(gap_s, 0.0), self._longest_gap_s)
        return self._recorded_s / self._speed if self._speed else 0.0
