"""Who sits in each car of a session that a rig drives now, with the rigs that drive in the same lobby."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from f1timings.live.views.session_watch import WatchedSession
from f1timings.meeting.lobbies import SeenSession, are_linked, is_ai, people_of, seats
from f1timings.meeting.room.known_people import KnownPeople

# All sessions that rigs drive now run at the same time.
_NOW = datetime(2000, 1, 1, tzinfo=UTC)


def people_in_cars(
    watched: WatchedSession, others: Iterable[tuple[str, WatchedSession]], *, rig: str, people: KnownPeople
) -> dict[int, str]:
    """The name of the person in each car, for the cars where it is known.

    Args:
        watched: the session as this rig receives it.
        others: the sessions that the other rigs drive now, by the rig as people see it.
        rig: this rig as people see it.
    """
    own = _seen(rig, watched)
    if own is None:
        return {}
    seen = [
        session for other, other_watched in others if (session := _seen(other, other_watched)) is not None
    ]
    rigs = seats(own, [own, *(session for session in seen if are_linked(own, session))])
    cars = watched.participants.keys() | rigs.keys()
    names = ((car, people.in_car(rigs.get(car), watched.participants.get(car))) for car in sorted(cars))
    return {car: name for car, name in names if name is not None}


def _seen(rig: str, watched: WatchedSession) -> SeenSession | None:
    session = watched.session
    if session is None:
        return None
    humans = (participant for participant in watched.participants.values() if not is_ai(participant))
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
