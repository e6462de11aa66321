"""The counter of changes: every change in the database has a number, and newer changes have greater ones."""

from __future__ import annotations

from sqlalchemy import Connection, select

from f1timings.store.tables.timed import change_counter


def read_seq(connection: Connection) -> int:
    """Return the number of the newest change.

    It locks the counter: a second writer on the same PostgreSQL database waits until the first commits.
    """
    seq: int = connection.execute(select(change_counter.c.seq).with_for_update()).scalar_one()
    return seq
