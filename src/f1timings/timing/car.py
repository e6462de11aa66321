"""One car's laps in one session: what each lap data row and each session history does to them.

The rule is in two steps: :func:`~f1timings.timing.lap_steps.step_of` says what a row means after the row
before, ``_ACTIONS`` says what is done then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from f1timings.timing.circumstances import LapCircumstances
from f1timings.timing.events import LapBegan
from f1timings.timing.history import CarHistory, HistoryLap, mended_by
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.lap_steps import (
    HIGHEST_LAP,
    LOSS_FACTOR,
    WRAP_MS,
    Step,
    fits_clock,
    is_begun_again,
    is_driven,
    is_under_way,
    step_of,
    wraps,
)
from f1timings.timing.records import Lap, LapState, lap_id
from f1timings.timing.statuses import IN_GARAGE, is_over
from f1timings.units import known


class CarLaps:
    """The laps of one car, in the branch that counts now.

    Args:
        session_id / session_uid / rig / car_index: the key of everything made here.
        compound_now: gives the visual compound that the car has on at this moment, None if unknown.
        under_now: gives what a lap that begins now is driven under.
        began: is told of each lap that begins.
        known_laps: laps that an earlier process recorded for this car, any branch.

    Attributes:
        under: what the running lap is driven under; None where that was not seen from its start.
    """

    def __init__(
        self,
        session_id: str,
        session_uid: int,
        rig: str,
        car_index: int,
        *,
        compound_now: Callable[[int], str | None],
        under_now: Callable[[int], LapCircumstances] = lambda _car: LapCircumstances(),
        began: Callable[[LapBegan], None] = lambda _began: None,
        known_laps: Iterable[Lap] = (),
    ) -> None:
        self._session_id = session_id
        self._session_uid = session_uid
        self._rig = rig
        self.car_index = car_index
        self._compound_now = compound_now
        self._under_now = under_now
        self._began = began
        self.participant: str | None = None
        self.laps: dict[int, Lap] = {}
        self._branch: dict[int, int] = {}
        self._row: LapRow | None = None
        self._joined_late = False
        self._is_over = False
        self._awaits_time: LapRow | None = None
        self._sector_wraps = [0, 0]
        self._compound: str | None = None
        self.under: LapCircumstances | None = None
        self._begun_number = 0
        self._under_before: tuple[int, LapCircumstances | None] = (0, None)
        self._is_clock_standing = False
        self._history: CarHistory | None = None
        self._told: dict[int, HistoryLap] = {}
        self._remember(known_laps)

    @property
    def running_lap(self) -> int | None:
        """Number of the lap that the car is on, None before the first row and after its last lap."""
        return None if self._row is None or self._is_over else self._row.lap_number

    def see(self, row: LapRow, before: LapRow | None, *, usual_gap_s: float) -> list[Lap]:
        """Take the next row in order.

        Args:
            row: this car's row.
            before: its row in the packet before, with the newest clock; None in the first packet.
            usual_gap_s: usual session time between two lap data packets, to know a loss by.

        Returns:
            The laps that became known or changed.
        """
        if not is_driven(row) or (self._is_over and is_over(row.result_status)):
            return []
        if self._row is None or before is None:
            before = self._row
        lost = (
            before is not None
            and row.session_time_s - before.session_time_s > LOSS_FACTOR * usual_gap_s > 0.0
        )
        step = step_of(before, row)
        self._row = before
        changed = self._settle_time(row)
        changed += _ACTIONS[step](self, row, lost)
        self._row = row
        return changed if step is Step.SAME_LAP and not changed else changed + self._reconciled()

    def rewind(self, row: LapRow) -> list[Lap]:
        """The game went back: laps from this row's lap on are superseded, the row's lap goes on."""
        self._history = None
        self._awaits_time = None
        if not is_driven(row):
            return []
        before = self._row
        if before is None or row.lap_number > before.lap_number:
            self._begin(row, joined_late=is_under_way(row))
            self._tell_start(row)
        elif row.lap_number < before.lap_number:
            self._go_back(row)
        self._row = row
        self._is_over = self._had_finished(row)
        first_undone = row.lap_number + self._is_over
        undone = [number for number, lap in self.laps.items() if number >= first_undone and lap.lap_time_ms]
        superseded = [self._supersede(number) for number in sorted(undone)]
        if row.lap_number in undone:
            self._tell_start(row, elapsed_ms=0)
        return superseded

    def _had_finished(self, row: LapRow) -> bool:
        """The game went back to a moment at which this car had its last lap behind it already."""
        lap = self.laps.get(row.lap_number)
        return is_over(row.result_status) and lap is not None and lap.lap_time_ms == row.last_lap_ms

    def learn(self, history: CarHistory, *, is_over: bool) -> list[Lap]:
        """Take a session history; it completes and corrects what is behind the car.

        Args:
            is_over: the session has ended, so that the lap the car was on counts too if it has a time.
        """
        self._history = history
        return self._reconciled(is_over=is_over)

    def end(self, newest: LapRow | None) -> list[Lap]:
        """The session is over: the lap under way is complete if there is evidence, else partial.

        Args:
            newest: the car's row in the last packet, with its newest clock; None if there was none.
        """
        if self._row is not None and newest is not None and newest.lap_number == self._row.lap_number:
            self._row = newest
        changed = self._settle_time(None) + self._reconciled(is_over=True)
        row = self._row
        if row is None or self._is_over or row.lap_number in self.laps:
            return changed
        return changed + self._cut_short(row)

    def name(self, participant: str | None) -> list[Lap]:
        """The car's participant became known or changed; laps carry the name."""
        if participant == self.participant:
            return []
        self.participant = participant
        return [self._keep(replace(lap, participant=participant)) for lap in self.laps.values()]

    # What each step does ------------------------------------------------------------------------------

    def _first(self, row: LapRow, _lost: bool) -> list[Lap]:
        self._begin(row, joined_late=is_under_way(row))
        self._is_clock_standing = not row.current_lap_ms
        if row.lap_number not in self.laps:  # an earlier process told its start
            self._tell_start(row)
        return []

    def _same_lap(self, row: LapRow, _lost: bool) -> list[Lap]:
        before = self._row
        assert before is not None
        changed: list[Lap] = []
        if is_begun_again(before, row) and not self._is_over:
            changed = self._cut_short(before)
            self._begin(row, joined_late=is_under_way(row))
            self._is_clock_standing = not row.current_lap_ms
            self._tell_start(row)
        elif not self._is_over:
            self._note_late_start(before, row)
        self._note_sectors(before, row)
        return changed

    def _finished(self, row: LapRow, lost: bool) -> list[Lap]:
        before = self._row
        assert before is not None
        if before.lap_number in self.laps and self.laps[before.lap_number].state is LapState.COMPLETED:
            return []
        self._is_over = True
        return self._complete(row.last_lap_ms, before, recovered=lost)

    def _crossed(self, row: LapRow, lost: bool) -> list[Lap]:
        before = self._row
        assert before is not None
        changed = [] if self._is_over else self._complete(row.last_lap_ms, before, recovered=lost)
        self._begin(row)
        self._tell_start(row)
        return changed

    def _untimed(self, row: LapRow, _lost: bool) -> list[Lap]:
        """The number went on and the time did not come with it: it may come with a later row."""
        if not self._is_over:
            self._awaits_time = self._row
        self._begin(row)
        self._tell_start(row)
        return []

    def _skipped(self, row: LapRow, _lost: bool) -> list[Lap]:
        """Whole laps were hidden; the last lap time is that of the lap before this, others are unknown."""
        before = self._row
        assert before is not None
        changed = [] if self._is_over else self._cut_short(before)
        self._begin(row)
        self._tell_start(row)
        number = row.lap_number - 1
        if row.last_lap_ms and row.last_lap_ms != before.last_lap_ms and number not in self.laps:
            changed.append(self._keep(self._new_lap(number, row.last_lap_ms, recovered=True)))
        return changed

    def _back(self, row: LapRow, _lost: bool) -> list[Lap]:
        return self.rewind(row)

    # Laps ----------------------------------------------------------------------------------------------

    def _complete(self, lap_time_ms: int, last: LapRow, *, recovered: bool) -> list[Lap]:
        known_lap = self.laps.get(last.lap_number)
        if known_lap is not None and known_lap.state is LapState.COMPLETED:
            return []
        if self._joined_late:
            return self._cut_short(last)
        s1, s2 = (known(sector) for sector in self._sectors(last))
        s3 = lap_time_ms - s1 - s2 if s1 and s2 and s1 + s2 < lap_time_ms else None
        lap = self._new_lap(last.lap_number, lap_time_ms, recovered=recovered)
        compound = self._compound or self._compound_now(self.car_index)
        under = self._under_of(last.lap_number) or LapCircumstances()
        return [
            self._keep(
                replace(
                    lap,
                    sector1_ms=s1,
                    sector2_ms=s2,
                    sector3_ms=s3,
                    is_valid=not last.is_invalid,
                    compound=compound,
                    assists=under.assists,
                    weather=under.weather,
                )
            )
        ]

    def _cut_short(self, last: LapRow) -> list[Lap]:
        """A lap without a time: joined late, hidden, or unfinished. One that never began is none."""
        if last.lap_number in self.laps or (last.lap_distance_m < 0.0 and not last.sector1_ms):
            return []
        if not last.current_lap_ms:
            return []
        s1, s2 = (known(sector) for sector in self._sectors(last))
        lap = self._new_lap(last.lap_number, None, recovered=False)
        under = self._under_of(last.lap_number) or LapCircumstances()
        return [
            self._keep(
                replace(
                    lap,
                    sector1_ms=s1,
                    sector2_ms=s2,
                    is_valid=False if last.is_invalid else None,
                    compound=self._compound,
                    assists=under.assists,
                    weather=under.weather,
                )
            )
        ]

    def _new_lap(self, number: int, lap_time_ms: int | None, *, recovered: bool) -> Lap:
        branch = self._branch.get(number, 0)
        return Lap(
            id=lap_id(self._session_id, self.car_index, number, branch),
            session_id=self._session_id,
            session_uid=self._session_uid,
            rig=self._rig,
            car_index=self.car_index,
            participant=self.participant,
            lap_number=number,
            branch=branch,
            lap_time_ms=lap_time_ms,
            sector1_ms=None,
            sector2_ms=None,
            sector3_ms=None,
            is_valid=None,
            compound=None,
            state=LapState.PARTIAL if lap_time_ms is None else LapState.COMPLETED,
            recovered=recovered,
        )

    def _keep(self, lap: Lap) -> Lap:
        self.laps[lap.lap_number] = lap
        self._told.pop(lap.lap_number, None)
        return lap

    def _supersede(self, number: int) -> Lap:
        lap = self.laps.pop(number)
        self._told.pop(number, None)
        self._branch[number] = lap.branch + 1
        return replace(lap, state=LapState.SUPERSEDED)

    def _remember(self, laps: Iterable[Lap]) -> None:
        for lap in sorted(laps, key=lambda lap: lap.branch):
            if lap.state is LapState.SUPERSEDED:
                self._branch[lap.lap_number] = lap.branch + 1
                self.laps.pop(lap.lap_number, None)
            else:
                self._branch[lap.lap_number] = lap.branch
                self.laps[lap.lap_number] = lap
            self.participant = lap.participant or self.participant

    # The lap under way ---------------------------------------------------------------------------------

    def _begin(self, row: LapRow, *, joined_late: bool = False) -> None:
        self._is_over = False
        self._joined_late = joined_late
        self._sector_wraps = [0, 0]
        self._compound = None
        self._is_clock_standing = False
        if row.sector:
            self._compound = self._compound_now(self.car_index)
        if self._begun_number != row.lap_number:
            self._under_before = self._begun_number, self.under
        self._begun_number = row.lap_number
        self.under = None if joined_late else self._under_now(self.car_index)

    def _go_back(self, row: LapRow) -> None:
        """A lap that is driven on after a flashback is under what it was under before, too."""
        under = self._under_of(row.lap_number)
        self._begin(row, joined_late=self._was_joined_late(row.lap_number))
        self.under = under

    def _tell_start(self, row: LapRow, elapsed_ms: int | None = None) -> None:
        """Say that the row's lap has begun, unless it is one that is behind the car already.

        Args:
            elapsed_ms: since when it is driven; by the row's clock if None.
        """
        known_lap = self.laps.get(row.lap_number)
        if known_lap is not None and known_lap.lap_time_ms is not None:
            return
        lap = lap_id(self._session_id, self.car_index, row.lap_number, self._branch.get(row.lap_number, 0))
        elapsed_ms = row.current_lap_ms if elapsed_ms is None else elapsed_ms
        self._began(LapBegan(self._session_id, self.car_index, lap, elapsed_ms))

    def _note_late_start(self, before: LapRow, row: LapRow) -> None:
        """A lap that stood in the garage or on the grid begins when the car leaves, or when its clock runs.

        In the garage the clock may run on for many minutes, while another driver takes the seat.
        """
        if before.driver_status == IN_GARAGE != row.driver_status:
            self._tell_start(row, elapsed_ms=0)
        elif self._is_clock_standing and row.current_lap_ms:
            self._tell_start(row)
        else:
            return
        self._is_clock_standing = not row.current_lap_ms
        self.under = self.under and self._under_now(self.car_index)

    def _under_of(self, number: int) -> LapCircumstances | None:
        """What a lap was driven under, of the running one and the one before."""
        before, under = self._under_before
        return self.under if number == self._begun_number else under if number == before else None

    def _was_joined_late(self, number: int) -> bool:
        """A lap gone back to was seen from its start, unless recorded as partial or before our time."""
        lap = self.laps.get(number)
        return lap is None or lap.lap_time_ms is None

    def _note_sectors(self, before: LapRow, row: LapRow) -> None:
        """At a sector line the clock shows how often a 16-bit sector time has wrapped (up to 2022)."""
        if row.sector == before.sector:
            return
        self._compound = self._compound or self._compound_now(self.car_index)
        if row.sector == 1 and row.sector1_ms:
            self._sector_wraps[0] = wraps(row.current_lap_ms, row.sector1_ms)
        elif row.sector == 2 and row.sector2_ms:
            sector1 = row.sector1_ms + WRAP_MS * self._sector_wraps[0]
            self._sector_wraps[1] = wraps(row.current_lap_ms - sector1, row.sector2_ms)

    def _sectors(self, row: LapRow) -> tuple[int, int]:
        return (
            row.sector1_ms and row.sector1_ms + WRAP_MS * self._sector_wraps[0],
            row.sector2_ms and row.sector2_ms + WRAP_MS * self._sector_wraps[1],
        )

    def _settle_time(self, row: LapRow | None) -> list[Lap]:
        """Give a lap whose number went on without its time that time, or none if it does not come."""
        waiting = self._awaits_time
        if waiting is None:
            return []
        if row is not None and row.last_lap_ms != waiting.last_lap_ms and fits_clock(waiting, row):
            self._awaits_time = None
            return self._complete(row.last_lap_ms, waiting, recovered=True)
        if row is None or row.session_time_s - waiting.session_time_s > 2.0:
            self._awaits_time = None
            return self._cut_short(waiting)
        return []

    # Session history -----------------------------------------------------------------------------------

    def _reconciled(self, *, is_over: bool = False) -> list[Lap]:
        history = self._history
        if history is None:
            return []
        limit = self._first_lap_not_behind(history, is_over=is_over)
        changed = (self._reconcile(lap, history) for number, lap in history.laps.items() if number < limit)
        return [lap for lap in changed if lap is not None]

    def _first_lap_not_behind(self, history: CarHistory, *, is_over: bool) -> int:
        """A lap's entry is final when the car is beyond it, or nothing more will come."""
        if is_over or self._is_over:
            return HIGHEST_LAP + 1
        running = history.running_lap if self._row is None else self._row.lap_number
        if self._awaits_time is not None:
            running = min(running, self._awaits_time.lap_number)
        return min(running, history.running_lap) if self._row is None else running

    def _reconcile(self, told: HistoryLap, history: CarHistory) -> Lap | None:
        if self._told.get(told.lap_number) == told:
            return None
        known_lap = self.laps.get(told.lap_number)
        lap = known_lap or self._new_lap(told.lap_number, None, recovered=True)
        if lap.state is LapState.DELETED:
            return None
        mended = mended_by(lap, told, history)
        if mended != known_lap:
            self._keep(mended)
        self._told[told.lap_number] = told
        return None if mended == known_lap else mended


_ACTIONS: dict[Step, Callable[[CarLaps, LapRow, bool], list[Lap]]] = {
    Step.FIRST: CarLaps._first,
    Step.SAME_LAP: CarLaps._same_lap,
    Step.FINISHED: CarLaps._finished,
    Step.CROSSED: CarLaps._crossed,
    Step.UNTIMED: CarLaps._untimed,
    Step.SKIPPED: CarLaps._skipped,
    Step.BACK: CarLaps._back,
}
