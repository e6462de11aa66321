"""What one car's row of lap data means after the row before it."""

from __future__ import annotations

from enum import Enum, auto

from f1timings.timing.lap_rows import LapRow
from f1timings.timing.statuses import has_car

# A lap first seen later than this was joined in the middle.
JOINED_LATE_MS = 1_000
# What the game's lap time may differ from the clock that we saw running: a packet, and a pause's edges.
CLOCK_SLACK_MS = 250
# A gap this many times the usual one hid a datagram.
LOSS_FACTOR = 1.5
WRAP_MS = 65_536
HIGHEST_LAP = 250


class Step(Enum):
    """What a row means after the one before it."""

    FIRST = auto()
    SAME_LAP = auto()
    FINISHED = auto()
    CROSSED = auto()
    UNTIMED = auto()
    SKIPPED = auto()
    BACK = auto()


def step_of(before: LapRow | None, row: LapRow) -> Step:
    """Say what happened between two rows of one car, neither late nor rewound."""
    if before is None:
        return Step.FIRST
    laps_on = row.lap_number - before.lap_number
    if laps_on == 0:
        return Step.FINISHED if _is_last_lap_timed(before, row) else Step.SAME_LAP
    if laps_on == 1:
        return Step.CROSSED if fits_clock(before, row) else Step.UNTIMED
    return Step.SKIPPED if laps_on > 1 else Step.BACK


def _is_last_lap_timed(before: LapRow, row: LapRow) -> bool:
    """The last lap never increments the lap number; only the last lap time changes."""
    changed = row.last_lap_ms not in (0, before.last_lap_ms)
    return changed and fits_clock(before, row)


def fits_clock(before: LapRow, row: LapRow) -> bool:
    """Say whether the last lap time can be that of the lap whose clock we saw running."""
    elapsed_ms = max(0.0, row.session_time_s - before.session_time_s) * 1000.0
    earliest = before.current_lap_ms - CLOCK_SLACK_MS
    return (
        row.last_lap_ms > 0
        and earliest <= row.last_lap_ms <= before.current_lap_ms + elapsed_ms + CLOCK_SLACK_MS
    )


def is_driven(row: LapRow) -> bool:
    """Empty slots, ghosts, and rows that say nonsense have no laps."""
    return has_car(row.result_status) and 0 < row.lap_number <= HIGHEST_LAP


def is_begun_again(before: LapRow, row: LapRow) -> bool:
    """The number stays, but the clock restarts, or the car is put behind the line.

    An out lap reached the line, a lap was begun again, or the car is in its garage.
    """
    clock_restarts = row.current_lap_ms + CLOCK_SLACK_MS < before.current_lap_ms
    return clock_restarts or row.lap_distance_m < 0.0 <= before.lap_distance_m


def is_under_way(row: LapRow) -> bool:
    """Say whether a lap seen for the first time had begun long before."""
    return row.lap_distance_m >= 0.0 and row.current_lap_ms > JOINED_LATE_MS


def wraps(elapsed_ms: int, sector_ms: int) -> int:
    return max(0, (elapsed_ms - sector_ms + CLOCK_SLACK_MS) // WRAP_MS)
