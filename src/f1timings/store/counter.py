"""Moved."""

from __future__ import annotations

from sqlalchemy import Connection, select

from f1timings.store.tables.timed import (
    change_counter,
)


def read_seq(connection: Connection) -> int:
    """The number of the newest change; a second writer on the same PostgreSQL waits here for its turn."""
    seq: int = connection.execute(select(change_counter.c.seq).with_for_update()).scalar_one()
    return seq
