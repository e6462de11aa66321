"""Reckons when the laps of one car began, by the game's session clock, from the laps before and after."""

from __future__ import annotations

from collections.abc import Iterable

from f1timings.timing.lap_steps import CLOCK_SLACK_MS
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
        self._ends: dict[int, float] = {}

    def handle_start(self, number: int, session_time_s: float) -> None:
        """Handle the beginning of a lap, or that it began again."""
        self._starts[number] = session_time_s

    def handle_end(self, number: int, session_time_s: float) -> None:
        """Handle that a packet showed the end of a lap."""
        self._ends[number] = session_time_s

    def forget_end(self, number: int) -> None:
        """Forget when a lap ended that was undone and driven again in a gap."""
        self._ends.pop(number, None)

    def handle_rewind(self, number: int) -> None:
        """Handle a flashback to this lap: it has not ended, and later laps have not begun."""
        self._ends = {ended: end for ended, end in self._ends.items() if ended < number}
        self._starts = {begun: start for begun, start in self._starts.items() if begun <= number}

    def began_between_s(self, number: int, now_s: float) -> tuple[float, float]:
        """The session times between which a lap began; equal if it was seen, and not begun again.

        Args:
            now_s: session time now, by which all recorded laps are over.
        """
        seen = self._starts.get(number)
        if seen is not None:
            return seen, self._begun_again_s(number, seen)
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

    def _begun_again_s(self, number: int, seen: float) -> float:
        """The session time at which a lap may have begun again; that at which it was seen to begin if not.

        If a lap begins again within a sector, no column that timing compares in each packet changes. But then
        its time is shorter than the time up to its end, or up to the next start if no packet showed its end.
        """
        lap = self._recorded.laps.get(number)
        if lap is None or lap.lap_time_ms is None:
            return seen
        end = self._ends.get(number)
        if end is None:
            following = min((begun for begun in self._starts if begun > number), default=None)
            if following is None:
                return seen
            end = self._starts[following] - self._driven_s(range(number + 1, following))
        latest = end - lap.lap_time_ms / 1000
        return latest if (latest - seen) * 1000 > CLOCK_SLACK_MS else seen

    def _driven_s(self, numbers: Iterable[int]) -> float:
        """How long these laps took, as far as their times are known."""
        laps = (self._recorded.laps.get(number) for number in numbers)
        return sum(lap.lap_time_ms or 0 for lap in laps if lap is not None) / 1000
