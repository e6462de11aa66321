"""The columns of a table in a file: the fields of its rows, and each time also in a readable form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

_MILLISECONDS = "_ms"


class TableColumn(NamedTuple):
    """A column of a table.

    Attributes:
        name: in the header line.
        field: the field of a row with its value.
        is_time: the column shows the milliseconds of the field as minutes and seconds.
    """

    name: str
    field: str
    is_time: bool


def columns_of(fields: Iterable[str]) -> tuple[TableColumn, ...]:
    """Return the columns for the fields of a row; before each time ``NAME_ms`` there is a column ``NAME``."""
    return tuple(column for field in fields for column in _columns_of_field(field))


def _columns_of_field(field: str) -> Iterator[TableColumn]:
    if field.endswith(_MILLISECONDS):
        yield TableColumn(field.removesuffix(_MILLISECONDS), field, is_time=True)
    yield TableColumn(field, field, is_time=False)
