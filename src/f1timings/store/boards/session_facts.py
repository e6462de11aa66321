"""The facts of sessions that attribution uses, with every session of the same online lobby."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, or_, select

from f1timings.meeting import lobbies
from f1timings.meeting.attribution import SessionFacts
from f1timings.meeting.lap_class import SESSION_CLASSES, ClassValues, values_of
from f1timings.meeting.lobbies import LONGEST, SeenSession
from f1timings.store import rows
from f1timings.store.chunks import chunks
from f1timings.store.reads.joined_rigs import is_joined, remaining_rig
from f1timings.store.stored import StoredSession
from f1timings.store.tables.record_columns import RecordColumns
from f1timings.store.tables.statements import KEYS, select_of_keys
from f1timings.store.tables.timed import participants, sessions
from f1timings.timing.records import Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """The columns of a session that attribution depends on.

    Attributes:
        rig: the rig that it counts for.
        recorded_by: the key under which it was recorded; another one if that rig was joined.
        is_joined: its rig was joined into another one, or another one into it.
        classes: values of :data:`f1timings.meeting.lap_class.SESSION_CLASSES`.
    """

    id: str
    rig: str
    recorded_by: str
    is_joined: bool
    session_uid: str
    track: str | None
    session_type: str | None
    is_online: bool | None
    player_car_index: int | None
    opened_at: datetime
    ended_at: datetime | None
    classes: ClassValues

    @classmethod
    def of(cls, stored: StoredSession) -> SessionRow:
        """The row of a stored session of a rig that is not joined."""
        session = stored.session
        return cls(
            id=session.id,
            rig=session.rig,
            recorded_by=session.rig,
            is_joined=False,
            session_uid=str(session.uid),
            track=session.track,
            session_type=session.session_type,
            is_online=session.is_online,
            player_car_index=session.player_car_index,
            opened_at=stored.opened_at,
            ended_at=stored.ended_at,
            classes=values_of(session, SESSION_CLASSES),
        )

    def joined_as(self, stored: SessionRow) -> SessionRow:
        """The same facts, counted for the rig for which a stored row counts."""
        if self.rig == stored.rig and self.is_joined == stored.is_joined:
            return self
        classes = (
            stored.rig if entry.name == "rig" else value
            for entry, value in zip(SESSION_CLASSES, self.classes, strict=True)
        )
        return replace(self, rig=stored.rig, is_joined=stored.is_joined, classes=tuple(classes))

    @property
    def may_be_linked(self) -> bool:
        """Whether other sessions may be of the same lobby, or of the same run of the game."""
        return self.is_online is True or self.is_joined


_ROWS = RecordColumns(
    sessions,
    SessionRow,
    SESSION_CLASSES,
    derived={
        "rig": remaining_rig(sessions.c.rig),
        "recorded_by": sessions.c.rig,
        "is_joined": is_joined(sessions.c.rig),
    },
)
# Built once, because every commit runs it.
_ROWS_BY_ID = select(*_ROWS.columns).where(sessions.c.id.in_(bindparam(KEYS, expanding=True)))
_OCCUPANTS = select_of_keys(participants.c.session_id, participants.c.car_index)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarOccupant:
    """The occupant of a car, as far as attribution depends on it."""

    car_index: int
    name: str | None
    race_number: int | None
    is_ai: bool

    @classmethod
    def all_of(cls, participants_: Iterable[Participant]) -> tuple[CarOccupant, ...]:
        """The occupants of a session's cars."""
        return tuple(
            cls(
                car_index=participant.car_index,
                name=participant.name,
                race_number=participant.race_number,
                is_ai=participant.is_driven_by_game,
            )
            for participant in participants_
        )


class SessionSnapshot(NamedTuple):
    """A session and the occupants of its cars at one moment."""

    session: SessionRow
    occupants: tuple[CarOccupant, ...]

    def seen(self) -> SeenSession:
        """What identifies its lobby."""
        row = self.session
        return SeenSession(
            id=row.id,
            rig=row.recorded_by,
            remaining_rig=row.rig,
            uid=row.session_uid,
            is_online=row.is_online is True,
            track=row.track,
            session_type=row.session_type,
            player_car_index=row.player_car_index,
            opened_at=row.opened_at,
            ended_at=row.ended_at,
            people=lobbies.people_of(
                (occupant.name, occupant.race_number, occupant.car_index)
                for occupant in self.occupants
                if not occupant.is_ai
            ),
        )


Snapshots = Mapping[str, SessionSnapshot]
"""Sessions by id."""


def read_occupants(connection: Connection, ids: Collection[str]) -> dict[str, tuple[CarOccupant, ...]]:
    """The occupants of the cars of these sessions, by session."""
    found: defaultdict[str, list[Participant]] = defaultdict(list)
    for chunk in chunks(ids):
        for row in connection.execute(_OCCUPANTS, {KEYS: chunk}).mappings():
            found[row["session_id"]].append(rows.participant_of(row))
    return {id_: CarOccupant.all_of(found[id_]) for id_ in ids}


