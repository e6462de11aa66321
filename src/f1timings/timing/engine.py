"""The timing engine of one rig: packets in, timing events out; the same packets always give the same laps."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from f1timings.packets import Header, Layout, decode, event_details
from f1timings.timing.events import EngineEvent, SessionChanged
from f1timings.timing.game_events import code_of
from f1timings.timing.occurrences import Occurrence
from f1timings.timing.records import Lap, Session, session_id
from f1timings.timing.running_order import RunningOrder
from f1timings.timing.session import SessionTracker, opened
from f1timings.units import ms_from_seconds

# Sessions whose late packets still find them; a rig's network holds none back for so long.
_REMEMBERED_SESSIONS = 8
# What opens a session: events alone do not (a skipped career session sends only those).
_OPENING = frozenset({"lap_data", "session", "participants", "session_history", "final_classification"})
# Events that come before the packet which opens their session: its start, lights.
_EARLY_EVENTS = 64
# What the games send with UID 0 after the end, meant for the session before.
_AFTERMATH = frozenset({"session_history", "final_classification"})


class KnownSession(NamedTuple):
    """A session that an earlier process recorded, with its laps of every branch and its occurrences."""

    session: Session
    laps: Sequence[Lap]
    occurrences: Sequence[Occurrence] = ()


class Engine:
    """Times one rig.

    Args:
        rig: key of the rig.
        known: sessions of this rig recorded before this process began, by game UID, the newest epoch of each.
    """

    def __init__(self, rig: str, known: Mapping[int, KnownSession] | None = None) -> None:
        self.rig = rig
        self._known = dict(known or {})
        self._sessions: dict[int, SessionTracker] = {}
        self._current: SessionTracker | None = None
        self._early: deque[tuple[bytes, Layout, Header]] = deque(maxlen=_EARLY_EVENTS)

    @property
    def session(self) -> Session | None:
        """The session that is being driven, or the last one; None before the first."""
        return self._current.session if self._current else None

    def feed(self, data: bytes, layout: Layout, header: Header) -> list[EngineEvent]:
        """Take one packet, in the order it arrived.

        Args:
            data: the whole datagram, already recognised as ``layout``, one of ``TIMED_KINDS``.
            header: its header.
        """
        tracker = self._sessions.get(header.session_uid)
        if tracker is not None and tracker.session.packet_format == layout.packet_format:
            return _HANDLERS[layout.kind](self, tracker, data, layout, header)
        return self._feed_other(tracker, data, layout, header)

    def order(self) -> RunningOrder | None:
        """The running order of the session that is driven, or was last; None before the first."""
        tracker = self._current
        if tracker is None:
            return None
        return RunningOrder(tracker.session.id, ms_from_seconds(tracker.time_s) or 0, tracker.order())

    def finish(self) -> list[EngineEvent]:
        """No more packets will come (the end of a file): every lap is complete or partial now."""
        return [event for tracker in self._sessions.values() for event in tracker.close()]

    def _feed_other(
        self, tracker: SessionTracker | None, data: bytes, layout: Layout, header: Header
    ) -> list[EngineEvent]:
        """A packet of a session that is not known yet, of none, or in another format than before."""
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
        """The events of a session that came before it was opened."""
        held = [early for early in self._early if early[2].session_uid == tracker.session.uid]
        self._early.clear()
        return [
            event
            for data, layout, header in held
            if layout.packet_format == packet_format
            for event in tracker.see_event(data, layout, header)
        ]

    def _same_format(self, header: Header) -> bool:
        return self._current is not None and self._current.session.packet_format == header.packet_format

    def _open(self, header: Header, events: list[EngineEvent], epoch: int = 0) -> SessionTracker:
        if self._current is not None:
            events += self._current.close()
        uid = header.session_uid
        known = self._known.pop(uid, None)
        if known is not None:
            tracker = SessionTracker(known.session, known.laps, known.occurrences)
        else:
            tracker = SessionTracker(opened(self.rig, header, session_id(self.rig, uid, epoch), epoch))
        events.append(SessionChanged(tracker.session))
        self._sessions.pop(uid, None)
        self._sessions[uid] = self._current = tracker
        while len(self._sessions) > _REMEMBERED_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return tracker

    def _lap_data(
        self, tracker: SessionTracker, data: bytes, _layout: Layout, header: Header
    ) -> list[EngineEvent]:
        events = tracker.see_lap_data(data, header)
        if events is not None:
            return events
        again: list[EngineEvent] = []
        fresh = self._open(header, again, epoch=tracker.session.epoch + 1)
        return again + (fresh.see_lap_data(data, header) or [])

    def _session(
        self, tracker: SessionTracker, data: bytes, layout: Layout, _header: Header
    ) -> list[EngineEvent]:
        return tracker.see_session(data, layout)

    def _participants(
        self, tracker: SessionTracker, data: bytes, layout: Layout, _header: Header
    ) -> list[EngineEvent]:
        return tracker.see_participants(data, layout)

    def _car_status(
        self, tracker: SessionTracker, data: bytes, _layout: Layout, _header: Header
    ) -> list[EngineEvent]:
        tracker.see_car_status(data)
        return []

    def _history(
        self, tracker: SessionTracker, data: bytes, layout: Layout, header: Header
    ) -> list[EngineEvent]:
        return tracker.see_history(data, layout, header)

    def _classification(
        self, tracker: SessionTracker, data: bytes, _layout: Layout, _header: Header
    ) -> list[EngineEvent]:
        return tracker.see_classification(data)

    def _event(
        self, tracker: SessionTracker, data: bytes, layout: Layout, header: Header
    ) -> list[EngineEvent]:
        code = code_of(data, layout)
        events = tracker.see_event(data, layout, header)
        if code == b"SEND":
            return events + tracker.see_end()
        if code == b"FLBK":
            details = event_details(decode(data))
            if details is not None:
                tracker.see_flashback(details.flashback_frame_identifier, header)
        return events


_Handler = Callable[[Engine, SessionTracker, bytes, Layout, Header], list[EngineEvent]]
_HANDLERS: dict[str, _Handler] = {
    "lap_data": Engine._lap_data,
    "session": Engine._session,
    "participants": Engine._participants,
    "car_status": Engine._car_status,
    "session_history": Engine._history,
    "final_classification": Engine._classification,
    "event": Engine._event,
}
# The kinds of packets that timing needs.
TIMED_KINDS = frozenset(_HANDLERS)
