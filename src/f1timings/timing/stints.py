"""The stints of one session, from the session histories, or from the tyres on the cars where none comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from f1timings.timing.occurrences import Stint, stint_id


class TyreSet(NamedTuple):
    """A set of tyres on a car: both compounds by name, and the laps it has run; None is unknown."""

    compound: str | None
    actual_compound: str | None
    age_laps: int | None = None


class ReportedStint(NamedTuple):
    """One stint in a session history or a classification; ``end_lap`` is None if under way or unknown."""

    end_lap: int | None
    tyres: TyreSet


class _TyreCheck(NamedTuple):
    """The last check of a car's tyres: in which lap it was, and how many laps the tyres had run."""

    lap_number: int = 0
    age_laps: int = 0


class StintTracker:
    """The stints of all cars that count now.

    Args:
        session_id: session of all of them.
        known: stints that an earlier process recorded.
    """

    def __init__(self, session_id: str, known: Iterable[Stint] = ()) -> None:
        self._session_id = session_id
        self._stints: dict[int, list[Stint]] = {}
        self._checks: dict[int, _TyreCheck] = {}
        self._has_history: set[int] = set()
        for stint in sorted(known, key=lambda stint: stint.number):
            if not stint.is_superseded:
                self._stints.setdefault(stint.car_index, []).append(stint)

    def handle_history(self, car_index: int, reported: Sequence[ReportedStint]) -> list[Stint]:
        """Replace a car's stints by those of its session history, which has all of them."""
        if not reported:
            return []
        self._has_history.add(car_index)
        return self._replace_stints(car_index, self._numbered(car_index, reported))

    def handle_tyres(self, car_index: int, lap_number: int, tyres: TyreSet) -> list[Stint]:
        """Begin a stint if the car has other tyres on; nothing where a session history gives the stints.

        Args:
            lap_number: lap that the car was on when the tyres were read.
        """
        if car_index in self._has_history or tyres.compound is None:
            return []
        age_laps, last_check = tyres.age_laps or 0, self._checks.get(car_index, _TyreCheck())
        self._checks[car_index] = _TyreCheck(lap_number, age_laps)
        stints = self._stints.get(car_index, [])
        if not stints:
            first_lap = max(1, lap_number - age_laps)
            first = self._build(car_index, 1, tyres, first_lap=first_lap)
            return self._replace_stints(car_index, [first])
        current = stints[-1]
        is_same = (current.compound, current.actual_compound) == (tyres.compound, tyres.actual_compound)
        if is_same and age_laps >= last_check.age_laps:
            return []
        # The lap of the last check belongs to the old tyres, even where the line lies behind the garages.
        first_lap = max(last_check.lap_number + 1, lap_number - age_laps)
        ended = replace(current, last_lap=first_lap - 1)
        next_stint = self._build(car_index, current.number + 1, tyres, first_lap=first_lap)
        return self._replace_stints(car_index, [*stints[:-1], ended, next_stint])

    def handle_rewind(self, car_index: int, lap_number: int) -> list[Stint]:
        """Undo the stints that began after this lap; a car with a session history waits for its next one."""
        stints = self._stints.get(car_index, [])
        self._checks.pop(car_index, None)
        remaining = [stint for stint in stints if stint.first_lap is None or stint.first_lap <= lap_number]
        if car_index in self._has_history or not remaining or len(remaining) == len(stints):
            return []
        return self._replace_stints(car_index, [*remaining[:-1], replace(remaining[-1], last_lap=None)])

    def handle_classification(
        self, car_index: int, reported: Sequence[ReportedStint], laps: int
    ) -> list[Stint]:
        """Complete what is known with a car's stints in the final classification.

        Args:
            reported: end laps are None up to 2021.
            laps: laps that the car has driven.
        """
        pairs = zip_longest(self._stints.get(car_index, []), self._numbered(car_index, reported))
        stints = [_completed(ours, theirs) for ours, theirs in pairs if ours or theirs]
        if stints and stints[-1].last_lap is None and laps >= (stints[-1].first_lap or 1):
            stints[-1] = replace(stints[-1], last_lap=laps)
        return self._replace_stints(car_index, stints)

    def _numbered(self, car_index: int, reported: Sequence[ReportedStint]) -> list[Stint]:
        """Reported stints as records: each begins in the lap after the last lap of the stint before it."""
        stints: list[Stint] = []
        first_lap: int | None = 1
        for number, (end_lap, tyres) in enumerate(reported, 1):
            stints.append(self._build(car_index, number, tyres, first_lap=first_lap, last_lap=end_lap))
            first_lap = None if end_lap is None else end_lap + 1
        return stints

    def _build(
        self,
        car_index: int,
        number: int,
        tyres: TyreSet,
        *,
        first_lap: int | None,
        last_lap: int | None = None,
    ) -> Stint:
        return Stint(
            id=stint_id(self._session_id, car_index, number),
            session_id=self._session_id,
            car_index=car_index,
            number=number,
            first_lap=first_lap,
            last_lap=last_lap,
            compound=tyres.compound,
            actual_compound=tyres.actual_compound,
        )

    def _replace_stints(self, car_index: int, stints: list[Stint]) -> list[Stint]:
        """Make these the car's stints; return the new, changed and superseded ones."""
        before = self._stints.get(car_index, [])
        self._stints[car_index] = stints
        gone = [replace(stint, is_superseded=True) for stint in before[len(stints) :]]
        changed = [new for old, new in zip_longest(before, stints) if new is not None and new != old]
        return changed + gone


def _completed(ours: Stint | None, theirs: Stint | None) -> Stint:
    """One stint from two sources; ours counts where both know a value."""
    if ours is None or theirs is None:
        only = ours or theirs
        assert only is not None
        return only
    return replace(
        ours,
        first_lap=ours.first_lap if ours.first_lap is not None else theirs.first_lap,
        last_lap=ours.last_lap if ours.last_lap is not None else theirs.last_lap,
        compound=ours.compound or theirs.compound,
        actual_compound=ours.actual_compound or theirs.actual_compound,
    )
