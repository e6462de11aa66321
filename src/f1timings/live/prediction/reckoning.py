"""The reckoning of one running lap: how far it is ahead of other laps, and where it would end. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from f1timings.live.prediction.board_times import ReferenceLap, References
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.statuses import ACTIVE, NOT_IN_PITS
from f1timings.units import known

# Driver statuses of laps that are timed: a flying lap, and on track as in a race.
_TIMED: Final = frozenset({1, 4})


class LapMoment(NamedTuple):
    """A running lap at one moment.

    Attributes:
        distance_m: from the line.
        sectors: the finished ones, ms; None if unknown.
    """

    clock_ms: float
    distance_m: float
    sectors: tuple[int | None, ...] = ()


class Deltas(NamedTuple):
    """What a running lap has lost to each of the references, ms; None where it is not known."""

    own: float | None = None
    first: float | None = None
    ahead: float | None = None


def is_timed(row: LapRow) -> bool:
    """Whether a car drives a lap that is timed: not in the garage, on an out lap, or in the pits."""
    return row.driver_status in _TIMED and row.pit_status == NOT_IN_PITS and row.result_status == ACTIVE


def finished_sectors(row: LapRow) -> tuple[int | None, ...]:
    """The sectors that the running lap has finished."""
    return (known(row.sector1_ms), known(row.sector2_ms))[: row.sector]


def deltas(moment: LapMoment, references: References) -> Deltas:
    """The differences at this place."""
    return Deltas(*(_delta_ms(moment, lap) for lap in references))


def predict_ms(moment: LapMoment, references: References) -> float | None:
    """The time at the line; None before the end of the first sector, and without a lap to compare with.

    The rest of the lap takes as long as in the entrant's best. Without a best, it takes longer than in the
    best of the board by the same factor as the lap so far.
    """
    if not moment.sectors:
        return None
    if references.own is not None:
        delta_ms = _delta_ms(moment, references.own)
        return None if delta_ms is None else references.own.time.lap_time_ms + delta_ms
    first = references.first
    then_ms = None if first is None or first.clock is None else first.clock.at_ms(moment.distance_m)
    return first.time.lap_time_ms * moment.clock_ms / then_ms if first is not None and then_ms else None


def _delta_ms(moment: LapMoment, lap: ReferenceLap | None) -> float | None:
    if lap is None:
        return None
    if lap.clock is not None:
        then_ms = lap.clock.at_ms(moment.distance_m)
        return None if then_ms is None else moment.clock_ms - then_ms
    return _delta_at_line(moment.sectors, lap.time.sectors)


def _delta_at_line(driven: tuple[int | None, ...], of_lap: tuple[int | None, ...]) -> float | None:
    """The difference at the newest sector line; None before the first, and if a sector is not known."""
    total = 0
    for own_ms, other_ms in zip(driven, of_lap, strict=False):
        if own_ms is None or other_ms is None:
            return None
        total += own_ms - other_ms
    return float(total) if driven else None
