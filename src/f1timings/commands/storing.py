"""Store derived records: through the running server, or directly in the database if no server runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from f1timings.clock import ServerClock
from f1timings.commands.running_server import call_server
from f1timings.config import Settings
from f1timings.errors import FolderInUse, StoreError
from f1timings.recovery.opening import open_store
from f1timings.store import Stamped
from f1timings.store.data_folder import DataFolder
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.web import entries

_FLUSH_TIMEOUT_S = 60.0


def store_records(records: Sequence[Stamped], settings: Settings) -> None:
    """Store records. A record that the database already contains changes nothing.

    Raises:
        F1TimingsError: the records could not be stored; what was stored before remains.
    """
    try:
        folder = DataFolder.acquire(settings.data_dir)
    except FolderInUse:
        _send_to_server(records, settings.data_dir)
        return
    with folder:
        write_to_database(records, settings)


def summary(records: Sequence[Stamped], settings: Settings) -> str:
    """How many laps and sessions were stored, and where."""
    laps = sum(isinstance(record.event, LapRecorded) for record in records)
    sessions = sum(isinstance(record.event, SessionChanged) for record in records)
    return f"{laps} laps of {sessions} sessions are in {settings.database_url or settings.data_dir}"


def write_to_database(records: Sequence[Stamped], settings: Settings) -> None:
    """Store records in a database that no server has open; the data folder is locked.

    Raises:
        StoreError: it rejected some.
    """
    store = open_store(settings, clock=ServerClock())
    try:
        for batch in _batches(records):
            store.submit(batch)
            store.flush(_FLUSH_TIMEOUT_S)
        rejected = store.writer_state().rejected
    finally:
        store.close()
    if rejected:
        raise StoreError(f"The database rejected {rejected} records. The log above lists them.")


def _send_to_server(records: Sequence[Stamped], data_dir: Path) -> None:
    for batch in _batches(records):
        call_server(data_dir, "POST", entries.PATH, body=entries.entries_json(batch))


def _batches(records: Sequence[Stamped]) -> Iterator[Sequence[Stamped]]:
    size = entries.MAX_RECORDS
    for start in range(0, len(records), size):
        yield records[start : start + size]
