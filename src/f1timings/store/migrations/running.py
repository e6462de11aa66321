"""Runs the migrations of a database with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from f1timings.errors import StoreError

_FOLDER = Path(__file__).parent


def migrate(connection: Connection) -> None:
    """Migrate to the newest schema, in the transaction of the connection.

    Raises:
        StoreError: a newer program has migrated the database.
    """
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
    command.upgrade(config, "head")
