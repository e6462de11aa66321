"""One transaction: read what a batch of events touches, work out what changes, write that alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Column, Connection, RowMapping, Table, bindparam, delete, insert, select, update

from f1timings.rigs.registry import RigSeen
from f1timings.store import rows
from f1timings.store.boards import attributions
from f1timings.store.counter import read_seq
from f1timings.store.events import versions
from f1timings.store.occurrences import OCCURRENCE_TABLES, OccurrenceTable
from f1timings.store.reads.laps import whose_rows
from f1timings.store.stored import (
    Committed,
    Stamped,
    StoredClassification,
    StoredLap,
    StoredOccurrence,
    StoredRig,
    StoredSession,
)
from f1timings.store.tables.column_types import instant
from f1timings.store.tables.timed import (
    change_counter,
    classification_entries,
    classifications,
    lap_revisions,
    laps,
    participants,
    rigs,
    sessions,
)
from f1timings.timing.events import (
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.records import ClassificationEntry, Participant

E = TypeVar("E")
S = TypeVar("S")
Keys = Sequence[str]


class _EventChange(NamedTuple, Generic[S]):
    key: str
    before: S | None
    after: S


class _EventKind(NamedTuple, Generic[E, S]):
    """How events of one type become rows.

    Attributes:
        key: what the event is about: one state is stored for each key.
        load: the stored states of these keys.
        following: the rule, see :mod:`versions`; None where nothing changes.
        save: write the changes of one batch, oldest first.
        seq: number of the change that made a state; 0 where it is not kept.
    """

    key: Callable[[E], str]
    load: Callable[[Connection, Keys], dict[str, S]]
    following: Callable[[S | None, E, versions.Moment], S | None]
    save: Callable[[Connection, Sequence[_EventChange[S]]], None]
    seq: Callable[[S], int]


class _Book(Generic[E, S]):
    """The states of one kind during one transaction."""

    def __init__(self, connection: Connection, kind: _EventKind[E, S], events: Iterable[E]) -> None:
        self._connection = connection
        self._kind = kind
        self._states = kind.load(connection, sorted({kind.key(event) for event in events}))
        self._changes: list[_EventChange[S]] = []

    def state(self, event: E) -> S | None:
        return self._states.get(self._kind.key(event))

    def seq(self, event: E) -> int:
        """Number of the change that made the state that the event is about."""
        state = self.state(event)
        return 0 if state is None else self._kind.seq(state)

    def apply(self, event: E, at: versions.Moment) -> bool:
        """Whether the event changes anything."""
        before = self.state(event)
        after = self._kind.following(before, event, at)
        if after is None:
            return False
        key = self._kind.key(event)
        self._states[key] = after
        self._changes.append(_EventChange(key, before, after))
        return True

    @property
    def changes(self) -> Sequence[_EventChange[S]]:
        return self._changes

    def save(self) -> None:
        if self._changes:
            self._kind.save(self._connection, self._changes)


def write_batch(
    connection: Connection, entries: Sequence[Stamped], clock: Callable[[], float], announced: int
) -> tuple[list[Committed], int]:
    """Write what is new in the entries, on a connection that is in a transaction.

    Args:
        connection: the transaction; the caller commits it.
        entries: in the order they were submitted.
        clock: our clock, seconds since 1970.
        announced: the change number up to which the caller has announced. A greater one that is stored
            already is of a commit whose confirmation was lost: it is reported, to be announced after all.

    Returns:
        What to announce once the commit is done, and the number of the newest change.
    """
    seq = read_seq(connection)
    books = _open_books(connection, entries)
    official_at = instant(clock())
    committed: dict[int, Committed] = {}
    for received_at, event, began_at in entries:
        book = books[_kind_of(event)]
        began = None if began_at is None else instant(began_at)
        at = versions.Moment(instant(received_at), official_at, seq + 1, began)
        if book.apply(event, at):
            seq = number = at.seq
        else:
            number = book.seq(event)
        if number > announced and number not in committed:
            committed[number] = Committed(received_at, event, number, _lap_in(book.state(event)))
    for book in books.values():
        book.save()
    attributions.after_batch(connection, {kind: book.changes for kind, book in books.items()})
    if committed:
        connection.execute(update(change_counter).values(seq=seq))
    return _with_whose(connection, committed.values()), seq


def _with_whose(connection: Connection, committed: Iterable[Committed]) -> list[Committed]:
    """What is announced says of a lap what the lists say: whose it is, too."""
    told = list(committed)
    whose = whose_rows(connection, {one.lap.lap.id for one in told if one.lap is not None})
    return [
        one if one.lap is None else replace(one, lap=rows.joined_lap(one.lap, whose[one.lap.lap.id]))
        for one in told
    ]


def stored_laps(connection: Connection, lap_ids: Keys) -> dict[str, tuple[StoredLap, ...]]:
    """All versions of these laps, the newest last, by id; an unknown one is left out."""
    return _load_laps(connection, lap_ids)


def save_laps(connection: Connection, versions: Mapping[str, tuple[StoredLap, ...]]) -> None:
    """Write the newest version of each of these laps, and keep the one that it replaces."""
    changes = [_EventChange(lap_id, known[:-1] or None, known) for lap_id, known in versions.items()]
    if changes:
        _save_laps(connection, changes)


def _open_books(connection: Connection, entries: Sequence[Stamped]) -> dict[type, _Book[Any, Any]]:
    """A book for each type of event in the batch, in the order in which they may be saved."""
    events = defaultdict(list)
    for entry in entries:
        events[_kind_of(entry.event)].append(entry.event)
    return {
        type_: _Book(connection, kind, events[type_]) for type_, kind in _KINDS.items() if type_ in events
    }


def _lap_in(state: object) -> StoredLap | None:
    newest = state[-1] if isinstance(state, tuple) and state else None
    return newest if isinstance(newest, StoredLap) else None


def _load_rigs(connection: Connection, keys: Keys) -> dict[str, StoredRig]:
    found = _rows_of(connection, rigs.c.key, keys)
    return {row["key"]: rows.rig_of(row) for row in found}


def _save_rigs(connection: Connection, changes: Sequence[_EventChange[StoredRig]]) -> None:
    _upsert(connection, rigs.c.key, [(change, rows.rig_row(change.after)) for change in changes])


def _load_sessions(connection: Connection, keys: Keys) -> dict[str, StoredSession]:
    found = _rows_of(connection, sessions.c.id, keys)
    return {row["id"]: rows.session_of(row) for row in found}


def _save_sessions(connection: Connection, changes: Sequence[_EventChange[StoredSession]]) -> None:
    _upsert(connection, sessions.c.id, [(change, rows.session_row(change.after)) for change in changes])


def _load_participants(connection: Connection, keys: Keys) -> dict[str, tuple[Participant, ...]]:
    found = defaultdict(list)
    for row in _rows_of(connection, participants.c.session_id, keys, participants.c.car_index):
        found[row["session_id"]].append(rows.participant_of(row))
    return {key: tuple(cars) for key, cars in found.items()}


def _save_participants(
    connection: Connection, changes: Sequence[_EventChange[tuple[Participant, ...]]]
) -> None:
    newest = {change.key: change.after for change in changes}
    connection.execute(delete(participants).where(participants.c.session_id.in_(newest)))
    new = [rows.participant_row(participant) for cars in newest.values() for participant in cars]
    _insert(connection, participants, new)


def _load_laps(connection: Connection, keys: Keys) -> dict[str, tuple[StoredLap, ...]]:
    newest = [rows.lap_of(row) for row in _rows_of(connection, laps.c.id, keys)]
    corrected = [stored.lap.id for stored in newest if stored.revision > 1]
    found = defaultdict(list)
    if corrected:
        for row in _rows_of(connection, lap_revisions.c.id, corrected, lap_revisions.c.revision):
            found[row["id"]].append(rows.lap_of(row))
    return {stored.lap.id: (*found[stored.lap.id], stored) for stored in newest}


def _save_laps(connection: Connection, changes: Sequence[_EventChange[tuple[StoredLap, ...]]]) -> None:
    _upsert(connection, laps.c.id, [(change, rows.lap_row(change.after[-1])) for change in changes])
    replaced = [rows.lap_row(change.before[-1]) for change in changes if change.before]
    _insert(connection, lap_revisions, replaced)


def _load_classifications(connection: Connection, keys: Keys) -> dict[str, StoredClassification]:
    entries: dict[str, list[ClassificationEntry]] = defaultdict(list)
    order = (classification_entries.c.position, classification_entries.c.car_index)
    for row in _rows_of(connection, classification_entries.c.session_id, keys, *order):
        entries[row["session_id"]].append(rows.entry_of(row))
    heads = _rows_of(connection, classifications.c.session_id, keys)
    return {
        row["session_id"]: StoredClassification(
            row["session_id"], tuple(entries[row["session_id"]]), row["official_at"], row["seq"]
        )
        for row in heads
    }


def _save_classifications(
    connection: Connection, changes: Sequence[_EventChange[StoredClassification]]
) -> None:
    heads = [
        (change, rows.classification_row(change.key, change.after.official_at, change.after.seq))
        for change in changes
    ]
    _upsert(connection, classifications.c.session_id, heads)
    newest = {change.key: change.after.entries for change in changes}
    connection.execute(delete(classification_entries).where(classification_entries.c.session_id.in_(newest)))
    new = [rows.entry_row(key, entry) for key, entries in newest.items() for entry in entries]
    _insert(connection, classification_entries, new)


def _occurrences(kind: OccurrenceTable[Any]) -> _EventKind[OccurrenceRecorded, StoredOccurrence[Any]]:
    """How events about occurrences of one kind become rows of their table."""
    key = kind.table.c.id

    def load(connection: Connection, keys: Keys) -> dict[str, StoredOccurrence[Any]]:
        return {row["id"]: kind.occurrence_of(row) for row in _rows_of(connection, key, keys)}

    def following(
        before: StoredOccurrence[Any] | None, event: OccurrenceRecorded, at: versions.Moment
    ) -> StoredOccurrence[Any] | None:
        return versions.next_occurrence(before, event.record, at)

    def save(connection: Connection, changes: Sequence[_EventChange[StoredOccurrence[Any]]]) -> None:
        _upsert(connection, key, [(change, kind.row_of(change.after)) for change in changes])

    return _EventKind(lambda event: event.record.id, load, following, save, lambda stored: stored.seq)


def _kind_of(event: object) -> type:
    """The key of an event in ``_KINDS``: its type, or the type of the occurrence that it is about."""
    return type(event.record) if isinstance(event, OccurrenceRecorded) else type(event)


def _rows_of(
    connection: Connection, key: Column[Any], keys: Keys, *order: Column[Any]
) -> Sequence[RowMapping]:
    query = select(key.table).where(key.in_(keys)).order_by(*order)
    return connection.execute(query).mappings().all()


def _upsert(
    connection: Connection, key: Column[Any], changes: Sequence[tuple[_EventChange[Any], rows.Row]]
) -> None:
    """Insert what was not there, update what was; of several changes of one row the last one counts."""
    new = {change.key for change, _ in changes if change.before is None}
    newest = {change.key: row for change, row in changes}
    table = key.table
    assert isinstance(table, Table)
    _insert(connection, table, [row for row_key, row in newest.items() if row_key in new])
    old = [row | {"old_key": row_key} for row_key, row in newest.items() if row_key not in new]
    if old:
        connection.execute(update(table).where(key == bindparam("old_key")), old)


def _insert(connection: Connection, table: Table, new: Sequence[rows.Row]) -> None:
    if new:
        connection.execute(insert(table), new)


# In the order in which they may be saved: a session before all that belongs to it.
_KINDS: dict[type, _EventKind[Any, Any]] = {
    RigSeen: _EventKind[RigSeen, StoredRig](
        key=lambda event: event.key,
        load=_load_rigs,
        following=versions.next_rig,
        save=_save_rigs,
        seq=lambda stored: stored.seq,
    ),
    SessionChanged: _EventKind[SessionChanged, StoredSession](
        key=lambda event: event.session.id,
        load=_load_sessions,
        following=versions.next_session,
        save=_save_sessions,
        seq=lambda stored: stored.seq,
    ),
    ParticipantsChanged: _EventKind[ParticipantsChanged, tuple[Participant, ...]](
        key=lambda event: event.session_id,
        load=_load_participants,
        following=versions.next_participants,
        save=_save_participants,
        seq=lambda _: 0,
    ),
    LapRecorded: _EventKind[LapRecorded, tuple[StoredLap, ...]](
        key=lambda event: event.lap.id,
        load=_load_laps,
        following=versions.next_lap,
        save=_save_laps,
        seq=lambda stored: stored[-1].seq,
    ),
    SessionClassified: _EventKind[SessionClassified, StoredClassification](
        key=lambda event: event.session_id,
        load=_load_classifications,
        following=versions.next_classification,
        save=_save_classifications,
        seq=lambda stored: stored.seq,
    ),
    **{record: _occurrences(kind) for record, kind in OCCURRENCE_TABLES.items()},
}
