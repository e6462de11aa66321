"""One session on one rig: its facts, participants, histories and result, and the packets that change them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from f1timings.packets import Header, Layout, decode, is_time_trial
from f1timings.timing.cars import CarsTracker
from f1timings.timing.circumstances import Circumstances
from f1timings.timing.events import (
    CountersRead,
    EngineEvent,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.game_events import code_of
from f1timings.timing.history import CarHistory, HistoryLap, read_history
from f1timings.timing.lap_steps import is_driven
from f1timings.timing.occurrence_tracker import OccurrenceTracker
from f1timings.timing.occurrences import Occurrence
from f1timings.timing.packet_order import PacketOrder
from f1timings.timing.placed_car import PlacedCar
from f1timings.timing.plausible import Plausibility
from f1timings.timing.records import ClassificationEntry, Lap, Participant, Session
from f1timings.timing.running_order import RunningOrder, SessionMoment
from f1timings.timing.session_packets import (
    SessionContents,
    has_session_facts,
    player_of,
    read_classification,
    read_participants,
    session_contents,
    with_session_facts,
)
from f1timings.timing.statuses import is_over
from f1timings.timing.tyre_reader import CarStatus
from f1timings.units import ms_from_seconds

EarlierLaps = Callable[[Session, int, Sequence[HistoryLap]], Iterable[Lap]]
"""The laps of a car that may be those in a history, of the sessions of which this may be a loaded save."""


class SessionTracker:
    """Everything that is known of one session.

    Args:
        session: its key, and the facts in the packet that opened it.
        known_laps: laps that an earlier process recorded for this session.
        known_occurrences: occurrences that it recorded.
        counters: the game's counters that it read last.
        plausibility: counts implausible values.
        earlier_laps: the laps of a car, with the numbers and times of a history, in other sessions of this
            rig that a save of the game could have come from: the same circuit and type of session.

    Attributes:
        session: its facts as known so far.
        cars: its cars; they handle the lap data packets.
    """

    def __init__(
        self,
        session: Session,
        known_laps: Iterable[Lap] = (),
        known_occurrences: Sequence[Occurrence] = (),
        *,
        counters: CountersRead | None = None,
        plausibility: Plausibility | None = None,
        earlier_laps: EarlierLaps = lambda _session, _car_index, _entries: (),
    ) -> None:
        self.session = session
        self._earlier_laps = earlier_laps
        # Whether each lap of a history, by car, is in an earlier session.
        self._repeated: dict[tuple[int, HistoryLap], bool] = {}
        self._first_seen: dict[int, int] = {}
        self._plausibility = plausibility or Plausibility()
        self._packet_order = PacketOrder()
        self._participants: tuple[Participant, ...] = ()
        self._classification: tuple[ClassificationEntry, ...] = ()
        self._held_histories: dict[int, CarHistory] = {}
        self._is_running = True
        self._car_status = CarStatus(session.packet_format)
        self._occurrences = OccurrenceTracker(
            session.id,
            session.packet_format,
            self._packet_order,
            car_status=self._car_status,
            known=known_occurrences,
            plausibility=self._plausibility,
        )
        self._circumstances = Circumstances(session.packet_format)
        self.cars = CarsTracker(
            session,
            packet_order=self._packet_order,
            occurrences=self._occurrences,
            circumstances=self._circumstances,
            compound_now=self._car_status.compound,
            plausibility=self._plausibility,
            known_laps=known_laps,
            counters=counters,
        )
        self._forget_packets(session.packet_format)

    def adopt_format(self, packet_format: int) -> None:
        """Read the packets of this format from now on; the setting may change in the middle of a session."""
        self.session = replace(self.session, packet_format=packet_format)
        self.cars.adopt_format(self.session)
        self._occurrences.adopt_format(packet_format)
        self._circumstances.adopt_format(packet_format)
        self._forget_packets(packet_format)

    def _forget_packets(self, packet_format: int) -> None:
        self._car_status.adopt_format(packet_format)
        # What timing reads of the last packet of each kind: what has not changed is not decoded again.
        self._session_contents: tuple[int, SessionContents] | None = None
        self._participants_bytes = b""
        self._history_bytes: dict[int, tuple[int, bytes]] = {}

    # Packets ------------------------------------------------------------------------------------------

    def handle_session_packet(self, data: bytes, layout: Layout, header: Header) -> list[EngineEvent]:
        """Handle one session packet: circuit, type, weather."""
        is_newest = self._occurrences.accepts_session_packet(header)
        # A flashback undoes what was read since the moment to which it goes back.
        contents = self.cars.rewinds, session_contents(data, layout, header)
        if is_newest and contents == self._session_contents:
            self._update_circumstances()
            return []
        self._session_contents = contents if is_newest else None
        packet = decode(data)._replace(header=header)
        if not has_session_facts(packet):
            self._plausibility.count("session.track_length")
            return []
        events: list[EngineEvent] = []
        if is_newest:
            events += self._occurrences.handle_session_packet(packet)
            self._circumstances.handle_session_packet(packet, player_of(packet.header))
        self._update_circumstances()
        session = with_session_facts(self.session, packet, self._plausibility)
        if session == self.session:
            return events
        if _place_of(session) != _place_of(self.session):
            self._repeated.clear()
        self.session = session
        self.cars.handle_session_facts(session)
        released = self._release_histories() if _is_known(session) else []
        return [SessionChanged(session), *events, *released]

    def handle_participants(self, data: bytes, layout: Layout) -> list[EngineEvent]:
        """Handle one participants packet: the names of the cars, which their laps carry."""
        body = data[layout.header_size :]
        if body == self._participants_bytes:
            return []
        self._participants_bytes = body
        participants = read_participants(self.session.id, decode(data), self._plausibility)
        if participants == self._participants:
            return []
        self._participants = participants
        return [
            ParticipantsChanged(self.session.id, participants),
            *self.cars.handle_names(self._names()),
        ]

    def handle_car_status(self, data: bytes) -> None:
        """Store the newest car status; it is read when a lap needs it."""
        self._car_status.data = data

    def handle_history(self, data: bytes, layout: Layout, header: Header) -> list[EngineEvent] | None:
        """Handle one session history packet, which has what a lost datagram hid.

        Returns:
            Timing events, or None if it shows that the game has begun another run under the same UID.
        """
        if self._is_of_other_time(header):
            return []
        car_index = data[layout.header_size]
        # After a flashback the same history counts again.
        body = self.cars.rewinds, data[layout.header_size :]
        if car_index >= layout.car_slots:
            self._plausibility.count("session_history.car")
            return []
        if self._history_bytes.get(car_index) == body:
            return []
        history = read_history(data, layout, self._plausibility)
        if self.cars.is_of_another_run(history):
            return None
        self._history_bytes[car_index] = body
        self._occurrences.handle_history(data, car_index)
        if self._is_running and not _is_known(self.session):
            self._held_histories[car_index] = history
            return []
        laps = self._apply_history(history, header.session_time)
        return [*laps, *self._occurrences.release_stints(self._may_have_laps)]

    def matches_history(self, data: bytes, layout: Layout) -> bool:
        """Whether a session history lists the recorded laps of this run, which the game left before."""
        return self.cars.matches_history(read_history(data, layout, self._plausibility))

    def _is_of_other_time(self, header: Header) -> bool:
        """Whether a session history does not belong to the newest lap data; the games soon send it again.

        It was sent before a flashback, or lap data will show that it is of another run.
        """
        order = self._packet_order
        if order.is_stale(header):
            return True
        return self._is_running and (order.is_far_behind(header) or order.is_ahead(header))

    def handle_event(self, data: bytes, layout: Layout, header: Header) -> list[EngineEvent]:
        """Record the incident in an event packet; :class:`Engine` knows which events do more."""
        if code_of(data, layout) == b"SSTA" and self.session.is_ended:
            return []  # F1 25 sends it online just before the final classification
        return list(self._occurrences.handle_event(data, layout, header, row_of=self.cars.row_of))

    def handle_flashback(self, target_frame: int, header: Header) -> None:
        """Handle a FLBK event."""
        self._packet_order.handle_flashback(target_frame, header)

    def handle_session_end(self) -> list[EngineEvent]:
        """Handle a SEND event: no car drives any more, but the history of the last lap may still come."""
        events: list[EngineEvent] = []
        if not self.session.is_ended:
            self.session = replace(self.session, is_ended=True)
            events.append(SessionChanged(self.session))
        self._is_running = False
        return events + self._release_histories()

    def handle_classification(self, data: bytes) -> list[EngineEvent]:
        """Handle the final classification; an equal one that follows changes nothing."""
        events = self.close()
        packet = decode(data)
        entries = read_classification(
            packet, self.session, names=self._names(), plausibility=self._plausibility
        )
        events += self._occurrences.handle_classification(packet)
        if not entries or entries == self._classification:
            return events
        self._classification = entries
        return [*events, SessionClassified(self.session.id, entries)]

    def close(self) -> list[EngineEvent]:
        """End the session: laps under way are completed or partial."""
        return [*self.handle_session_end(), *self.cars.handle_end()]

    def reopen(self) -> list[EngineEvent]:
        """Let the session go on: what ended it was a session of another rig."""
        if self._is_running or self._classification:
            return []
        self._is_running = True
        self.session = replace(self.session, is_ended=False)
        return [SessionChanged(self.session)]

    def move(self, rig: str, earlier_laps: EarlierLaps) -> list[EngineEvent]:
        """Give the session with its laps to another rig, which has other earlier sessions."""
        self._earlier_laps = earlier_laps
        self._repeated.clear()
        self.session = replace(self.session, rig=rig)
        return [*self.reopen(), SessionChanged(self.session), *self.cars.move(self.session)]

    @property
    def moment(self) -> SessionMoment:
        """The session, and its clock in the newest lap data."""
        return SessionMoment(self.session.id, self._time_ms)

    def placed_car(self, car_index: int) -> tuple[PlacedCar, int | None] | None:
        """One car as in :meth:`order`, None if it is not there; builds no other row."""
        return self.cars.placed_car(car_index, self._classification)

    def order(self) -> RunningOrder:
        """The running order; that of the final classification once the game has sent it."""
        return RunningOrder(
            session_id=self.session.id,
            session_time_ms=self._time_ms,
            rows=self.cars.order(self._classification),
            is_final=bool(self._classification),
        )

    @property
    def _time_ms(self) -> int:
        return ms_from_seconds(self.cars.time_s) or 0

    # Circumstances and histories ----------------------------------------------------------------------

    def _update_circumstances(self) -> None:
        if self._circumstances.combine(self._car_status.data):
            self.cars.handle_circumstances()

    def _apply_history(self, history: CarHistory, at_s: float = 0.0) -> list[EngineEvent]:
        if not self._may_have_laps(history.car_index):
            return []
        before = self.session.continues
        history = self._without_repeated_laps(history)
        linked = [] if before == self.session.continues else [SessionChanged(self.session)]
        laps = self.cars.handle_history(history, at_s=at_s, is_session_over=not self._is_running)
        return [*linked, *laps]

    def _without_repeated_laps(self, history: CarHistory) -> CarHistory:
        """Leave out the laps from before a save, which a loaded save lists again.

        Only laps before the first one that was seen can be such: what was driven here is a lap.
        """
        car_index, first_seen = history.car_index, self._first_lap_seen(history)
        unseen = [
            entry
            for number, entry in history.laps.items()
            if number < first_seen and self.cars.recorded_lap(car_index, number) is None
        ]
        self._find_repeated(car_index, unseen)
        repeated = [entry.lap_number for entry in unseen if self._repeated[car_index, entry]]
        if not repeated:
            return history
        laps = {number: entry for number, entry in history.laps.items() if number not in repeated}
        return replace(history, laps=laps)

    def _first_lap_seen(self, history: CarHistory) -> int:
        """The lowest lap that the car was seen on in this session; an empty slot is on no lap.

        A car that has finished keeps the number of its last lap, but does not drive it any more.
        """
        car_index, row = history.car_index, self.cars.row_of(history.car_index)
        listed = history.running_lap + (history.running_lap in history.laps)
        seen = [self._first_seen.get(car_index, listed), *self.cars.laps_driven(car_index)]
        if row is not None and is_driven(row):
            seen.append(row.lap_number + is_over(row.result_status))
        first = min((number for number in seen if number), default=0)
        if first:
            self._first_seen[car_index] = first
        return first

    def _find_repeated(self, car_index: int, entries: Sequence[HistoryLap]) -> None:
        """Find the laps that earlier sessions have; this session continues the one with the last of them."""
        missing = {entry.lap_number: entry for entry in entries if (car_index, entry) not in self._repeated}
        if not missing:
            return
        self._repeated |= {(car_index, entry): False for entry in missing.values()}
        found: list[Lap] = []
        for lap in self._earlier_laps(self.session, car_index, list(missing.values())):
            entry = missing.get(lap.lap_number)
            if entry is not None and entry.has_times_of(lap):
                self._repeated[car_index, missing.pop(lap.lap_number)] = True
                found.append(lap)
            if not missing:
                break
        if found and self.session.continues is None:
            last = max(found, key=lambda lap: lap.lap_number)
            self.session = replace(self.session, continues=last.session_id)

    def _release_histories(self) -> list[EngineEvent]:
        """Apply the histories that were held until the circuit and the type of the session are known."""
        held, self._held_histories = self._held_histories, {}
        laps = [event for history in held.values() for event in self._apply_history(history)]
        return laps + list(self._occurrences.release_stints(self._may_have_laps))

    def _may_have_laps(self, car_index: int) -> bool:
        """Whether a car is real: in a time trial all but the rig's own are ghosts, with foreign histories."""
        session = self.session
        if session.session_type_id is None or session.player_car_index is None:
            return True
        is_trial = is_time_trial(session.packet_format, session.game_year or 0, session.session_type_id)
        return not is_trial or car_index == session.player_car_index

    def _names(self) -> dict[int, str | None]:
        return {participant.car_index: participant.name for participant in self._participants}


def _place_of(session: Session) -> tuple[int | None, int | None]:
    """The circuit and the type of a session, which a loaded save has in common with its earlier session."""
    return session.track_id, session.session_type_id


def _is_known(session: Session) -> bool:
    """Whether the circuit and the type of a session are known, without which a history cannot be applied."""
    return session.track_id is not None and session.known_type_id is not None


def open_session(rig: str, header: Header, *, session_id: str, epoch: int) -> Session:
    """A session with the facts in its first packet."""
    return Session(
        id=session_id,
        rig=rig,
        uid=header.session_uid,
        epoch=epoch,
        packet_format=header.packet_format,
        game_year=header.game_year or None,
        player_car_index=player_of(header),
    )
