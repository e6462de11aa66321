"""The kinds of occurrence in the database: the table of each kind, and its records as rows.

A new kind is one more entry in :data:`OCCURRENCE_TABLES`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Generic

from sqlalchemy import RowMapping, Table

from f1timings.store.stored import StoredOccurrence
from f1timings.store.tables.timed import incidents, pit_visits, stints
from f1timings.timing.occurrences import Incident, IncidentKind, OccurrenceT, PitVisit, Stint

Row = dict[str, Any]
_VERSION = ("recorded_at", "received_at", "seq")


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceTable(Generic[OccurrenceT]):
    """Where the occurrences of one kind are stored; each field of the record is a column of the same name.

    Attributes:
        record: the record of this kind.
        order: field by which lists are sorted unless a client requests another order.
        unfiltered: columns by which lists are neither filtered nor sorted.
        to_column / to_field: conversions by field, of fields that a column cannot hold as they are.
    """

    record: type[OccurrenceT]
    table: Table
    order: str
    unfiltered: frozenset[str] = frozenset()
    to_column: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    to_field: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def row_of(self, stored: StoredOccurrence[OccurrenceT]) -> Row:
        """The row of an occurrence."""
        row = {field.name: getattr(stored.record, field.name) for field in fields(self.record)}
        row |= {name: convert(row[name]) for name, convert in self.to_column.items()}
        return row | {name: getattr(stored, name) for name in _VERSION}

    def as_read(self, stored: StoredOccurrence[OccurrenceT]) -> StoredOccurrence[OccurrenceT]:
        """The occurrence as a query returns it after it was stored."""
        return self.occurrence_of(self.row_of(stored)) if self.to_field else stored

    def occurrence_of(self, row: RowMapping | Row) -> StoredOccurrence[OccurrenceT]:
        """The occurrence in a row."""
        values = {field.name: row[field.name] for field in fields(self.record)}
        values |= {name: convert(values[name]) for name, convert in self.to_field.items()}
        return StoredOccurrence(record=self.record(**values), **{name: row[name] for name in _VERSION})


OCCURRENCE_TABLES: Final[Mapping[type, OccurrenceTable[Any]]] = {
    Incident: OccurrenceTable(
        record=Incident,
        table=incidents,
        order="session_time_ms",
        # The details of each kind of incident have other names.
        unfiltered=frozenset({"detail"}),
        to_column={"kind": str, "detail": lambda detail: json.dumps(dict(detail), sort_keys=True)},
        to_field={"kind": IncidentKind, "detail": json.loads},
    ),
    Stint: OccurrenceTable(record=Stint, table=stints, order="car_index"),
    PitVisit: OccurrenceTable(record=PitVisit, table=pit_visits, order="entered_ms"),
}
