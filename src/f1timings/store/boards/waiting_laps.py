"""Laps that wait to be attributed again after an act; they are in the database, so a restart loses none."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from f1timings.store.chunks import chunks
from f1timings.store.tables.boards import waiting_laps
from f1timings.store.tables.timed import laps


def store_waiting_laps(connection: Connection, lap_ids: Collection[str]) -> None:
    """Let these laps wait, in addition to those that wait already."""
    waiting = select(waiting_laps.c.lap_id)
    for chunk in chunks(lap_ids):
        new = select(laps.c.id, laps.c.session_id).where(laps.c.id.in_(chunk), laps.c.id.not_in(waiting))
        connection.execute(insert(waiting_laps).from_select(["lap_id", "session_id"], new))


def list_waiting_laps(connection: Connection, limit: int) -> list[str]:
    """Ids of the next laps; those of a session follow each other, because they need the same facts."""
    column = waiting_laps.c
    query = select(column.lap_id).order_by(column.session_id, column.lap_id).limit(limit)
    return list(connection.execute(query).scalars())


def delete_waiting_laps(connection: Connection, lap_ids: Collection[str]) -> None:
    """Note that these laps are attributed."""
    for chunk in chunks(lap_ids):
        connection.execute(delete(waiting_laps).where(waiting_laps.c.lap_id.in_(chunk)))
