"""Engines for the writer and for the readers, with the settings of each database that make commits durable.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL when two connections write or checkpoint at the same moment. So
exactly one connection writes and checkpoints, readers do neither, and nothing is memory-mapped.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError, StatementError
from sqlalchemy.pool import QueuePool

from f1timings.errors import StoreError

Settings = dict[str, str]

_BUSY_MS = 1000
_SQLITE_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # Short: the writer itself tries again, and reports the outage.
    f"PRAGMA busy_timeout = {_BUSY_MS}",
    # Deleted and overwritten text must not stay readable in the file.
    "PRAGMA secure_delete = ON",
)
_SQLITE_READER = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA mmap_size = 0",
    "PRAGMA query_only = 1",
)
_POSTGRESQL_WRITER = (
    # A server may be configured to confirm a commit before it is on the disk. An official lap must be on it.
    "SET synchronous_commit = on",
    "SET lock_timeout = '2s'",
)
_POSTGRESQL_READER = ("SET default_transaction_read_only = on",)
# A server that disappears without closing its connections is noticed in seconds, not hours.
_POSTGRESQL_ARGUMENTS = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 10_000}

_READERS, _MORE_READERS = 5, 35


def database_url(text: str) -> URL:
    """The URL of a database for SQLAlchemy.

    Raises:
        StoreError: this is no URL, an SQLite database in memory, or neither SQLite nor PostgreSQL.
    """
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise StoreError("this is no database URL; use sqlite:///FILE or postgresql://HOST/NAME") from error
    if url.get_backend_name() in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise StoreError(
            f"{url.get_backend_name()} is not supported; use sqlite:///FILE or postgresql://HOST/NAME"
        )
    if url.database in (None, "", ":memory:"):
        raise StoreError("a database in memory loses everything; use sqlite:///FILE")
    return url.set(drivername="sqlite+pysqlite")


def writer_engine(url: URL) -> Engine:
    """An engine with exactly one connection. A commit returns when it is on the disk."""
    if url.get_backend_name() == "sqlite":
        engine = _engine(url, 1, 0)
        _sqlite(engine, _SQLITE_WRITER, "BEGIN IMMEDIATE")
    else:
        # Asked before each transaction: a connection that was dropped meanwhile costs nobody a change.
        engine = _engine(url, 1, 0, connect_args=_POSTGRESQL_ARGUMENTS, pool_pre_ping=True)
        _on_connect(engine, _POSTGRESQL_WRITER)
    return engine


def reader_engine(url: URL) -> Engine:
    """An engine for many threads. Its connections cannot write."""
    if url.get_backend_name() == "sqlite":
        # A reader must not put an empty file in the place of one that was deleted.
        creator = partial(open_file, Path(url.database or ""), "mode=rw")
        engine = _engine(url, _READERS, _MORE_READERS, creator=creator)
        _sqlite(engine, _SQLITE_READER, "BEGIN")
    else:
        engine = _engine(url, _READERS, _MORE_READERS, connect_args=_POSTGRESQL_ARGUMENTS, pool_pre_ping=True)
        _on_connect(engine, _POSTGRESQL_READER)
    return engine


def open_file(path: Path, mode: str) -> sqlite3.Connection:
    """Open an SQLite file by a connection for any thread.

    Args:
        path: the file.
        mode: a parameter of SQLite's addresses, such as ``mode=ro``.
    """
    address = f"file:{quote(path.resolve().as_posix())}?{mode}"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def empty_log(engine: Engine) -> bool:
    """Write SQLite's write-ahead log into the database, and empty its file; PostgreSQL looks after its own.

    Args:
        engine: of the writer, outside of a transaction.

    Returns:
        Whether the log is empty; False while a reader needs it.
    """
    if engine.dialect.name != "sqlite":
        return True
    pooled = engine.raw_connection()
    connection = cast(sqlite3.Connection, pooled.driver_connection)
    try:
        # The writer has other things to do than to wait for readers.
        connection.execute("PRAGMA busy_timeout = 0")
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy
    except sqlite3.Error:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        pooled.close()


def cause(error: SQLAlchemyError) -> str:
    """The error text of the database in one line, without our statement and its values."""
    original = error.orig if isinstance(error, StatementError) else error
    return " ".join(str(original).split()) or type(original).__name__


def _engine(url: URL, size: int, more: int, **options: Any) -> Engine:
    return create_engine(url, poolclass=QueuePool, pool_size=size, max_overflow=more, **options)


def _sqlite(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    """Prepare the connections, and begin each transaction explicitly, not by the rules of the driver."""
    _on_connect(engine, pragmas)

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", start)


def _on_connect(engine: Engine, statements: tuple[str, ...]) -> None:
    def prepare(connection: Any, _record: object) -> None:
        # Outside a transaction: a rollback would undo a SET, and a PRAGMA inside one may do nothing.
        restore = _outside_transactions(connection)
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        restore()

    event.listen(engine, "connect", prepare)


def _outside_transactions(connection: Any) -> Callable[[], None]:
    """Stop the driver from opening transactions; return a function that sets the state needed afterwards."""
    if hasattr(connection, "isolation_level") and hasattr(connection, "total_changes"):
        connection.isolation_level = None
        return lambda: None
    connection.autocommit = True

    def restore() -> None:
        connection.autocommit = False

    return restore
