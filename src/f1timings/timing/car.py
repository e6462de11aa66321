"""One car's laps in one session: how rows of lap data and session histories change them.

There are two steps: :func:`~f1timings.timing.lap_steps.step_of` finds what a row means after the row before
it, and ``_ACTIONS`` names the method for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from f1timings.timing.circumstances import LapCircumstances, Levels
from f1timings.timing.events import LapBegan
from f1timings.timing.history import CarHistory
from f1timings.timing.lap_reckoning import LapReckoning
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.lap_steps import (
    CLOCK_SLACK_MS,
    HIGHEST_LAP,
    LOSS_FACTOR,
    Step,
    fits_clock,
    is_before_first_lap,
    is_begun_again,
    is_begun_again_unseen,
    is_driven,
    is_under_way,
    step_of,
)
from f1timings.timing.recorded_laps import RecordedLaps
from f1timings.timing.records import Lap, LapState, Session
from f1timings.timing.running_lap import RunningLap
from f1timings.timing.statuses import is_over

# A lap time that has not come after this time does not come.
_LONGEST_WAIT_S = 2.0


class CarLaps:
    """The laps of one car.

    Args:
        session: session of the laps.
        compound_now: gives the visual compound that a car has on now, None if unknown.
        circumstances_now: gives the circumstances of a lap that a car begins now.
        on_lap_began: called for each lap that begins.
        known_laps: laps that an earlier process recorded for this car, of any branch.

    Attributes:
        recorded: the laps that are recorded.
    """

    def __init__(
        self,
        session: Session,
        car_index: int,
        *,
        compound_now: Callable[[int], str | None],
        circumstances_now: Callable[[int], LapCircumstances] = lambda _car: LapCircumstances(),
        on_lap_began: Callable[[LapBegan], None] = lambda _began: None,
        known_laps: Iterable[Lap] = (),
    ) -> None:
        self._session_id, self._epoch = session.id, session.epoch
        self.car_index = car_index
        self._on_lap_began = on_lap_began
        self.recorded = RecordedLaps(session, car_index, known_laps)
        self._running = RunningLap(self.recorded, compound_now, circumstances_now)
        self._reckoning = LapReckoning(self.recorded)
        self._row: LapRow | None = None
        self._untimed_row: LapRow | None = None
        self._history: CarHistory | None = None

    # Input --------------------------------------------------------------------------------------------

    def handle_row(
        self, row: LapRow, before: LapRow | None, *, usual_gap_s: float, track_length_m: int | None = None
    ) -> list[Lap]:
        """Handle the next row in order.

        Args:
            row: this car's row.
            before: its row in the packet before, with the newest clock; None in the first packet.
            usual_gap_s: usual session time between two lap data packets; a longer gap is a loss.
            track_length_m: None if unknown.

        Returns:
            The laps that became known or changed.
        """
        if not is_driven(row) or (self._running.is_over and is_over(row.result_status)):
            return []
        row_before = before
        if self._row is None or before is None or not is_driven(before):
            before = self._row
        is_after_loss = (
            before is not None
            and row.session_time_s - before.session_time_s > LOSS_FACTOR * usual_gap_s > 0.0
        )
        self._row = before
        changed = self._resolve_late_time(row)
        if before is None:
            self._begin_first_lap(row, row_before)
        else:
            step = step_of(before, row, track_length_m)
            changed += _ACTIONS[step](self, before, row, is_after_loss)
            if step is Step.SAME_LAP and not changed:
                self._row = row
                return []
        self._row = row
        return changed + self._apply_history()

    def sectors_ms(self, row: LapRow) -> tuple[int | None, int | None]:
        """Sector 1 and 2 of the lap under way, None until driven; ``row`` is the newest row."""
        return self._running.sectors_ms(row)

    def handle_standing_clock(self, distance_m: float, time_s: float) -> None:
        """Handle a packet in which the clock of the lap still waits: where the car is, and when."""
        self._running.handle_standing_clock(distance_m, time_s)

    def handle_clock(self, row: LapRow, before: LapRow) -> None:
        """Handle a row of a car that waits for the clock of its lap; nothing else has changed in it."""
        elapsed_ms = self._running.handle_late_start(before, row) if is_driven(before) else None
        if elapsed_ms is not None:
            self._report_start(row, elapsed_ms)

    def waits_for_clock(self, row: LapRow) -> bool:
        """Whether the clock of the lap may begin to run without any other change after this row."""
        return is_driven(row) and self._running.waits_for_clock(row)

    def handle_rewind(self, row: LapRow) -> list[Lap]:
        """Supersede the laps from this row's lap on, after a flashback; the row's lap goes on."""
        self._history = None
        self._untimed_row = None
        self._reckoning.handle_rewind(row.lap_number)
        if not is_driven(row):
            return []
        before = self._row
        if before is None or _is_new_lap(before, row):
            self._running.begin(row, joined_late=is_under_way(row))
            self._report_start(row, is_rewound=True)
        elif row.lap_number < before.lap_number:
            self._running.resume(row, joined_late=self._was_joined_late(row.lap_number))
        else:
            self._running.rewind(row)
        self._row = row
        self._running.is_over = self._had_finished(row)
        superseded = self.recorded.supersede_from(row.lap_number + self._running.is_over)
        if any(lap.lap_number == row.lap_number for lap in superseded):
            self._report_start(row, elapsed_ms=0, is_rewound=True)
        return superseded

    def handle_history(self, history: CarHistory, *, is_session_over: bool) -> list[Lap]:
        """Complete and correct the laps behind the car by a session history.

        Args:
            is_session_over: the lap that the car was on counts too, if it has a time.
        """
        self._history = history
        return self._apply_history(is_session_over=is_session_over)

    def began_between_s(self, lap: Lap, now_s: float) -> tuple[float, float] | None:
        """The session times between which a lap began; None for one that a flashback undid.

        Args:
            now_s: session time now.
        """
        if self.recorded.laps.get(lap.lap_number) is not lap:
            return None
        return self._reckoning.began_between_s(lap.lap_number, now_s)

    def handle_circumstances(self, weather: str | None, levels: Levels | None) -> None:
        """Add what is true now to the circumstances of the lap under way."""
        if self._running.circumstances is not None:
            self._running.circumstances.handle_change(weather, levels)

    def handle_end(self, newest: LapRow | None) -> list[Lap]:
        """End the session: the lap under way is completed if there is evidence, otherwise partial.

        Args:
            newest: the car's row in the last packet, with its newest clock; None if there was none.
        """
        if self._row is not None and newest is not None and newest.lap_number == self._row.lap_number:
            self._row = newest
        changed = self._resolve_late_time(None) + self._apply_history(is_session_over=True)
        row = self._row
        if row is None or self._running.is_over or row.lap_number in self.recorded.laps:
            return changed
        return changed + self._running.cut_short(row)

    def _begin_first_lap(self, row: LapRow, before: LapRow | None) -> None:
        has_begun_now = before is not None and is_before_first_lap(before)
        self._running.begin(
            row, before if has_begun_now else None, joined_late=is_under_way(row), may_wait=True
        )
        self._running.is_over = is_over(row.result_status)
        if row.lap_number not in self.recorded.laps:  # otherwise an earlier process reported its start
            self._report_start(row)

    # Actions, one for each step -----------------------------------------------------------------------

    def _continue_lap(self, before: LapRow, row: LapRow, is_after_loss: bool) -> list[Lap]:
        changed: list[Lap] = []
        if not self._running.is_over:
            if is_begun_again(before, row) or (is_after_loss and is_begun_again_unseen(before, row)):
                changed = self._running.cut_short(before)
                self._running.begin(row, before, joined_late=is_under_way(row), may_wait=True)
                self._report_start(row)
            else:
                self.handle_clock(row, before)
        self._running.handle_sector_line(before, row)
        return changed

    def _finish(self, before: LapRow, row: LapRow, is_after_loss: bool) -> list[Lap]:
        if self.recorded.is_completed(before.lap_number):
            return []
        self._running.is_over = True
        return self._running.complete(row.last_lap_ms, before, recovered=is_after_loss)

    def _cross_line(self, before: LapRow, row: LapRow, is_after_loss: bool) -> list[Lap]:
        changed: list[Lap] = []
        if not self._running.is_over:
            changed = self._running.complete(row.last_lap_ms, before, recovered=is_after_loss)
        self._end_lap(before.lap_number, row)
        self._begin_next_lap(row, before)
        return changed

    def _cross_line_untimed(self, before: LapRow, row: LapRow, _is_after_loss: bool) -> list[Lap]:
        """The lap number rose without a new lap time; a later row may bring the time."""
        if not self._running.is_over:
            self._untimed_row = before
        self._end_lap(before.lap_number, row)
        self._begin_next_lap(row, before)
        return []

    def _skip_laps(self, before: LapRow, row: LapRow, _is_after_loss: bool) -> list[Lap]:
        """Whole laps were lost; the last lap time is of the lap before this one, other times are unknown."""
        changed = [] if self._running.is_over else self._running.cut_short(before)
        self._begin_next_lap(row)
        number = row.lap_number - 1
        if row.last_lap_ms and row.last_lap_ms != before.last_lap_ms and number not in self.recorded.laps:
            lap = self.recorded.build(number, row.last_lap_ms, recovered=True)
            changed.append(self.recorded.record(lap))
        return changed

    def _go_back(self, _before: LapRow, row: LapRow, _is_after_loss: bool) -> list[Lap]:
        return self.handle_rewind(row)

    # Laps ---------------------------------------------------------------------------------------------

    def _begin_next_lap(self, row: LapRow, before: LapRow | None = None) -> None:
        self._running.begin(row, before)
        self._report_start(row)

    def _end_lap(self, number: int, row: LapRow) -> None:
        """Note when a lap ended, by the clock of the lap after it."""
        self._reckoning.handle_end(number, row.session_time_s - row.current_lap_ms / 1000)

    def _report_start(self, row: LapRow, elapsed_ms: int | None = None, *, is_rewound: bool = False) -> None:
        """Report that the row's lap has begun, unless it is recorded with a time already.

        Args:
            elapsed_ms: time since it began; the row's clock if None.
            is_rewound: see :class:`LapBegan`.
        """
        elapsed_ms = row.current_lap_ms if elapsed_ms is None else elapsed_ms
        self._reckoning.handle_start(row.lap_number, row.session_time_s - elapsed_ms / 1000)
        if self.recorded.has_time(row.lap_number):
            return
        self._on_lap_began(
            LapBegan(
                session_id=self._session_id,
                epoch=self._epoch,
                car_index=self.car_index,
                lap_id=self.recorded.lap_id(row.lap_number),
                elapsed_ms=elapsed_ms,
                session_time_s=row.session_time_s,
                is_rewound=is_rewound,
            )
        )

    def _resolve_late_time(self, row: LapRow | None) -> list[Lap]:
        """Complete a lap whose time arrives late; record it as partial after 2 s or at the end."""
        untimed = self._untimed_row
        if untimed is None:
            return []
        if row is not None and row.last_lap_ms != untimed.last_lap_ms and fits_clock(untimed, row):
            self._untimed_row = None
            return self._running.complete(row.last_lap_ms, untimed, recovered=True)
        if row is None or row.session_time_s - untimed.session_time_s > _LONGEST_WAIT_S:
            self._untimed_row = None
            return self._running.cut_short(untimed)
        return []

    def _was_joined_late(self, number: int) -> bool:
        """Whether the start of a lap was not received: it is partial, or from before this process."""
        return not self.recorded.has_time(number)

    def _had_finished(self, row: LapRow) -> bool:
        """Whether a flashback went to a moment at which this car had already driven its last lap."""
        lap = self.recorded.laps.get(row.lap_number)
        return is_over(row.result_status) and lap is not None and lap.lap_time_ms == row.last_lap_ms

    # Session history ----------------------------------------------------------------------------------

    def _apply_history(self, *, is_session_over: bool = False) -> list[Lap]:
        history = self._history
        if history is None:
            return []
        changed = self.recorded.apply_history(
            history, self._first_open_lap(history, is_session_over=is_session_over)
        )
        for lap in changed:
            if lap.state is LapState.SUPERSEDED:
                self._reckoning.forget_end(lap.lap_number)
        return changed

    def _first_open_lap(self, history: CarHistory, *, is_session_over: bool) -> int:
        """The first lap without a final history entry: the car is not beyond it, and more may come."""
        if is_session_over or self._running.is_over:
            return HIGHEST_LAP + 1
        running = history.running_lap if self._row is None else self._row.lap_number
        return running if self._untimed_row is None else min(running, self._untimed_row.lap_number)


def _is_new_lap(before: LapRow, row: LapRow) -> bool:
    """Whether the lap of a row after a flashback began after the newest row before it."""
    if row.lap_number == before.lap_number:
        return is_begun_again_unseen(before, row) or _begins_elsewhere(before, row)
    return row.lap_number > before.lap_number


def _begins_elsewhere(before: LapRow, row: LapRow) -> bool:
    """Whether the running clocks of a lap show that it began later: the line was crossed again."""
    if not before.current_lap_ms or not row.current_lap_ms:
        return False
    later_s = (row.session_time_s - before.session_time_s) - (
        row.current_lap_ms - before.current_lap_ms
    ) / 1000
    return later_s * 1000 > CLOCK_SLACK_MS


_ACTIONS: dict[Step, Callable[[CarLaps, LapRow, LapRow, bool], list[Lap]]] = {
    Step.SAME_LAP: CarLaps._continue_lap,
    Step.FINISHED: CarLaps._finish,
    Step.CROSSED: CarLaps._cross_line,
    Step.UNTIMED: CarLaps._cross_line_untimed,
    Step.SKIPPED: CarLaps._skip_laps,
    Step.BACK: CarLaps._go_back,
}
