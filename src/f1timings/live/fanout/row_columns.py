"""The columns and facts of a view: each is declared once, with its type, unit and meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
Row = Sequence[Value]
ColumnType = Literal["text", "int", "float", "bool", "flags", "list"]
_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column, or one fact of a view.

    Attributes:
        name: ends in the unit, where there is one.
        type: of its values; ``flags`` is an integer whose bits are flags.
        unit: empty if there is none.
        meaning: one sentence for the author of a page.
        choices: the only values of a text; empty if any text is possible.
        is_nullable: whether it can be null, which means unknown.
    """

    name: str
    type: ColumnType
    unit: str
    meaning: str
    choices: tuple[str, ...] = ()
    is_nullable: bool = True


Columns = tuple[Column, ...]
Choices = Mapping[str, tuple[str, ...]]


def columns(text: str, *, choices: Choices | None = None, never_null: Collection[str] = ()) -> Columns:
    """Read columns from a table with one column per line: ``name | type | unit | meaning``.

    Args:
        choices: by name, the only values of a text column.
        never_null: names of the columns that always have a value.

    Raises:
        ValueError: a line is not a column, a name is repeated, or an argument names an unknown column.
    """
    choices = choices or {}
    parsed = tuple(_column(line, choices, never_null) for line in text.strip().splitlines())
    names = {column.name for column in parsed}
    if len(names) != len(parsed):
        raise ValueError("a column's name is repeated")
    if unknown := {*choices, *never_null} - names:
        raise ValueError(f"unknown columns: {', '.join(sorted(unknown))}")
    return parsed


def _column(line: str, choices: Choices, never_null: Collection[str]) -> Column:
    name, type_name, unit, meaning = (part.strip() for part in line.split("|"))
    column_type = next((known for known in _TYPES if known == type_name), None)
    if column_type is None:
        raise ValueError(f"unknown column type: {type_name}")
    return Column(
        name=name,
        type=column_type,
        unit=unit,
        meaning=meaning,
        choices=choices.get(name, ()),
        is_nullable=name not in never_null,
    )
