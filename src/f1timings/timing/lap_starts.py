"""When laps began by our clock, remembered or reckoned until the laps are recorded."""

from __future__ import annotations

from typing import TypeVar

from f1timings.timing.events import CountersRead, LapBegan, LapRecorded
from f1timings.timing.records import Lap, session_uid_of
from f1timings.timing.session_clock import STEADY_S, Between, SessionClock

T = TypeVar("T")

# Two laps, because a lap's time may come a little after the next lap has begun.
_MOST_LAPS = 2
_MOST_SESSIONS = 2
# As many as the engine remembers.
_MOST_CLOCKS = 8
# A packet that shows a lap longer after its start does not show the start.
_SHOWS_START_MS = 250


class LapStarts:
    """The starts of one rig's laps: for two sessions, each car's lap under way and the lap before it.

    The start of any other lap is reckoned from the session's clock.
    """

    def __init__(self) -> None:
        self._starts: dict[str, dict[int, dict[str, float | Between]]] = {}
        self._clocks: dict[str, SessionClock] = {}

    def handle_lap_began(self, began: LapBegan, received_at: float) -> None:
        """Remember a start; its packet arrived at ``received_at`` (seconds since 1970)."""
        start = self._start_of(began, received_at)
        cars = self._starts.pop(began.session_id, {})
        laps = cars.setdefault(began.car_index, {})
        _remember(laps, began.lap_id, start, most=_MOST_LAPS)
        _remember(self._starts, began.session_id, cars, most=_MOST_SESSIONS)

    def handle_clock(self, session_id: str, session_time_s: float, received_at: float) -> None:
        """Remember what a session's clock showed at a moment, seconds since 1970."""
        clock = self._clocks.get(session_id) or SessionClock()
        clock.handle_reading(session_time_s, received_at)
        _remember(self._clocks, session_id, clock, most=_MOST_CLOCKS)

    def readings(self, session_id: str) -> tuple[tuple[float, float], ...]:
        """What both clocks showed in a session, to be stored."""
        return self._clocks[session_id].readings if session_id in self._clocks else ()

    def resume(self, counters: CountersRead | None) -> None:
        """Go on from what an earlier process read of a session's clock."""
        if counters is not None and counters.session_id not in self._clocks:
            clock = SessionClock(counters.readings)
            _remember(self._clocks, counters.session_id, clock, most=_MOST_CLOCKS)

    def hand_over(self, uid: int, other: LapStarts) -> None:
        """Give the starts in the sessions of a game UID to another rig."""
        for session_id in [known for known in self._clocks if session_uid_of(known) == uid]:
            _remember(other._clocks, session_id, self._clocks.pop(session_id), most=_MOST_CLOCKS)
        for session_id in [known for known in self._starts if session_uid_of(known) == uid]:
            _remember(other._starts, session_id, self._starts.pop(session_id), most=_MOST_SESSIONS)

    def began_at(self, lap: Lap) -> float | None:
        """When a lap began, seconds since 1970; None if unknown, or no longer remembered."""
        start = self._remembered(lap)
        return start if isinstance(start, float) else None

    def began_between(self, event: LapRecorded, received_at: float) -> Between | None:
        """The moments between which a lap began whose beginning was not seen; None if one is remembered.

        Args:
            received_at: when the packet arrived that showed the lap, seconds since 1970.
        """
        start = self._remembered(event.lap)
        if isinstance(start, Between):
            return start
        if event.began_between_s is None or start is not None:
            return None
        clock = self._clocks.get(event.lap.session_id)
        if clock is None:
            return Between(None, received_at - (event.lap.lap_time_ms or 0) / 1000)
        return clock.moments(*event.began_between_s, received_at)

    def _remembered(self, lap: Lap) -> float | Between | None:
        return self._starts.get(lap.session_id, {}).get(lap.car_index, {}).get(lap.id)

    def _start_of(self, began: LapBegan, received_at: float) -> float | Between:
        """When a lap began; between which moments if no packet showed its beginning.

        If this process first saw the session in the middle of the lap, it may be a save that was loaded:
        the lap was driven before and is driven now. Or the server started again, and its time may not have
        gone on meanwhile. If packets were lost, the game may have paused or gone back meanwhile.
        """
        reckoned = received_at - began.elapsed_ms / 1000
        if began.elapsed_ms <= _SHOWS_START_MS:
            return reckoned
        start_s = began.session_time_s - began.elapsed_ms / 1000
        clock = self._clocks.get(began.session_id) or SessionClock()
        between = clock.moments(start_s, start_s, received_at)
        first_read_at = received_at if clock.first_read_at is None else clock.first_read_at
        if reckoned < first_read_at:
            after = reckoned if between.after is None else min(between.after, reckoned)
            return Between(after, first_read_at)
        is_sure = between.after is not None and between.before - between.after <= STEADY_S
        return reckoned if is_sure else between


def _remember(entries: dict[str, T], key: str, entry: T, *, most: int) -> None:
    """Make an entry the newest one, and forget the oldest ones until ``most`` are left."""
    entries.pop(key, None)
    entries[key] = entry
    while len(entries) > most:
        del entries[next(iter(entries))]
