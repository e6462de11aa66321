"""The timing engine of one rig: it turns packets into timing events, always the same for the same packets."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from f1timings.packets import Header, Layout, decode, event_details
from f1timings.timing.events import CountersRead, EngineEvent, SessionChanged
from f1timings.timing.game_events import code_of
from f1timings.timing.history import HistoryLap
from f1timings.timing.occurrences import Occurrence
from f1timings.timing.placed_car import PlacedCar
from f1timings.timing.plausible import PLAUSIBLE, Plausibility
from f1timings.timing.records import Lap, LapState, Session, session_id
from f1timings.timing.running_order import RunningOrder, SessionMoment
from f1timings.timing.session import SessionTracker, open_session

#: Sessions of a rig that are remembered for their late packets; no network delays a packet longer. The
#: archive has all others.
REMEMBERED_SESSIONS: Final = 4
# Kinds that open a session. Events do not: a skipped career session sends nothing else.
_OPENING = frozenset({"lap_data", "session", "participants", "session_history", "final_classification"})
# Most events held that come before the packet which opens their session: its start, lights.
_MOST_EARLY_EVENTS = 64
# Runs under one UID to which a game may return.
MOST_RUNS: Final = 4
_EARLIEST_S, _LATEST_S = PLAUSIBLE["header.session_time"]
# Kinds that have no place among the others without a plausible session time; they are as if they were lost.
_TIMED_BY_CLOCK = frozenset({"lap_data", "session_history"})
# Kinds that the games send with UID 0 after the end of a session, and that belong to it.
_AFTERMATH = frozenset({"session_history", "final_classification"})


class KnownSession(NamedTuple):
    """A session that an earlier process recorded: laps of every branch, occurrences, the newest counters."""

    session: Session
    laps: Sequence[Lap]
    occurrences: Sequence[Occurrence] = ()
    counters: CountersRead | None = None


class Archive(Protocol):
    """What was recorded before, however long ago."""

    def recall(self, rig: str, uid: int) -> KnownSession | None:
        """The session of a rig under a game UID that it drove last, None if there is none."""

    def runs(self, rig: str, uid: int) -> Iterable[KnownSession]:
        """The sessions of a rig under a game UID, the newest first; at most ``MOST_RUNS``."""

    def earlier_laps(self, session: Session, car_index: int, entries: Sequence[HistoryLap]) -> Sequence[Lap]:
        """The laps of a car with a number and a time of those in a history.

        They are of other sessions of the rig of which this may be a loaded save, see
        :func:`may_be_saved_from`.
        """


class NoArchive:
    """Nothing was recorded before."""

    def recall(self, rig: str, uid: int) -> KnownSession | None:  # noqa: ARG002
        """None."""
        return None

    def runs(self, rig: str, uid: int) -> Iterable[KnownSession]:  # noqa: ARG002
        """None."""
        return ()

    def earlier_laps(
        self,
        session: Session,  # noqa: ARG002
        car_index: int,  # noqa: ARG002
        entries: Sequence[HistoryLap],  # noqa: ARG002
    ) -> Sequence[Lap]:
        """None."""
        return ()


class Engine:
    """Times one rig.

    Args:
        rig: key of the rig.
        known: sessions of this rig that an earlier process recorded, by game UID; of each UID the run that
            the game drove last.
        implausible: where implausible values in packets are counted, by name.
        archive: has the sessions that are not among the known ones, or no longer remembered.
    """

    def __init__(
        self,
        rig: str,
        known: Mapping[int, KnownSession] | None = None,
        implausible: Counter[str] | None = None,
        *,
        archive: Archive | None = None,
    ) -> None:
        self.rig = rig
        self._archive = archive or NoArchive()
        self._plausibility = Plausibility(implausible)
        self._known = dict(known or {})
        self._sessions: dict[int, SessionTracker] = {}
        self._current: SessionTracker | None = None
        # The newest epoch under each UID that has had several runs.
        self._epochs: dict[int, int] = {}
        self._early: deque[tuple[bytes, Layout, Header]] = deque(maxlen=_MOST_EARLY_EVENTS)

    @property
    def session(self) -> Session | None:
        """The session under way, or the last one; None before the first."""
        return self._current.session if self._current else None

    @property
    def time_s(self) -> float:
        """The session clock of that session in its newest lap data, seconds; 0 before the first."""
        return self._current.cars.time_s if self._current else 0.0

    def handle_silence(self) -> None:
        """Handle that the rig sent nothing for longer than ``JUMP_S``."""
        if self._current:
            self._current.cars.handle_silence()

    def feed(self, data: bytes, layout: Layout, header: Header) -> list[EngineEvent]:
        """Handle one packet; packets come in the order in which they arrived.

        Args:
            data: the whole datagram, already recognised as ``layout``, one of ``TIMED_KINDS``.
            header: its header.
        """
        if not _EARLIEST_S <= header.session_time <= _LATEST_S:
            self._plausibility.count("header.session_time")
            if layout.kind in _TIMED_BY_CLOCK:
                return []
            header = header._replace(session_time=self._time_of(header.session_uid))
        tracker = self._sessions.get(header.session_uid)
        if tracker is not None and tracker.session.packet_format == layout.packet_format:
            return _HANDLERS[layout.kind](self, tracker, data, layout, header)
        return self._feed_other(tracker, data, layout, header)

    @property
    def moment(self) -> SessionMoment | None:
        """The session under way, or the last one, and its clock; None before the first."""
        return None if self._current is None else self._current.moment

    def placed_car(self, car_index: int) -> tuple[PlacedCar, int | None] | None:
        """One car as in :meth:`order`, None if it is not there; builds no other row."""
        return None if self._current is None else self._current.placed_car(car_index)

    def order(self) -> RunningOrder | None:
        """The running order of the session under way, or of the last one; None before the first."""
        return None if self._current is None else self._current.order()

    @property
    def session_uids(self) -> frozenset[int]:
        """The sessions that are remembered, by game UID."""
        return frozenset(self._sessions)

    def hand_over(self, uid: int, other: Engine, resumed_uid: int) -> list[EngineEvent]:
        """Give a session to the engine of another rig, which drives it; ids stay, and the rig changes.

        Args:
            resumed_uid: the session that goes on at this rig; the handed session had ended it.
        """
        tracker = self._sessions.pop(uid, None)
        resumed = self._sessions.get(resumed_uid)
        if self._current is tracker:
            self._current = resumed or next(reversed(self._sessions.values()), None)
        events = [] if resumed is None else resumed.reopen()
        # The other engine knows the laps from before a restart, this one only a few packets since.
        if tracker is None or uid in other._known:
            return events
        other._sessions[uid] = other._current = tracker
        return [*events, *tracker.move(other.rig, other._earlier_laps)]

    def finish(self) -> list[EngineEvent]:
        """End all sessions (the end of a file): every lap is completed or partial."""
        return [event for tracker in self._sessions.values() for event in tracker.close()]

    def _time_of(self, uid: int) -> float:
        """The session clock in the newest lap data of a session, seconds; 0 before the first."""
        tracker = self._sessions.get(uid)
        return 0.0 if tracker is None else tracker.cars.time_s

    def _feed_other(
        self, tracker: SessionTracker | None, data: bytes, layout: Layout, header: Header
    ) -> list[EngineEvent]:
        """Handle a packet of an unknown session, of no session, or in another format than before."""
        events: list[EngineEvent] = []
        if header.session_uid == 0:
            is_aftermath = layout.kind in _AFTERMATH and self._same_format(header)
            tracker = self._current if is_aftermath else None
        elif tracker is not None:
            tracker.adopt_format(layout.packet_format)
        elif layout.kind in _OPENING:
            tracker = self._open(header, events)
            events += self._release_early(tracker, layout.packet_format)
        elif layout.kind == "event" and code_of(data, layout) != b"BUTN":
            self._early.append((data, layout, header))
        if tracker is not None:
            events += _HANDLERS[layout.kind](self, tracker, data, layout, header)
        return events

    def _release_early(self, tracker: SessionTracker, packet_format: int) -> list[EngineEvent]:
        """Handle the events of a session that came before it was opened."""
        held = [early for early in self._early if early[2].session_uid == tracker.session.uid]
        self._early.clear()
        return [
            event
            for data, layout, header in held
            if layout.packet_format == packet_format
            for event in tracker.handle_event(data, layout, header)
        ]

    def _same_format(self, header: Header) -> bool:
        return self._current is not None and self._current.session.packet_format == header.packet_format

    def _open(self, header: Header, events: list[EngineEvent]) -> SessionTracker:
        """Open the session of a UID that was driven last, or its first; ``events`` gets what happens."""
        uid = header.session_uid
        known = self._known.pop(uid, None) or self._archive.recall(self.rig, uid)
        if known is None:
            return self._open_new(header, events, epoch=0)
        return self._enter(self._tracker_of(known), events)

    def _open_other_run(
        self,
        left: SessionTracker,
        header: Header,
        events: list[EngineEvent],
        *,
        is_of: Callable[[SessionTracker], bool],
    ) -> SessionTracker:
        """Open the run that the game drives now: one that it left before, or a new one.

        Args:
            left: the run that it does not drive any more.
            is_of: whether a packet is of an earlier run.
        """
        earlier = self._find_run(left, header, is_of)
        if earlier is not None:
            return self._enter(earlier, events)
        return self._open_new(header, events, epoch=self._newest_epoch(left) + 1)

    def _find_run(
        self, left: SessionTracker, header: Header, is_of: Callable[[SessionTracker], bool]
    ) -> SessionTracker | None:
        """The newest other run under the same UID that a packet is of, None without one."""
        for known in self._archive.runs(self.rig, header.session_uid):
            self._remember_epoch(known.session)
            if known.session.id == left.session.id:
                continue
            tracker = self._tracker_of(known._replace(session=replace(known.session, is_ended=False)))
            if tracker.session.packet_format != header.packet_format:
                tracker.adopt_format(header.packet_format)
            if is_of(tracker):
                return tracker
        return None

    def _remember_epoch(self, session: Session) -> None:
        if session.epoch > self._epochs.get(session.uid, 0):
            self._epochs[session.uid] = session.epoch

    def _newest_epoch(self, tracker: SessionTracker) -> int:
        """The newest epoch under the UID of a session."""
        return max(tracker.session.epoch, self._epochs.get(tracker.session.uid, 0))

    def _has_returned(self, data: bytes, header: Header) -> bool:
        """Whether lap data go on from the laps of a run that the game left before.

        The archive is asked only if there was another run under this UID.
        """
        tracker = self._sessions[header.session_uid]
        return self._newest_epoch(tracker) > 0 and (
            self._find_run(tracker, header, lambda other: other.cars.matches_lap_data(data, header))
            is not None
        )

    def _open_new(self, header: Header, events: list[EngineEvent], *, epoch: int) -> SessionTracker:
        id_ = session_id(self.rig, header.session_uid, epoch)
        session = open_session(self.rig, header, session_id=id_, epoch=epoch)
        return self._enter(self._tracker_of(KnownSession(session, ())), events)

    def _tracker_of(self, known: KnownSession) -> SessionTracker:
        return SessionTracker(
            known.session,
            known.laps,
            known.occurrences,
            counters=known.counters,
            plausibility=self._plausibility,
            earlier_laps=self._earlier_laps,
        )

    def _enter(self, tracker: SessionTracker, events: list[EngineEvent]) -> SessionTracker:
        """Make a session the current one; what happens is added to ``events``."""
        if self._current is not None:
            events += self._current.close()
        uid = tracker.session.uid
        events.append(SessionChanged(tracker.session))
        self._remember_epoch(tracker.session)
        self._sessions.pop(uid, None)
        self._sessions[uid] = self._current = tracker
        while len(self._sessions) > REMEMBERED_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return tracker

    def _earlier_laps(self, session: Session, car_index: int, entries: Sequence[HistoryLap]) -> Iterator[Lap]:
        """The laps of a car that may be those in a history, of the sessions of which this may be a save.

        The archive comes last; a caller that has found all laps before does not ask it.
        """
        numbers = [entry.lap_number for entry in entries]
        for tracker in self._sessions.values():
            if may_be_saved_from(session, tracker.session):
                laps = (tracker.cars.recorded_lap(car_index, number) for number in numbers)
                yield from (lap for lap in laps if lap is not None)
        for known in self._known.values():
            if may_be_saved_from(session, known.session):
                yield from (
                    lap
                    for lap in known.laps
                    if lap.car_index == car_index
                    and lap.lap_number in numbers
                    and lap.state is not LapState.SUPERSEDED
                )
        yield from self._archive.earlier_laps(session, car_index, entries)

    def _handle_lap_data(
        self, tracker: SessionTracker, data: bytes, _layout: Layout, header: Header
    ) -> list[EngineEvent]:
        events = tracker.cars.handle_lap_data(data, header, has_returned=self._has_returned)
        if events is not None:
            return events
        opening: list[EngineEvent] = []
        run = self._open_other_run(
            tracker, header, opening, is_of=lambda other: other.cars.matches_lap_data(data, header)
        )
        return opening + (run.cars.handle_lap_data(data, header, has_returned=self._has_returned) or [])

    def _handle_history(
        self, tracker: SessionTracker, data: bytes, layout: Layout, header: Header
    ) -> list[EngineEvent]:
        events = tracker.handle_history(data, layout, header)
        if events is not None:
            return events
        opening: list[EngineEvent] = list(tracker.cars.disown())
        run = self._open_other_run(
            tracker, header, opening, is_of=lambda other: other.matches_history(data, layout)
        )
        return opening + (run.handle_history(data, layout, header) or [])

    def _handle_session(
        self, tracker: SessionTracker, data: bytes, layout: Layout, header: Header
    ) -> list[EngineEvent]:
        return tracker.handle_session_packet(data, layout, header)

    def _handle_participants(
        self, tracker: SessionTracker, data: bytes, layout: Layout, _header: Header
    ) -> list[EngineEvent]:
        return tracker.handle_participants(data, layout)

    def _handle_car_status(
        self, tracker: SessionTracker, data: bytes, _layout: Layout, _header: Header
    ) -> list[EngineEvent]:
        tracker.handle_car_status(data)
        return []

    def _handle_classification(
        self, tracker: SessionTracker, data: bytes, _layout: Layout, _header: Header
    ) -> list[EngineEvent]:
        return tracker.handle_classification(data)

    def _handle_event(
        self, tracker: SessionTracker, data: bytes, layout: Layout, header: Header
    ) -> list[EngineEvent]:
        code = code_of(data, layout)
        events = tracker.handle_event(data, layout, header)
        if code == b"SEND":
            return events + tracker.handle_session_end()
        if code == b"FLBK":
            details = event_details(decode(data))
            if details is not None:
                tracker.handle_flashback(details.flashback_frame_identifier, header)
        return events


def may_be_saved_from(session: Session, earlier: Session) -> bool:
    """Whether a session may be a loaded save of another one; what is unknown of either may be the same."""
    return (
        session.uid != earlier.uid
        and session.rig == earlier.rig
        and _may_be_same(session.track_id, earlier.track_id)
        and _may_be_same(session.known_type_id, earlier.known_type_id)
    )


def _may_be_same(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


_Handler = Callable[[Engine, SessionTracker, bytes, Layout, Header], list[EngineEvent]]
_HANDLERS: dict[str, _Handler] = {
    "lap_data": Engine._handle_lap_data,
    "session": Engine._handle_session,
    "participants": Engine._handle_participants,
    "car_status": Engine._handle_car_status,
    "session_history": Engine._handle_history,
    "final_classification": Engine._handle_classification,
    "event": Engine._handle_event,
}
# The kinds of packets that timing reads.
TIMED_KINDS = frozenset(_HANDLERS)
