"""Sessions as attribution sees them: read with all the sessions that they share an online lobby with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from f1timings.meeting import lobbies
from f1timings.meeting.attribution import SessionFacts
from f1timings.meeting.lobbies import LONGEST, SeenSession
from f1timings.store import rows
from f1timings.store.stored import StoredSession
from f1timings.store.tables.timed import participants, sessions
from f1timings.timing.records import Participant

T = TypeVar("T")
# Keys in one question to the database; both databases take far more.
MOST_KEYS = 1000


class SessionRow(NamedTuple):
    """The columns of a session that matter for whose its laps are."""

    id: str
    rig: str
    session_uid: str
    packet_format: int
    track: str | None
    session_type: str | None
    formula: str | None
    is_online: bool | None
    player_car_index: int | None
    equal_performance: bool | None
    opened_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, stored: StoredSession) -> SessionRow:
        """Of a session as stored."""
        row = rows.session_row(stored)
        return cls(*(row[name] for name in cls._fields))


class CarOccupant(NamedTuple):
    """Who occupies a car, as far as it matters."""

    car_index: int
    name: str | None
    race_number: int | None
    is_ai: bool

    @classmethod
    def all_of(cls, found: Iterable[Participant]) -> tuple[CarOccupant, ...]:
        """Of a session's participants."""
        return tuple(cls(one.car_index, one.name, one.race_number, lobbies.is_ai(one)) for one in found)


class SessionSnapshot(NamedTuple):
    """A session with its participants at one moment."""

    session: SessionRow
    seated: tuple[CarOccupant, ...]

    def seen(self) -> SeenSession:
        """What tells its lobby from others."""
        row = self.session
        return SeenSession(
            row.id,
            row.rig,
            row.session_uid,
            row.is_online is True,
            row.track,
            row.session_type,
            row.player_car_index,
            row.opened_at,
            row.ended_at,
            lobbies.people_of(
                (one.name, one.race_number, one.car_index) for one in self.seated if not one.is_ai
            ),
        )


_COLUMNS = [sessions.c[name] for name in SessionRow._fields]


def keys_in_turn(keys: Collection[T], most: int = MOST_KEYS) -> Iterator[list[T]]:
    """Keys, so many at a time."""
    ordered = list(keys)
    for start in range(0, len(ordered), most):
        yield ordered[start : start + most]


def read_sessions(connection: Connection, ids: Collection[str]) -> dict[str, SessionRow]:
    """Sessions by id."""
    found: dict[str, SessionRow] = {}
    for some in keys_in_turn(ids):
        query = select(*_COLUMNS).where(sessions.c.id.in_(some))
        found |= {row[0]: SessionRow._make(row) for row in connection.execute(query)}
    return found


def read_seated(connection: Connection, ids: Collection[str]) -> dict[str, tuple[CarOccupant, ...]]:
    """The participants of sessions."""
    found: defaultdict[str, list[Participant]] = defaultdict(list)
    for some in keys_in_turn(ids):
        query = select(participants).where(participants.c.session_id.in_(some))
        for row in connection.execute(query.order_by(participants.c.car_index)).mappings():
            found[row["session_id"]].append(rows.participant_of(row))
    return {id_: CarOccupant.all_of(found[id_]) for id_ in ids}


def read_known(
    connection: Connection,
    ids: Collection[str],
    with_people: Collection[str],
    was: Sequence[SessionSnapshot] = (),
) -> dict[str, SessionSnapshot]:
    """Sessions, and those that share a lobby with them.

    Args:
        with_people: those of them whose participants are wanted even if they are offline.
        was: how some of them were: what shared a lobby with those is read, too.
    """
    read = read_sessions(connection, ids)
    peopled = {id_ for id_, row in read.items() if row.is_online or id_ in with_people}
    seated = read_seated(connection, peopled)
    known = {id_: SessionSnapshot(row, seated.get(id_, ())) for id_, row in read.items()}
    frontier = [one for one in (*known.values(), *was) if one.session.is_online]
    while frontier:
        linked = _linked(connection, frontier, known)
        known |= linked
        frontier = list(linked.values())
    return known


def facts_of(known: Mapping[str, SessionSnapshot]) -> dict[str, SessionFacts]:
    """Sessions as attribution sees them.

    Args:
        known: with all that share a lobby with any of them.
    """
    seen = {id_: one.seen() for id_, one in known.items() if one.session.is_online}
    lobby = lobbies.lobby_of_each(seen.values())
    members: defaultdict[str, list[SeenSession]] = defaultdict(list)
    for id_, key in lobby.items():
        members[key].append(seen[id_])
    return {
        id_: _facts(one, lobby.get(id_, id_), members[lobby[id_]] if id_ in lobby else [])
        for id_, one in known.items()
    }


def _facts(known: SessionSnapshot, lobby: str, members: Sequence[SeenSession]) -> SessionFacts:
    row = known.session
    seats = {} if row.player_car_index is None else {row.player_car_index: row.rig}
    if len(members) > 1:
        seats = lobbies.seats(known.seen(), members)
    return SessionFacts(
        row.id,
        row.rig,
        row.packet_format,
        row.track,
        row.session_type,
        row.formula,
        row.equal_performance,
        row.player_car_index,
        row.opened_at,
        lobby,
        seats,
        frozenset((one.car_index, one.name) for one in known.seated if one.is_ai),
    )


def _linked(
    connection: Connection, frontier: Sequence[SessionSnapshot], known: Mapping[str, SessionSnapshot]
) -> dict[str, SessionSnapshot]:
    """Sessions that are not known yet and are linked to one of these."""
    candidates: dict[str, SessionRow] = {}
    for some in keys_in_turn(frontier, 50):
        near = or_(*(_near(one.session) for one in some))
        query = select(*_COLUMNS).where(sessions.c.is_online.is_(True), near)
        candidates |= {row[0]: SessionRow._make(row) for row in connection.execute(query)}
    new = {id_: row for id_, row in candidates.items() if id_ not in known}
    seated = read_seated(connection, new)
    near_by = [one.seen() for one in frontier]
    found = {id_: SessionSnapshot(row, seated[id_]) for id_, row in new.items()}
    return {
        id_: one
        for id_, one in found.items()
        if any(lobbies.are_linked(one.seen(), other) for other in near_by)
    }


def _near(row: SessionRow) -> ColumnElement[Any]:
    """Sessions that may be linked to one; the rule itself says which are."""
    column = sessions.c
    same_uid = column.session_uid == row.session_uid
    if row.track is None or row.session_type is None:
        return same_uid
    together = and_(
        column.track == row.track,
        column.session_type == row.session_type,
        column.opened_at > row.opened_at - LONGEST,
        column.opened_at < row.opened_at + LONGEST,
    )
    return or_(same_uid, together)
