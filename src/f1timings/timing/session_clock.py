"""The game's session clock beside our clock: at which moment it may have shown which session time.

The session clock runs as fast as ours, but stops in pauses and menus, and goes back in a flashback. While
packets arrive, both clocks are known. Across a gap a session time has no moment, but an earliest and a latest
one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Final, NamedTuple

from f1timings.timing.plausible import PLAUSIBLE

# Three readings on a line within this are as good as the first and the last of them.
STEADY_S: Final = 0.25
# Of older gaps no lap comes any more.
MOST_READINGS: Final = 64


class Between(NamedTuple):
    """The moments between which something happened, seconds since 1970; None is no bound."""

    after: float | None
    before: float


class LapStart(NamedTuple):
    """When a lap began, seconds since 1970.

    Attributes:
        at: the moment that is shown; None if no packet shows it.
        between: between which moments it began, where ``at`` is not certain. They decide about the driver.
    """

    at: float | None = None
    between: Between | None = None

    @property
    def bounds(self) -> Between | None:
        """Between which moments it began, the same twice if that is certain; None if nothing is known."""
        return self.between if self.at is None or self.between is not None else Between(self.at, self.at)


class Reading(NamedTuple):
    """What both clocks showed at one moment: session time in seconds, and ours, seconds since 1970."""

    session_time_s: float
    at: float

    @property
    def lag(self) -> float:
        """How far the session clock is behind ours; it grows with each pause."""
        return self.at - self.session_time_s


class SessionClock:
    """The readings of one session's clock.

    Args:
        earlier: readings of an earlier process, session time and our time.

    Attributes:
        first_read_at: when this process read it for the first time, None before.
        gap: the newest gap in the packets of the session, from its last packet to the next one; None before
            the first reading.
    """

    def __init__(self, earlier: Iterable[tuple[float, float]] = ()) -> None:
        self.first_read_at: float | None = None
        self.gap: Between | None = None
        self._readings: list[Reading] = []
        for session_time_s, at in earlier:
            self._add(Reading(session_time_s, at))

    def handle_reading(self, session_time_s: float, at: float) -> None:
        """Remember a reading. What is known of later session times is from before a flashback."""
        if self.first_read_at is None:
            self.first_read_at = at
            self.gap = Between(self._readings[-1].at if self._readings else None, at)
        self._add(Reading(session_time_s, at))

    def _add(self, new: Reading) -> None:
        lowest, highest = PLAUSIBLE["header.session_time"]
        if not lowest <= new.session_time_s <= highest:  # also NaN, which is before and after nothing
            return
        readings = self._readings
        if readings and readings[-1] == new:
            return
        while readings and readings[-1].session_time_s > new.session_time_s:
            readings.pop()
        if len(readings) >= 2 and _are_steady(readings[-2], readings[-1], new):
            readings.pop()
        readings.append(new)
        del readings[:-MOST_READINGS]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings that are remembered."""
        return tuple(self._readings)

    def moments(self, earliest_s: float, latest_s: float, now: float) -> Between:
        """The moments between which the clock showed a session time that lies between two bounds.

        Args:
            earliest_s / latest_s: the bounds.
            now: seconds since 1970; the session time is over.
        """
        after, before = self._earliest(earliest_s), self._latest(latest_s, now)
        return Between(None if after is None else min(after, before), before)

    def _earliest(self, session_time_s: float) -> float | None:
        """The moment from the last reading on, as if the clock had not stopped since."""
        place = bisect_left(self._readings, session_time_s, key=_session_time)
        if place < len(self._readings) and self._readings[place].session_time_s == session_time_s:
            return self._readings[place].at
        if not place:
            # It may be a loaded save: the time was shown at any moment before, under another session.
            return None
        last = self._readings[place - 1]
        return last.at if self._is_ours_slower(place) else session_time_s + last.lag

    def _latest(self, session_time_s: float, now: float) -> float:
        """The moment back from the next reading, as if the clock had not stopped until then."""
        place = bisect_right(self._readings, session_time_s, key=_session_time)
        if place and self._readings[place - 1].session_time_s == session_time_s:
            return self._readings[place - 1].at
        if place == len(self._readings):
            return now
        following = self._readings[place]
        return following.at if self._is_ours_slower(place) else session_time_s + following.lag

    def _is_ours_slower(self, place: int) -> bool:
        """Whether our time went on more slowly than the session clock up to a reading from the one before.

        It stood still while the server was off, or a capture is sent again faster. The game may have been
        paused as well.
        """
        if not 0 < place < len(self._readings):
            return False
        return self._readings[place].lag < self._readings[place - 1].lag - STEADY_S


def _session_time(reading: Reading) -> float:
    return reading.session_time_s


def _are_steady(first: Reading, second: Reading, third: Reading) -> bool:
    """Whether the first and the last of three readings say as much as all three."""
    if first.session_time_s == third.session_time_s:
        return True
    lags = first.lag, second.lag, third.lag
    return max(lags) - min(lags) <= STEADY_S
