"""The stints of one session: as session histories tell them, else as the tyres on the cars show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from f1timings.timing.records import Stint, stint_id

_CURRENT = 255
# A history has room for so many; it counts on beyond them.
HISTORY_STINTS = 8


class TyreSet(NamedTuple):
    """A set of tyres on a car: both compounds by name, and the laps it has run; age None if unknown."""

    compound: str | None
    actual_compound: str | None
    age_laps: int | None = None


class ReportedStint(NamedTuple):
    """One stint in a session history or a classification; ``end_lap`` None while it lasts or if not told."""

    end_lap: int | None
    tyres: TyreSet


def told_stint(end_lap: int | None, tyres: TyreSet) -> ReportedStint:
    """A stint as the game writes it: 255 is no last lap yet."""
    return ReportedStint(None if end_lap == _CURRENT else end_lap, tyres)


class _TyreCheck(NamedTuple):
    """When a car's tyres were looked at last: in which lap, and how many they had run."""

    lap_number: int = 0
    age_laps: int = 0


class StintBook:
    """The stints of all cars that count now.

    Args:
        session_id: of all of them.
        known: recorded by an earlier process.
    """

    def __init__(self, session_id: str, known: Iterable[Stint] = ()) -> None:
        self._session_id = session_id
        self._stints: dict[int, list[Stint]] = {}
        self._seen: dict[int, _TyreCheck] = {}
        self._has_history: set[int] = set()
        for stint in sorted(known, key=lambda stint: stint.number):
            if not stint.is_superseded:
                self._stints.setdefault(stint.car_index, []).append(stint)

    def learn(self, car_index: int, told: Sequence[ReportedStint]) -> list[Stint]:
        """Take the stints of a car as its session history tells them, all of them."""
        if not told:
            return []
        self._has_history.add(car_index)
        return self._become(car_index, self._chained(car_index, told))

    def observe(self, car_index: int, lap_number: int, tyres: TyreSet) -> list[Stint]:
        """Take the tyres that a car has on, where no history tells its stints.

        Args:
            lap_number: lap that the car was on at that moment.
        """
        if car_index in self._has_history or tyres.compound is None:
            return []
        age_laps, seen = tyres.age_laps or 0, self._seen.get(car_index, _TyreCheck())
        self._seen[car_index] = _TyreCheck(lap_number, age_laps)
        stints = self._stints.get(car_index, [])
        if not stints:
            first_lap = max(1, lap_number - age_laps)
            return self._become(car_index, [self._stint(car_index, 1, first_lap, None, tyres)])
        current = stints[-1]
        if (current.compound, current.actual_compound) == tyres[:2] and age_laps >= seen.age_laps:
            return []
        # The lap in which the old tyres were seen is theirs, also where the line lies behind the garages.
        first_lap = max(seen.lap_number + 1, lap_number - age_laps)
        ended = replace(current, last_lap=first_lap - 1)
        fresh = self._stint(car_index, current.number + 1, first_lap, None, tyres)
        return self._become(car_index, [*stints[:-1], ended, fresh])

    def rewind(self, car_index: int, lap_number: int) -> list[Stint]:
        """The game went back to this lap; a history will tell its own truth, without one this has to do."""
        stints = self._stints.get(car_index, [])
        self._seen.pop(car_index, None)
        kept = [stint for stint in stints if stint.first_lap is None or stint.first_lap <= lap_number]
        if car_index in self._has_history or not kept or len(kept) == len(stints):
            return []
        return self._become(car_index, [*kept[:-1], replace(kept[-1], last_lap=None)])

    def classify(self, car_index: int, told: Sequence[ReportedStint], laps: int) -> list[Stint]:
        """Take a car's stints in the final classification: they complete what is known.

        Args:
            told: end laps are None up to 2021.
            laps: laps that the car has driven.
        """
        known_stints = self._stints.get(car_index, [])
        chained = self._chained(car_index, told)
        pairs = zip_longest(known_stints, chained)
        stints = [_completed(mine, theirs) for mine, theirs in pairs if mine or theirs]
        if stints and stints[-1].last_lap is None and laps >= (stints[-1].first_lap or 1):
            stints[-1] = replace(stints[-1], last_lap=laps)
        return self._become(car_index, stints)

    def _chained(self, car_index: int, told: Sequence[ReportedStint]) -> list[Stint]:
        """Stints that follow each other: each begins in the lap after the one before it ended."""
        stints: list[Stint] = []
        first_lap: int | None = 1
        for number, (end_lap, tyres) in enumerate(told, 1):
            stints.append(self._stint(car_index, number, first_lap, end_lap, tyres))
            first_lap = None if end_lap is None else end_lap + 1
        return stints

    def _stint(
        self, car_index: int, number: int, first_lap: int | None, last_lap: int | None, tyres: TyreSet
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

    def _become(self, car_index: int, stints: list[Stint]) -> list[Stint]:
        """Let these be the car's stints; returns what is new, changed or gone."""
        before = self._stints.get(car_index, [])
        self._stints[car_index] = stints
        gone = [replace(stint, is_superseded=True) for stint in before[len(stints) :]]
        changed = [new for old, new in zip_longest(before, stints) if new is not None and new != old]
        return changed + gone


def _completed(mine: Stint | None, theirs: Stint | None) -> Stint:
    """One stint of what two sources say; mine where both say something."""
    if mine is None or theirs is None:
        found = mine or theirs
        assert found is not None
        return found
    return replace(
        mine,
        first_lap=mine.first_lap if mine.first_lap is not None else theirs.first_lap,
        last_lap=mine.last_lap if mine.last_lap is not None else theirs.last_lap,
        compound=mine.compound or theirs.compound,
        actual_compound=mine.actual_compound or theirs.actual_compound,
    )
