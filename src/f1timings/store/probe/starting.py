"""Starts the probe of a database that was opened."""

from __future__ import annotations

from sqlalchemy import Engine

from f1timings.store.damage.file_checks import sqlite_path
from f1timings.store.probe.database_probe import DatabaseProbe
from f1timings.store.probe.file_look import FileLook
from f1timings.store.probe.postgresql_look import PostgresqlLook, WaitingReads


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
        probe = DatabaseProbe(look)
    probe.start()
    return probe
