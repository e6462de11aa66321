"""What the timing events say of the sessions that are driven: facts, who is in the cars, and the flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from f1timings.timing.events import IncidentRecorded, ParticipantsChanged, SessionChanged
from f1timings.timing.records import Incident, IncidentKind, Participant, Session

_MOST_SESSIONS = 512
# What race control said is over when the game starts again.
_STARTS = frozenset({IncidentKind.SESSION_STARTED, IncidentKind.START_LIGHTS, IncidentKind.LIGHTS_OUT})
_SIGNS = {IncidentKind.RED_FLAG, IncidentKind.CHEQUERED_FLAG}


@dataclass(slots=True)
class WatchedSession:
    """One session.

    Attributes:
        session: None before its facts.
        signs: what race control showed and has not taken back, with the id of the incident.
    """

    session: Session | None = None
    participants: dict[int, Participant] = field(default_factory=dict)
    signs: dict[IncidentKind, str] = field(default_factory=dict)


class SessionWatch:
    """The newest sessions by id."""

    def __init__(self) -> None:
        self._sessions: dict[str, WatchedSession] = {}
        self._newest: dict[str, str] = {}

    def see(self, events: Iterable[object]) -> None:
        """Take timing events in their order; those that say nothing of this are passed over."""
        for event in events:
            if isinstance(event, SessionChanged):
                if event.session.id not in self._sessions:
                    self._newest[event.session.rig] = event.session.id
                self._of(event.session.id).session = event.session
            elif isinstance(event, ParticipantsChanged):
                people = {one.car_index: one for one in event.participants}
                self._of(event.session_id).participants = people
            elif isinstance(event, IncidentRecorded):
                self._take(event.incident)

    def session(self, id_: str | None) -> WatchedSession:
        """One session; an empty one if it is not known."""
        return self._sessions.get(id_ or "") or WatchedSession()

    def newest(self, rig: str, uid: int) -> WatchedSession:
        """The newest session of a rig, if it has this UID."""
        known = self.session(self._newest.get(rig))
        return known if known.session is not None and known.session.uid == uid else WatchedSession()

    def _of(self, id_: str) -> WatchedSession:
        known = self._sessions.get(id_)
        if known is None:
            known = self._sessions[id_] = WatchedSession()
            while len(self._sessions) > _MOST_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
        return known

    def _take(self, incident: Incident) -> None:
        if incident.kind not in _STARTS and incident.kind not in _SIGNS:
            return
        signs = self._of(incident.session_id).signs
        if incident.kind in _STARTS:
            if not incident.is_superseded:
                signs.clear()
        elif not incident.is_superseded:
            signs[incident.kind] = incident.id
        elif signs.get(incident.kind) == incident.id:
            del signs[incident.kind]
