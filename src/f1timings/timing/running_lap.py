"""The lap that a car is on: its tyres, sectors and circumstances so far, and its record when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from f1timings.timing.circumstances import LapCircumstances
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.lap_steps import WRAP_MS, count_wraps, is_behind_line
from f1timings.timing.recorded_laps import RecordedLaps
from f1timings.timing.records import Lap
from f1timings.timing.start_kinds import StartWatch
from f1timings.timing.statuses import IN_GARAGE, is_over
from f1timings.units import known


class RunningLap:
    """The state of one car's lap under way.

    Args:
        recorded: the recorded laps of the car, to which the lap is added when it ends.
        compound_now: gives the visual compound that a car has on now, None if unknown.
        circumstances_now: gives the circumstances of a lap that a car begins now.

    Attributes:
        is_over: the car has driven its last lap.
        circumstances: what the lap is driven under; None if its start was not received.
    """

    def __init__(
        self,
        recorded: RecordedLaps,
        compound_now: Callable[[int], str | None],
        circumstances_now: Callable[[int], LapCircumstances],
    ) -> None:
        self._recorded = recorded
        self._compound_now = compound_now
        self._circumstances_now = circumstances_now
        self.is_over = False
        self._joined_late = False
        self._compound: str | None = None
        self.circumstances: LapCircumstances | None = None
        self._number = 0
        self._start = StartWatch()
        self._lap_before: tuple[int, LapCircumstances | None, str | None] = (0, None, None)
        self._sector_wraps = [0, 0]
        self._has_stopped_clock = False

    def begin(
        self, row: LapRow, before: LapRow | None = None, *, joined_late: bool = False, may_wait: bool = False
    ) -> None:
        """Begin the lap of this row.

        Args:
            before: the row before it, None if the lap began before it was seen.
            joined_late: its start was not received.
            may_wait: the car may stand on the grid or in the garage, with the clock of the lap at zero.
        """
        self.is_over = False
        self._joined_late = joined_late
        self._sector_wraps = [0, 0]
        self._compound = self._compound_now(self._recorded.car_index) if row.sector else None
        self._has_stopped_clock = may_wait and not row.current_lap_ms
        if self._number != row.lap_number:
            self._lap_before = self._number, self.circumstances, self._start.kind
        self._number = row.lap_number
        self.circumstances = None if joined_late else self._circumstances_now(self._recorded.car_index)
        self._start.begin(before, row)

    def resume(self, row: LapRow, *, joined_late: bool) -> None:
        """Go on with an earlier lap after a flashback; its start and what it was driven under stay."""
        circumstances, start = self._known_circumstances(row.lap_number), self._known_start(row.lap_number)
        self.begin(row, joined_late=joined_late)
        self.circumstances = circumstances
        self._start.resume(start, row)

    def rewind(self, row: LapRow) -> None:
        """Go back within the lap under way, after a flashback."""
        self._start.resume(self._start.kind, row)

    def handle_standing_clock(self, distance_m: float, time_s: float) -> None:
        """Handle a packet in which the clock of the lap still waits: where the car is, and when."""
        self._start.handle_standing_clock(distance_m, time_s)

    def waits_for_clock(self, row: LapRow) -> bool:
        """Whether the clock of the lap may begin to run without any other change, as on the grid.

        Args:
            row: the newest row of the car.
        """
        return self._start.is_waiting and row.driver_status != IN_GARAGE and not is_over(row.result_status)

    def handle_late_start(self, before: LapRow, row: LapRow) -> int | None:
        """Begin a lap that waited in the garage or on the grid, if the car leaves or the clock runs now.

        In the garage the clock may run on for many minutes, while another driver sits down at the rig.

        Returns:
            How long ago the lap began in ms, None if it does not begin now.
        """
        self._start.handle_row(before, row)
        if before.driver_status == IN_GARAGE != row.driver_status:
            elapsed_ms = 0
            self._start.leave_garage(row)
        elif self._has_stopped_clock and row.current_lap_ms:
            elapsed_ms = row.current_lap_ms
        else:
            return None
        self._has_stopped_clock = not row.current_lap_ms
        if self.circumstances is not None:
            self.circumstances = self._circumstances_now(self._recorded.car_index)
        return elapsed_ms

    def handle_sector_line(self, before: LapRow, row: LapRow) -> None:
        """Note the tyres at the first sector line, and how often a sector time has wrapped (up to 2022).

        At a sector line the clock of the lap shows the wraps of a sector time of 16 bits.
        """
        if row.sector == before.sector:
            return
        self._compound = self._compound or self._compound_now(self._recorded.car_index)
        if not self._recorded.sectors_wrap:
            return
        if row.sector == 1 and row.sector1_ms:
            self._sector_wraps[0] = count_wraps(row.current_lap_ms, row.sector1_ms)
        elif row.sector == 2 and row.sector2_ms:
            sector1_ms = row.sector1_ms + WRAP_MS * self._sector_wraps[0]
            self._sector_wraps[1] = count_wraps(row.current_lap_ms - sector1_ms, row.sector2_ms)

    def complete(self, lap_time_ms: int, last: LapRow, *, recovered: bool) -> list[Lap]:
        """Record the lap with its time, however late it was joined; without a first sector it is partial.

        Args:
            last: the last row of the lap: this lap, or the lap before it whose time arrived late.
            recovered: a datagram was lost at the end of the lap.
        """
        if self._recorded.is_completed(last.lap_number):
            return []
        s1, s2 = self._sectors(last)
        if s1 is None and s2 is not None and not self._may_have_wrapped(lap_time_ms - s2):
            return self.cut_short(last)
        if self._joined_late and s1 and s2 and self._may_have_wrapped(lap_time_ms - s1 - s2):
            s1 = s2 = None  # a sector may have wrapped before we joined
        lap = replace(
            self._recorded.build(last.lap_number, lap_time_ms, recovered=recovered),
            sector3_ms=lap_time_ms - s1 - s2 if s1 and s2 and s1 + s2 < lap_time_ms else None,
            is_valid=not last.is_invalid,
            compound=self._compound or self._compound_now(self._recorded.car_index),
        )
        return [self._record(lap, s1, s2)]

    def cut_short(self, last: LapRow) -> list[Lap]:
        """Record the lap without a time: joined late, hidden, or unfinished; nothing if it never began.

        Args:
            last: the last row of the lap.
        """
        if last.lap_number in self._recorded.laps or (is_behind_line(last) and not last.sector1_ms):
            return []
        if not last.current_lap_ms:
            return []
        lap = replace(
            self._recorded.build(last.lap_number, None, recovered=False),
            is_valid=False if last.is_invalid else None,
            compound=self._compound,
        )
        return [self._record(lap, *self._sectors(last))]

    def sectors_ms(self, row: LapRow) -> tuple[int | None, int | None]:
        """Sector 1 and 2 of the lap under way; None until driven, and where a wrap is not known.

        Args:
            row: the newest row of the car.
        """
        s1, s2 = self._sectors(row)
        if self._joined_late and self._may_have_wrapped(row.current_lap_ms - (s1 or 0) - (s2 or 0)):
            return None, None
        return s1, s2

    def _record(self, lap: Lap, s1: int | None, s2: int | None) -> Lap:
        under = self._known_circumstances(lap.lap_number) or LapCircumstances()
        return self._recorded.record(
            replace(
                lap,
                sector1_ms=s1,
                sector2_ms=s2,
                assists=under.assists,
                weather=under.weather,
                start=self._known_start(lap.lap_number),
            )
        )

    def _sectors(self, row: LapRow) -> tuple[int | None, int | None]:
        """Sector 1 and 2 in ms, with their wraps; None until driven."""
        return (
            known(row.sector1_ms and row.sector1_ms + WRAP_MS * self._sector_wraps[0]),
            known(row.sector2_ms and row.sector2_ms + WRAP_MS * self._sector_wraps[1]),
        )

    def _may_have_wrapped(self, rest_ms: int) -> bool:
        """Whether a sector may be longer by 65,536 ms than its 16 bits say: 0 ms may be 65,536 ms.

        Args:
            rest_ms: what the known sectors leave of the lap time.
        """
        return self._recorded.sectors_wrap and rest_ms >= WRAP_MS

    def _known_circumstances(self, number: int) -> LapCircumstances | None:
        """What this lap or the lap before it was driven under; None for other laps, or if unknown."""
        if number == self._number:
            return self.circumstances
        number_before, circumstances, _ = self._lap_before
        return circumstances if number == number_before else None

    def _known_start(self, number: int) -> str | None:
        """How this lap, the lap before it, or an earlier lap that is recorded began; None if unknown."""
        if number == self._number:
            return self._start.kind
        if number == self._lap_before[0]:
            return self._lap_before[2]
        recorded = self._recorded.laps.get(number)
        return None if recorded is None else recorded.start
