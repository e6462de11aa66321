"""Rigs that are joined: in SQL, the rig that remains for the key under which a rig recorded.

What a rig recorded keeps its key. Readers ask for the rig that remains, so that undoing a join restores
everything.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, func, or_, select

from f1timings.rigs.joined import keys_of
from f1timings.store.paging import ListFields
from f1timings.store.tables.people import rig_cards

#: The kind of the act that joins two rigs.
JOINED: Final = "rigs_joined"


def remaining_rig(rig: ColumnElement[Any]) -> ColumnElement[Any]:
    """The rig that remains: the one into which a rig was joined, else the rig itself."""
    card = rig_cards.alias()
    joined_into = select(card.c.joined_into).where(card.c.rig == rig).scalar_subquery()
    return func.coalesce(joined_into, rig, type_=rig.type)


def is_joined(rig: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a rig was joined into another one, or another one into it."""
    card = rig_cards.alias()
    of_rig = or_(card.c.rig == rig, card.c.joined_into == rig)
    return select(card.c.rig).where(card.c.joined_into.is_not(None), of_rig).exists()


def is_one_of(rig: ColumnElement[Any], remaining: list[str] | BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a column of recorded keys belongs to one of these rigs; can use an index of the column."""
    card = rig_cards.alias()
    joined = select(card.c.rig).where(card.c.joined_into.in_(remaining))
    return or_(rig.in_(remaining), rig.in_(joined))


def read_joins(connection: Connection) -> dict[str, str]:
    """The rig that remains, by the rig that was joined into it."""
    column = rig_cards.c
    rows = connection.execute(select(column.rig, column.joined_into).where(column.joined_into.is_not(None)))
    return {row.rig: row.joined_into for row in rows}


def read_remaining(connection: Connection, rig: str) -> str:
    """The rig that remains, by any key of it."""
    return read_joins(connection).get(rig, rig)


def read_keys(connection: Connection, rig: str) -> list[str]:
    """The keys under which a rig that remains recorded."""
    return keys_of(read_joins(connection), rig)


def with_remaining(query: Select[Any], rig: ColumnElement[Any]) -> Select[Any]:
    """A query that selects the rig that remains in place of a column of recorded keys."""
    shown = remaining_rig(rig).label(str(rig.key))
    columns = [shown if column is rig else column for column in query.selected_columns]
    return query.with_only_columns(*columns, maintain_column_froms=True)


def showing_remaining(
    query: Select[Any], fields: ListFields, rig: ColumnElement[Any]
) -> tuple[Select[Any], ListFields]:
    """A list whose column of recorded keys shows, filters and sorts by the rig that remains."""
    return with_remaining(query, rig), fields.with_column(str(rig.key), remaining_rig(rig))
