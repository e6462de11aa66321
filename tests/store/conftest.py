"""The databases of the store's tests: an SQLite file, and PostgreSQL databases created for the run."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from f1timings.clock import ServerClock
from f1timings.store import Committed, Store, engines, sqlite_url
from tests.migrated import copy_migrated
from tests.store.emptied_postgres import EmptiedPostgres
from tests.waiting import LONGEST_WAIT_S

_SERVER = "host=127.0.0.1 port=5432 dbname=postgres connect_timeout=20"
OpenStore = Callable[..., Store]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[psycopg.Connection[Any]]:
    """A connection that may create databases; without a server the tests are skipped, in CI they fail."""
    for user in ("postgres", "root"):
        try:
            with psycopg.connect(f"{_SERVER} user={user}", autocommit=True) as connection:
                yield connection
            return
        except psycopg.OperationalError as error:
            refusal = str(error)
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must test on PostgreSQL, and none answers: {refusal}")
    pytest.skip(f"no PostgreSQL server answers: {refusal}")


@pytest.fixture(scope="session")
def postgres_url(postgres_server: psycopg.Connection[Any]) -> Iterator[str]:
    """A database that is created for this run and dropped after it."""
    yield from _database(postgres_server)


@pytest.fixture(scope="session")
def emptied_postgres(postgres_server: psycopg.Connection[Any]) -> Iterator[EmptiedPostgres]:
    """A database with the tables of today, to be emptied for each test."""
    for url in _database(postgres_server):
        for template_url in _database(postgres_server):
            yield EmptiedPostgres(postgres_server, url, template_url)


def _database(server: psycopg.Connection[Any]) -> Iterator[str]:
    name = f"f1timings_test_{uuid.uuid4().hex[:12]}"
    database = sql.Identifier(name)
    # Text sorts by its code points, as in SQLite, so that both databases give the same order.
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 LOCALE 'C'").format(database))
    yield f"postgresql://{server.info.user}@127.0.0.1:5432/{name}"
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: each test runs on SQLite and on PostgreSQL.

    A test that opens a store finds the tables of today in it; for any other, it has no tables.
    """
    if request.param == "sqlite":
        if "open_store" in request.fixturenames:
            copy_migrated(tmp_path)
        return sqlite_url(tmp_path)
    if "open_store" in request.fixturenames:
        emptied: EmptiedPostgres = request.getfixturevalue("emptied_postgres")
        emptied.empty()
        return emptied.url
    address: str = request.getfixturevalue("postgres_url")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return address


@pytest.fixture
def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


@pytest.fixture
def open_store(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenStore]:
    """Opens a store on the test's database with the given settings; it is closed after the test.

    No commit waits for the disk of PostgreSQL, which no test here takes away.
    """
    quick = [setting.replace("commit = on", "commit = off") for setting in engines._POSTGRESQL_WRITER]
    monkeypatch.setattr(engines, "_POSTGRESQL_WRITER", tuple(quick))
    stores: list[Store] = []

    def open_with(**settings: Any) -> Store:
        stores.append(Store.open(url, **({"clock": ServerClock().now} | settings)))
        return stores[-1]

    yield open_with
    for store in stores:
        store.close(timeout=LONGEST_WAIT_S)


@pytest.fixture
def announced() -> list[Committed]:
    """What the store has announced."""
    return []


@pytest.fixture
def store(open_store: OpenStore, announced: list[Committed]) -> Store:
    return open_store(on_committed=announced.extend)
