"""One session on one rig: its facts, participants, cars and result, and which packets still count."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from f1timings.packets import Columns, Header, Layout, decode, is_time_trial, layout_of, visual_compound_name
from f1timings.timing.car import CarLaps
from f1timings.timing.circumstances import Circumstances
from f1timings.timing.events import (
    EngineEvent,
    LapRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.facts import player_of, read_classification, read_participants, with_session_facts
from f1timings.timing.game_events import code_of
from f1timings.timing.history import CarHistory, read_history
from f1timings.timing.lap_rows import LapReader, LapRow
from f1timings.timing.occurrence_tracker import OccurrenceTracker
from f1timings.timing.occurrences import Occurrence
from f1timings.timing.packet_order import PacketOrder, Verdict
from f1timings.timing.records import ClassificationEntry, Lap, LapState, Participant, Session
from f1timings.timing.running_order import OrderRow, RunningOrderTracker, ordered


class SessionTracker:
    """Everything known of one session.

    Args:
        session: its key and what the opening packet said.
        known_laps: laps that an earlier process recorded for this session.
        known_occurrences: occurrences that it recorded.
    """

    def __init__(
        self, session: Session, known_laps: Iterable[Lap] = (), known_occurrences: Sequence[Occurrence] = ()
    ) -> None:
        self.session = session
        self._timeline = PacketOrder()
        self._cars: dict[int, CarLaps] = {}
        self._participants: tuple[Participant, ...] = ()
        self._classification: tuple[ClassificationEntry, ...] = ()
        self._order = RunningOrderTracker(layout_of(session.packet_format, "lap_data"))
        self._occurrences = OccurrenceTracker(
            session.id,
            session.packet_format,
            self._timeline,
            car_status=lambda: self._car_status,
            known=known_occurrences,
        )
        self._beside: list[EngineEvent] = []
        self._circumstances = Circumstances(session.packet_format)
        self.adopt_format(session.packet_format)
        self._lap_time_s = 0.0
        self._gaps_s: deque[float] = deque(maxlen=9)
        self._held_histories: dict[int, CarHistory] = {}
        self._is_running = True
        by_car: dict[int, list[Lap]] = {}
        for lap in known_laps:
            by_car.setdefault(lap.car_index, []).append(lap)
        for car_index, laps in by_car.items():
            self._car(car_index, laps)

    def adopt_format(self, packet_format: int) -> None:
        """Read the packets of this format from now on; the setting may change in the middle of a session."""
        self.session = replace(self.session, packet_format=packet_format)
        self._reader = LapReader(layout_of(packet_format, "lap_data"))
        self._order.adopt_layout(layout_of(packet_format, "lap_data"))
        self._order.follow(is_race=self.session.is_race, length_m=self.session.track_length_m)
        self._occurrences.adopt_format(packet_format)
        self._circumstances.adopt_format(packet_format)
        self._compounds = Columns(layout_of(packet_format, "car_status"), ("visual_tyre_compound",))
        self._car_status: bytes | None = None
        self._participants_bytes = b""
        self._facts_bytes = b""
        self._history_bytes: dict[int, bytes] = {}
        self._flat: tuple[Any, ...] = ()
        self._fingerprint = -1
        self._lap_data = b""

    # Packets, each in its way -------------------------------------------------------------------------

    def see_lap_data(self, data: bytes, header: Header) -> list[EngineEvent] | None:
        """Take one lap data packet.

        Returns:
            Timing events, or None if the game has begun another run under the same UID.
        """
        verdict = self._timeline.observe(header)
        if verdict is Verdict.RESTART:
            return None
        if verdict in (Verdict.LATE, Verdict.SAME):
            return []
        flat, fingerprint = self._flat, self._reader.fingerprint(data)
        laps: list[Lap] = []
        if verdict is Verdict.REWIND:
            flat = self._reader.slow_columns(data)
            self._history_bytes.clear()
            laps = self._rewound(flat, data, header)
            self._rewind_beside(flat, data, header)
        elif fingerprint != self._fingerprint:
            flat = self._reader.slow_columns(data)
            laps = self._changed_rows(flat, data, header)
        self._fingerprint = fingerprint
        self._gaps_s.append(header.session_time - self._lap_time_s)
        self._flat, self._lap_data, self._lap_time_s = flat, data, header.session_time
        if not header.session_time < self._order.due_s:  # the negation takes the time NaN, too
            self._order.sample(data, header.session_time)
        if not laps and not self._beside:
            return []
        beside, self._beside = self._beside, []
        return [*(LapRecorded(lap) for lap in laps), *beside]

    def see_session(self, data: bytes, layout: Layout) -> list[EngineEvent]:
        """Take one session packet: circuit, type, weather."""
        body = data[layout.header_size :]
        if body == self._facts_bytes:
            self._note_circumstances()
            return []
        self._facts_bytes = body
        packet = decode(data)
        events: list[EngineEvent] = list(self._occurrences.handle_session_packet(packet))
        if not self._timeline.is_stale(packet.header):
            self._circumstances.see(packet, player_of(packet.header))
        self._note_circumstances()
        session = with_session_facts(self.session, packet)
        if session == self.session:
            return events
        self.session = session
        self._order.follow(is_race=session.is_race, length_m=session.track_length_m)
        return [SessionChanged(session), *events, *self._release_histories()]

    def see_participants(self, data: bytes, layout: Layout) -> list[EngineEvent]:
        """Take one participants packet: names for cars, and for their laps."""
        body = data[layout.header_size :]
        if body == self._participants_bytes:
            return []
        self._participants_bytes = body
        participants = read_participants(self.session.id, decode(data))
        if participants == self._participants:
            return []
        self._participants = participants
        events: list[EngineEvent] = [ParticipantsChanged(self.session.id, participants)]
        names = self._names()
        for index, car in self._cars.items():
            events += [LapRecorded(lap) for lap in car.name(names.get(index))]
        return events

    def see_car_status(self, data: bytes) -> None:
        """Keep the newest car status; the compound is read when a lap needs it."""
        self._car_status = data

    def see_history(self, data: bytes, layout: Layout, header: Header) -> list[EngineEvent]:
        """Take one session history packet: what a lost datagram hid."""
        if self._timeline.is_stale(header):
            return []
        car_index = data[layout.header_size]
        body = data[layout.header_size :]
        if self._history_bytes.get(car_index) == body or car_index >= layout.car_slots:
            return []
        self._history_bytes[car_index] = body
        history = read_history(decode(data))
        self._occurrences.handle_history(data, car_index)
        if self.session.session_type is None and self._is_running:
            self._held_histories[car_index] = history
            return []
        return self._learn(history) + self._occurrences.release_stints(self._may_have_laps)

    def see_event(self, data: bytes, layout: Layout, header: Header) -> list[EngineEvent]:
        """Take an event packet, whatever it tells; what it does to the laps is said by other methods."""
        if code_of(data, layout) == b"SSTA" and self.session.is_ended:
            return []  # F1 25 sends it online just before the final classification
        return list(self._occurrences.handle_event(data, layout, header, self._row_of))

    def see_flashback(self, target_frame: int, header: Header) -> None:
        """Take a FLBK event."""
        self._timeline.flashback(target_frame, header)

    def see_end(self) -> list[EngineEvent]:
        """Take a SEND event: nothing more is driven, but the history of the last lap may be still to come."""
        events: list[EngineEvent] = []
        if not self.session.is_ended:
            self.session = replace(self.session, is_ended=True)
            events.append(SessionChanged(self.session))
        self._is_running = False
        return events + self._release_histories()

    def see_classification(self, data: bytes) -> list[EngineEvent]:
        """Take the final classification; a second one that says the same changes nothing."""
        events = self.close()
        packet = decode(data)
        entries = read_classification(packet, self.session, self._names())
        events += self._occurrences.handle_classification(packet)
        if not entries or entries == self._classification:
            return events
        self._classification = entries
        return [*events, SessionClassified(self.session.id, entries)]

    def close(self) -> list[EngineEvent]:
        """The session is over and all is said: laps under way are complete or partial."""
        events = self.see_end()
        for car_index, car in self._cars.items():
            events += [LapRecorded(lap) for lap in car.end(self._newest_row(car_index))]
        return events

    def order(self) -> tuple[OrderRow, ...]:
        """The running order as the newest lap data have it, empty before the first."""
        data = self._lap_data
        rows = self._rows(self._flat, data, self._lap_time_s)
        return ordered(
            self._order,
            self._order.standings(data, rows) if data else [],
            self._bests(),
            self._names(),
            packet_format=self.session.packet_format,
            is_race=self.session.is_race,
        )

    @property
    def time_s(self) -> float:
        """The game's clock in the newest lap data, seconds."""
        return self._lap_time_s

    # Lap data -------------------------------------------------------------------------------------------

    def _changed_rows(self, flat: tuple[Any, ...], data: bytes, header: Header) -> list[Lap]:
        width, old, usual_gap_s = self._reader.width, self._flat, self._usual_gap_s()
        laps: list[Lap] = []
        for car_index in range(len(flat) // width):
            span = slice(car_index * width, (car_index + 1) * width)
            if old and flat[span] == old[span]:
                continue
            row = self._reader.row(flat, data, car_index, header.session_time)
            before = self._reader.row(old, self._lap_data, car_index, self._lap_time_s) if old else None
            laps += self._car(car_index).see(row, before, usual_gap_s=usual_gap_s)
            self._order.see(car_index, before, row)
            if before is not None:
                is_race = self.session.is_race
                self._beside += self._occurrences.handle_row(
                    car_index, before, row, self._lap_data, is_race=is_race
                )
        return laps

    def _rows(self, flat: tuple[Any, ...], data: bytes, time_s: float) -> list[LapRow]:
        cars = range(len(flat) // self._reader.width)
        return [self._reader.row(flat, data, car_index, time_s) for car_index in cars]

    def _rewind_beside(self, flat: tuple[Any, ...], data: bytes, header: Header) -> None:
        rows = list(enumerate(self._rows(flat, data, header.session_time)))
        self._order.rewind(header, rows)
        self._circumstances.rewind(header.session_time)
        self._beside += self._occurrences.handle_rewind(header, self._lap_time_s, rows)

    def _rewound(self, flat: tuple[Any, ...], data: bytes, header: Header) -> list[Lap]:
        laps: list[Lap] = []
        for car_index, car in self._cars.items():
            if (car_index + 1) * self._reader.width <= len(flat):
                laps += car.rewind(self._reader.row(flat, data, car_index, header.session_time))
        return laps

    def _usual_gap_s(self) -> float:
        """Usual session time from one lap data packet to the next; losses hardly move a median."""
        return median(self._gaps_s) if self._gaps_s else 0.0

    def _newest_row(self, car_index: int) -> LapRow | None:
        if (car_index + 1) * self._reader.width > len(self._flat):
            return None
        return self._reader.row(self._flat, self._lap_data, car_index, self._lap_time_s)

    def _car(self, car_index: int, known_laps: Iterable[Lap] = ()) -> CarLaps:
        car = self._cars.get(car_index)
        if car is None:
            session = self.session
            car = CarLaps(
                session.id,
                session.uid,
                session.rig,
                car_index,
                compound_now=self._compound_now,
                under_now=self._circumstances.now,
                began=lambda began: self._beside.append(began),
                known_laps=known_laps,
            )
            car.participant = self._names().get(car_index, car.participant)
            self._cars[car_index] = car
        return car

    def _compound_now(self, car_index: int) -> str | None:
        if self._car_status is None:
            return None
        return visual_compound_name(
            self.session.packet_format, self._compounds.flat(self._car_status)[car_index]
        )

    def _note_circumstances(self) -> None:
        """Laps under way are driven under what is so now, too."""
        now = self._circumstances
        if now.settle(self._car_status):
            for car_index, car in self._cars.items():
                if car.under is not None:
                    car.under.note(now.weather, now.levels_of(car_index))

    # The rest -------------------------------------------------------------------------------------------

    def _learn(self, history: CarHistory) -> list[EngineEvent]:
        if not self._may_have_laps(history.car_index):
            return []
        laps = self._car(history.car_index).learn(history, is_over=not self._is_running)
        return [LapRecorded(lap) for lap in laps]

    def _release_histories(self) -> list[EngineEvent]:
        held, self._held_histories = self._held_histories, {}
        laps = [event for history in held.values() for event in self._learn(history)]
        return laps + self._occurrences.release_stints(self._may_have_laps)

    def _may_have_laps(self, car_index: int) -> bool:
        """In a time trial all cars but the rig's own are ghosts, whose history is not theirs."""
        session = self.session
        if session.session_type_id is None or session.player_car_index is None:
            return True
        is_trial = is_time_trial(session.packet_format, session.game_year or 0, session.session_type_id)
        return not is_trial or car_index == session.player_car_index

    def _bests(self) -> dict[int, int]:
        """Best laps that count, ms, by car."""
        bests = dict(self._order.bests_2020(self._lap_data)) if self._lap_data else {}
        for car_index, car in self._cars.items():
            times = [lap.lap_time_ms for lap in car.laps.values() if _is_best_candidate(lap)]
            best = min((time for time in (*times, bests.get(car_index)) if time), default=None)
            if best is not None:
                bests[car_index] = best
        return bests

    def _row_of(self, car_index: int) -> LapRow | None:
        """A car's newest row, None before the first."""
        if (car_index + 1) * self._reader.width > len(self._flat):
            return None
        return self._reader.row(self._flat, self._lap_data, car_index, self._lap_time_s)

    def _names(self) -> dict[int, str | None]:
        return {participant.car_index: participant.name for participant in self._participants}


def _is_best_candidate(lap: Lap) -> bool:
    return lap.state is LapState.COMPLETED and lap.is_valid is not False


def opened(rig: str, header: Header, session: str, epoch: int) -> Session:
    """A session as the first packet shows it."""
    return Session(
        id=session,
        rig=rig,
        uid=header.session_uid,
        epoch=epoch,
        packet_format=header.packet_format,
        game_year=header.game_year or None,
        player_car_index=player_of(header),
    )
