"""The laps of before a gap, until a session history shows whether the game went on with the same run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from f1timings.timing.history import CarHistory
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.records import Lap, LapState
from f1timings.timing.same_run import Laps, is_evidence, lists_other_laps

CarsLaps = Mapping[int, Laps]
"""The recorded laps of each car."""

# The frames of a game are not exactly as long as each other.
_RATE_VARIES: Final = 1.25


class UnseenFlashback(NamedTuple):
    """A flashback in a gap, as the counters show it.

    Attributes:
        left_s: session time of the last packet before the gap.
        length_s: how far it went back; 0 if that is unknown.
    """

    left_s: float
    length_s: float

    def without_undone(self, laps: Laps, history: CarHistory, row: LapRow) -> Laps:
        """A car's laps without the one that the flashback may have undone: the last, and no earlier one.

        It went back over the end of that lap, and the game stores less than two laps.

        Args:
            laps: those from before the gap.
            history: lists what was driven after the flashback.
            row: the car's newest row.
        """
        number = max((number for number, lap in laps.items() if is_evidence(lap)), default=0)
        driven_again = [history.laps.get(again) for again in range(number, row.lap_number)]
        if not (self.length_s and number and driven_again and all(driven_again)):
            return laps
        lap_s = (laps[number].lap_time_ms or 0) / 1000
        since_s = sum(lap.lap_time_ms for lap in driven_again if lap is not None) / 1000
        ended_s = row.session_time_s - row.current_lap_ms / 1000 - since_s + lap_s
        at_least_s, at_most_s = self.left_s - ended_s, 2 * lap_s
        if not at_least_s / _RATE_VARIES <= self.length_s <= at_most_s * _RATE_VARIES:
            return laps
        return {other: lap for other, lap in laps.items() if other != number}


class RunProof:
    """The proof that a session goes on with the same run after a gap or a restart of the server.

    Until it is found, the laps from before the gap are remembered, so that what changed since can be undone.
    """

    def __init__(self) -> None:
        self._before: dict[int, dict[int, Lap]] | None = None
        self._flashback: UnseenFlashback | None = None

    @property
    def is_missing(self) -> bool:
        """Whether there was a gap, and no history has shown since that the run is the same."""
        return self._before is not None

    def handle_gap(self, recorded: CarsLaps, flashback: UnseenFlashback | None = None) -> None:
        """Handle a gap, after which another run may have begun.

        After several gaps without a proof, the laps from before the first of them count, if there are any.

        Args:
            flashback: the one in the gap, if the counters prove one.
        """
        if not self._can_be_contradicted(recorded):
            self._before = {car_index: dict(laps) for car_index, laps in recorded.items()}
            self._flashback = None
        self._flashback = flashback or self._flashback

    def shows_other_run(self, history: CarHistory, recorded: CarsLaps, row: LapRow | None) -> bool:
        """Whether a history shows that another run has begun since the gap.

        If it shows that the run is the same, or no lap is left that a history could contradict, the proof is
        not missing any longer. A history that has none of the laps from before the gap shows nothing.

        Args:
            row: the car's newest row.
        """
        if self._before is None:
            return False
        left = self._laps_left(history.car_index, recorded)
        if self._flashback is not None and row is not None:
            left = self._flashback.without_undone(left, history, row)
        differs = lists_other_laps(history, left)
        if differs is False or not self._can_be_contradicted(recorded):
            self._before = None
        return differs is True

    def undo(self, recorded: CarsLaps) -> Iterator[Lap]:
        """The laps as they are without what was recorded since the gap, which is of another run."""
        for car_index, laps in recorded.items():
            before = (self._before or {}).get(car_index, {})
            ids = {lap.id for lap in before.values()}
            yield from (lap for number, lap in before.items() if laps.get(number) != lap)
            for lap in laps.values():
                if lap.id not in ids and lap.lap_time_ms is not None:
                    yield replace(lap, state=LapState.SUPERSEDED)

    def move(self, rig: str) -> None:
        """Give the laps from before the gap another rig."""
        for laps in (self._before or {}).values():
            laps.update({number: replace(lap, rig=rig) for number, lap in laps.items()})

    def _can_be_contradicted(self, recorded: CarsLaps) -> bool:
        """Whether there is a lap from before the gap for which a history of another run has another time."""
        cars = self._before or {}
        return any(is_evidence(lap) for car in cars for lap in self._laps_left(car, recorded).values())

    def _laps_left(self, car_index: int, recorded: CarsLaps) -> Laps:
        """The laps of a car from before the gap that no flashback has undone since."""
        now = recorded.get(car_index, {})
        before = (self._before or {}).get(car_index, {})
        return {number: lap for number, lap in before.items() if number in now and now[number].id == lap.id}
