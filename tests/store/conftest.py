"""The databases of the store's tests: an SQLite file, and a PostgreSQL database created for the run."""

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
from f1timings.store import Committed, Store, sqlite_url
from tests.migrated import copy_migrated, migrate
from tests.waiting import LONGEST_WAIT_S

_SERVER = "host=127.0.0.1 port=5432 dbname=postgres connect_timeout=20"
OpenStore = Callable[..., Store]
FillIfEmpty = Callable[[], None]


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
def migrated_postgres_url(postgres_server: psycopg.Connection[Any]) -> Iterator[str]:
    """A database with the tables of today, to be copied; it stays without a record."""
    for url in _database(postgres_server):
        migrate(url)
        yield url


def _database(server: psycopg.Connection[Any]) -> Iterator[str]:
    name = f"f1timings_test_{uuid.uuid4().hex[:12]}"
    database = sql.Identifier(name)
    # Text sorts by its code points, as in SQLite, so that both databases give the same order.
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 LOCALE 'C'").format(database))
    yield f"postgresql://{server.info.user}@127.0.0.1:5432/{name}"
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    address: str = request.getfixturevalue("postgres_url")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return address


@pytest.fixture
def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


@pytest.fixture
def fill_if_empty(request: pytest.FixtureRequest, url: str, is_sqlite: bool, tmp_path: Path) -> FillIfEmpty:
    """Creates the tables in the test's database, if it has none, by a copy."""

    def fill() -> None:
        if is_sqlite:
            copy_migrated(tmp_path)
            return
        with psycopg.connect(url) as connection:
            if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone():
                return
        _replace(
            request.getfixturevalue("postgres_server"), url, request.getfixturevalue("migrated_postgres_url")
        )

    return fill


def _replace(server: psycopg.Connection[Any], url: str, by: str) -> None:
    name, template = (sql.Identifier(address.rpartition("/")[2]) for address in (url, by))
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(name, template))


@pytest.fixture
def open_store(url: str, fill_if_empty: FillIfEmpty) -> Iterator[OpenStore]:
    """Opens a store on the test's database with the given settings; it is closed after the test."""
    stores: list[Store] = []

    def open_with(**settings: Any) -> Store:
        if not stores:
            fill_if_empty()
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
