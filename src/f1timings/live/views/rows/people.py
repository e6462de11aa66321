"""Who sits in each car of a session that a rig drives now, with the rigs that drive in the same lobby."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from f1timings.live.views.session_watch import WatchedSession
from f1timings.meeting.lobbies import SeenSession, are_linked, people_of, seats
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.timing.records import Participant, Session

# All sessions that rigs drive now run at the same time.
_NOW = datetime(2000, 1, 1, tzinfo=UTC)


class _Built(NamedTuple):
    """A session with what it was built from."""

    session: Session
    participants: Mapping[int, Participant]
    seen: SeenSession


class SeenSessions:
    """The sessions that rigs drive now, with what identifies their lobby; all views of rigs share them.

    A view looks at all of them after each change of one, and only that one is built again.
    """

    def __init__(self) -> None:
        self._built: dict[str, _Built] = {}

    def get(self, rig: str, watched: WatchedSession) -> SeenSession | None:
        """The session of a rig, by the rig as people see it; None before its first event."""
        session, participants = watched.session, watched.participants
        if session is None:
            return None
        built = self._built.get(rig)
        if built is None or built.session is not session or built.participants is not participants:
            built = self._built[rig] = _Built(session, participants, _seen(rig, session, participants))
        return built.seen


def people_in_cars(
    watched: WatchedSession,
    others: Iterable[tuple[str, WatchedSession]],
    *,
    rig: str,
    people: KnownPeople,
    sessions: SeenSessions,
) -> dict[int, str]:
    """The name of the person in each car, for the cars where it is known.

    Args:
        watched: the session as this rig receives it.
        others: the sessions that the other rigs drive now, by the rig as people see it.
        rig: this rig as people see it.
        sessions: the sessions at the look before.
    """
    own = sessions.get(rig, watched)
    if own is None:
        return {}
    seen = [
        session
        for other, other_watched in others
        if (session := sessions.get(other, other_watched)) is not None
    ]
    rigs = seats(own, [own, *(session for session in seen if are_linked(own, session))])
    cars = watched.participants.keys() | rigs.keys()
    names = ((car, people.in_car(rigs.get(car), watched.participants.get(car))) for car in sorted(cars))
    return {car: name for car, name in names if name is not None}


def _seen(rig: str, session: Session, participants: Mapping[int, Participant]) -> SeenSession:
    humans = (participant for participant in participants.values() if not participant.is_driven_by_game)
    return SeenSession(
        id=session.id,
        rig=session.rig,
        remaining_rig=rig,
        uid=str(session.uid),
        is_online=bool(session.is_online),
        track=session.track,
        session_type=session.session_type,
        player_car_index=session.player_car_index,
        opened_at=_NOW,
        ended_at=None,
        people=people_of((person.name, person.race_number, person.car_index) for person in humans),
    )
