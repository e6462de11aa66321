"""The reckoning of one running lap: how far it is ahead of other laps, and where it would end. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from f1timings.live.prediction.board_times import ReferenceLap, References
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.statuses import ACTIVE, NOT_IN_PITS
from f1timings.traces.analysis.reference_clock import Place
from f1timings.units import known

# Driver statuses of laps that are timed: a flying lap, and on track as in a race.
_TIMED: Final = frozenset({1, 4})


# A plain tuple: one is built at each look at each rig, and a class with names costs several times as much.
LapMoment = tuple[float, Place, Sequence[int | None]]
"""The clock of a running lap in ms, its place, and its finished sectors in ms, None where one is unknown."""


def is_timed(row: LapRow) -> bool:
    """Whether a car drives a lap that is timed: not in the garage, on an out lap, or in the pits."""
    return row.driver_status in _TIMED and row.pit_status == NOT_IN_PITS and row.result_status == ACTIVE


def finished_sectors(row: LapRow) -> tuple[int | None, ...]:
    """The sectors that the running lap has finished."""
    return (known(row.sector1_ms), known(row.sector2_ms))[: row.sector]


def delta_ms(moment: LapMoment, lap: ReferenceLap | None) -> float | None:
    """What a running lap has lost to another one at this place; None where it is not known."""
    if lap is None:
        return None
    clock_ms, place, sectors = moment
    time, _, clock = lap
    if clock is None:
        return _delta_at_line(sectors, time.sectors)
    then_ms = clock.at_place_ms(place)
    return None if then_ms is None else clock_ms - then_ms


def predict_ms(moment: LapMoment, references: References, own_ms: float | None) -> float | None:
    """The time at the line; None before the end of the first sector, and without a lap to compare with.

    The rest of the lap takes as long as in the entrant's best. Without a best, it takes longer than in the
    best of the board by the same factor as the lap so far.

    Args:
        own_ms: what the lap has lost to the entrant's best.
    """
    clock_ms, place, sectors = moment
    if not sectors:
        return None
    own, first, _ = references
    if own is not None:
        return None if own_ms is None else own.time.lap_time_ms + own_ms
    then_ms = None if first is None or first.clock is None else first.clock.at_place_ms(place)
    return first.time.lap_time_ms * clock_ms / then_ms if first is not None and then_ms else None


def _delta_at_line(driven: Sequence[int | None], of_lap: Sequence[int | None]) -> float | None:
    """The difference at the newest sector line; None before the first, and if a sector is not known."""
    total = 0
    for own_ms, other_ms in zip(driven, of_lap, strict=False):
        if own_ms is None or other_ms is None:
            return None
        total += own_ms - other_ms
    return float(total) if driven else None
