"""Statements that every commit runs, built once: SQLAlchemy takes longer to build one than to execute it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Column,
    Delete,
    Insert,
    Select,
    Table,
    TableClause,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)

KEYS: Final = "keys"
"""The parameter with the keys of a query."""
OLD_KEY: Final = "old_key"
"""The parameter with the key of a row to update."""


@cache
def select_of_keys(key: Column[Any], *order: Column[Any]) -> Select[Any]:
    """The rows of a table with one of :data:`KEYS`."""
    return select(key.table).where(key.in_(bindparam(KEYS, expanding=True))).order_by(*order)


@cache
def delete_of_keys(key: Column[Any]) -> Delete:
    """Delete the rows with one of :data:`KEYS`."""
    return delete(_table(key)).where(key.in_(bindparam(KEYS, expanding=True)))


@cache
def insert_into(table: TableClause) -> Insert:
    """Insert rows into a table."""
    return insert(table)


@cache
def update_of_key(key: Column[Any]) -> Update:
    """Update the row with the key :data:`OLD_KEY`."""
    return update(_table(key)).where(key == bindparam(OLD_KEY))


def _table(key: Column[Any]) -> Table:
    assert isinstance(key.table, Table)
    return key.table
