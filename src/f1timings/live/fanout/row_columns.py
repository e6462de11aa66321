"""What the columns of a view are: each is declared once, with its type, unit and meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, get_args

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
Row = Sequence[Value]
Kind = Literal["text", "int", "float", "bool", "flags"]
_KINDS: tuple[Kind, ...] = get_args(Kind)


class Column(NamedTuple):
    """One column, or one fact of a view.

    Attributes:
        name: units are suffixes of it.
        type: of its values; ``flags`` is a whole number of bits. Null is unknown.
        unit: empty if it has none.
        meaning: one sentence for whoever draws it.
    """

    name: str
    type: Kind
    unit: str
    meaning: str


Columns = tuple[Column, ...]


def columns(text: str) -> Columns:
    """Columns from a table, one a line: ``name | type | unit | meaning``.

    Raises:
        ValueError: a line is no column, or a name comes twice.
    """
    found = tuple(_column(line) for line in text.strip().splitlines())
    if len({column.name for column in found}) != len(found):
        raise ValueError("a column's name comes twice")
    return found


def _column(line: str) -> Column:
    name, word, unit, meaning = (part.strip() for part in line.split("|"))
    kind = next((kind for kind in _KINDS if kind == word), None)
    if kind is None:
        raise ValueError(f"no type of a column: {word}")
    return Column(name, kind, unit, meaning)
