"""Pages of lists: filters, orders and cursors as SQL that means the same to both databases.

A cursor is a key, not a count: it contains the sorted value of the last row and its ``seq``. So rows that are
added between two pages neither shift nor repeat other rows. Null sorts last in both directions.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    RowMapping,
    Select,
    and_,
    literal,
    or_,
    tuple_,
)
from sqlalchemy.types import TypeEngine

from f1timings.errors import QueryError
from f1timings.store.tables.column_types import EPOCH, Instant, PlainText, is_plain

Value = str | int | bool | datetime
T = TypeVar("T")

MAX_LIMIT = 1000
_TYPES: dict[type, TypeEngine[Any]] = {
    str: PlainText(),
    int: BigInteger(),
    bool: Boolean(),
    datetime: Instant(),
}
_NAMES = {str: "text", int: "a whole number", bool: "true or false", datetime: "a time with its zone"}
_OPERATORS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column != value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
}
OPERATORS = tuple(_OPERATORS)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list.

    Attributes:
        limit: the most rows, 1 to 1000.
        cursor: ``next`` of the previous page, None for the first page.
        sort: a field of the list, with ``-`` before it for descending; None for the list's default order.
    """

    limit: int = 100
    cursor: str | None = None
    sort: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter: ``field op value``; op is ``eq``, ``ne``, ``lt``, ``lte``, ``gt`` or ``gte``.

    A comparison never matches null; ``eq None`` matches null, and ``ne None`` matches everything else.
    """

    field: str
    op: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page of a list, and the cursor of the next page (None after the last row)."""

    items: tuple[T, ...]
    next: str | None


class ListField(NamedTuple):
    """A column that a list can be filtered and sorted by; ``kind`` is str, int, bool or datetime."""

    column: ColumnElement[Any]
    kind: type
    nullable: bool


class _SortOrder(NamedTuple):
    name: str
    field: ListField
    descending: bool

    @property
    def text(self) -> str:
        return f"-{self.name}" if self.descending else self.name


class _CursorPosition(NamedTuple):
    """The last row of a page: the value by which the list is sorted, and its seq."""

    value: Value | None
    seq: int


class ListFields:
    """The fields of one list, and its default order; ``seq`` must be one of them: it orders equal values."""

    def __init__(self, fields: Mapping[str, ListField], default_sort: str) -> None:
        self._fields = dict(fields)
        self._default_sort = default_sort
        self.types: Mapping[str, type] = MappingProxyType({n: f.kind for n, f in fields.items()})

    def with_column(self, name: str, column: ColumnElement[Any]) -> ListFields:
        """The same fields, but one of them is compared by another expression."""
        fields = self._fields | {name: self._fields[name]._replace(column=column)}
        return ListFields(fields, self._default_sort)

    def apply(self, query: Select[Any], page: Page, where: Sequence[Condition]) -> Select[Any]:
        """The query for one page: filtered, sorted, and with one extra row that shows if more follow.

        Raises:
            QueryError: an unknown field, operator or order, an invalid cursor or limit, or a value of another
                type.
        """
        if not 1 <= page.limit <= MAX_LIMIT:
            raise QueryError(f"limit is {page.limit}; it must be from 1 to {MAX_LIMIT}")
        if page.cursor is None and not where:
            return _first_page(self, query, sort=page.sort, limit=page.limit)
        order = self._order(page.sort)
        query = query.where(*(self._condition(condition) for condition in where))
        if page.cursor is not None:
            query = query.where(self._after(order, _read_cursor(page.cursor, order)))
        return self.ordered(query, page.sort, page.limit)

    def ordered(self, query: Select[Any], sort: str | None, limit: int) -> Select[Any]:
        """The query in the order of a list, with one row more than a page has."""
        return query.order_by(*self._ordering(self._order(sort))).limit(limit + 1)

    def next_cursor(self, page: Page, rows: Sequence[RowMapping]) -> str | None:
        """The cursor after the last row of the page; ``rows`` are those of the query of :meth:`apply`."""
        if len(rows) <= page.limit:
            return None
        order, last = self._order(page.sort), rows[page.limit - 1]
        return _write_cursor(order, _CursorPosition(last[order.name], last["seq"]))

    def _field(self, name: str) -> ListField:
        field = self._fields.get(name)
        if field is None:
            raise QueryError(f"there is no field {name!r} here; there are: {', '.join(self._fields)}")
        return field

    def _order(self, sort: str | None) -> _SortOrder:
        text = self._default_sort if sort is None else sort
        name = text.removeprefix("-")
        return _SortOrder(name, self._field(name), text.startswith("-"))

    def _condition(self, condition: Condition) -> ColumnElement[bool]:
        field = self._field(condition.field)
        compare = _OPERATORS.get(condition.op)
        if compare is None:
            raise QueryError(f"there is no comparison {condition.op!r}; there are: {', '.join(OPERATORS)}")
        if condition.value is None:
            return _null_condition(condition, field.column)
        return compare(field.column, _literal(condition.field, field.kind, condition.value))

    def _ordering(self, order: _SortOrder) -> list[ColumnElement[Any]]:
        columns = [order.field.column, self._fields["seq"].column][: 1 if order.name == "seq" else 2]
        ordered = [column.desc() if order.descending else column.asc() for column in columns]
        if order.field.nullable:
            ordered[0] = ordered[0].nulls_last()
        return list(ordered)

    def _after(self, order: _SortOrder, last: _CursorPosition) -> ColumnElement[bool]:
        """The condition for rows after the last row of the previous page."""
        seq, column = self._fields["seq"].column, order.field.column
        compare = _OPERATORS["lt" if order.descending else "gt"]
        last_seq = literal(last.seq, BigInteger())
        if last.value is None:
            return and_(column.is_(None), compare(seq, last_seq))
        value = _literal(order.name, order.field.kind, last.value)
        beyond = compare(tuple_(column, seq), tuple_(value, last_seq))
        return or_(beyond, column.is_(None)) if order.field.nullable else beyond


