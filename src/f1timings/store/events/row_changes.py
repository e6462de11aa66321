"""Reading the rows of some keys, and inserting or updating them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Column, Connection, RowMapping, Table

from f1timings.store.rows import Row
from f1timings.store.tables.prepared import insert_rows, update_rows
from f1timings.store.tables.statements import KEYS, OLD_KEY, select_of_keys

S = TypeVar("S")
Keys = Sequence[str]


class EventChange(NamedTuple, Generic[S]):
    """One change of the state of a key; before is None for a new key."""

    key: str
    before: S | None
    after: S


def read_rows(
    connection: Connection, key: Column[Any], keys: Keys, *order: Column[Any]
) -> Sequence[RowMapping]:
    """The rows of these keys."""
    return connection.execute(select_of_keys(key, *order), {KEYS: keys}).mappings().all()


def upsert_rows(
    connection: Connection, key: Column[Any], changes: Sequence[tuple[EventChange[Any], Row]]
) -> None:
    """Insert the new rows and update the others; of several changes of one row the last one counts."""
    new = {change.key for change, _ in changes if change.before is None}
    newest = {change.key: row for change, row in changes}
    table = key.table
    assert isinstance(table, Table)
    insert_rows(connection, table, [row for row_key, row in newest.items() if row_key in new])
    old = [row | {OLD_KEY: row_key} for row_key, row in newest.items() if row_key not in new]
    update_rows(connection, key, old)
