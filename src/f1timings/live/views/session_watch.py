"""The newest sessions as the timing events report them: their facts, participants and flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from f1timings.timing.engine import REMEMBERED_SESSIONS
from f1timings.timing.events import (
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.occurrences import Incident, IncidentKind
from f1timings.timing.records import Participant, Session

# Also those of which no event names the rig.
_MOST_SESSIONS = 512
# A start ends the red or chequered flag that was shown before.
_STARTS = frozenset({IncidentKind.SESSION_STARTED, IncidentKind.START_LIGHTS, IncidentKind.LIGHTS_OUT})
_FLAGS = frozenset({IncidentKind.RED_FLAG, IncidentKind.CHEQUERED_FLAG})
_MOST_MESSAGES = 30
# A pit stop makes ten overtakes in a few seconds; they must not push a penalty from the screens.
_MOST_OVERTAKES = 8
# Each of five start lights, every speed at the trap and team mates in the pits are no news for a room.
_NO_MESSAGES = frozenset({IncidentKind.START_LIGHTS, IncidentKind.SPEED_TRAP, IncidentKind.TEAM_MATE_IN_PITS})


@dataclass(slots=True, kw_only=True)
class WatchedSession:
    """One session.

    Attributes:
        session: None before its first event.
        participants: by car index.
        flags: red and chequered flags that are shown now, with the id of their incident.
        messages: the newest incidents that are news for a room, by their number; the newest is the last.
        is_classified: the game has sent its result.
    """

    session: Session | None = None
    participants: dict[int, Participant] = field(default_factory=dict)
    flags: dict[IncidentKind, str] = field(default_factory=dict)
    is_classified: bool = False
    messages: dict[int, Incident] = field(default_factory=dict)
    _last_number: int = 0

    def handle_message(self, incident: Incident) -> None:
        """Add an incident, or take it away if a flashback undid it."""
        number = next((number for number, known in self.messages.items() if known.id == incident.id), None)
        if incident.is_superseded:
            if number is not None:
                del self.messages[number]
            return
        if number is None:
            number = self._last_number = self._last_number + 1
        self.messages[number] = incident
        overtakes = [at for at, known in self.messages.items() if known.kind is IncidentKind.OVERTAKE]
        if len(overtakes) > _MOST_OVERTAKES:
            del self.messages[overtakes[0]]
        if len(self.messages) > _MOST_MESSAGES:
            del self.messages[next(iter(self.messages))]


class SessionWatch:
    """The newest sessions by id: of each rig as many as its timing remembers.

    Attributes:
        changes: how often a session or its participants have changed.
    """

    def __init__(self) -> None:
        self.changes = 0
        self._sessions: dict[str, WatchedSession] = {}
        # By rig, the newest last.
        self._of_rig: dict[str, list[str]] = {}

    def handle_events(self, events: Iterable[object]) -> None:
        """Handle timing events in their order; events of other kinds are ignored."""
        for event in events:
            if isinstance(event, SessionChanged):
                self.changes += 1
                self._handle_session(event.session)
            elif isinstance(event, ParticipantsChanged):
                self.changes += 1
                participants = {participant.car_index: participant for participant in event.participants}
                self._watched(event.session_id).participants = participants
            elif isinstance(event, SessionClassified):
                self._watched(event.session_id).is_classified = True
            elif isinstance(event, OccurrenceRecorded) and isinstance(event.record, Incident):
                self._handle_incident(event.record)

    def session(self, id_: str | None) -> WatchedSession:
        """One session; an empty one if it is not known."""
        return self._sessions.get(id_ or "") or WatchedSession()

    def newest(self, rig: str, uid: int) -> WatchedSession:
        """The newest session of a rig; an empty one if its UID is not ``uid``."""
        watched = self.session(next(reversed(self._of_rig.get(rig, [])), None))
        return watched if watched.session is not None and watched.session.uid == uid else WatchedSession()

    def _handle_session(self, session: Session) -> None:
        watched = self._watched(session.id)
        if watched.session is None:
            of_rig = self._of_rig.setdefault(session.rig, [])
            # It is there already if it was forgotten because of too many sessions of other rigs.
            of_rig[:] = [id_ for id_ in of_rig if id_ != session.id] + [session.id]
            if len(of_rig) > REMEMBERED_SESSIONS:
                self._sessions.pop(of_rig.pop(0), None)
        watched.session = session

    def _watched(self, id_: str) -> WatchedSession:
        watched = self._sessions.get(id_)
        if watched is None:
            watched = self._sessions[id_] = WatchedSession()
            while len(self._sessions) > _MOST_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
        return watched

    def _handle_incident(self, incident: Incident) -> None:
        if incident.kind not in _NO_MESSAGES:
            self._watched(incident.session_id).handle_message(incident)
        if incident.kind not in _STARTS and incident.kind not in _FLAGS:
            return
        flags = self._watched(incident.session_id).flags
        if incident.kind in _STARTS:
            if not incident.is_superseded:
                flags.clear()
        elif not incident.is_superseded:
            flags[incident.kind] = incident.id
        elif flags.get(incident.kind) == incident.id:
            del flags[incident.kind]
