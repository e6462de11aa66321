"""Boards of laps at a constant speed, so that each difference is known."""

from __future__ import annotations

import math
from array import array

from f1timings.live.prediction.board_times import BoardTime, BoardTimes, ReferenceLap, References, Sectors
from f1timings.meeting.people import Rules
from f1timings.traces.analysis.reference_clock import SPACING_M, ReferenceClock

LENGTH_M = 5_000.0


def constant_clock(lap_time_ms: int, length_m: float = LENGTH_M) -> ReferenceClock:
    """The clock of a lap of constant speed."""
    places = range(math.ceil(length_m / SPACING_M))
    times = array("i", (round(lap_time_ms * place * SPACING_M / length_m) for place in places))
    return ReferenceClock(times, length_m, lap_time_ms)


def board_time(entrant: str, position: int, lap_time_ms: int) -> BoardTime:
    """A time with equal sectors."""
    third = lap_time_ms // 3
    sectors: Sectors = (third, third, lap_time_ms - 2 * third)
    return BoardTime(entrant, position, lap_time_ms, sectors)


def board_of(*times: BoardTime, rules: Rules | None = None, formula: str = "Modern") -> BoardTimes:
    """A board with the references of every entrant, and of the entrant ``d:new``, who has no lap."""
    board = BoardTimes(rules=rules or Rules(), times=times)
    laps = {time.entrant: ReferenceLap(time, formula, constant_clock(time.lap_time_ms)) for time in times}
    references = {
        entrant: References(*(laps[time.entrant] if time else None for time in board.needed(entrant)))
        for entrant in (*laps, "d:new")
    }
    return BoardTimes(rules=board.rules, times=times, references=references)
