"""Reckons when the laps of one car began, by the game's session clock, from the laps before and after."""

from __future__ import annotations

from collections.abc import Iterable

from f1timings.timing.recorded_laps import RecordedLaps


class LapReckoning:
    """The session times at which the laps of one car began.

    A lap whose beginning no packet showed began between two bounds: not before the laps before it were
    driven, and early enough for itself and the laps after it. In a race the bounds are equal. Between two
    laps a car may also stand in its garage.

    Args:
        recorded: the recorded laps of the car.
    """

    def __init__(self, recorded: RecordedLaps) -> None:
        self._recorded = recorded
        self._starts: dict[int, float] = {}

    def handle_start(self, number: int, session_time_s: float) -> None:
        """Handle the beginning of a lap, or that it began again."""
        self._starts[number] = session_time_s

    def handle_rewind(self, number: int) -> None:
        """Handle a flashback to this lap: later laps have not begun."""
        self._starts = {begun: start for begun, start in self._starts.items() if begun <= number}

    def began_between_s(self, number: int, now_s: float) -> tuple[float, float]:
        """The session times between which a lap began; equal if it was seen.

        Args:
            now_s: session time now, by which all recorded laps are over.
        """
        seen = self._starts.get(number)
        if seen is not None:
            return seen, seen
        before = max((begun for begun in self._starts if begun < number), default=None)
        after = min((begun for begun in self._starts if begun > number), default=None)
        earliest = self._driven_s(range(1, number)) if before is None else self._starts[before]
        if before is not None:
            earliest += self._driven_s(range(before, number))
        if after is None:
            recorded = max(self._recorded.laps, default=number)
            latest = now_s - self._driven_s(range(number, recorded + 1))
            return earliest, max(earliest, latest)
        latest = self._starts[after] - self._driven_s(range(number, after))
        return min(earliest, latest), latest

    def _driven_s(self, numbers: Iterable[int]) -> float:
        """How long these laps took, as far as their times are known."""
        laps = (self._recorded.laps.get(number) for number in numbers)
        return sum(lap.lap_time_ms or 0 for lap in laps if lap is not None) / 1000
