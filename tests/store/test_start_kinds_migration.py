"""A database from before laps had a start is migrated with its laps and boards."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from f1timings.store import Store
from f1timings.store.engines import database_url, writer_engine
from f1timings.store.migrations import newest_number
from tests.store.conftest import OpenStore
from tests.store.evening import (
    LEFT,
    assignment,
    best_laps,
    driver,
    lap_event,
    session,
    session_event,
    store_events,
    store_records,
)
from tests.store.events import ARRIVED

MIGRATION = "0016"
TABLES = ("laps", "lap_revisions", "attributions", "board_bests")


def take_back_migration(url: str) -> None:
    """Make the database that of the program before the migration."""
    scripts = ScriptDirectory("src/f1timings/store/migrations")
    later = [script for script in scripts.walk_revisions() if MIGRATION <= script.revision <= newest_number()]
    engine = writer_engine(database_url(url))
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            for script in later:
                script.module.downgrade()
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{later[-1].down_revision}'")
        columns = {column["name"] for table in TABLES for column in inspect(connection).get_columns(table)}
        assert "start" not in columns
    engine.dispose()


def test_laps_of_before_have_no_start_and_are_on_the_same_boards(url: str, open_store: OpenStore) -> None:
    earlier = open_store(clock=lambda: ARRIVED)
    store_records(earlier, driver("Ann"), assignment("ann", LEFT))
    store_events(
        earlier,
        session_event(session(LEFT)),
        lap_event(session(LEFT), 1, 90_000, start="standing"),
        lap_event(session(LEFT), 2, 91_000, start="flying"),
    )
    assert [("Ann", 91_000)] == best_laps(earlier, start="flying")
    earlier.close()
    take_back_migration(url)
    with Store.open(url, clock=lambda: ARRIVED) as store:
        assert [None, None] == [stored.lap.start for stored in store.reads.list_laps().items]
        assert [("Ann", 90_000)] == best_laps(store)
        assert [] == best_laps(store, start="flying")
