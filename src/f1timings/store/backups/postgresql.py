"""Backups of a PostgreSQL database by its own programs ``pg_dump`` and ``pg_restore``.

The laps are counted in the same snapshot that is dumped, see
https://www.postgresql.org/docs/current/app-pgdump.html (``--snapshot``).
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import URL

from f1timings.errors import BackupError
from f1timings.store.backups.counts import SCHEMA, DatabaseCounts, count_database
from f1timings.store.tables.timed import metadata

_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_TABLE_IN_LIST: Final = re.compile(r"^\d+; \d+ \d+ TABLE public (\S+) ", re.MULTILINE)
_CONNECT_S: Final = 5
_LOOK_S: Final = 0.05
_MOST_TEXT: Final = 300


def database_bytes(url: URL) -> int:
    """The size of a database on its server; a dump is smaller.

    Raises:
        BackupError: the server does not answer.
    """
    with _connected(url) as connection:
        (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
        return int(size)


def dump(url: URL, target: Path, pause: Callable[[], None]) -> DatabaseCounts:
    """Dump a database into a file as it is at this moment; the file is written, but not checked.

    Args:
        pause: called again and again meanwhile; what it raises ends the dump.

    Returns:
        What the database had in it at that moment.

    Raises:
        BackupError: there is no ``pg_dump``, or it failed.
    """
    _need_program("pg_dump")
    with _connected(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        contents = read_database(connection)
        options = ("--format=custom", "--compress=1", "--no-owner", "--no-privileges")
        _run(url, ("pg_dump", *options, f"--snapshot={snapshot}", f"--file={target}"), pause)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return contents


def inspect_dump(path: Path, contents: DatabaseCounts | None = None) -> DatabaseCounts:
    """Read a dump to its end, and count its laps.

    Args:
        contents: what is known about it otherwise, because a dump does not show it.

    Raises:
        BackupError: there is no ``pg_restore``, or it cannot read the file.
    """
    _need_program("pg_restore")
    _run(None, ("pg_restore", f"--file={os.devnull}", str(path)), lambda: None)
    known = contents or DatabaseCounts(laps=0, seq=0, schema="", erased=())
    return known._replace(laps=_count_laps(path))


def restore_dump(url: URL, path: Path) -> None:
    """Replace the tables of a database by those in a dump, completely or not at all.

    Raises:
        BackupError: the dump cannot be read, or the database cannot be changed.
    """
    _need_program("pg_restore")
    dumped = _TABLE_IN_LIST.findall(_run(None, ("pg_restore", "--list", str(path)), lambda: None))
    with _connected(url) as connection:
        # A later schema may have tables of ours that the dump does not know and would trip over.
        later = {name for (name,) in connection.execute(_TABLES).fetchall()} & set(metadata.tables)
        for table in later - set(dumped):
            connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
    options = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges")
    _run(url, ("pg_restore", *options, str(path)), lambda: None)


def read_schema(url: URL) -> str:
    """The number of the newest migration of a database; empty if it has none or does not answer."""
    with contextlib.suppress(BackupError), _connected(url) as connection:
        rows = connection.execute(SCHEMA).fetchall()
        return str(rows[0][0]) if rows else ""
    return ""


def read_database(connection: psycopg.Connection[Any]) -> DatabaseCounts:
    """Count what a database has in it."""

    def query(statement: str) -> Sequence[Sequence[Any]]:
        return connection.execute(statement.encode()).fetchall()

    return count_database(query, [name for (name,) in connection.execute(_TABLES).fetchall()])


@contextlib.contextmanager
def _connected(url: URL) -> Iterator[psycopg.Connection[Any]]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, connect_timeout=_CONNECT_S) as connection:
            yield connection
    except psycopg.Error as error:
        raise BackupError(f"PostgreSQL reports: {_short(str(error))}") from error


def _need_program(name: str) -> None:
    if shutil.which(name) is None:
        raise BackupError(
            f"the program {name} is missing. It is a part of PostgreSQL: install its client programs "
            "(Debian: postgresql-client) of the version of the server, or a later one",
            "programs",
        )


def _count_laps(path: Path) -> int:
    words = ("pg_restore", "--data-only", "--table=laps", "--file=-", str(path))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        count, is_inside = 0, False
        for line in process.stdout:
            if line.startswith(b"COPY "):
                is_inside = True
            elif line.startswith(b"\\."):
                is_inside = False
            else:
                count += is_inside
    return count


def _run(url: URL | None, words: Sequence[str], pause: Callable[[], None]) -> str:
    """Run a program to its end; the password is not in its arguments, which other users can read.

    Returns:
        What it printed.

    Raises:
        BackupError: it failed.
    """
    environment = dict(os.environ)
    address: tuple[str, ...] = ()
    if url is not None:
        plain = url.set(drivername="postgresql", password=None)
        address = (f"--dbname={plain.render_as_string(hide_password=False)}",)
        environment |= {"PGPASSWORD": str(url.password)} if url.password else {}
    process = subprocess.Popen(
        [words[0], *address, *words[1:]],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    with process:
        try:
            output = _wait(process, pause)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise BackupError(f"{words[0]} failed: {_short(output)}")
    return output


def _wait(process: subprocess.Popen[str], pause: Callable[[], None]) -> str:
    while True:
        try:
            output, _ = process.communicate(timeout=_LOOK_S)
        except subprocess.TimeoutExpired:
            pause()
        else:
            return output


def _short(text: str) -> str:
    return " ".join(text.split())[:_MOST_TEXT]
