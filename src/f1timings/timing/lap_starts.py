"""When the laps under way began, by our clock, for the moment when they are recorded."""

from __future__ import annotations

from f1timings.timing.events import LapBegan
from f1timings.timing.records import Lap

# A lap's time may come a little after the next lap has begun.
_LAPS = 2
_SESSIONS = 2


class LapStarts:
    """The starts of one rig's laps: of each car the running one and the one before, of two sessions."""

    def __init__(self) -> None:
        self._starts: dict[str, dict[int, dict[str, float]]] = {}

    def note(self, began: LapBegan, received_at: float) -> None:
        """A lap began; its first packet arrived at ``received_at`` (seconds since 1970)."""
        cars = self._starts.setdefault(began.session_id, {})
        laps = cars.setdefault(began.car_index, {})
        laps.pop(began.lap_id, None)
        laps[began.lap_id] = received_at - began.elapsed_ms / 1000
        _forget(laps, _LAPS)
        _forget(self._starts, _SESSIONS)

    def of(self, lap: Lap) -> float | None:
        """When a lap began, seconds since 1970; None if nobody saw it, or long ago."""
        return self._starts.get(lap.session_id, {}).get(lap.car_index, {}).get(lap.id)


def _forget(oldest_first: dict[str, float] | dict[str, dict[int, dict[str, float]]], most: int) -> None:
    while len(oldest_first) > most:
        del oldest_first[next(iter(oldest_first))]
