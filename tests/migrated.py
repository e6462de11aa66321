"""An SQLite database with the tables of today: migrated once per process, then copied for each test."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config

from f1timings.store import DATABASE_FILE, sqlite_url
from f1timings.store.engines import database_url, writer_engine
from f1timings.store.migrations import running, upgrade


def copy_migrated(folder: Path) -> None:
    """Put a migrated database without any record into a folder that has none."""
    database = folder / DATABASE_FILE
    if not database.exists():
        database.write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        migrate(sqlite_url(Path(folder)))
        return (Path(folder) / DATABASE_FILE).read_bytes()


def migrate(url: str) -> None:
    """Create the tables in a database."""
    engine = writer_engine(database_url(url))
    upgrade(engine)
    engine.dispose()


def downgrade(url: str, revision: str) -> None:
    """Put a database back to an earlier schema, as an earlier program left it."""
    engine = writer_engine(database_url(url))
    config = Config()
    config.set_main_option("script_location", str(Path(running.__file__).parent).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()
