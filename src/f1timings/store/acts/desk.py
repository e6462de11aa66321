"""The desk: one transaction on the records that people entered, which remembers every change.

A function that is given a desk is an *act*. It reads and writes records on the desk and describes itself with
:meth:`Desk.describe`. :mod:`f1timings.store.acts.log` then stores the act with every changed record, as
it was and as it is, so that the act can be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from f1timings.errors import ActConflict, NotFound
from f1timings.store.counter import read_seq
from f1timings.store.records import R, record_of, record_table, records_query, row_of
from f1timings.store.stored import RecordChange
from f1timings.store.tables.column_types import is_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDescription:
    """What an act does, see :meth:`Desk.describe`."""

    kind: str
    subject: str
    summary: str
    can_undo: bool
    undoes: str | None


class Desk:
    """What people entered, in one transaction.

    Args:
        connection: a transaction of the writer.
        by: name of the person who acts.
        now: UTC.

    Attributes:
        must_empty_log: the act overwrites texts that no file may contain any longer, not even the database's
            log of changes.
    """

    def __init__(self, connection: Connection, by: str, now: datetime) -> None:
        self.connection = connection
        self.by = by
        self.now = now
        self.seq = read_seq(connection)
        self.description: ActDescription | None = None
        self.must_empty_log = False
        self._changes: dict[tuple[type, str], RecordChange] = {}

    @property
    def changes(self) -> tuple[RecordChange, ...]:
        """Every record changed so far, with one change for each record."""
        return tuple(change for change in self._changes.values() if change.before != change.after)

    def next_seq(self) -> int:
        """Return the number of the next change in this transaction."""
        self.seq += 1
        return self.seq

    def get_record(self, kind: type[R], key: str) -> R | None:
        """Return the record with this key, None if there is none."""
        if not is_plain(key):
            return None
        stored_in = record_table(kind)
        query = records_query(kind, stored_in.key_column == key)
        row = self.connection.execute(query).mappings().first()
        return None if row is None else record_of(kind, row)

    def need_record(self, kind: type[R], key: str) -> R:
        """Return the record with this key.

        Raises:
            NotFound: there is none.
        """
        record = self.get_record(kind, key)
        if record is None:
            raise NotFound("no-such-record", detail=f"There is no {record_table(kind).word} {key!r}.")
        return record

    def need_version(self, kind: type[R], key: str, version: int) -> R:
        """Return the record with this key if it is still at this version.

        Raises:
            NotFound: there is none.
            ActConflict: it has changed since; ``current`` is the record as it is now.
        """
        record = self.need_record(kind, key)
        if getattr(record, "seq") != version:  # noqa: B009  R has no bound: the records share no base class
            raise ActConflict("changed-since", record)
        return record

    def list_records(self, kind: type[R], *where: Any, **equal: Any) -> list[R]:
        """List the records whose fields have these values (None is null), the oldest change first.

        Args:
            where: further conditions on the columns of the table.
        """
        rows = self.connection.execute(records_query(kind, *where, **equal))
        return [record_of(kind, row) for row in rows.mappings()]

    def highest(self, kind: type[Any], field: str) -> int:
        """Return the greatest value of a numeric field, 0 if there are no records."""
        column = record_table(kind).table.c[field]
        return int(self.connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one())

    def store_record(self, record: R) -> R:
        """Store a new record, or a new version of an existing one.

        Returns:
            The record as stored, with its new ``seq``. If nothing has changed, the record that was there.
        """
        stored_in = record_table(type(record))
        key = getattr(record, stored_in.key)
        before = self.get_record(type(record), key)
        if before is not None and replace(record, seq=getattr(before, "seq")) == before:  # type: ignore[type-var] # noqa: B009
            return before
        after: R = replace(record, seq=self.next_seq())  # type: ignore[type-var]
        row = row_of(after)
        if before is None:
            self.connection.execute(insert(stored_in.table).values(row))
        else:
            self.connection.execute(update(stored_in.table).where(stored_in.key_column == key).values(row))
        self._remember(key, before, after)
        return after

    def update_record(self, kind: type[R], key: str, version: int | None, *, change: Callable[[R], R]) -> R:
        """Store the changed version of a record; do nothing if the change leaves it as it is.

        Args:
            version: the version that the client has seen; None accepts any.
            change: builds the new record from the old one; must leave ``seq`` as it is.

        Raises:
            NotFound: there is none.
            ActConflict: it has changed since that version.
        """
        record = self.need_record(kind, key)
        changed = change(record)
        if changed == record:
            return record
        if version is not None:
            self.need_version(kind, key, version)
        return self.store_record(changed)

    def delete_record(self, record: Any) -> None:
        """Delete a record if it is there; the act remembers it."""
        stored_in = record_table(type(record))
        key = getattr(record, stored_in.key)
        before = self.get_record(type(record), key)
        if before is None:
            return
        self.connection.execute(delete(stored_in.table).where(stored_in.key_column == key))
        self._remember(key, before, None)

    def describe(
        self, kind: str, subject: str, summary: str, *, can_undo: bool = True, undoes: str | None = None
    ) -> None:
        """Describe the act; each act calls this once.

        Args:
            kind: a word for programs, such as ``driver_renamed``.
            subject: id of what the act is about.
            summary: one sentence for people; names of people are mentions, see
                :mod:`f1timings.store.acts.sentences`.
            can_undo: restoring the changed records is enough to undo the act.
            undoes: id of the act that this one undoes.
        """
        self.description = ActDescription(
            kind=kind, subject=subject, summary=summary, can_undo=can_undo, undoes=undoes
        )

    def _remember(self, key: str, before: Any | None, after: Any | None) -> None:
        kind = type(before if after is None else after)
        first = self._changes.get((kind, key))
        self._changes[kind, key] = RecordChange(before if first is None else first.before, after)
