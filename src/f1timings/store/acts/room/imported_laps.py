"""Acts on laps of other servers: import them, delete them, and forget those of an erased person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select

from f1timings.errors import ActInvalid
from f1timings.meeting.room.imported_laps import MOST_IMPORTED_LAPS, ImportedFile, ImportedLap, imported_id
from f1timings.meeting.texts import clean_text
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.sentences import typed
from f1timings.store.records import row_of
from f1timings.store.tables.imported_laps import imported_files, imported_laps
from f1timings.traces.lap_files import LapFile


def import_lap(desk: Desk, file: LapFile, data: bytes) -> ImportedLap:
    """Store the lap of a lap file; a file that is there already changes nothing.

    Args:
        data: the bytes of the file.

    Raises:
        ActInvalid: there are too many imported laps, or a text of the file is not possible.
    """
    lap = lap_of_file(file, desk.now)
    known = desk.get_record(ImportedLap, lap.id)
    if known is not None:
        return known
    if len(desk.list_records(ImportedLap)) >= MOST_IMPORTED_LAPS:
        raise ActInvalid("imported-laps-full", most=MOST_IMPORTED_LAPS)
    stored = desk.store_record(lap)
    file_record = ImportedFile(lap_id=lap.id, data=data, seq=stored.seq)
    # Not as a record of the act, which would store the bytes once more.
    desk.connection.execute(insert(imported_files).values(row_of(file_record)))
    summary = f"A lap of {_named(lap)} was imported from a file."
    # No undo is needed: the lap can be deleted, and its file be imported again.
    desk.describe("lap_imported", lap.id, summary, can_undo=False)
    return stored


def lap_of_file(file: LapFile, imported_at: datetime) -> ImportedLap:
    """The record of a lap file, with its texts as texts are stored.

    Raises:
        ActInvalid: a text has a character that nobody can see, or that reverses others.
    """
    facts: dict[str, Any] = msgspec.structs.asdict(file.head)
    for name, fact in facts.items():
        if isinstance(fact, str):
            facts[name] = clean_text(fact, field=name)
    facts["driven_at"] = file.head.driven_at.astimezone(UTC)
    return ImportedLap(id=imported_id(file.digest), imported_at=imported_at, **facts)


def delete_imported_lap(desk: Desk, lap_id: str) -> None:
    """Delete an imported lap.

    Raises:
        NotFound: there is no such lap.
    """
    lap = desk.need_record(ImportedLap, lap_id)
    desk.connection.execute(delete(imported_files).where(imported_files.c.lap_id == lap_id))
    desk.delete_record(lap)
    summary = f"The imported lap of {_named(lap)} was deleted."
    desk.describe("imported_lap_deleted", lap_id, summary, can_undo=False)


def forget_imported_laps(desk: Desk, is_name: Callable[[str | None], bool]) -> None:
    """Delete the imported laps with a name of a person, without a trace in the act."""
    rows = desk.connection.execute(select(imported_laps.c.id, imported_laps.c.name)).all()
    ids = [row.id for row in rows if is_name(row.name)]
    desk.connection.execute(delete(imported_files).where(imported_files.c.lap_id.in_(ids)))
    desk.connection.execute(delete(imported_laps).where(imported_laps.c.id.in_(ids)))


def _named(lap: ImportedLap) -> str:
    return "an unknown driver" if lap.name is None else typed(lap.name)
