"""The desk: one transaction on what people entered, with a note of every row that it changed.

Whoever acts gets a desk, reads and puts records on it; when that is done the act is written down with each
row as it was and as it is now. An act is undone by putting the rows back, as long as nothing newer touched
them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from f1timings.errors import ActConflict, NotFound
from f1timings.meeting import people
from f1timings.store.counter import read_seq
from f1timings.store.records import (
    _BY_TABLE,
    _KEPT,
    R,
    _image,
    _of_image,
    act_of,
    record_of,
    records_query,
    row_of,
)
from f1timings.store.stored import RecordChange
from f1timings.store.tables import people as people_schema
from f1timings.store.tables.column_types import is_plain
from f1timings.store.tables.timed import change_counter

_ACTS = people_schema.acts


class ActNote(NamedTuple):
    """What is being done, see :meth:`Desk.note`."""

    kind: str
    subject: str
    summary: str
    can_undo: bool
    undoes: str | None


class Desk:
    """What people entered, in one transaction.

    Args:
        connection: a transaction of the writer's.
        by: name of who acts.
        now: UTC.
    """

    def __init__(self, connection: Connection, by: str, now: datetime) -> None:
        self.connection = connection
        self.by = by
        self.now = now
        self._seq = read_seq(connection)
        self._changes: dict[tuple[type, str], RecordChange] = {}
        self._note: ActNote | None = None

    @property
    def changes(self) -> tuple[RecordChange, ...]:
        """Every record changed so far, one change each."""
        return tuple(change for change in self._changes.values() if change.before != change.after)

    def next_seq(self) -> int:
        """A new number for a change that this transaction makes."""
        self._seq += 1
        return self._seq

    def get(self, kind: type[R], key: str) -> R | None:
        """The record with that key, None if there is none."""
        if not is_plain(key):
            return None
        kept = _KEPT[kind]
        row = self.connection.execute(select(kept.table).where(kept.column == key)).mappings().first()
        return None if row is None else record_of(kind, row)

    def need(self, kind: type[R], key: str) -> R:
        """The record with that key.

        Raises:
            NotFound: there is none.
        """
        found = self.get(kind, key)
        if found is None:
            raise NotFound(f"There is no {_KEPT[kind].word} {key!r}.")
        return found

    def need_version(self, kind: type[R], key: str, version: int) -> R:
        """The record with that key, if it is still the one that the caller has seen.

        Raises:
            NotFound: there is none.
            ActConflict: it is another version; ``current`` holds it.
        """
        found = self.need(kind, key)
        if getattr(found, "seq") != version:  # noqa: B009  R has no bound: the records share no base class
            word = _KEPT[kind].word
            raise ActConflict(f"Somebody changed this {word} meanwhile; look at it and try again.", found)
        return found

    def find(self, kind: type[R], *where: Any, **equal: Any) -> list[R]:
        """Records whose fields equal these (None asks for null), oldest change first.

        Args:
            where: further conditions on the table's columns.
        """
        found = self.connection.execute(records_query(kind, *where, **equal))
        return [record_of(kind, row) for row in found.mappings()]

    def put(self, record: R) -> R:
        """Keep a new record, or the new version of one; what is returned has its new ``seq``."""
        kept = _KEPT[type(record)]
        key = getattr(record, kept.key)
        before = self.get(type(record), key)
        # A version that only repeats what is there is no change.
        if before is not None and replace(record, seq=getattr(before, "seq")) == before:  # type: ignore[type-var] # noqa: B009
            return before
        after: R = replace(record, seq=self.next_seq())  # type: ignore[type-var]
        row = row_of(after)
        if before is None:
            self.connection.execute(insert(kept.table).values(row))
        else:
            self.connection.execute(update(kept.table).where(kept.column == key).values(row))
        self._remember(type(record), key, before, after)
        return after

    def remove(self, record: Any) -> None:
        """Take a record away; the act remembers it."""
        kept = _KEPT[type(record)]
        key = getattr(record, kept.key)
        before = self.get(type(record), key)
        if before is None:
            return
        self.connection.execute(delete(kept.table).where(kept.column == key))
        self._remember(type(record), key, before, None)

    def highest(self, kind: type[Any], field: str) -> int:
        """The greatest value of a numeric field, 0 without records."""
        column = _KEPT[kind].table.c[field]
        return int(self.connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one())

    def undo(self, act_id: str) -> people.Act:
        """Put the rows of an act back as they were.

        Raises:
            NotFound: there is no such act.
            ActConflict: it cannot be undone, was undone already, or something newer touched its rows.
        """
        act = self.need(people.Act, act_id)
        if not act.can_undo or act.undone_by is not None:
            why = "was undone already" if act.undone_by else "cannot be undone"
            raise ActConflict(f"This act {why}.", act)
        changes = self.connection.execute(select(_ACTS.c.changes).where(_ACTS.c.id == act_id)).scalar_one()
        for change in reversed(changes):
            self._put_back(act, change)
        return act

    def edit(self, kind: type[R], key: str, version: int | None, change: Callable[[R], R]) -> R:
        """Keep the changed version of a record; asked again for what is so already, nothing happens.

        Args:
            version: the one that the caller has seen; None does not ask.
            change: what the record becomes; must not touch ``seq``.

        Raises:
            NotFound: there is none.
            ActConflict: it is another version by now.
        """
        found = self.need(kind, key)
        changed = change(found)
        if changed == found:
            return found
        if version is not None:
            self.need_version(kind, key, version)
        return self.put(changed)

    def note(
        self, kind: str, subject: str, summary: str, *, can_undo: bool = True, undoes: str | None = None
    ) -> None:
        """Say what is being done; each act needs this once.

        Args:
            kind: a word for the act, such as ``driver_renamed``.
            subject: id of what it is about.
            summary: one sentence for people.
            can_undo: putting its rows back is enough to take it back.
            undoes: id of the act that this one takes back.
        """
        self._note = ActNote(kind, subject, summary, can_undo, undoes)

    def close(self, request_key: str | None = None) -> people.Act | None:
        """Write the act down, the last thing on a desk; None where nothing was changed."""
        if not self.changes:
            return None
        note = self._note or ActNote("changed", "", "Something was changed.", False, None)
        act = people.Act(
            id=new_id(),
            at=self.now,
            by=self.by,
            kind=note.kind,
            subject=note.subject,
            summary=note.summary,
            can_undo=note.can_undo,
            undone_by=None,
            undoes=note.undoes,
            request_key=request_key,
            seq=self.next_seq(),
        )
        images = [_image(change) for change in self.changes]
        self.connection.execute(insert(_ACTS).values(row_of(act) | {"changes": images}))
        if note.undoes is not None:
            undone = update(_ACTS).where(_ACTS.c.id == note.undoes)
            self.connection.execute(undone.values(undone_by=act.id))
        self.connection.execute(update(change_counter).values(seq=self._seq))
        return act

    def replayed(self, request_key: str) -> people.Act | None:
        """The act that a request with this key did already, None if there was none by the same person."""
        query = select(_ACTS).where(_ACTS.c.request_key == request_key, _ACTS.c.by == self.by)
        row = self.connection.execute(query).mappings().first()
        return None if row is None else act_of(row)

    def _put_back(self, act: people.Act, change: Mapping[str, Any]) -> None:
        kind = _BY_TABLE[change["table"]]
        now = self.get(kind, change["key"])
        after = None if change["after"] is None else _of_image(kind, change["after"])
        if now != after:
            raise ActConflict("Something newer changed the same thing; change it by hand.", act)
        if change["before"] is None:
            self.remove(now)
        else:
            self.put(_of_image(kind, change["before"]))

    def _remember(self, kind: type, key: str, before: Any | None, after: Any | None) -> None:
        first = self._changes.get((kind, key))
        self._changes[kind, key] = RecordChange(before if first is None else first.before, after)


def new_id() -> str:
    """A short id that no other record has."""
    return secrets.token_hex(6)
