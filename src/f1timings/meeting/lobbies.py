"""Online lobbies: which sessions of several rigs are one lobby, and which rig drives which car. Pure.

Several rigs drive in one lobby at once, and the game sends each of them all cars. What a rig receives about
its own car is the evidence for its driver; what the other rigs receive about that car is the same lap again.

A rig whose address changed while it drove recorded one run of the game under two keys. When both are joined,
the sessions of that run are linked in the same way, so that a lap that both recorded counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# The name that the games give to people who hide their name, and to people who play offline.
NO_NAME = "Player"
# A session without a recorded end counts as ended after this time.
LONGEST = timedelta(hours=4)
# Two sessions with different UIDs are one lobby if they have this many people in common.
ENOUGH_PEOPLE = 2

Person = tuple[str, int | None]
"""Name in the game and race number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSession:
    """A session as one rig received it, with what identifies its lobby.

    Attributes:
        rig: the key under which it was recorded.
        remaining_rig: the rig that it counts for: another one if its rig was joined.
        player_car_index: the rig's own car.
        ended_at: None while it runs, and if its end was not recorded.
        people: car by person; without people whom two cars here have in common.
    """

    id: str
    rig: str
    remaining_rig: str
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
        """The latest time at which it ended."""
        latest = self.opened_at + LONGEST
        return latest if self.ended_at is None else min(self.ended_at, latest)


def people_of(people: Iterable[tuple[str | None, int | None, int]]) -> dict[Person, int]:
    """The car of each person who can be identified: by name and race number, if no two cars share them.

    Args:
        people: name, race number and car of every car that is no AI.
    """
    named = [((name, number), car) for name, number, car in people if name and name != NO_NAME]
    counted = Counter(person for person, _ in named)
    return {person: car for person, car in named if counted[person] == 1}


def are_linked(first: SeenSession, second: SeenSession) -> bool:
    """Whether two sessions are the same lobby, received by two rigs, or one run of a joined rig."""
    if first.rig == second.rig or not (_is_lobby(first, second) or _is_same_run(first, second)):
        return False
    if _differ(first.track, second.track) or _differ(first.session_type, second.session_type):
        return False
    if first.uid == second.uid != "0":
        return True
    is_known = None not in (first.track, first.session_type, second.track, second.session_type)
    return is_known and _overlap(first, second) and _count_shared(first, second) >= ENOUGH_PEOPLE


def lobby_of_each(sessions: Iterable[SeenSession]) -> dict[str, str]:
    """The lobby of each session: the id of the earliest session of the lobby.

    No lobby has two sessions of one rig, apart from those of one run of the game. The order of the sessions
    does not matter.

    Args:
        sessions: with every session that is linked to one of them.
    """
    lobbies: list[list[SeenSession]] = []
    for session in sorted(sessions, key=_age_key):
        continued = _continued(session, lobbies)
        if continued is not None:
            continued.append(session)
            continue
        fitting = [lobby for lobby in lobbies if _fits(session, lobby)]
        # A restart under the same UID makes two lobbies: the one that runs at the same time is right.
        together = [lobby for lobby in fitting if any(_overlap(session, other) for other in lobby)]
        if fitting:
            (together or fitting)[0].append(session)
        else:
            lobbies.append([session])
    return {session.id: lobby[0].id for lobby in lobbies for session in lobby}


def seats(session: SeenSession, lobby: Iterable[SeenSession]) -> dict[int, str]:
    """The rig of each car of a session, as far as it is known.

    Args:
        lobby: all sessions of its lobby; it may contain the session itself.
    """
    rigs: dict[int, str] = {}
    for other in sorted(lobby, key=_age_key):
        own_car = other.player_car_index
        person = next((person for person, car in other.people.items() if car == own_car), None)
        if person is not None and person in session.people and other.id != session.id:
            rigs.setdefault(session.people[person], other.remaining_rig)
    if session.player_car_index is not None:
        rigs[session.player_car_index] = session.remaining_rig
    return rigs


def _age_key(session: SeenSession) -> tuple[datetime, str]:
    return session.opened_at, session.id


def _fits(session: SeenSession, lobby: list[SeenSession]) -> bool:
    is_new_rig = all(other.remaining_rig != session.remaining_rig for other in lobby)
    return is_new_rig and any(are_linked(session, other) for other in lobby)


def _continued(session: SeenSession, lobbies: list[list[SeenSession]]) -> list[SeenSession] | None:
    """The lobby whose session goes on under another key of the rig; a restart is another session."""
    runs = [(other, lobby) for lobby in lobbies for other in lobby if _is_same_run(session, other)]
    newest, lobby = max(runs, key=lambda run: _age_key(run[0]), default=(session, None))
    return lobby if newest.rig != session.rig and are_linked(session, newest) else None


def _is_lobby(first: SeenSession, second: SeenSession) -> bool:
    """Whether two rigs may have received one lobby."""
    return first.is_online and second.is_online and first.remaining_rig != second.remaining_rig


def _is_same_run(first: SeenSession, second: SeenSession) -> bool:
    """Whether one rig recorded one run of the game under two keys."""
    return (
        first.remaining_rig == second.remaining_rig
        and first.uid == second.uid != "0"
        and first.player_car_index == second.player_car_index
    )


def _differ(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and first != second


def _overlap(first: SeenSession, second: SeenSession) -> bool:
    return first.opened_at < second.ends_at and second.opened_at < first.ends_at


def _count_shared(first: SeenSession, second: SeenSession) -> int:
    return len(first.people.keys() & second.people.keys())
