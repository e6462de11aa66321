"""The stored circuit of the room, by meeting: boards, screens and typed laps read this one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection

from f1timings.store.events.row_changes import EventChange, Keys, read_rows, upsert_rows
from f1timings.store.stored import StoredRoomCircuit
from f1timings.store.tables.boards import room_circuits


def load_room_circuits(connection: Connection, keys: Keys) -> dict[str, StoredRoomCircuit]:
    """Read the circuits of these meetings, by the meeting's id."""
    found = read_rows(connection, room_circuits.c.meeting_id, keys)
    return {row["meeting_id"]: StoredRoomCircuit(**row) for row in found}


def store_room_circuits(connection: Connection, changes: Sequence[EventChange[StoredRoomCircuit]]) -> None:
    """Store the changes of one batch."""
    rows = [(change, asdict(change.after)) for change in changes]
    upsert_rows(connection, room_circuits.c.meeting_id, rows)