# Screens and phones read the same first pages again and again, and a query that is built once is run sooner.
@lru_cache(maxsize=64)
def _first_page(fields: ListFields, query: Select[Any], *, sort: str | None, limit: int) -> Select[Any]:
    return fields.ordered(query, sort, limit)


def _null_condition(condition: Condition, column: ColumnElement[Any]) -> ColumnElement[bool]:
    if condition.op == "eq":
        return column.is_(None)
    if condition.op == "ne":
        return column.is_not(None)
    raise QueryError(f"{condition.field} can be compared with null by eq and ne only, not by {condition.op}")


def _literal(name: str, kind: type, value: Value) -> ColumnElement[Any]:
    """The value as SQL of the field's type; an integer has 64 bits, whatever the width of the column."""
    if not _fits(kind, value):
        raise QueryError(f"{name} is compared with {value!r}; it must be {_NAMES[kind]}")
    return literal(value, _TYPES[kind])


def _fits(kind: type, value: object) -> bool:
    # The exact type: bool is an int in Python, and a filter that confuses the two is a mistake.
    return type(value) is kind and _IS_VALID[kind](value)


_IS_VALID: dict[type, Callable[[Any], bool]] = {
    str: is_plain,
    int: lambda number: -(2**63) <= number < 2**63,
    bool: lambda _: True,
    datetime: lambda moment: moment.tzinfo is not None,
}


def _write_cursor(order: _SortOrder, last: _CursorPosition) -> str:
    value = last.value
    if isinstance(value, datetime):
        value = (value - EPOCH) // timedelta(microseconds=1)
    text = json.dumps([order.text, value, last.seq], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: _SortOrder) -> _CursorPosition:
    """The position in a cursor.

    Raises:
        QueryError: this is no cursor of this list, or a cursor of another order.
    """
    sort, value, seq = _unpack(cursor)
    if sort != order.text:
        raise QueryError(
            f"this cursor continues a list sorted by {sort!r}, not by {order.text!r}; begin again"
        )
    if order.field.kind is datetime and type(value) is int:
        value = _instant_of(value)
    is_value = (value is None and order.field.nullable) or _fits(order.field.kind, value)
    if not is_value or not _fits(int, seq):
        raise QueryError(_INVALID_CURSOR)
    return _CursorPosition(value, seq)


_INVALID_CURSOR = (
    "this is no cursor of this list; use the text in `next` of the previous page, or leave it out"
)


def _unpack(cursor: str) -> tuple[Any, Any, Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        sort, value, seq = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, TypeError, RecursionError) as error:
        raise QueryError(_INVALID_CURSOR) from error
    return sort, value, seq


def _instant_of(microseconds: int) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise QueryError(_INVALID_CURSOR) from error
