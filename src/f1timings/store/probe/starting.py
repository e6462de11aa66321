"""Starts the probe of a database that was opened."""

from __future__ import annotations

from sqlalchemy import URL, Engine

from f1timings.errors import StoreError
from f1timings.store.damage.file_checks import sqlite_path
from f1timings.store.probe.database_probe import DatabaseProbe
from f1timings.store.probe.file_look import FileLook
from f1timings.store.probe.postgresql_look import PostgresqlLook, WaitingReads
from f1timings.store.probe.rescue import rescued_path


def need_no_rescued_file(url: URL) -> None:
    """Refuse to create an empty database while the contents of the lost one are beside it.

    Raises:
        StoreError: the file of the database is missing, and there is its rescued copy.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists() and rescued_path(path).exists():
        raise StoreError(
            f"the database cannot be opened: {path} was deleted while a server ran, which saved it. "
            f"Rename {rescued_path(path)} to {path.name}, start the server, and enter: f1timings rebuild"
        )


def start_probe(writer: Engine, readers: Engine) -> DatabaseProbe:
    """Start to look at a database; with SQLite, nothing is written any more while its file is gone.

    Args:
        writer: the writer's engine, which has read the database.
        readers: the engine of the readers.
    """
    path = sqlite_path(writer.url)
    if path is None:
        probe = DatabaseProbe(PostgresqlLook(writer.url), WaitingReads(readers).end)
    else:
        look = FileLook(path)
        look.guard(writer)
        probe = DatabaseProbe(look, look.rescue)
    probe.start()
    return probe
