"""How a lap began: flying, standing or in the pits, by the rows between which its clock began to run."""

from __future__ import annotations

from typing import Final, Literal, get_args

from f1timings.timing.lap_rows import LapRow
from f1timings.timing.lap_steps import CLOCK_SLACK_MS, FASTEST_M_PER_S, is_behind_line, is_past_line
from f1timings.timing.statuses import IN_GARAGE, NOT_IN_PITS, OUT_LAP

StartKind = Literal["flying", "standing", "pit"]
"""How a lap began.

flying: the car was at speed when the clock began: it crossed the line, or the race has a rolling start.
standing: it stood on the track then: the start or the restart of a race from the grid.
pit: it was in its garage or the pit lane then, or began its out lap.
"""

START_KINDS: Final[tuple[StartKind, ...]] = get_args(StartKind)
FLYING, STANDING, PIT = START_KINDS

# A start was not seen if the two packets around it are further apart in session time. The clock of a car that
# stood on the grid must be lower: the session time may stand there at zero, and then step.
LONGEST_GAP_S: Final = 1.0
# A car that was slower than this between two rows stood, or began to drive from a standstill.
STANDSTILL_M_PER_S: Final = 8.0
# A car on the grid may move by so little.
_STANDSTILL_M = 0.05
# Where the distance begins again at the line, it falls by more than this.
_SHORTEST_TRACK_M = 100.0


def has_moved(driven_m: float, elapsed_s: float) -> bool:
    """Whether a car was at speed while it drove this far."""
    return abs(driven_m) > _STANDSTILL_M + STANDSTILL_M_PER_S * elapsed_s


def start_kind(before: LapRow, row: LapRow, *, has_stood: bool | None = None) -> str | None:
    """How a lap began, one of :data:`START_KINDS`; None if the rows of a car do not show it.

    Args:
        before: the last row before the clock of the lap ran.
        row: the first row with the clock, which may still be zero where a lap begins.
        has_stood: whether the car stood before, while the clock waited; None if the clock did not wait, or
            waited in one packet only.
    """
    elapsed_s, clock_s = row.session_time_s - before.session_time_s, row.current_lap_ms / 1000.0
    gap_s = clock_s if has_stood else elapsed_s
    if not gap_s <= LONGEST_GAP_S or clock_s > elapsed_s + CLOCK_SLACK_MS / 1000.0:
        return None
    if _is_in_pits(before) or _is_in_pits(row):
        return PIT
    crosses_line = _crosses_line(before, row)
    # At the end of an out lap the status may change a little after the line.
    if row.driver_status == OUT_LAP and not (crosses_line and before.driver_status == OUT_LAP):
        return PIT
    if has_stood is not None:
        return STANDING if has_stood else FLYING
    if crosses_line:
        return FLYING if _is_just_past_line(row) else None
    driven_m = _driven_m(before, row)
    if driven_m is None or has_moved(driven_m, max(elapsed_s, clock_s)):
        return None
    return STANDING


def _driven_m(before: LapRow, row: LapRow) -> float | None:
    """How much the distance from the line changed between two rows; None if it is unknown."""
    if before.lap_distance_m is None or row.lap_distance_m is None:
        return None
    return row.lap_distance_m - before.lap_distance_m


def _is_in_pits(row: LapRow) -> bool:
    return row.pit_status != NOT_IN_PITS or row.driver_status == IN_GARAGE


def _crosses_line(before: LapRow, row: LapRow) -> bool:
    """Whether the car crossed the line between two rows: the lap number rises, or the distance restarts."""
    if row.lap_number == before.lap_number + 1:
        return True
    driven_m = _driven_m(before, row)
    if driven_m is None:
        return False
    reaches_line = is_behind_line(before) and is_past_line(row) and driven_m > _STANDSTILL_M
    return reaches_line or driven_m < -_SHORTEST_TRACK_M


def _is_just_past_line(row: LapRow) -> bool:
    """Whether the car is where it can be if it crossed the line when the clock of its lap began."""
    seconds = (row.current_lap_ms + CLOCK_SLACK_MS) / 1000.0
    return row.lap_distance_m is not None and 0.0 <= row.lap_distance_m <= FASTEST_M_PER_S * seconds


class StartWatch:
    """How the lap under way of one car began; on a grid the clock of a lap waits before it runs.

    Attributes:
        kind: one of :data:`START_KINDS`; None if the start was not seen.
        is_waiting: the clock has not run yet, so that the kind may still change.
    """

    __slots__ = ("_has_stood", "_last_seen", "is_waiting", "kind")

    def __init__(self) -> None:
        self.kind: str | None = None
        self.is_waiting = False
        self._has_stood: bool | None = None
        self._last_seen: tuple[float, float] | None = None

    def begin(self, before: LapRow | None, row: LapRow) -> None:
        """Begin the lap of this row.

        Args:
            before: the row before it; None if the lap began before it was seen.
        """
        kind = None if before is None else start_kind(before, row)
        self._set(kind, is_waiting=not row.current_lap_ms)

    def handle_standing_clock(self, distance_m: float, time_s: float) -> None:
        """Handle a packet in which the clock of the lap still waits.

        Args:
            distance_m: where the car is.
            time_s: session time of the packet.
        """
        if self._last_seen is not None:
            last_m, last_s = self._last_seen
            self._has_stood = not has_moved(distance_m - last_m, time_s - last_s)
        self._last_seen = distance_m, time_s

    def handle_row(self, before: LapRow, row: LapRow) -> None:
        """Handle a further row of the lap: the clock may have begun to run."""
        if not self.is_waiting or not row.current_lap_ms:
            return
        # In the row on the line the clock may be zero, too. There it is zero once, on the grid it waits.
        is_known = self.kind is not None and self._has_stood is None
        kind = self.kind if is_known else start_kind(before, row, has_stood=self._has_stood)
        self._set(kind, is_waiting=False)

    def leave_garage(self, row: LapRow) -> None:
        """Begin the lap in the garage, which the car leaves in this row; its clock may wait for the line."""
        self._set(PIT, is_waiting=not row.current_lap_ms)

    def resume(self, kind: str | None, row: LapRow) -> None:
        """Go on with a lap after a flashback: it keeps its start, if that was seen."""
        self._set(kind, is_waiting=kind is None and not row.current_lap_ms)

    def _set(self, kind: str | None, *, is_waiting: bool) -> None:
        self.kind = kind
        self.is_waiting = is_waiting
        self._has_stood = None
        self._last_seen = None
