"""Opening a database: its address, its schema, and what its connections may do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError, OperationalError

from f1timings.clock import ServerClock
from f1timings.errors import StoreError
from f1timings.store import Store, sqlite_url
from f1timings.store.engines import database_url, reader_engine, writer_engine
from f1timings.store.migrations import newest_number, upgrade
from f1timings.store.tables.timed import metadata
from tests.migrated import copy_migrated
from tests.store.conftest import OpenStore
from tests.store.events import one_event_of_each_kind
from tests.waiting import LONGEST_WAIT_S


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = writer_engine(database_url(url))
    yield engine
    engine.dispose()


def test_the_migrations_create_the_schema(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)


def test_the_newest_migration_is_the_last_of_the_numbered_files(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    assert (newest_number(),) == heads


def test_an_up_to_date_database_is_opened_without_alembic(tmp_path: Path) -> None:
    copy_migrated(tmp_path)
    program = (
        "import sys; from f1timings.store import Store; "
        "import time; Store.open(sys.argv[1], clock=time.time).close(); sys.exit('alembic' in sys.modules)"
    )
    assert (
        0
        == subprocess.run(
            [sys.executable, "-c", program, sqlite_url(tmp_path)], timeout=LONGEST_WAIT_S, check=False
        ).returncode
    )


def test_the_migrations_name_every_key_as_the_schema_does(engine: Engine) -> None:
    upgrade(engine)
    inspector = inspect(engine)
    for table in metadata.sorted_tables:
        names = {key["name"] for key in inspector.get_foreign_keys(table.name)}
        names |= {key["name"] for key in inspector.get_unique_constraints(table.name)}
        names.add(inspector.get_pk_constraint(table.name)["name"])
        expected = {str(constraint.name) for constraint in table.constraints}
        assert expected == names


def test_a_reopened_database_has_the_stored_laps(open_store: OpenStore) -> None:
    earlier = open_store()
    earlier.submit(one_event_of_each_kind())
    earlier.close()
    assert 1 == len(open_store().reads.list_laps().items)


def test_a_database_of_a_newer_program_is_refused_and_not_changed(url: str, engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer than this program: its schema is 9999"):
        Store.open(url, clock=ServerClock().now)
    with engine.connect() as connection:
        assert ["9999"] == list(connection.exec_driver_sql("SELECT * FROM alembic_version").scalars())


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("CREATE INDEX", {}, Exception("no space left"))

    with monkeypatch.context() as patch:
        patch.setattr(op, "create_index", fail)
        with pytest.raises(StoreError, match="cannot be opened: no space left"):
            upgrade(engine)
    assert [] == inspect(engine).get_table_names()
    upgrade(engine)
    assert set(metadata.tables) < set(inspect(engine).get_table_names())


def test_readers_cannot_write(url: str, store: Store) -> None:
    store.submit(one_event_of_each_kind())
    store.flush(LONGEST_WAIT_S)
    engine = reader_engine(database_url(url))
    with engine.connect() as connection, pytest.raises(DBAPIError, match=r"read-?only"):
        connection.exec_driver_sql("DELETE FROM laps")
    engine.dispose()


def test_sqlite_connections_have_the_settings_for_durability(tmp_path: Path) -> None:
    address = database_url(sqlite_url(tmp_path))
    writer, reader = writer_engine(address), reader_engine(address)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "mmap_size")
    assert ("wal", 2, 1, 0) == tuple(_pragma(writer, pragma) for pragma in pragmas)
    assert (1, 0, 0) == tuple(
        _pragma(reader, name) for name in ("query_only", "wal_autocheckpoint", "mmap_size")
    )


def _pragma(engine: Engine, name: str) -> Any:
    try:
        with engine.connect() as connection:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
    finally:
        engine.dispose()


@pytest.mark.postgres
def test_a_postgres_writer_waits_for_the_disk(postgres_url: str) -> None:
    engine = writer_engine(database_url(postgres_url))
    with engine.connect() as connection:
        assert "on" == connection.exec_driver_sql("SHOW synchronous_commit").scalar()
    engine.dispose()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "this is no database URL"),
        ("laps.db", "this is no database URL"),
        ("mysql://localhost/laps", "mysql is not supported"),
        ("sqlite://", "in memory loses everything"),
        ("sqlite:///:memory:", "in memory loses everything"),
        ("postgresql://127.0.0.1:1/laps", "cannot be opened"),
        ("sqlite:////nowhere/at/all.db", "cannot be opened"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_the_reason(address: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        Store.open(address, clock=ServerClock().now)


def test_a_file_that_is_not_an_sqlite_database_is_refused_and_not_changed(tmp_path: Path) -> None:
    (tmp_path / "f1timings.db").write_bytes(b"not an SQLite database" * 100)
    with pytest.raises(StoreError, match="is damaged: the file does not begin as an SQLite database"):
        Store.open(sqlite_url(tmp_path), clock=ServerClock().now)
    assert b"not an SQLite database" * 100 == (tmp_path / "f1timings.db").read_bytes()


@pytest.mark.parametrize("name", ["plain", "with space", "100 % Köln", "semi;colon", "ha#sh"])
def test_a_database_can_be_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    with Store.open(sqlite_url(folder), clock=ServerClock().now) as store:
        store.submit(one_event_of_each_kind())
    assert (folder / "f1timings.db").stat().st_size > 0


def test_a_closed_sqlite_store_leaves_one_file(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path), clock=ServerClock().now) as store:
        store.submit(one_event_of_each_kind())
        store.flush(LONGEST_WAIT_S)
        assert 1 == len(store.reads.list_laps().items)
    assert ["f1timings.db"] == [file.name for file in tmp_path.iterdir()]
