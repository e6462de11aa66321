"""Numbered migrations from an empty database to the tables of today; they run when a database is opened."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from f1timings.errors import StoreError
from f1timings.store.engines import cause

_FOLDER = Path(__file__).parent
# The number of our lock: two servers that start on one PostgreSQL database migrate it one after the other.
_LOCK = text("SELECT pg_advisory_xact_lock(7120611001)")


def upgrade(engine: Engine) -> None:
    """Migrate a database to the newest schema, completely or not at all.

    Args:
        engine: the writer's engine.

    Raises:
        StoreError: no answer, a migration failed, or a newer program has migrated the database.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_LOCK)
            _upgrade(connection)
    except SQLAlchemyError as error:
        raise StoreError(f"the database cannot be opened: {cause(error)}") from error


def _upgrade(connection: Connection) -> None:
    config = Config()
    # In the options of Alembic a single percent sign has a meaning.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    newest = ScriptDirectory.from_config(config)
    ours = {script.revision for script in newest.walk_revisions()}
    found = set(MigrationContext.configure(connection).get_current_heads())
    if found - ours:
        raise StoreError(
            f"this database is newer than this program: its schema is {', '.join(sorted(found))}, "
            f"this program knows {newest.get_current_head()}. Use the newer f1timings, or restore a backup"
        )
    if found != set(newest.get_heads()):
        command.upgrade(config, "head")
