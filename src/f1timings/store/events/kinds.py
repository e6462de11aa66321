"""How the events of each type become rows: the table :data:`EVENT_KINDS`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection, func, select

from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.rigs.registry import RigSeen
from f1timings.store import rows
from f1timings.store.boards.room_circuits import load_room_circuits, store_room_circuits
from f1timings.store.events import versions
from f1timings.store.events.counters import StoredCounters, load_counters, next_counters, store_counters
from f1timings.store.events.lap_versions import read_lap_versions, store_lap_changes
from f1timings.store.events.row_changes import EventChange, Keys, read_rows, upsert_rows
from f1timings.store.occurrences import OCCURRENCE_TABLES, OccurrenceTable
from f1timings.store.stored import (
    StoredClassification,
    StoredLap,
    StoredOccurrence,
    StoredRig,
    StoredRoomCircuit,
    StoredSession,
)
from f1timings.store.tables.prepared import insert_rows
from f1timings.store.tables.statements import KEYS, delete_of_keys
from f1timings.store.tables.timed import (
    classification_entries,
    classifications,
    participants,
    rigs,
    sessions,
)
from f1timings.timing.events import (
    CountersRead,
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.records import ClassificationEntry, Participant

E = TypeVar("E")
S = TypeVar("S")

_HIGHEST_RIG_NUMBER = select(func.coalesce(func.max(rigs.c.number), 0))


# Without slots: Python 3.11 cannot set the type arguments of a frozen generic instance that has slots.
@dataclass(frozen=True, kw_only=True)
class EventKind(Generic[E, S]):
    """How events of one type become rows.

    Attributes:
        key: what the event is about; one state is stored per key.
        load: reads the stored states of these keys.
        next: the rule for the next state, see :mod:`f1timings.store.events.versions`; None without a change.
        store: stores the changes of one batch, oldest first.
        seq: number of the change that stored a state; 0 for a type that does not store it.
        is_announced: whether a change has a number and is announced after its commit.
    """

    key: Callable[[E], str]
    load: Callable[[Connection, Keys], dict[str, S]]
    next: Callable[[S | None, E, versions.Moment], S | None]
    store: Callable[[Connection, Sequence[EventChange[S]]], None]
    seq: Callable[[S], int] = attrgetter("seq")
    is_announced: bool = True


def _no_number(_: object) -> int:
    return 0


def kind_of(event: object) -> type:
    """The key of an event in :data:`EVENT_KINDS`: its type, or the type of its occurrence."""
    return type(event.record) if isinstance(event, OccurrenceRecorded) else type(event)


def _load_rigs(connection: Connection, keys: Keys) -> dict[str, StoredRig]:
    return {row["key"]: rows.rig_of(row) for row in read_rows(connection, rigs.c.key, keys)}


def _store_rigs(connection: Connection, changes: Sequence[EventChange[StoredRig]]) -> None:
    """Store rigs; a new rig gets the next number."""
    highest = connection.execute(_HIGHEST_RIG_NUMBER).scalar_one()
    new = dict.fromkeys(change.key for change in changes if not change.after.number)
    numbers = {key: highest + place for place, key in enumerate(new, 1)}
    numbered = [
        (
            change,
            rows.rig_row(change.after) | {"number": numbers.get(change.key, change.after.number)},
        )
        for change in changes
    ]
    upsert_rows(connection, rigs.c.key, numbered)


def _load_sessions(connection: Connection, keys: Keys) -> dict[str, StoredSession]:
    return {row["id"]: rows.session_of(row) for row in read_rows(connection, sessions.c.id, keys)}


def _store_sessions(connection: Connection, changes: Sequence[EventChange[StoredSession]]) -> None:
    upsert_rows(connection, sessions.c.id, [(change, rows.session_row(change.after)) for change in changes])


def _load_participants(connection: Connection, keys: Keys) -> dict[str, tuple[Participant, ...]]:
    by_session = defaultdict(list)
    for row in read_rows(connection, participants.c.session_id, keys, participants.c.car_index):
        by_session[row["session_id"]].append(rows.participant_of(row))
    return {key: tuple(cars) for key, cars in by_session.items()}


def _store_participants(
    connection: Connection, changes: Sequence[EventChange[tuple[Participant, ...]]]
) -> None:
    newest = {change.key: change.after for change in changes}
    connection.execute(delete_of_keys(participants.c.session_id), {KEYS: list(newest)})
    new = [rows.participant_row(participant) for cars in newest.values() for participant in cars]
    insert_rows(connection, participants, new)


def _load_classifications(connection: Connection, keys: Keys) -> dict[str, StoredClassification]:
    entries: dict[str, list[ClassificationEntry]] = defaultdict(list)
    order = (classification_entries.c.position, classification_entries.c.car_index)
    for row in read_rows(connection, classification_entries.c.session_id, keys, *order):
        entries[row["session_id"]].append(rows.entry_of(row))
    heads = read_rows(connection, classifications.c.session_id, keys)
    return {
        row["session_id"]: StoredClassification(
            session_id=row["session_id"],
            entries=tuple(entries[row["session_id"]]),
            official_at=row["official_at"],
            seq=row["seq"],
        )
        for row in heads
    }


def _store_classifications(
    connection: Connection, changes: Sequence[EventChange[StoredClassification]]
) -> None:
    heads = [
        (change, rows.classification_row(change.key, change.after.official_at, change.after.seq))
        for change in changes
    ]
    upsert_rows(connection, classifications.c.session_id, heads)
    newest = {change.key: change.after.entries for change in changes}
    connection.execute(delete_of_keys(classification_entries.c.session_id), {KEYS: list(newest)})
    new = [rows.entry_row(key, entry) for key, entries in newest.items() for entry in entries]
    insert_rows(connection, classification_entries, new)


def _occurrences(kind: OccurrenceTable[Any]) -> EventKind[OccurrenceRecorded, StoredOccurrence[Any]]:
    """How events about occurrences of one kind become rows of their table."""
    key = kind.table.c.id

    def load(connection: Connection, keys: Keys) -> dict[str, StoredOccurrence[Any]]:
        return {row["id"]: kind.occurrence_of(row) for row in read_rows(connection, key, keys)}

    def next_state(
        before: StoredOccurrence[Any] | None, event: OccurrenceRecorded, at: versions.Moment
    ) -> StoredOccurrence[Any] | None:
        return versions.next_occurrence(before, event.record, at)

    def store(connection: Connection, changes: Sequence[EventChange[StoredOccurrence[Any]]]) -> None:
        upsert_rows(connection, key, [(change, kind.row_of(change.after)) for change in changes])

    return EventKind(
        key=lambda event: event.record.id,
        load=load,
        next=next_state,
        store=store,
    )


# In the order in which they may be stored: a session before everything that belongs to it.
EVENT_KINDS: Final[Mapping[type, EventKind[Any, Any]]] = {
    RigSeen: EventKind[RigSeen, StoredRig](
        key=lambda event: event.key,
        load=_load_rigs,
        next=versions.next_rig,
        store=_store_rigs,
    ),
    SessionChanged: EventKind[SessionChanged, StoredSession](
        key=lambda event: event.session.id,
        load=_load_sessions,
        next=versions.next_session,
        store=_store_sessions,
    ),
    ParticipantsChanged: EventKind[ParticipantsChanged, tuple[Participant, ...]](
        key=lambda event: event.session_id,
        load=_load_participants,
        next=versions.next_participants,
        store=_store_participants,
        seq=_no_number,
    ),
    LapRecorded: EventKind[LapRecorded, tuple[StoredLap, ...]](
        key=lambda event: event.lap.id,
        load=read_lap_versions,
        next=versions.next_lap,
        store=store_lap_changes,
        seq=lambda stored: stored[-1].seq,
    ),
    SessionClassified: EventKind[SessionClassified, StoredClassification](
        key=lambda event: event.session_id,
        load=_load_classifications,
        next=versions.next_classification,
        store=_store_classifications,
    ),
    RoomCircuitChanged: EventKind[RoomCircuitChanged, StoredRoomCircuit](
        key=lambda event: event.meeting_id,
        load=load_room_circuits,
        next=versions.next_room_circuit,
        store=store_room_circuits,
    ),
    CountersRead: EventKind[CountersRead, StoredCounters](
        key=lambda event: event.session_id,
        load=load_counters,
        next=next_counters,
        store=store_counters,
        seq=_no_number,
        is_announced=False,
    ),
    **{record: _occurrences(kind) for record, kind in OCCURRENCE_TABLES.items()},
}
