"""What one car's row of lap data means after the row before it."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from f1timings.timing.lap_rows import LapRow
from f1timings.timing.plausible import PLAUSIBLE
from f1timings.timing.statuses import FINISHED, IN_GARAGE, has_car

# A lap was joined in the middle if the clock in its first row is later than this.
JOINED_LATE_MS: Final = 1_000
# How far the game's lap time may differ from the clock in the rows: a packet, and the edges of a pause.
CLOCK_SLACK_MS: Final = 250
# How far the clocks of two rows may differ from the lap time between them: a frame, and rounding.
LINE_SLACK_MS: Final = 50
# At the line a car covers up to this share of its own average speed since the line before, and at least this
# much: 100 m/s is 360 km/h.
_SPEED_FACTOR: Final = 2.0
_LINE_SPEED_M_MS: Final = 0.1
# How far the distance in a row, and the track length, may be off.
LINE_SLACK_M: Final = 50.0
# A gap between two packets this many times the usual gap hides a datagram.
LOSS_FACTOR: Final = 1.5
# No car is faster: the game moved it.
FASTEST_M_PER_S: Final = 150.0
# Sector times have 16 bits up to 2022.
WRAP_MS: Final = 65_536
HIGHEST_LAP: Final = 250


class Step(Enum):
    """What a row means after the row before it.

    SAME_LAP: the lap goes on. FINISHED: the car's last lap got its time. CROSSED: the next lap began, and the
    lap before it has its time. UNTIMED: the next lap began, but the time of the lap before it is missing.
    SKIPPED: whole laps are missing. BACK: the lap number went down.
    """

    SAME_LAP = auto()
    FINISHED = auto()
    CROSSED = auto()
    UNTIMED = auto()
    SKIPPED = auto()
    BACK = auto()


def step_of(before: LapRow, row: LapRow, track_length_m: int | None = None) -> Step:
    """The step between two rows of one car, neither late nor rewound.

    Args:
        track_length_m: None if unknown.
    """
    laps_on = row.lap_number - before.lap_number
    if laps_on == 0:
        return Step.FINISHED if _is_last_lap_timed(before, row) else Step.SAME_LAP
    if laps_on == 1:
        is_timed = fits_clock(before, row) and _is_new_time(before, row, track_length_m)
        return Step.CROSSED if is_timed else Step.UNTIMED
    return Step.SKIPPED if laps_on > 1 else Step.BACK


def _is_last_lap_timed(before: LapRow, row: LapRow) -> bool:
    """The last lap never increments the lap number; its time appears as the last lap time."""
    if row.last_lap_ms == 0 or not fits_clock(before, row):
        return False
    if row.last_lap_ms != before.last_lap_ms:
        return True
    # As long as the lap before to the millisecond: the car finishes, and its clock stops at that time.
    is_finished = before.result_status != row.result_status == FINISHED
    return is_finished and row.current_lap_ms == row.last_lap_ms


def _is_new_time(before: LapRow, row: LapRow, track_length_m: int | None) -> bool:
    """Whether the last lap time is of the lap that ends between two rows, not still of the lap before it.

    It is new if it has changed. If the lap is as long as the lap before to the millisecond, the clocks and
    the distances show that the car crossed the line. A lap that is given up ends in the garage, behind the
    line, or anywhere on the track.
    """
    if row.last_lap_ms != before.last_lap_ms:
        return True
    if row.driver_status == IN_GARAGE or is_behind_line(row):
        return False
    elapsed_ms = (row.session_time_s - before.session_time_s) * 1000.0
    lap_ms = before.current_lap_ms + elapsed_ms - row.current_lap_ms
    is_as_long = row.current_lap_ms < before.current_lap_ms and abs(lap_ms - row.last_lap_ms) <= LINE_SLACK_MS
    return is_as_long and _can_have_crossed(before, row, track_length_m)


def _can_have_crossed(before: LapRow, row: LapRow, track_length_m: int | None) -> bool:
    """Whether a car may have crossed the line between two rows, by how far each of them is from the line.

    The longer a row is from the line in time, the farther it may be away: datagrams may be lost between them.
    A distance that does not change over the line is unknown.
    """
    if before.lap_distance_m is None or row.lap_distance_m is None:
        return True
    average_m_ms = max(before.lap_distance_m, 0.0) / max(before.current_lap_ms, 1)
    speed_m_ms = max(_LINE_SPEED_M_MS, _SPEED_FACTOR * average_m_ms)
    if row.lap_distance_m > LINE_SLACK_M + speed_m_ms * row.current_lap_ms:
        return False
    if track_length_m is None or before.lap_distance_m == row.lap_distance_m:
        return True
    left_ms = max(0, row.last_lap_ms - before.current_lap_ms)
    return track_length_m - before.lap_distance_m <= LINE_SLACK_M + speed_m_ms * left_ms


def fits_clock(before: LapRow, row: LapRow) -> bool:
    """Whether the last lap time can be the time of the lap whose clock runs in the row before."""
    elapsed_ms = max(0.0, row.session_time_s - before.session_time_s) * 1000.0
    earliest_ms = before.current_lap_ms - CLOCK_SLACK_MS
    latest_ms = before.current_lap_ms + elapsed_ms + CLOCK_SLACK_MS
    return row.last_lap_ms > 0 and earliest_ms <= row.last_lap_ms <= latest_ms


def is_driven(row: LapRow) -> bool:
    """Whether the row is of a car with a lap: no empty slot, ghost, or impossible lap number or clock."""
    return has_car(row.result_status) and 0 < row.lap_number <= HIGHEST_LAP and row.has_clock


def is_behind_line(row: LapRow) -> bool:
    """Whether the car is known to be behind the line, which it has not crossed in this session."""
    return row.lap_distance_m is not None and row.lap_distance_m < 0.0


def is_past_line(row: LapRow) -> bool:
    """Whether the car is known to be past the line."""
    return row.lap_distance_m is not None and row.lap_distance_m >= 0.0


def is_before_first_lap(row: LapRow) -> bool:
    """Whether the row is of a car that has no lap yet, as on a formation lap."""
    return has_car(row.result_status) and row.lap_number == 0


def is_begun_again(before: LapRow, row: LapRow) -> bool:
    """Whether the lap begins again under the same number: its clock restarts, or the car is behind the line.

    An out lap reached the line, a lap was restarted, or the game put the car into its garage.
    """
    clock_restarts = row.current_lap_ms + CLOCK_SLACK_MS < before.current_lap_ms
    return clock_restarts or (is_behind_line(row) and is_past_line(before))


def is_begun_again_unseen(before: LapRow, row: LapRow) -> bool:
    """Whether the lap began again under the same number after a row, and no packet showed the line.

    An out lap reached the line in a gap, and the lap's clock may already show more than the out lap's did.
    """
    elapsed_ms = (row.session_time_s - before.session_time_s) * 1000.0
    later_ms = elapsed_ms - (row.current_lap_ms - before.current_lap_ms)
    has_clock_run = before.current_lap_ms > 0 and row.current_lap_ms < elapsed_ms
    return has_clock_run and later_ms > CLOCK_SLACK_MS


def is_under_way(row: LapRow) -> bool:
    """Whether a lap had begun long before this row, the first of it."""
    return not is_behind_line(row) and row.current_lap_ms > JOINED_LATE_MS


def count_wraps(elapsed_ms: int, sector_ms: int) -> int:
    """How often a sector time of 16 bits has wrapped; 0 if the clock of the lap is not plausible."""
    wraps = max(0, (elapsed_ms - sector_ms + CLOCK_SLACK_MS) // WRAP_MS)
    return wraps if sector_ms + wraps * WRAP_MS <= PLAUSIBLE["lap_data.sector"].highest else 0
