"""When laps began by our clock, remembered until the laps are recorded."""

from __future__ import annotations

from f1timings.timing.events import LapBegan
from f1timings.timing.records import Lap, session_uid_of

# Two laps, because a lap's time may come a little after the next lap has begun.
_MOST_LAPS = 2
_MOST_SESSIONS = 2


class LapStarts:
    """The starts of one rig's laps: for two sessions, each car's lap under way and the lap before it."""

    def __init__(self) -> None:
        self._starts: dict[str, dict[int, dict[str, float]]] = {}

    def handle_lap_began(self, began: LapBegan, received_at: float) -> None:
        """Remember a start; its packet arrived at ``received_at`` (seconds since 1970)."""
        cars = self._starts.setdefault(began.session_id, {})
        laps = cars.setdefault(began.car_index, {})
        laps.pop(began.lap_id, None)
        laps[began.lap_id] = received_at - began.elapsed_ms / 1000
        _forget_oldest(laps, _MOST_LAPS)
        _forget_oldest(self._starts, _MOST_SESSIONS)

    def hand_over(self, uid: int, other: LapStarts) -> None:
        """Give the starts in the sessions of a game UID to another rig."""
        for session_id in [known for known in self._starts if session_uid_of(known) == uid]:
            other._starts[session_id] = self._starts.pop(session_id)

    def began_at(self, lap: Lap) -> float | None:
        """When a lap began, seconds since 1970; None if unknown, or no longer remembered."""
        return self._starts.get(lap.session_id, {}).get(lap.car_index, {}).get(lap.id)


def _forget_oldest(entries: dict[str, float] | dict[str, dict[int, dict[str, float]]], most: int) -> None:
    """Delete the first entries, which are the oldest, until ``most`` are left."""
    while len(entries) > most:
        del entries[next(iter(entries))]
