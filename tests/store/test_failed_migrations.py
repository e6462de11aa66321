"""A migration that fails half-way is rolled back, and the server says so."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, inspect
from sqlalchemy.exc import OperationalError

from f1timings.clock import ServerClock
from f1timings.errors import StoreError
from f1timings.store import DATABASE_FILE, Store, sqlite_url
from f1timings.store.engines import database_url, writer_engine
from f1timings.store.migrations import newest_number, upgrade
from tests.chaos.forms import count_of
from tests.migrated import downgrade, migrate
from tests.server.running import RunningServer
from tests.store.conftest import OpenStore
from tests.store.contents import everything_in
from tests.store.events import one_event_of_each_kind

EARLIER = "0019"
# Every statement of the migrations in `make chaos`, some of them in `make test`.
STEP = count_of(1, 7)


def failure_at(number: int, url: str) -> str | None:
    """The error if one statement of the migrations fails, as on a full disk; None if there are fewer."""
    engine = writer_engine(database_url(url))
    executed = count(1)

    def execute(*_: object) -> None:
        if next(executed) == number:
            raise OperationalError("ALTER TABLE", {}, Exception("no space left"))

    event.listen(engine, "before_cursor_execute", execute)
    try:
        upgrade(engine)
    except StoreError as error:
        return str(error)
    finally:
        engine.dispose()
    return None


def columns_of(url: str) -> dict[str, list[str]]:
    engine = create_engine(database_url(url))
    with engine.connect() as connection:
        found = inspect(connection)
        columns = {
            table: [column["name"] for column in found.get_columns(table)]
            for table in found.get_table_names()
        }
    engine.dispose()
    return columns


def fill(open_store: OpenStore) -> None:
    with closing(open_store()) as store:
        store.submit(one_event_of_each_kind())
        store.flush()


def test_a_migration_that_fails_at_any_statement_changes_nothing(url: str, open_store: OpenStore) -> None:
    fill(open_store)
    downgrade(url, EARLIER)
    before = columns_of(url), everything_in(url)
    text = (
        f"from schema {EARLIER} to {newest_number()} failed and was rolled back, so that nothing has changed"
    )
    failures = 0
    for number in count(STEP, STEP):
        failure = failure_at(number, url)
        if failure is None:
            break
        # The first statements only look for the schema.
        assert "no space left" in failure
        failures += text in failure
        assert before == (columns_of(url), everything_in(url))
    assert failures > 2
    assert 1 == len(open_store().reads.list_laps().items)


def test_the_server_says_that_the_migration_was_rolled_back(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    url = sqlite_url(folder)
    migrate(url)
    downgrade(url, EARLIER)
    engine = create_engine(database_url(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE slides (a_table_of_another_program INTEGER)")
    engine.dispose()
    before = columns_of(url), everything_in(url)
    code, text = RunningServer(folder).refused_start()
    assert 2 == code
    assert "Traceback" not in text
    assert f"from schema {EARLIER} to {newest_number()} failed and was rolled back" in text
    assert "table slides already exists" in text
    assert "The database is migrated to a new schema. Before: " in text
    assert before == (columns_of(url), everything_in(url))
    with pytest.raises(StoreError, match="rolled back"):
        Store.open(f"sqlite:///{folder / DATABASE_FILE}", clock=ServerClock().now)
