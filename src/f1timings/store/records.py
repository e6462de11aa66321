"""Moved."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Column, RowMapping, Select, Table, select

from f1timings.meeting import people
from f1timings.store.stored import RecordChange
from f1timings.store.tables import people as people_schema
from f1timings.store.tables.column_types import EPOCH, Instant

R = TypeVar("R")


Row = dict[str, Any]


_MICROSECOND = timedelta(microseconds=1)


class _RecordTable(NamedTuple):
    """Where records of one type are kept, and the field that is their key."""

    table: Table
    key: str
    word: str

    @property
    def column(self) -> Column[Any]:
        return self.table.c[self.key]


_KEPT: Mapping[type, _RecordTable] = {
    people.Meeting: _RecordTable(people_schema.meetings, "id", "meeting"),
    people.MeetingPeriod: _RecordTable(people_schema.meeting_periods, "id", "period"),
    people.Driver: _RecordTable(people_schema.drivers, "id", "driver"),
    people.RigCard: _RecordTable(people_schema.rig_cards, "rig", "rig"),
    people.Assignment: _RecordTable(people_schema.assignments, "id", "assignment"),
    people.GameName: _RecordTable(people_schema.game_names, "name", "name in the games"),
    people.LapMark: _RecordTable(people_schema.lap_marks, "lap_id", "mark of a lap"),
    people.ManualLap: _RecordTable(people_schema.manual_laps, "lap_id", "manual lap"),
    people.Clearing: _RecordTable(people_schema.clearings, "id", "clearing"),
    people.Act: _RecordTable(people_schema.acts, "id", "act"),
    people.QueueEntry: _RecordTable(people_schema.queue, "id", "entry of the queue"),
}


_BY_TABLE = {kept.table.name: record for record, kept in _KEPT.items()}


def records_query(kind: type, *where: Any, **equal: Any) -> Select[Any]:
    """The query for records of one type, see :meth:`Desk.list_records`."""
    table = _KEPT[kind].table
    conditions = [table.c[name] == value for name, value in equal.items()]
    return select(table).where(*conditions, *where).order_by(table.c.seq)


def key_of(kind: type) -> str:
    """The field that is the key of records of one type."""
    return _KEPT[kind].key


def word_of(kind: type) -> str:
    """What a record of that type is called, as one word for programs."""
    return _KEPT[kind].word.replace(" ", "_")


def table_of(kind: type) -> Table:
    """The table that keeps records of one type."""
    return _KEPT[kind].table


def row_of(record: Any) -> Row:
    """A record's fields as a row; what is no column type of its own becomes plain JSON."""
    return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}


def record_of(kind: type[R], row: RowMapping | Mapping[str, Any]) -> R:
    """A record from its row."""
    return kind(**{name: _typed(type_, row[name]) for name, type_ in _types(kind).items()})


def act_of(row: RowMapping) -> people.Act:
    """An act from its row."""
    return record_of(people.Act, row)


def _plain(value: Any) -> Any:
    if isinstance(value, people.Rules):
        return row_of(value)
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _typed(type_: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(type_, types.UnionType):
        type_ = next(one for one in typing.get_args(type_) if one is not type(None))
    if typing.get_origin(type_) is tuple:
        return tuple(value)
    if type_ is people.Rules:
        return record_of(people.Rules, value)
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return type_(value)
    return value


_TYPES_OF: dict[type, dict[str, Any]] = {}


def _types(kind: type) -> dict[str, Any]:
    if kind not in _TYPES_OF:
        hints = typing.get_type_hints(kind)
        _TYPES_OF[kind] = {field.name: hints[field.name] for field in fields(kind)}
    return _TYPES_OF[kind]


def _image(change: RecordChange) -> Row:
    kept = _KEPT[type(change.newest)]
    return {
        "table": kept.table.name,
        "key": getattr(change.newest, kept.key),
        "before": _image_of(kept.table, change.before),
        "after": _image_of(kept.table, change.after),
    }


def _image_of(table: Table, record: Any | None) -> Row | None:
    """A row as JSON: moments as microseconds, as in the database."""
    if record is None:
        return None
    return {
        name: (value - EPOCH) // _MICROSECOND if isinstance(value, datetime) else value
        for name, value in row_of(record).items()
        if name in table.c
    }


def _of_image(kind: type[R], image: Mapping[str, Any]) -> R:
    columns = _KEPT[kind].table.c
    row = {
        name: EPOCH + value * _MICROSECOND
        if isinstance(columns[name].type, Instant) and value is not None
        else value
        for name, value in image.items()
    }
    return record_of(kind, row)
