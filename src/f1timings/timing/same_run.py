"""Whether the game goes on with the same run after a gap, by the laps that its packets show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from f1timings.timing.history import SECTOR_SLACK_MS, CarHistory
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.lap_steps import CLOCK_SLACK_MS, WRAP_MS, fits_clock, is_driven
from f1timings.timing.packet_order import RESTART_TIME_S
from f1timings.timing.records import Lap, LapState
from f1timings.timing.statuses import is_over

Laps = Mapping[int, Lap]
"""The recorded laps of a car by number."""


def drives_same_laps(
    rows: Sequence[LapRow],
    rows_before: Sequence[LapRow],
    recorded: Mapping[int, Laps],
    *,
    is_rewound: bool = False,
) -> bool | None:
    """Whether more cars agree with their recorded laps than contradict them; None if as many do.

    The clock of a car of the same run has run on, or went back with the session clock. Or the car is beyond
    its recorded laps and its last lap time is the one that is recorded.

    Args:
        rows: the first rows after the gap, by car.
        rows_before: the last ones before the gap; empty after a restart of the server.
        recorded: by car.
        is_rewound: the counters went back, so the car may be on a lap that is recorded.
    """
    agreeing = differing = 0
    for car_index, laps in recorded.items():
        if car_index >= len(rows):
            continue
        row = rows[car_index]
        if car_index < len(rows_before) and _runs_on(rows_before[car_index], row, laps):
            agrees: bool | None = True
        else:
            agrees = _agrees(row, laps, is_rewound=is_rewound)
        agreeing += agrees is True
        differing += agrees is False
    return None if agreeing == differing else agreeing > differing


def lists_other_laps(history: CarHistory, recorded: Laps) -> bool | None:
    """Whether a history has other times for all recorded laps of its car; None if they cannot be compared.

    Args:
        recorded: the laps from before the gap.
    """
    pairs = _compared(history, recorded)
    return all(recorded_ms != listed_ms for recorded_ms, listed_ms in pairs) if pairs else None


def lists_same_laps(history: CarHistory, recorded: Laps) -> bool:
    """Whether a history has the times of all recorded laps of its car that it lists, and lists one."""
    pairs = _compared(history, recorded)
    return bool(pairs) and all(recorded_ms == listed_ms for recorded_ms, listed_ms in pairs)


def _compared(history: CarHistory, recorded: Laps) -> list[tuple[int | None, int]]:
    """The recorded and the listed times of the laps that have both."""
    return [
        (lap.lap_time_ms, history.laps[number].lap_time_ms)
        for number, lap in recorded.items()
        if is_evidence(lap) and number in history.laps
    ]


def _runs_on(before: LapRow, row: LapRow, laps: Laps) -> bool:
    """Whether the lap clock ran on between two rows, over the line at most once, or went back.

    A car that went back is on a lap that began when the recorded laps say. In every race the first lap begins
    with the session: there the clock shows nothing, but a sector that was driven before may.
    """
    if row.lap_number == before.lap_number + 1:
        return fits_clock(before, row)
    began_ms = _began_ms(row)
    if row.session_time_s < before.session_time_s and began_ms <= RESTART_TIME_S * 1000:
        return row.lap_number == before.lap_number and 0 < row.sector1_ms == before.sector1_ms
    times = [
        lap.lap_time_ms if (lap := laps.get(number)) else None
        for number in range(row.lap_number, before.lap_number)
    ]
    driven_ms = sum(time_ms or 0 for time_ms in times)
    is_known = row.lap_number <= before.lap_number and all(times)
    return is_known and abs(began_ms + driven_ms - _began_ms(before)) <= CLOCK_SLACK_MS


def _began_ms(row: LapRow) -> float:
    """The session time at which the lap of a row began, by its clock."""
    return row.session_time_s * 1000 - row.current_lap_ms


def _agrees(row: LapRow, laps: Laps, *, is_rewound: bool) -> bool | None:
    """Whether a row agrees with the recorded laps; None if nothing can be compared."""
    last_timed = max((number for number, lap in laps.items() if lap.lap_time_ms is not None), default=0)
    if not last_timed or not is_driven(row) or is_over(row.result_status):
        return None
    if row.lap_number <= last_timed and not is_rewound:
        return False
    before = laps.get(row.lap_number - 1)
    if before is not None and is_evidence(before):
        return before.lap_time_ms == row.last_lap_ms
    # No single flashback goes back over two lines.
    return False if row.lap_number < last_timed else _has_sectors_of(row, laps.get(row.lap_number))


def _has_sectors_of(row: LapRow, lap: Lap | None) -> bool | None:
    """Whether a row shows sectors of a recorded lap, to which a flashback went back; None if none is known.

    Up to 2022 sectors have 16 bits.
    """
    if lap is None or not is_evidence(lap):
        return None
    pairs = (row.sector1_ms, lap.sector1_ms), (row.sector2_ms, lap.sector2_ms)
    differences = [(shown - driven) % WRAP_MS for shown, driven in pairs if shown and driven]
    return all(min(away, WRAP_MS - away) <= SECTOR_SLACK_MS for away in differences) if differences else None


def is_evidence(lap: Lap) -> bool:
    """Whether a lap has a time of the game."""
    return lap.lap_time_ms is not None and lap.state is LapState.COMPLETED


def has_evidence(recorded: Mapping[int, Laps]) -> bool:
    """Whether any car has a recorded lap with a time of the game."""
    return any(is_evidence(lap) for laps in recorded.values() for lap in laps.values())
