"""What the tests share between engines, so that none compiles the same SQL again."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import literal, select

from f1timings.store import sqlite_url
from f1timings.store.engines import database_url, reader_engine, writer_engine
from tests.shared_statements import CompiledStatements


def test_engines_compile_a_statement_once_and_each_gets_its_own_values(tmp_path: Path) -> None:
    compiled = CompiledStatements()
    for number, create in enumerate((writer_engine, reader_engine)):
        engine = create(database_url(sqlite_url(tmp_path)))
        engine.update_execution_options(compiled_cache=compiled)
        with engine.connect() as connection:
            assert number == connection.execute(select(literal(number))).scalar_one()
        engine.dispose()
    assert 1 == len(compiled)


def test_the_engines_of_the_tests_share_one_cache(tmp_path: Path) -> None:
    first, second = (create(database_url(sqlite_url(tmp_path))) for create in (writer_engine, reader_engine))
    cache = first.get_execution_options()["compiled_cache"]
    assert isinstance(cache, CompiledStatements)
    assert second.get_execution_options()["compiled_cache"] is cache
