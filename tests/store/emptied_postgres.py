"""A PostgreSQL database that has the tables of today and is emptied for each test.

To create a database takes PostgreSQL thirty times as long as to delete the few rows of a test.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg import sql

from f1timings.store.tables.timed import metadata
from tests.migrated import migrate

# The rows that the migrations insert are copied here.
_FIRST_ROWS: Final = "first_rows"

# Whatever changes a table writes rows of the catalogue, each with the number of its transaction.
_CATALOGUE: Final = " UNION ALL ".join(
    f"SELECT count(*), sum(xmin::text::bigint) FROM {catalogue} WHERE {column} IN"
    " (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    for catalogue, column in (
        ("pg_attribute", "attrelid"),
        ("pg_attrdef", "adrelid"),
        ("pg_constraint", "conrelid"),
        ("pg_trigger", "tgrelid"),
    )
)


class EmptiedPostgres:
    """The database; it is created again if a test has changed its tables.

    Attributes:
        url: its address, which stays the same.
    """

    def __init__(self, server: psycopg.Connection[Any], url: str, template_url: str) -> None:
        """Create it.

        Args:
            server: may create databases.
            url: of a database that exists; it is replaced.
            template_url: of a database with the tables of today, to be copied.
        """
        self.url = url
        self._server = server
        self._template = sql.Identifier(_name(template_url))
        migrate(template_url)
        with psycopg.connect(template_url) as connection:
            _copy_first_rows(connection)
        self._create()

    def empty(self) -> None:
        """Bring the database into the state after its migrations."""
        with psycopg.connect(self.url, options="-c synchronous_commit=off") as connection:
            is_unchanged = self._catalogue == connection.execute(_CATALOGUE).fetchall()
            if is_unchanged:
                _empty(connection)
        if not is_unchanged:
            self._create()

    def _create(self) -> None:
        name = sql.Identifier(_name(self.url))
        self._server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        self._server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(name, self._template)
        )
        with psycopg.connect(self.url) as connection:
            self._catalogue = connection.execute(_CATALOGUE).fetchall()


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def _table_names() -> list[str]:
    """Each table after those to which its keys refer."""
    return [*(table.name for table in metadata.sorted_tables), "alembic_version"]


def _copy_first_rows(connection: psycopg.Connection[Any]) -> None:
    assert set(_table_names()) == _tables_in(connection, "public"), "a table would not be emptied"
    connection.execute(f"CREATE SCHEMA {_FIRST_ROWS}")
    for name in _table_names():
        if connection.execute(f"SELECT 1 FROM {name}").fetchone():
            connection.execute(f"CREATE TABLE {_FIRST_ROWS}.{name} AS TABLE {name}")


def _tables_in(connection: psycopg.Connection[Any], schema: str) -> set[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
    return {name for (name,) in found}


def _empty(connection: psycopg.Connection[Any]) -> None:
    filled = _tables_in(connection, _FIRST_ROWS)
    statements = [f"DELETE FROM {name}" for name in reversed(_table_names())]
    statements += [
        f"INSERT INTO {name} TABLE {_FIRST_ROWS}.{name}" for name in _table_names() if name in filled
    ]
    connection.execute("; ".join(statements))
