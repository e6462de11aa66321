"""All cars of one session: their laps, gaps and order, from its lap data packets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import inf
from statistics import median
from typing import Any, Final

from f1timings.packets import Header, layout_of
from f1timings.timing.car import CarLaps
from f1timings.timing.car_places import CarPlaces, OrderInputs
from f1timings.timing.circumstances import Circumstances
from f1timings.timing.events import CountersRead, EngineEvent, LapRecorded
from f1timings.timing.gap_tracker import GapTracker
from f1timings.timing.history import CarHistory
from f1timings.timing.lap_rows import LapReader, LapRow
from f1timings.timing.occurrence_tracker import OccurrenceTracker
from f1timings.timing.order_keeper import OrderKeeper
from f1timings.timing.packet_order import JUMP_S, REORDER_S, PacketOrder, Verdict
from f1timings.timing.placed_car import PlacedCar, PlacedCarReader
from f1timings.timing.plausible import Plausibility
from f1timings.timing.records import ClassificationEntry, Lap, Session
from f1timings.timing.run_proof import RunProof, UnseenFlashback
from f1timings.timing.running_order import LapSummary, OrderReader, OrderRow, summarize_laps
from f1timings.timing.same_run import drives_same_laps, has_evidence, lists_same_laps

# How often the counters are stored, seconds of session time.
COUNTERS_S: Final = 10.0
# How often in the first seconds of a run, which another run soon reaches; no lap shows which of them it is.
EARLY_COUNTERS_S: Final = 1.0
# The slow columns of no packet.
_NO_FINGERPRINT: Final = -1


class CarsTracker:
    """The cars of one session.

    Args:
        session: the session as known so far.
        packet_order: judges each lap data packet.
        occurrences: gets the rows that changed.
        circumstances: what laps are driven under.
        compound_now: gives the visual compound that a car has on now, None if unknown.
        plausibility: counts implausible values.
        known_laps: laps that an earlier process recorded.
        counters: the game's counters that it read last, None if it read none.

    Attributes:
        time_s: the game's clock in the newest lap data, seconds.
        rewinds: number of flashbacks so far.
    """

    def __init__(
        self,
        session: Session,
        *,
        packet_order: PacketOrder,
        occurrences: OccurrenceTracker,
        circumstances: Circumstances,
        compound_now: Callable[[int], str | None],
        plausibility: Plausibility,
        known_laps: Iterable[Lap] = (),
        counters: CountersRead | None = None,
    ) -> None:
        self._plausibility = plausibility
        self._session = session
        self._packet_order = packet_order
        self._occurrences = occurrences
        self._circumstances = circumstances
        self._compound_now = compound_now
        self._cars: dict[int, CarLaps] = {}
        # Made when the order is read, and dropped when a lap of the car is recorded.
        self._summaries: dict[int, LapSummary] = {}
        self._recordings = 0
        self._names: Mapping[int, str | None] = {}
        self._gaps = GapTracker(layout_of(session.packet_format, "lap_data"))
        self._packet_gaps_s: deque[float] = deque(maxlen=9)
        self._pending: list[EngineEvent] = []
        # Cars on a grid or a rolling start: the clock of the lap may begin to run without any other change.
        self._waiting: set[int] = set()
        self.time_s = 0.0
        self.rewinds = 0
        self._run_proof = RunProof()
        self._counters_due_s = -inf
        self.adopt_format(session)
        self._recall(known_laps)
        if counters is not None:
            self._packet_order.resume(counters)
            self.time_s = counters.session_time_s
            self._handle_gap()

    def adopt_format(self, session: Session) -> None:
        """Read lap data of the session's format from now on."""
        layout = layout_of(session.packet_format, "lap_data")
        self._reader = LapReader(layout, self._plausibility)
        self._gaps.adopt_layout(layout)
        places = CarPlaces(self._reader, OrderReader(layout, self._plausibility))
        self._placed = PlacedCarReader(self._reader, places)
        self._order = OrderKeeper(
            self._reader,
            places,
            gaps=self._gaps,
            packet_format=session.packet_format,
            cars=self._cars,
        )
        self._flat: tuple[Any, ...] = ()
        self._waiting.clear()
        self._fingerprint = _NO_FINGERPRINT
        self._data = b""
        self._was_silent = False
        self.handle_session_facts(session)

    # Input --------------------------------------------------------------------------------------------

    def handle_session_facts(self, session: Session) -> None:
        """Handle what became known of the session: whether it is a race, and the length of the track."""
        self._session = session
        self._gaps.handle_session_facts(is_race=session.is_race, length_m=session.track_length_m)

    def handle_silence(self) -> None:
        """Handle that nothing arrived for a long time: the game may have begun another run meanwhile."""
        self._was_silent = True

    def handle_lap_data(
        self,
        data: bytes,
        header: Header,
        *,
        has_returned: Callable[[bytes, Header], bool] = lambda _data, _header: False,
    ) -> list[EngineEvent] | None:
        """Handle one lap data packet.

        Args:
            has_returned: asked where no lap shows which run this is: whether the packet goes on from the laps
                of another run under the same UID, which the game left before.

        Returns:
            Timing events, or None if the game drives another run under the same UID.
        """
        verdict = self._packet_order.handle_lap_data(header)
        if verdict in (Verdict.LATE, Verdict.SAME):
            return []
        if verdict is Verdict.RESTART:
            return None
        is_other = self._is_another_run(data, header, verdict)
        if has_returned(data, header) if is_other is None else is_other:
            return None
        flat, fingerprint = self._flat, self._reader.fingerprint(data)
        laps: list[Lap] = []
        if verdict is Verdict.REWIND:
            flat, fingerprint = self._read_columns(data, fingerprint, ())
            laps = self._rewind(flat, data, header)
        elif fingerprint != self._fingerprint:
            flat, fingerprint = self._read_columns(data, fingerprint, self._flat)
            laps = self._handle_changed_rows(flat, data, header)
        if self._waiting and verdict is Verdict.NEW:
            self._handle_waiting_clocks(flat, data, header)
        self._fingerprint = fingerprint
        self._packet_gaps_s.append(header.session_time - self.time_s)
        self._flat, self._data, self.time_s = flat, data, header.session_time
        if header.session_time >= self._counters_due_s or verdict is Verdict.REWIND:
            is_early = header.session_time < COUNTERS_S
            self._counters_due_s = header.session_time + (EARLY_COUNTERS_S if is_early else COUNTERS_S)
            self._pending.append(self._packet_order.counters(self._session.id))
        if header.session_time >= self._gaps.due_s:
            self._gaps.handle_distances(data, header.session_time)
        if not laps and not self._pending:
            return []
        events = [*self._recorded(laps), *self._pending]
        self._pending.clear()
        return events

    def is_of_another_run(self, history: CarHistory) -> bool:
        """Whether a history shows that the game has begun another run since the newest gaps."""
        return self._run_proof.shows_other_run(history, self._recorded_laps(), self.row_of(history.car_index))

    def matches_lap_data(self, data: bytes, header: Header) -> bool:
        """Whether lap data go on from the recorded laps of this run, which the game left before."""
        rows = self._rows(self._reader.slow_columns(data), data, header.session_time)
        recorded, is_rewound = self._recorded_laps(), header.session_time < self.time_s
        return drives_same_laps(rows, (), recorded, is_rewound=is_rewound) is True

    def matches_history(self, history: CarHistory) -> bool:
        """Whether a history lists the recorded laps of this run, which the game left before."""
        return lists_same_laps(history, self._recorded_laps().get(history.car_index, {}))

    def disown(self) -> list[LapRecorded]:
        """Undo what was recorded since the gap, which is of another run; nothing is under way any more."""
        undone = [LapRecorded(lap) for lap in self._run_proof.undo(self._recorded_laps())]
        self._cars.clear()
        self._summaries.clear()
        self._waiting.clear()
        return undone

    def handle_names(self, names: Mapping[int, str | None]) -> list[LapRecorded]:
        """Give the laps of every car the name of its participant."""
        self._names = names
        renamed = (car.recorded.rename(names.get(car_index)) for car_index, car in self._cars.items())
        return [event for laps in renamed for event in self._recorded(laps)]

    def handle_history(self, history: CarHistory, *, at_s: float, is_session_over: bool) -> list[LapRecorded]:
        """Complete and correct a car's laps by its session history.

        Args:
            at_s: its session time.
        """
        car = self._car(history.car_index)
        return self._recorded(car.handle_history(history, is_session_over=is_session_over), at_s)

    def move(self, session: Session) -> list[LapRecorded]:
        """Give all laps the rig of this session."""
        self._session = session
        self._run_proof.move(session.rig)
        return [event for car in self._cars.values() for event in self._recorded(car.recorded.move(session))]

    def handle_circumstances(self) -> None:
        """Add the circumstances of this moment to the laps under way."""
        for car_index, car in self._cars.items():
            car.handle_circumstances(self._circumstances.weather, self._circumstances.levels_of(car_index))

    def handle_end(self) -> list[LapRecorded]:
        """End the laps under way: they are completed or partial."""
        ended = (car.handle_end(self.row_of(car_index)) for car_index, car in self._cars.items())
        return [event for laps in ended for event in self._recorded(laps)]

    # Output -------------------------------------------------------------------------------------------

    def recorded_lap(self, car_index: int, number: int) -> Lap | None:
        """The newest record of a lap that counts now, None without one."""
        car = self._cars.get(car_index)
        return None if car is None else car.recorded.laps.get(number)

    def laps_driven(self, car_index: int) -> list[int]:
        """The numbers of a car's recorded laps, without those that only a history listed."""
        car = self._cars.get(car_index)
        return (
            [] if car is None else [lap.lap_number for lap in car.recorded.laps.values() if not lap.recovered]
        )

    def row_of(self, car_index: int) -> LapRow | None:
        """A car's newest row, None before the first."""
        if (car_index + 1) * self._reader.width > len(self._flat):
            return None
        return self._reader.row(self._flat, self._data, car_index, self.time_s)

    def order(self, final: Sequence[ClassificationEntry] = ()) -> tuple[OrderRow, ...]:
        """The running order in the newest lap data, or that of the result; empty before both.

        Args:
            final: the game's result by position, empty until it comes.
        """
        self._summarize(self._cars.keys())
        return self._order.rows(self._order_inputs(final))

    def placed_car(
        self, car_index: int, final: Sequence[ClassificationEntry] = ()
    ) -> tuple[PlacedCar, int | None] | None:
        """One car as in :meth:`order`, None if it is not there; builds no other row.

        Returns:
            The car, and the time of its lap so far in the newest lap data; None if that is unknown.
        """
        clock_ms = self._reader.clock_ms(self._data, car_index) if self._data else None
        if final:
            shown = next((row for row in self.order(final) if row.car_index == car_index), None)
            return None if shown is None else (PlacedCar.of(shown, self.row_of(car_index)), clock_ms)
        is_race = self._session.is_race
        self._summarize({car_index} & self._cars.keys() if is_race else self._cars.keys())
        car = self._placed.read(car_index, self._order_inputs(()))
        return None if car is None else (car, clock_ms)

    def _summarize(self, cars: AbstractSet[int]) -> None:
        """Summarize the recorded laps of these cars, where they changed since they were summarized."""
        if len(self._summaries) != len(self._cars):
            for car_index in cars - self._summaries.keys():
                self._recordings += 1
                self._summaries[car_index] = summarize_laps(self._cars[car_index].recorded.laps.values())

    def _order_inputs(self, final: Sequence[ClassificationEntry]) -> OrderInputs:
        return OrderInputs(
            self._data,
            self._flat,
            self.time_s,
            self._summaries,
            self._recordings,
            self._names,
            self._session.is_race,
            final,
        )

    def _recorded_laps(self) -> dict[int, dict[int, Lap]]:
        """The recorded laps of each car by number."""
        return {car_index: car.recorded.laps for car_index, car in self._cars.items()}

    def _recorded(self, laps: Iterable[Lap], at_s: float = 0.0) -> list[LapRecorded]:
        """The events of recorded laps, with the session times between which they began."""
        now_s = max(self.time_s, at_s)
        events = [LapRecorded(lap, self._cars[lap.car_index].began_between_s(lap, now_s)) for lap in laps]
        for event in events:
            self._summaries.pop(event.lap.car_index, None)
        return events

    # Rows ---------------------------------------------------------------------------------------------

    def _read_columns(
        self, data: bytes, fingerprint: int, before: tuple[Any, ...]
    ) -> tuple[tuple[Any, ...], int]:
        """The slow columns, without the rows that have no clock: those are as if they were lost.

        Args:
            before: the columns whose rows count instead; empty if no car has a row.

        Returns:
            The columns and their fingerprint, which no packet has if a row is missing.
        """
        flat, width = self._reader.slow_columns(data), self._reader.width
        for car_index in self._reader.cars_without_clock(data):
            begin, end = car_index * width, (car_index + 1) * width
            flat = (*flat[:begin], *(before[begin:end] or (0,) * width), *flat[end:])
            fingerprint = _NO_FINGERPRINT
        return flat, fingerprint

    def _handle_changed_rows(self, flat: tuple[Any, ...], data: bytes, header: Header) -> list[Lap]:
        width, old, usual_gap_s = self._reader.width, self._flat, self._usual_gap_s()
        is_race = self._session.is_race
        laps: list[Lap] = []
        for car_index in range(len(flat) // width):
            span = slice(car_index * width, (car_index + 1) * width)
            if old and flat[span] == old[span]:
                continue
            row = self._reader.row(flat, data, car_index, header.session_time)
            before = self._reader.row(old, self._data, car_index, self.time_s) if old else None
            car = self._car(car_index)
            laps += car.handle_row(
                row, before, usual_gap_s=usual_gap_s, track_length_m=self._session.track_length_m
            )
            self._note_waiting(car, row)
            self._gaps.handle_row(car_index, before, row)
            if before is not None:
                self._pending += self._occurrences.handle_row(
                    car_index, before, row, data_before=self._data, is_race=is_race
                )
        return laps

    def _handle_waiting_clocks(self, flat: tuple[Any, ...], data: bytes, header: Header) -> None:
        """Handle the cars for which the clock of the lap waits, or begins to run without another change."""
        clocks, distances = self._reader.clocks_and_distances(data)
        for car_index in tuple(self._waiting):
            car = self._cars[car_index]
            if not clocks[car_index]:
                distance_m = self._plausibility.known("lap_data.lap_distance", distances[car_index])
                if distance_m is not None:
                    car.handle_standing_clock(distance_m, header.session_time)
            elif self._flat:
                row = self._reader.row(flat, data, car_index, header.session_time)
                car.handle_clock(row, self._reader.row(self._flat, self._data, car_index, self.time_s))
                self._note_waiting(car, row)

    def _note_waiting(self, car: CarLaps, row: LapRow) -> None:
        if car.waits_for_clock(row):
            self._waiting.add(car.car_index)
        else:
            self._waiting.discard(car.car_index)

    def _is_another_run(self, data: bytes, header: Header, verdict: Verdict) -> bool | None:
        """Whether the game has begun another run meanwhile; None if no recorded lap of this run shows it.

        A flashback that they prove may have undone laps that were driven again. There only a session history
        shows another run.
        """
        is_after_gap, is_rewound = self._is_after_gap(header), verdict is Verdict.REWIND
        is_proven = is_rewound and self._packet_order.is_rewind_proven
        if not is_after_gap and (is_proven or not is_rewound):
            return False
        recorded = self._recorded_laps()
        has_begun = bool(self._data) or self._run_proof.is_missing
        self._handle_gap(UnseenFlashback(self.time_s, self._packet_order.rewound_s) if is_proven else None)
        if is_proven:
            return False
        rows = self._rows(self._reader.slow_columns(data), data, header.session_time)
        rows_before = self._rows(self._flat, self._data, self.time_s)
        is_same = drives_same_laps(rows, rows_before, recorded, is_rewound=is_rewound)
        # Lower counters after a gap are of another run rather than of a flashback in the gap: no lap is lost.
        if is_same is False or (is_same is None and is_rewound and is_after_gap):
            return True
        # A game that was paused goes on with the next frame. Another run would have to be at just that frame.
        goes_on = bool(self._data) and 0.0 <= header.session_time - self.time_s <= REORDER_S
        return None if has_begun and not (goes_on or (is_same and has_evidence(recorded))) else False

    def _handle_gap(self, flashback: UnseenFlashback | None = None) -> None:
        """Handle a gap: the game may have begun another run in it, or undone laps and driven them again."""
        self._run_proof.handle_gap(self._recorded_laps(), flashback)
        for car in self._cars.values():
            car.recorded.handle_gap()

    def _is_after_gap(self, header: Header) -> bool:
        """Whether a packet comes after a gap, in which the game may have begun another run."""
        was_silent, self._was_silent = self._was_silent, False
        is_first_since_restart = self._run_proof.is_missing and not self._data
        return header.session_time - self.time_s > JUMP_S or is_first_since_restart or was_silent

    def _rewind(self, flat: tuple[Any, ...], data: bytes, header: Header) -> list[Lap]:
        self.rewinds += 1
        rows = list(enumerate(self._rows(flat, data, header.session_time)))
        laps: list[Lap] = []
        for car_index, row in rows:
            if (car := self._cars.get(car_index)) is not None:
                laps += car.handle_rewind(row)
                car.recorded.handle_gap()
                self._note_waiting(car, row)
        self._gaps.handle_rewind(header, rows)
        self._pending += self._occurrences.handle_rewind(header, self.time_s, rows)
        return laps

    def _rows(self, flat: tuple[Any, ...], data: bytes, time_s: float) -> list[LapRow]:
        cars = range(len(flat) // self._reader.width)
        return [self._reader.row(flat, data, car_index, time_s) for car_index in cars]

    def _usual_gap_s(self) -> float:
        """Usual session time from one lap data packet to the next; losses hardly move a median."""
        return median(self._packet_gaps_s) if self._packet_gaps_s else 0.0

    def _car(self, car_index: int, known_laps: Iterable[Lap] = ()) -> CarLaps:
        car = self._cars.get(car_index)
        if car is None:
            car = CarLaps(
                self._session,
                car_index,
                compound_now=self._compound_now,
                circumstances_now=self._circumstances.now,
                on_lap_began=self._pending.append,
                known_laps=known_laps,
            )
            car.recorded.participant = self._names.get(car_index, car.recorded.participant)
            self._cars[car_index] = car
        return car

    def _recall(self, known_laps: Iterable[Lap]) -> None:
        by_car: dict[int, list[Lap]] = {}
        for lap in known_laps:
            by_car.setdefault(lap.car_index, []).append(lap)
        for car_index, laps in by_car.items():
            self._car(car_index, laps)
