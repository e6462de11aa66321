"""When laps began by our clock, remembered or reckoned until the laps are recorded."""

from __future__ import annotations

from math import inf
from typing import TypeVar

from f1timings.timing.engine import REMEMBERED_SESSIONS
from f1timings.timing.events import CountersRead, LapBegan, LapRecorded
from f1timings.timing.packet_order import RESTART_TIME_S
from f1timings.timing.records import Lap, session_uid_of
from f1timings.timing.session_clock import STEADY_S, Between, LapStart, SessionClock

T = TypeVar("T")

# Two laps, because a lap's time may come a little after the next lap has begun.
_MOST_LAPS = 2
_MOST_SESSIONS = 2
# A packet that shows a lap longer after its start does not show the start.
_SHOWS_START_MS = 250
# In a format without an overall frame, a flashback is known only some packets after it.
_SHOWS_FLASHBACK_S = 1.0


class LapStarts:
    """The starts of one rig's laps: for two sessions, each car's lap under way and the lap before it.

    The start of any other lap is reckoned from the session's clock.
    """

    def __init__(self) -> None:
        self._starts: dict[str, dict[int, dict[str, LapStart]]] = {}
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
        self._clock_of(session_id).handle_reading(session_time_s, received_at)

    def handle_gap(self, session_id: str, gap: Between) -> None:
        """Remember the newest gap in the packets of a session; gaps close to each other are one."""
        clock = self._clock_of(session_id)
        earlier = clock.gap
        if earlier is not None and gap.after is not None and gap.after - earlier.before <= _SHOWS_FLASHBACK_S:
            gap = Between(earlier.after, gap.before)
        clock.gap = gap

    def readings(self, session_id: str) -> tuple[tuple[float, float], ...]:
        """What both clocks showed in a session, to be stored."""
        return self._clocks[session_id].readings if session_id in self._clocks else ()

    def resume(self, counters: CountersRead | None) -> None:
        """Go on from what an earlier process read of a session's clock."""
        if counters is not None and counters.session_id not in self._clocks:
            clock = SessionClock(counters.readings)
            _remember(self._clocks, counters.session_id, clock, most=REMEMBERED_SESSIONS)

    def hand_over(self, uid: int, other: LapStarts) -> None:
        """Give the starts in the sessions of a game UID to another rig."""
        for session_id in [known for known in self._clocks if session_uid_of(known) == uid]:
            _remember(other._clocks, session_id, self._clocks.pop(session_id), most=REMEMBERED_SESSIONS)
        for session_id in [known for known in self._starts if session_uid_of(known) == uid]:
            _remember(other._starts, session_id, self._starts.pop(session_id), most=_MOST_SESSIONS)

    def began(self, event: LapRecorded, received_at: float) -> LapStart:
        """When a lap began; nothing in it is known of a lap that is not known any more.

        Args:
            received_at: when the packet arrived that showed the lap, seconds since 1970.
        """
        start = self._remembered(event.lap)
        if event.began_between_s is None:
            return start or LapStart()
        if start is None:
            between = self._moments(event.lap, event.began_between_s, received_at)
            start = LapStart(between=self._until_first_seen(event, between))
        elif start.bounds is not None and event.began_between_s[1] > event.began_between_s[0]:
            again = self._moments(event.lap, event.began_between_s, received_at).before
            start = LapStart(start.at, Between(start.bounds.after, max(start.bounds.before, again)))
        return self._began_first(event, start, received_at) if event.lap.lap_number == 1 else start

    def _until_first_seen(self, event: LapRecorded, start: Between) -> Between:
        """When a lap began that was under way when its session was first seen: until that moment.

        It may be the lap in the middle of which the game was saved.
        """
        readings = self.readings(event.lap.session_id)
        if event.began_between_s is None or not readings:
            return start
        (first_s, first_at), began_s = readings[0], event.began_between_s[1]
        ended_s = began_s + (event.lap.lap_time_ms or 0) / 1000
        is_under_way = began_s + _SHOWS_START_MS / 1000 < first_s < ended_s
        return Between(start.after, max(start.before, first_at)) if is_under_way else start

    def _began_first(self, event: LapRecorded, start: LapStart, received_at: float) -> LapStart:
        """When the first lap of a session began, of which a gap may have hidden the beginning.

        After a pause the game may have begun another run in which the clocks show almost the same, and no
        recorded lap contradicts it. The lap began before its end by its time at the latest.
        """
        time_s, bounds = (event.lap.lap_time_ms or 0) / 1000, start.bounds
        if event.began_between_s is None or not time_s or bounds is None:
            return start
        end_s = event.began_between_s[1] + time_s
        latest = self._moments(event.lap, (end_s, end_s), received_at).before - time_s
        return (
            start if latest - bounds.before <= STEADY_S else LapStart(between=Between(bounds.after, latest))
        )

    def _moments(self, lap: Lap, bounds_s: tuple[float, float], received_at: float) -> Between:
        """The moments between which the session's clock showed a time between two bounds."""
        clock = self._clocks.get(lap.session_id)
        if clock is None:
            return Between(None, received_at - (lap.lap_time_ms or 0) / 1000)
        return clock.moments(*bounds_s, received_at)

    def _remembered(self, lap: Lap) -> LapStart | None:
        return self._starts.get(lap.session_id, {}).get(lap.car_index, {}).get(lap.id)

    def _start_of(self, began: LapBegan, received_at: float) -> LapStart:
        """When a lap began; between which moments if no packet showed its beginning.

        After a gap in which the game was rewound, nobody knows when: the lap began, or began again, at any
        moment of the gap. A game also makes such a gap itself, while the person looks where to go back to.
        """
        start = self._start_by_clock(began, received_at)
        clock = self._clock_of(began.session_id)
        if not began.is_rewound or clock.gap is None or received_at - clock.gap.before > _SHOWS_FLASHBACK_S:
            return start
        return LapStart(start.at, Between(clock.gap.after, received_at))

    def _start_by_clock(self, began: LapBegan, received_at: float) -> LapStart:
        """When a lap began by its own clock and that of the session.

        If this process first saw the session in the middle of the lap, it may be a save that was loaded:
        the lap was driven before and is driven now. Or the server started again, and its time may not have
        gone on meanwhile. If packets were lost, the game may have paused or gone back meanwhile.
        """
        reckoned = received_at - began.elapsed_ms / 1000
        if began.elapsed_ms <= _SHOWS_START_MS:
            return LapStart(reckoned)
        start_s = began.session_time_s - began.elapsed_ms / 1000
        clock = self._clock_of(began.session_id)
        between = clock.moments(start_s, start_s, received_at)
        first_read_at = received_at if clock.first_read_at is None else clock.first_read_at
        if reckoned < first_read_at:
            last_read_at = self._last_read_before(first_read_at)
            earliest = _earliest(began, between, reckoned, last_read_at=last_read_at)
            return LapStart(between=Between(earliest, first_read_at))
        is_sure = between.after is not None and between.before - between.after <= STEADY_S
        return LapStart(reckoned) if is_sure else LapStart(between=between)

    def _last_read_before(self, moment: float) -> float:
        """When the rig was last seen in any session before a moment; infinity if it was not.

        Between that and the moment, a save may have been loaded and the game paused.
        """
        earlier = (at for clock in self._clocks.values() for _, at in clock.readings if at < moment)
        return max(earlier, default=inf)

    def _clock_of(self, session_id: str) -> SessionClock:
        """The clock of a session, which becomes the newest of those that are remembered."""
        clock = self._clocks.get(session_id) or SessionClock()
        _remember(self._clocks, session_id, clock, most=REMEMBERED_SESSIONS)
        return clock


def _earliest(began: LapBegan, between: Between, reckoned: float, *, last_read_at: float) -> float | None:
    """The earliest moment at which a lap began that was under way when this process first saw its session.

    If the session's clock shows no such moment, the lap is driven now: it began as its clock says, or in a
    silence of the rig in which the game also paused. Unless it is a lap of another run than the first under
    the UID: the game may have returned to a run that it left.

    Args:
        reckoned: when it began by its clock.
        last_read_at: when the rig was last seen before, in any session.
    """
    if between.after is not None:
        return min(between.after, reckoned)
    if began.session_time_s <= RESTART_TIME_S:
        return min(between.before, reckoned)
    return None if began.epoch > 0 else min(between.before, reckoned, last_read_at)


def _remember(entries: dict[str, T], key: str, entry: T, *, most: int) -> None:
    """Make an entry the newest one, and forget the oldest ones until ``most`` are left."""
    entries.pop(key, None)
    entries[key] = entry
    while len(entries) > most:
        del entries[next(iter(entries))]
