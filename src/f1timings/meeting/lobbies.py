"""Which sessions of several rigs are one online lobby, and whose car is whose in it. Pure.

A lobby is driven by several rigs at once, and each of them sees all its cars. The rig's own view of its own
car is the evidence for its driver; what the others see of that car is the same lap again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from f1timings.timing.records import Participant

# What the games call people who do not show their names, and people who play offline.
NO_NAME = "Player"
# A session whose end nobody saw counts as over after this.
LONGEST = timedelta(hours=4)
# So many people in common make two sessions one, where the games give them different UIDs.
ENOUGH_PEOPLE = 2
# The games' driver ids of people, up to 2025 and since; after the flag the game drives their cars.
_HUMAN_IDS = frozenset({255, 65535})

Person = tuple[str, int | None]
"""Name in the game and race number."""


@dataclass(frozen=True, slots=True)
class SeenSession:
    """What tells one lobby from another in a session as one rig saw it.

    Attributes:
        player_car_index: the rig's own car.
        ended_at: None while it runs, or if nobody saw its end.
        people: car by person; only those that no other car here shares.
    """

    id: str
    rig: str
    uid: str
    is_online: bool
    track: str | None
    session_type: str | None
    player_car_index: int | None
    opened_at: datetime
    ended_at: datetime | None
    people: Mapping[Person, int]

    @property
    def ends_at(self) -> datetime:
        """When it was over at the latest."""
        latest = self.opened_at + LONGEST
        return latest if self.ended_at is None else min(self.ended_at, latest)


def is_ai(participant: Participant) -> bool:
    """Whether the game drives the car; a person's car that it takes over after the flag is a person's."""
    return participant.is_ai and participant.driver_id not in _HUMAN_IDS


def people_of(people: Iterable[tuple[str | None, int | None, int]]) -> dict[Person, int]:
    """Those who can be told apart, with their cars.

    Args:
        people: name, race number and car of whoever is no AI.
    """
    named = [((name, number), car) for name, number, car in people if name and name != NO_NAME]
    counted = Counter(person for person, _ in named)
    return {person: car for person, car in named if counted[person] == 1}


def are_linked(one: SeenSession, other: SeenSession) -> bool:
    """Whether two sessions are the same lobby, seen from two rigs."""
    if not (one.is_online and other.is_online) or one.rig == other.rig:
        return False
    if _differ(one.track, other.track) or _differ(one.session_type, other.session_type):
        return False
    if one.uid == other.uid != "0":
        return True
    is_known = None not in (one.track, one.session_type, other.track, other.session_type)
    return is_known and _overlap(one, other) and _shared(one, other) >= ENOUGH_PEOPLE


def lobby_of_each(sessions: Iterable[SeenSession]) -> dict[str, str]:
    """The lobby of each session, named by the id of its earliest session.

    No lobby holds two sessions of one rig. The order in which the sessions come does not matter.

    Args:
        sessions: with every session that any of them is linked to.
    """
    lobbies: list[list[SeenSession]] = []
    for session in sorted(sessions, key=lambda one: (one.opened_at, one.id)):
        fitting = [lobby for lobby in lobbies if _fits(session, lobby)]
        # After a restart under the same UID there are two: the one that runs at the same time is right.
        together = [lobby for lobby in fitting if any(_overlap(session, one) for one in lobby)]
        if fitting:
            (together or fitting)[0].append(session)
        else:
            lobbies.append([session])
    return {session.id: lobby[0].id for lobby in lobbies for session in lobby}


def seats(session: SeenSession, lobby: Iterable[SeenSession]) -> dict[int, str]:
    """The rig that each car of a session is driven at, as far as that is known.

    Args:
        lobby: all sessions of its lobby; itself may be among them.
    """
    found: dict[int, str] = {}
    for other in sorted(lobby, key=lambda one: (one.opened_at, one.id)):
        person = next((who for who, car in other.people.items() if car == other.player_car_index), None)
        if person is not None and person in session.people and other.id != session.id:
            found.setdefault(session.people[person], other.rig)
    if session.player_car_index is not None:
        found[session.player_car_index] = session.rig
    return found


def _fits(session: SeenSession, lobby: list[SeenSession]) -> bool:
    return all(one.rig != session.rig for one in lobby) and any(are_linked(session, one) for one in lobby)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _overlap(one: SeenSession, other: SeenSession) -> bool:
    return one.opened_at < other.ends_at and other.opened_at < one.ends_at


def _shared(one: SeenSession, other: SeenSession) -> int:
    return len(one.people.keys() & other.people.keys())
