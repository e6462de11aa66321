"""The counter of changes: every change in the database has a number, and newer changes have greater ones.

The newest server time is stored beside it, so that server time never goes back, whatever the wall clock says
when the server starts again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from f1timings.store.tables.timed import change_counter


def read_seq(connection: Connection) -> int:
    """Return the number of the newest change.

    It locks the counter: a second writer on the same PostgreSQL database waits until the first commits.
    """
    seq: int = connection.execute(select(change_counter.c.seq).with_for_update()).scalar_one()
    return seq


def store_seq(connection: Connection, seq: int, at: datetime | None = None) -> None:
    """Store the number of the newest change, and its server time if it has one."""
    values = {"seq": seq} if at is None else {"seq": seq, "server_time": at}
    connection.execute(update(change_counter).values(values))


def read_server_time(connection: Connection) -> datetime | None:
    """Return the server time of the newest change, None before the first."""
    at: datetime | None = connection.execute(select(change_counter.c.server_time)).scalar_one()
    return at
