"""The leaderboard: best laps over rigs and sessions, ranked by the one rule for every board. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Best(NamedTuple):
    """What one entrant drove on a board, or a part of it; parts add up by :func:`joined`.

    Attributes:
        entrant: ``d:<driver>`` or ``r:<rig>``.
        laps: driven to their end; valid_laps: those that count.
        best_lap_ms: of a lap that counts, None without one; then also all about that lap is None.
        set_at / lap_id: when and which; of equal ones the one that was set first.
        sector1_ms / sector2_ms / sector3_ms: of that lap.
        best_sector1_ms / best_sector2_ms / best_sector3_ms: of any lap that counts.
        last_at: when the newest of its laps was known.
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
        """The sum of the best sectors, None if any is not known."""
        sectors = (self.best_sector1_ms, self.best_sector2_ms, self.best_sector3_ms)
        known = [sector for sector in sectors if sector is not None]
        return sum(known) if len(known) == len(sectors) else None


@dataclass(frozen=True, slots=True)
class RankedBest:
    """One place on a board.

    Attributes:
        position: from 1; equal times share one, and the next place is as much further on.
        is_equal: another one has the same time.
        is_fastest: the best lap of all; of equal ones the one that was set first.
        gap_ms: to the first place, 0 for that; interval_ms: to the place ahead, None for the first.
        points: of the position, 0 where the scale has no more.
    """

    position: int
    is_equal: bool
    is_fastest: bool
    best: Best
    gap_ms: int
    interval_ms: int | None
    points: int


def rank(entries: Iterable[Best], points: Sequence[int]) -> tuple[RankedBest, ...]:
    """The board: who has a lap that counts, the fastest first, of equal times the one that was set first.

    Args:
        entries: in any order; several of one entrant are added up.
        points: for P1, P2 and so on.
    """
    whole: dict[str, Best] = {}
    for entry in entries:
        known = whole.get(entry.entrant)
        whole[entry.entrant] = entry if known is None else joined(known, entry)
    ordered = sorted((one for one in whole.values() if one.best_lap_ms is not None), key=_rank_key)
    times = [_rank_key(one)[0] for one in ordered]
    standings: list[RankedBest] = []
    position = 0
    for place, (best, time) in enumerate(zip(ordered, times, strict=True)):
        is_as_ahead = place > 0 and times[place - 1] == time
        position = position if is_as_ahead else place + 1
        standings.append(
            RankedBest(
                position=position,
                is_equal=is_as_ahead or times[place + 1 : place + 2] == [time],
                is_fastest=place == 0,
                best=best,
                gap_ms=time - times[0],
                interval_ms=time - times[place - 1] if place else None,
                points=points[position - 1] if position <= len(points) else 0,
            )
        )
    return tuple(standings)


def joined(one: Best, other: Best) -> Best:
    """Two parts of what one entrant drove, in either order."""
    first = _first(one, other)
    return first._replace(
        laps=one.laps + other.laps,
        valid_laps=one.valid_laps + other.valid_laps,
        best_sector1_ms=_least(one.best_sector1_ms, other.best_sector1_ms),
        best_sector2_ms=_least(one.best_sector2_ms, other.best_sector2_ms),
        best_sector3_ms=_least(one.best_sector3_ms, other.best_sector3_ms),
        last_at=_latest(one.last_at, other.last_at),
    )


def _first(one: Best, other: Best) -> Best:
    """The part with the better lap."""
    if one.best_lap_ms is None or other.best_lap_ms is None:
        return one if other.best_lap_ms is None else other
    return one if _rank_key(one) <= _rank_key(other) else other


def _rank_key(best: Best) -> tuple[int, datetime, str]:
    """By what entrants with a lap that counts are ordered."""
    assert best.best_lap_ms is not None
    assert best.set_at is not None
    assert best.lap_id is not None
    return best.best_lap_ms, best.set_at, best.lap_id


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one is not None and other is not None else one or other


def _least(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)