def read_snapshots(
    connection: Connection,
    ids: Collection[str],
    with_people: Collection[str],
    earlier: Sequence[SessionSnapshot] = (),
) -> dict[str, SessionSnapshot]:
    """These sessions, and every session that shares a lobby with one of them.

    Args:
        with_people: those of them whose occupants are read even if the session is offline.
        earlier: earlier states of some of them; sessions that shared a lobby with one of these are read too.
    """
    read = read_rows(connection, ids)
    peopled = {id_ for id_, row in read.items() if row.may_be_linked or id_ in with_people}
    occupants = read_occupants(connection, peopled)
    known = {id_: SessionSnapshot(row, occupants.get(id_, ())) for id_, row in read.items()}
    frontier = [snapshot for snapshot in (*known.values(), *earlier) if snapshot.session.may_be_linked]
    while frontier:
        linked = _read_linked(connection, frontier, known)
        known |= linked
        frontier = list(linked.values())
    return known


def read_candidates(connection: Connection, ids: Collection[str]) -> set[str]:
    """Ids of these sessions, and of every session that may share a lobby with one of them, however joined."""
    found = set(ids)
    for chunk in chunks(read_rows(connection, ids).values(), 50):
        rows = [replace(row, is_joined=True) for row in chunk]
        may_be_linked = or_(*(_may_be_linked(row) for row in rows))
        found |= set(connection.execute(select(sessions.c.id).where(may_be_linked)).scalars())
    return found


def build_facts(snapshots: Snapshots) -> dict[str, SessionFacts]:
    """The facts of sessions, by id.

    Args:
        snapshots: with every session that shares a lobby with one of them.
    """
    seen = {id_: snapshot.seen() for id_, snapshot in snapshots.items() if snapshot.session.may_be_linked}
    lobby = lobbies.lobby_of_each(seen.values())
    members: defaultdict[str, list[SeenSession]] = defaultdict(list)
    for id_, key in lobby.items():
        members[key].append(seen[id_])
    return {
        id_: _build_facts(snapshot, lobby.get(id_, id_), members[lobby[id_]] if id_ in lobby else [])
        for id_, snapshot in snapshots.items()
    }


def _build_facts(snapshot: SessionSnapshot, lobby: str, members: Sequence[SeenSession]) -> SessionFacts:
    row = snapshot.session
    seats = {} if row.player_car_index is None else {row.player_car_index: row.rig}
    if len(members) > 1:
        seats = lobbies.seats(snapshot.seen(), members)
    ai_cars = ((occupant.car_index, occupant.name) for occupant in snapshot.occupants if occupant.is_ai)
    return SessionFacts(
        id=row.id,
        rig=row.rig,
        track=row.track,
        player_car_index=row.player_car_index,
        opened_at=row.opened_at,
        lobby=lobby,
        seats=seats,
        ai_cars=frozenset(ai_cars),
        classes=row.classes,
    )


def read_rows(connection: Connection, ids: Collection[str]) -> dict[str, SessionRow]:
    """The rows of these sessions, by id."""
    found: dict[str, SessionRow] = {}
    for chunk in chunks(ids):
        found |= {row.id: row for row in _ROWS.records(connection.execute(_ROWS_BY_ID, {KEYS: chunk}))}
    return found


def _read_linked(
    connection: Connection, frontier: Sequence[SessionSnapshot], known: Snapshots
) -> dict[str, SessionSnapshot]:
    """The sessions that are linked to one of the frontier and are not known yet."""
    candidates: dict[str, SessionRow] = {}
    for chunk in chunks(frontier, 50):
        may_be_linked = or_(*(_may_be_linked(snapshot.session) for snapshot in chunk))
        query = select(*_ROWS.columns).where(may_be_linked)
        candidates |= {row.id: row for row in _ROWS.records(connection.execute(query))}
    new = {id_: row for id_, row in candidates.items() if id_ not in known}
    occupants = read_occupants(connection, new)
    neighbours = [snapshot.seen() for snapshot in frontier]
    snapshots = {id_: SessionSnapshot(row, occupants[id_]) for id_, row in new.items()}
    return {
        id_: snapshot
        for id_, snapshot in snapshots.items()
        if any(lobbies.are_linked(snapshot.seen(), neighbour) for neighbour in neighbours)
    }


def _may_be_linked(row: SessionRow) -> ColumnElement[Any]:
    """A wide condition for sessions that are linked to this one; :func:`lobbies.are_linked` decides."""
    column = sessions.c
    same_uid = column.session_uid == row.session_uid
    if not row.is_joined:
        same_uid = and_(same_uid, column.is_online.is_(True))
    if not row.is_online:
        return same_uid if row.session_uid != "0" else false()
    if row.track is None or row.session_type is None:
        return same_uid
    at_the_same_time = and_(
        column.is_online.is_(True),
        column.track == row.track,
        column.session_type == row.session_type,
        column.opened_at > row.opened_at - LONGEST,
        column.opened_at < row.opened_at + LONGEST,
    )
    return or_(same_uid, at_the_same_time)
