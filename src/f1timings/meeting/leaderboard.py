"""The leaderboard: the best laps over rigs and sessions, and the one rule that ranks every board. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


# A NamedTuple: built and added up for every lap of a board when the board is derived again.
class Best(NamedTuple):
    """The best lap and the lap counts of one entrant on a board, or a part of them; see :func:`joined`.

    Attributes:
        entrant: ``d:<driver>`` or ``r:<rig>``.
        laps: complete laps.
        valid_laps: laps that count.
        best_lap_ms: the fastest lap that counts; without one it and everything about that lap is None.
        set_at / lap_id: when and which lap; of equal laps the one that was set first.
        sector1_ms / sector2_ms / sector3_ms: of that lap.
        best_sector1_ms / best_sector2_ms / best_sector3_ms: of any lap that counts.
        last_at: when the newest lap was recorded.
    """

    entrant: str
    laps: int = 0
    valid_laps: int = 0
    best_lap_ms: int | None = None
    set_at: datetime | None = None
    lap_id: str | None = None
    sector1_ms: int | None = None
    sector2_ms: int | None = None
    sector3_ms: int | None = None
    best_sector1_ms: int | None = None
    best_sector2_ms: int | None = None
    best_sector3_ms: int | None = None
    last_at: datetime | None = None

    @property
    def ideal_lap_ms(self) -> int | None:
        """The sum of the best sectors; None if one of them is unknown."""
        sectors = (self.best_sector1_ms, self.best_sector2_ms, self.best_sector3_ms)
        known = [sector for sector in sectors if sector is not None]
        return sum(known) if len(known) == len(sectors) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedBest:
    """One place on a board.

    Attributes:
        position: from 1. Equal times share a position; the next position is the count of places ahead plus 1.
        is_equal: another entrant has the same time.
        is_fastest: the best lap of the board; of equal laps the one that was set first.
        gap_ms: to the first place, 0 for the first.
        interval_ms: to the place ahead, None for the first.
        points: for the position; 0 beyond the end of the points scale.
    """

    position: int
    is_equal: bool
    is_fastest: bool
    best: Best
    gap_ms: int
    interval_ms: int | None
    points: int


def rank(bests: Iterable[Best], points: Sequence[int]) -> tuple[RankedBest, ...]:
    """Return the places of the entrants who have a lap that counts, fastest first.

    Of equal times the one that was set first is ahead.

    Args:
        bests: in any order; several of one entrant are added up.
        points: for P1, P2 and so on.
    """
    by_entrant: dict[str, Best] = {}
    for best in bests:
        known = by_entrant.get(best.entrant)
        by_entrant[best.entrant] = best if known is None else joined(known, best)
    ordered = sorted((best for best in by_entrant.values() if best.best_lap_ms is not None), key=_rank_key)
    times = [_rank_key(best)[0] for best in ordered]
    places: list[RankedBest] = []
    position = 0
    for index, (best, time) in enumerate(zip(ordered, times, strict=True)):
        is_as_ahead = index > 0 and times[index - 1] == time
        position = position if is_as_ahead else index + 1
        places.append(
            RankedBest(
                position=position,
                is_equal=is_as_ahead or times[index + 1 : index + 2] == [time],
                is_fastest=index == 0,
                best=best,
                gap_ms=time - times[0],
                interval_ms=time - times[index - 1] if index else None,
                points=points[position - 1] if position <= len(points) else 0,
            )
        )
    return tuple(places)


def joined(first: Best, second: Best) -> Best:
    """The sum of two parts of what one entrant drove; their order does not matter."""
    return _better(first, second)._replace(
        laps=first.laps + second.laps,
        valid_laps=first.valid_laps + second.valid_laps,
        best_sector1_ms=_least(first.best_sector1_ms, second.best_sector1_ms),
        best_sector2_ms=_least(first.best_sector2_ms, second.best_sector2_ms),
        best_sector3_ms=_least(first.best_sector3_ms, second.best_sector3_ms),
        last_at=_latest(first.last_at, second.last_at),
    )


def _better(first: Best, second: Best) -> Best:
    """The part with the better lap."""
    if first.best_lap_ms is None or second.best_lap_ms is None:
        return first if second.best_lap_ms is None else second
    return first if _rank_key(first) <= _rank_key(second) else second


def _rank_key(best: Best) -> tuple[int, datetime, str]:
    """The order of entrants who have a lap that counts."""
    assert best.best_lap_ms is not None
    assert best.set_at is not None
    assert best.lap_id is not None
    return best.best_lap_ms, best.set_at, best.lap_id


def _latest(first: datetime | None, second: datetime | None) -> datetime | None:
    return max(first, second) if first is not None and second is not None else first or second


def _least(first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return first if second is None else second
    return min(first, second)
