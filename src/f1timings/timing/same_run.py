"""Whether the game goes on with the same run after a gap, by the laps that its packets show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from f1timings.timing.history import CarHistory
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.lap_steps import CLOCK_SLACK_MS, fits_clock, is_driven
from f1timings.timing.records import Lap, LapState
from f1timings.timing.statuses import is_over

Laps = Mapping[int, Lap]
"""The recorded laps of a car by number."""


def drives_other_laps(
    rows: Sequence[LapRow],
    rows_before: Sequence[LapRow],
    recorded: Mapping[int, Laps],
    *,
    is_rewound: bool = False,
) -> bool:
    """Whether more cars contradict their recorded laps than agree with them.

    The clock of a car of the same run has run on, or the car is beyond its recorded laps and its last lap
    time is the one that is recorded.

    Args:
        rows: the first rows after the gap, by car.
        rows_before: the last ones before the gap; empty after a restart of the server.
        recorded: by car.
        is_rewound: the counters went back, without a proof that it was a flashback.
    """
    agreeing = differing = 0
    for car_index, laps in recorded.items():
        if car_index >= len(rows):
            continue
        row = rows[car_index]
        if car_index < len(rows_before) and _runs_on(rows_before[car_index], row):
            agrees: bool | None = True
        else:
            agrees = _agrees(row, laps, is_rewound=is_rewound)
        agreeing += agrees is True
        differing += agrees is False
    return differing > agreeing


def lists_other_laps(history: CarHistory, recorded: Laps) -> bool | None:
    """Whether a history has other times for all recorded laps of its car; None if they cannot be compared.

    Args:
        recorded: the laps from before the gap.
    """
    pairs = [
        (lap.lap_time_ms, history.laps[number].lap_time_ms)
        for number, lap in recorded.items()
        if is_evidence(lap) and number in history.laps
    ]
    return all(recorded_ms != listed_ms for recorded_ms, listed_ms in pairs) if pairs else None


def _runs_on(before: LapRow, row: LapRow) -> bool:
    """Whether the lap clock ran on between two rows, over the line at most once."""
    elapsed_ms = (row.session_time_s - before.session_time_s) * 1000
    if row.lap_number == before.lap_number:
        return abs(row.current_lap_ms - before.current_lap_ms - elapsed_ms) <= CLOCK_SLACK_MS
    return row.lap_number == before.lap_number + 1 and fits_clock(before, row)


def _agrees(row: LapRow, laps: Laps, *, is_rewound: bool) -> bool | None:
    """Whether a row agrees with the recorded laps; None if nothing can be compared."""
    last_timed = max((number for number, lap in laps.items() if lap.lap_time_ms is not None), default=0)
    if not last_timed or not is_driven(row) or is_over(row.result_status):
        return None
    # A flashback goes back over one line at most.
    if row.lap_number <= last_timed - is_rewound:
        return False
    before = laps.get(row.lap_number - 1)
    if before is None or not is_evidence(before):
        return None
    return before.lap_time_ms == row.last_lap_ms


def is_evidence(lap: Lap) -> bool:
    """Whether a lap has a time of the game."""
    return lap.lap_time_ms is not None and lap.state is LapState.COMPLETED
