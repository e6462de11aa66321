"""Derived records brought to where they are kept: the running server, or its database if none runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from f1timings.commands.running_server import ask_server
from f1timings.config import Settings
from f1timings.errors import FolderInUse, StoreError
from f1timings.store import Stamped, Store, sqlite_url
from f1timings.store.data_folder import DataFolder
from f1timings.web import entries

_PATIENCE_S = 60.0


def deliver(records: Sequence[Stamped], settings: Settings) -> None:
    """Keep records; what the database already holds changes nothing.

    Raises:
        F1TimingsError: they could not be kept; nothing that was kept before is lost.
    """
    try:
        folder = DataFolder.acquire(settings.data_dir)
    except FolderInUse:
        _post_all(records, settings.data_dir)
        return
    with folder:
        _keep(records, settings)


def _keep(records: Sequence[Stamped], settings: Settings) -> None:
    store = Store.open(settings.database_url or sqlite_url(settings.data_dir))
    try:
        for batch in _batches(records):
            store.submit(batch)
            store.flush(_PATIENCE_S)
        rejected = store.writer_state().rejected
    finally:
        store.close()
    if rejected:
        raise StoreError(f"{rejected} records were refused by the database; the log above says which.")


def _post_all(records: Sequence[Stamped], data_dir: Path) -> None:
    for batch in _batches(records):
        ask_server(data_dir, "POST", entries.PATH, entries.entries_json(batch))


def _batches(records: Sequence[Stamped]) -> list[Sequence[Stamped]]:
    size = entries.MOST_AT_ONCE
    return [records[start : start + size] for start in range(0, len(records), size)]
