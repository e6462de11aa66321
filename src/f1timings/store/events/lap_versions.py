"""All versions of laps: the newest in ``laps``, those that it replaced in ``lap_revisions``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from f1timings.store import rows
from f1timings.store.events.row_changes import EventChange, Keys, read_rows, upsert_rows
from f1timings.store.stored import StoredLap
from f1timings.store.tables.prepared import insert_rows
from f1timings.store.tables.timed import lap_revisions, laps


def read_lap_versions(connection: Connection, lap_ids: Keys) -> dict[str, tuple[StoredLap, ...]]:
    """All versions of these laps, the newest last, by id; an unknown lap is left out."""
    newest = [rows.lap_of(row) for row in read_rows(connection, laps.c.id, lap_ids)]
    corrected = [stored.lap.id for stored in newest if stored.revision > 1]
    replaced = defaultdict(list)
    if corrected:
        for row in read_rows(connection, lap_revisions.c.id, corrected, lap_revisions.c.revision):
            replaced[row["id"]].append(rows.lap_of(row))
    return {stored.lap.id: (*replaced[stored.lap.id], stored) for stored in newest}


def store_lap_versions(connection: Connection, versions: Mapping[str, tuple[StoredLap, ...]]) -> None:
    """Store the newest version of each of these laps, and the version that it replaces as a revision.

    Args:
        versions: all versions of each lap, the newest last, by id.
    """
    changes = [EventChange(lap_id, known[:-1] or None, known) for lap_id, known in versions.items()]
    if changes:
        store_lap_changes(connection, changes)


def store_lap_changes(connection: Connection, changes: Sequence[EventChange[tuple[StoredLap, ...]]]) -> None:
    """Store the newest versions, and the versions that they replace as revisions."""
    upsert_rows(connection, laps.c.id, [(change, rows.lap_row(change.after[-1])) for change in changes])
    replaced = [rows.lap_row(change.before[-1]) for change in changes if change.before]
    insert_rows(connection, lap_revisions, replaced)
