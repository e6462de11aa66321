"""Storing a batch of events in one transaction: read what they touch, and write only what changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from f1timings.store.boards import attributions
from f1timings.store.boards.listed_laps import as_listed
from f1timings.store.boards.remembered import Remembered
from f1timings.store.counter import read_seq, store_seq
from f1timings.store.events.kinds import EVENT_KINDS, EventKind, kind_of
from f1timings.store.events.row_changes import EventChange
from f1timings.store.events.traces import drop_copies, store_traces
from f1timings.store.events.versions import Moment
from f1timings.store.occurrences import OCCURRENCE_TABLES
from f1timings.store.stored import Committed, Stamped, StoredLap, StoredOccurrence
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import OccurrenceRecorded

E = TypeVar("E")
S = TypeVar("S")


class _States(Generic[E, S]):
    """The states that events of one kind touch, during one transaction."""

    def __init__(self, connection: Connection, kind: EventKind[E, S], events: Iterable[E]) -> None:
        self._connection = connection
        self._kind = kind
        self._by_key = kind.load(connection, sorted({kind.key(event) for event in events}))
        self._changes: list[EventChange[S]] = []

    @property
    def is_announced(self) -> bool:
        return self._kind.is_announced

    @property
    def changes(self) -> Sequence[EventChange[S]]:
        return self._changes

    def get(self, event: E) -> S | None:
        """The state that the event is about."""
        return self._by_key.get(self._kind.key(event))

    def seq(self, event: E) -> int:
        """Number of the change that stored the state that the event is about."""
        state = self.get(event)
        return 0 if state is None else self._kind.seq(state)

    def handle_event(self, event: E, at: Moment) -> bool:
        """Apply an event; return whether it changed anything."""
        before = self.get(event)
        after = self._kind.next(before, event, at)
        if after is None:
            return False
        key = self._kind.key(event)
        self._by_key[key] = after
        self._changes.append(EventChange(key, before, after))
        return True

    def store(self) -> None:
        """Write the changes."""
        if self._changes:
            self._kind.store(self._connection, self._changes)


def store_batch(
    connection: Connection,
    entries: Sequence[Stamped],
    clock: Callable[[], float],
    *,
    announced: int,
    remembered: Remembered,
) -> tuple[list[Committed], int]:
    """Write what is new in the entries, on a connection that is in a transaction.

    Args:
        connection: the transaction; the caller commits it.
        entries: in the order in which they were submitted.
        clock: our clock, seconds since 1970.
        announced: the number of the newest change that the caller has announced. An entry that repeats a
            newer stored change belongs to a commit that was not confirmed to us: it is returned too.
        remembered: what the transactions before have read; the caller keeps it after the commit.

    Returns:
        What to announce after the commit, and the number of the newest change.
    """
    seq = read_seq(connection)
    remembered.begin(seq)
    states = _load_states(connection, entries)
    official_at = instant(clock())
    committed: dict[int, Committed] = {}
    is_repeated = False
    for entry in entries:
        received_at, event = entry.received_at, entry.event
        of_kind = states[kind_of(event)]
        at = Moment.of(entry, official_at=official_at, seq=seq + 1)
        is_changed = of_kind.handle_event(event, at)
        if not of_kind.is_announced:
            continue
        if is_changed:
            seq = number = at.seq
        else:
            number = of_kind.seq(event)
        if number > announced and number not in committed:
            is_repeated |= not is_changed
            lap = _newest_lap(of_kind.get(event))
            committed[number] = Committed(received_at=received_at, event=event, seq=number, lap=lap)
    for of_kind in states.values():
        of_kind.store()
    traced = store_traces(connection, entries)
    changes = {kind: of_kind.changes for kind, of_kind in states.items()}
    attributed = attributions.after_batch(connection, changes, remembered)
    if traced:
        drop_copies(connection, traced)
    if committed or any(changes.values()):
        # Also if nothing is announced: server time never goes back before a moment that is stored.
        store_seq(connection, seq, official_at)
    listed = partial(as_listed, connection, attributed=attributed.by_lap, remembered=remembered)
    changed = _with_occurrences(committed.values(), states)
    if attributed.has_changed_boards or traced or is_repeated:
        changed = [replace(change, has_changed_boards=True) for change in changed]
    return _with_drivers(changed, listed), seq


def _load_states(connection: Connection, entries: Sequence[Stamped]) -> dict[type, _States[Any, Any]]:
    """The states for each kind of event in the batch, in the order in which they may be stored."""
    events = defaultdict(list)
    for entry in entries:
        events[kind_of(entry.event)].append(entry.event)
    return {
        type_: _States(connection, kind, events[type_])
        for type_, kind in EVENT_KINDS.items()
        if type_ in events
    }


def _newest_lap(state: object) -> StoredLap | None:
    newest = state[-1] if isinstance(state, tuple) and state else None
    return newest if isinstance(newest, StoredLap) else None


def _with_occurrences(
    committed: Iterable[Committed], states: Mapping[type, _States[Any, Any]]
) -> list[Committed]:
    """The changes, with the newest version of each occurrence: listeners need not read it again."""
    return [
        replace(change, occurrence=_as_read(states[kind_of(change.event)].get(change.event)))
        if isinstance(change.event, OccurrenceRecorded)
        else change
        for change in committed
    ]


def _as_read(stored: StoredOccurrence[Any] | None) -> StoredOccurrence[Any] | None:
    return None if stored is None else OCCURRENCE_TABLES[type(stored.record)].as_read(stored)


def _with_drivers(
    committed: Sequence[Committed], as_listed: Callable[[list[StoredLap]], list[StoredLap]]
) -> list[Committed]:
    """The changes, with the columns that lists add to a lap, such as the driver."""
    laps = iter(as_listed([change.lap for change in committed if change.lap is not None]))
    return [change if change.lap is None else replace(change, lap=next(laps)) for change in committed]
