"""Records that people entered, as rows: the table of each type, and the conversions.

A row has a column for each field of the record. An *image* is a row as JSON, in which an act stores what it
changed.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from sqlalchemy import Column, RowMapping, Select, Table, select

from f1timings.meeting import people
from f1timings.meeting.room.forwarding import ForwardTarget
from f1timings.meeting.room.imported_laps import ImportedFile, ImportedLap
from f1timings.meeting.room.records import ScreenCard
from f1timings.meeting.room.rig_lock import RigLock
from f1timings.meeting.room.slides import Slide
from f1timings.store.reads.act_sentences import acts_query
from f1timings.store.stored import RecordChange
from f1timings.store.tables import imported_laps as imported
from f1timings.store.tables import people as tables
from f1timings.store.tables.column_types import EPOCH, Instant

R = TypeVar("R")
Row = dict[str, Any]

# The records that name a rig, and are read with the rig that remains.
_AT_A_RIG: Final = (people.Assignment, people.QueueEntry, ForwardTarget)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class RecordTable:
    """The table of the records of one type.

    Attributes:
        key: the field that identifies a record.
        word: what a record of this type is called in messages.
    """

    table: Table
    key: str
    word: str

    @property
    def key_column(self) -> Column[Any]:
        """The column of the key."""
        return self.table.c[self.key]


_TABLES: Final[Mapping[type, RecordTable]] = {
    people.Meeting: RecordTable(tables.meetings, "id", "meeting"),
    people.MeetingPeriod: RecordTable(tables.meeting_periods, "id", "period"),
    people.Driver: RecordTable(tables.drivers, "id", "driver"),
    people.RigCard: RecordTable(tables.rig_cards, "rig", "rig"),
    ScreenCard: RecordTable(tables.screen_cards, "screen", "screen"),
    ForwardTarget: RecordTable(tables.forward_targets, "id", "target of forwarding"),
    RigLock: RecordTable(tables.rig_lock, "id", "lock of the rigs"),
    Slide: RecordTable(tables.slides, "id", "slide"),
    ImportedLap: RecordTable(imported.imported_laps, "id", "imported lap"),
    ImportedFile: RecordTable(imported.imported_files, "lap_id", "file of an imported lap"),
    people.Assignment: RecordTable(tables.assignments, "id", "assignment"),
    people.GameName: RecordTable(tables.game_names, "name", "name in the games"),
    people.LapMark: RecordTable(tables.lap_marks, "lap_id", "mark of a lap"),
    people.ManualLap: RecordTable(tables.manual_laps, "lap_id", "manual lap"),
    people.Clearing: RecordTable(tables.clearings, "id", "clearing"),
    people.Act: RecordTable(tables.acts, "id", "act"),
    people.QueueEntry: RecordTable(tables.queue, "id", "entry of the queue"),
}
_TYPE_OF_TABLE: Final = {entry.table.name: kind for kind, entry in _TABLES.items()}


def record_table(kind: type) -> RecordTable:
    """The table of the records of one type."""
    return _TABLES[kind]


def table_of(kind: type) -> Table:
    """The database table of the records of one type."""
    return _TABLES[kind].table


def key_of(kind: type) -> str:
    """The field that identifies a record of one type."""
    return _TABLES[kind].key


def word_of(kind: type) -> str:
    """What a record of one type is called, as one word for programs."""
    return _TABLES[kind].word.replace(" ", "_")


def records_query(kind: type, *where: Any, **equal: Any) -> Select[Any]:
    """The query for records of one type, see :meth:`f1timings.store.acts.desk.Desk.list_records`."""
    table = table_of(kind)
    conditions = [table.c[name] == value for name, value in equal.items()]
    selected = acts_query() if kind is people.Act else select(table)
    return selected.where(*conditions, *where).order_by(table.c.seq)


# Rows -----------------------------------------------------------------------------------------------------


def row_of(record: Any) -> Row:
    """The row of a record; tuples, enumerations and rules become plain JSON values."""
    return {field.name: _to_column(getattr(record, field.name)) for field in fields(record)}


def record_of(kind: type[R], row: RowMapping | Mapping[str, Any]) -> R:
    """The record of a row."""
    return kind(**{name: _to_field(type_, row[name]) for name, type_ in _field_types(kind).items()})


def at_remaining_rig(record: R, joins: Mapping[str, str]) -> R:
    """The record with the rig that remains, if it names a rig that was joined into another one.

    Args:
        joins: the rig that remains, by the rig that was joined into it.
    """
    rig = record.rig if isinstance(record, _AT_A_RIG) else None
    return record if rig is None or rig not in joins else replace(record, rig=joins[rig])  # type: ignore[type-var]


def act_of(row: RowMapping) -> people.Act:
    """The act of a row."""
    return record_of(people.Act, row)


def _to_column(value: Any) -> Any:
    if isinstance(value, people.Rules):
        return row_of(value)
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _to_field(type_: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(type_, types.UnionType):
        type_ = next(member for member in typing.get_args(type_) if member is not type(None))
    if typing.get_origin(type_) is tuple:
        return tuple(value)
    if type_ is people.Rules:
        return record_of(people.Rules, value)
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return type_(value)
    return value


_FIELD_TYPES: dict[type, Mapping[str, Any]] = {}


def _field_types(kind: type) -> Mapping[str, Any]:
    """The type of each field of a record; computed once per type."""
    if kind not in _FIELD_TYPES:
        hints = typing.get_type_hints(kind)
        _FIELD_TYPES[kind] = {field.name: hints[field.name] for field in fields(kind)}
    return _FIELD_TYPES[kind]


# Images ---------------------------------------------------------------------------------------------------


def image_of(change: RecordChange) -> Row:
    """The image of a change: the table, the key, and the row before and after; null without a row."""
    entry = _TABLES[type(change.newest)]
    return {
        "table": entry.table.name,
        "key": getattr(change.newest, entry.key),
        "before": None if change.before is None else row_image(change.before),
        "after": None if change.after is None else row_image(change.after),
    }


def type_of_image(image: Mapping[str, Any]) -> type:
    """The type of the record whose change an image describes."""
    return _TYPE_OF_TABLE[image["table"]]


def record_of_image(kind: type[R], image: Mapping[str, Any]) -> R:
    """The record of the row in an image; a column that is newer than the image is null."""
    return record_of(kind, {column.name: _from_image(column, image) for column in table_of(kind).c})


def _from_image(column: Column[Any], image: Mapping[str, Any]) -> Any:
    value = image.get(column.name)
    if value is None or not isinstance(column.type, Instant):
        return value
    return EPOCH + value * _MICROSECOND


def row_image(record: Any) -> Row:
    """The row of a record as JSON; instants are microseconds, as in the database."""
    table = table_of(type(record))
    return {
        name: (value - EPOCH) // _MICROSECOND if isinstance(value, datetime) else value
        for name, value in row_of(record).items()
        if name in table.c
    }
