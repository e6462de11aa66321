"""How records with lap classes are read from and written to the columns of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Boolean, Column, ColumnElement, Integer, Row, Table
from sqlalchemy.types import TypeEngine

from f1timings.meeting.lap_class import LAP_CLASSES, LapClass
from f1timings.store.tables.column_types import PlainText

R = TypeVar("R")

_COLUMN_TYPES: Final[Mapping[type, type[TypeEngine[Any]]]] = {str: PlainText, int: Integer, bool: Boolean}
_NOTHING_DERIVED: Final[Mapping[str, ColumnElement[Any]]] = {}


def class_columns() -> list[Column[Any]]:
    """A column for each lap class."""
    return [
        Column(entry.name, _COLUMN_TYPES[entry.kind], nullable=entry.can_be_unknown) for entry in LAP_CLASSES
    ]


class RecordColumns(Generic[R]):
    """The columns that make up records of one type.

    Args:
        table: has a column for each field and each lap class.
        record: a dataclass; its field ``classes`` has the values of the lap classes.
        classes: the lap classes of that field.
        derived: expressions that are read in place of a column, or for a field without one.
    """

    def __init__(
        self,
        table: Table,
        record: type[R],
        classes: Sequence[LapClass],
        *,
        derived: Mapping[str, ColumnElement[Any]] = _NOTHING_DERIVED,
    ) -> None:
        self._record: Callable[..., R] = record
        self._names = tuple(field.name for field in fields(record) if field.name != "classes")  # type: ignore[arg-type]
        self._class_names = tuple(entry.name for entry in classes)
        self.columns: list[ColumnElement[Any]] = [
            derived[name] if name in derived else table.c[name] for name in (*self._names, *self._class_names)
        ]

    def record(self, row: Row[Any]) -> R:
        """The record of a row that was selected by :attr:`columns`."""
        count = len(self._names)
        return self._record(**dict(zip(self._names, row)), classes=tuple(row[count:]))  # noqa: B905

    def records(self, rows: Iterable[Row[Any]]) -> list[R]:
        """The records of several rows."""
        return [self.record(row) for row in rows]

    def row(self, record: Any) -> dict[str, Any]:
        """The columns of a record by name."""
        row = {name: getattr(record, name) for name in self._names}
        return row | dict(zip(self._class_names, record.classes, strict=True))
