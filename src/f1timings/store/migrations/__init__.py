"""Numbered migrations from an empty database to the tables of today; they run when a database is opened."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from f1timings.errors import StoreDamaged, StoreError
from f1timings.store.damage.signs import opening_error

# The number of our lock: two servers that start on one PostgreSQL database migrate it one after the other.
_LOCK = text("SELECT pg_advisory_xact_lock(7120611001)")


def upgrade(engine: Engine) -> None:
    """Migrate a database to the newest schema, completely or not at all.

    Args:
        engine: the writer's engine.

    Raises:
        StoreError: no answer, a migration failed, or a newer program has migrated the database.
        StoreDamaged: it is damaged.
    """
    found: set[str] = set()
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_LOCK)
            found = _found_numbers(connection)
            _upgrade(connection, found)
    except SQLAlchemyError as error:
        reason = opening_error(engine.url, error)
        if not found or isinstance(reason, StoreDamaged):
            raise reason from error
        raise StoreError(
            f"the migration of the database from schema {', '.join(sorted(found))} to {newest_number()} "
            f"failed and was rolled back, so that nothing has changed: {reason}"
        ) from error


def _upgrade(connection: Connection, found: set[str]) -> None:
    if found == {newest_number()}:
        return
    # Loading Alembic takes as long as opening the database, and most starts need no migration.
    from f1timings.store.migrations.running import migrate

    migrate(connection)


def _found_numbers(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


@cache
def newest_number() -> str:
    """The number of the newest migration, which begins the name of its file."""
    return max(file.name[:4] for file in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
