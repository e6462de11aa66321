"""Lets all engines of one process share the SQL that they compile.

An engine keeps what it compiles for itself, and nearly every test opens a database with two new engines.
Without this, a small test of the store spends half of its processor time on compiling the same SQL again.
Servers that tests start are processes of their own and share nothing.
"""

from __future__ import annotations

import sys
from collections import UserDict
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Engine

_ENGINES = "f1timings.store.engines"


class CompiledStatements(UserDict[tuple[Any, ...], Any]):
    """A cache for several engines: it takes dialects of one class and one version of a database as equal.

    SQLAlchemy makes a dialect for each engine, and begins the key of a statement with it.
    """

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        return self.data[_shared(key)]

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self.data[_shared(key)] = compiled

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and _shared(key) in self.data


def _shared(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect = key[0]
    return (type(dialect), dialect.server_version_info, *key[1:])


def share_compiled_statements() -> None:
    """Let engines that are created from now on share one cache; nothing to do if no test uses a database."""
    engines = sys.modules.get(_ENGINES)
    if engines is not None:
        _share(engines, CompiledStatements())


def _share(engines: ModuleType, compiled: CompiledStatements) -> None:
    create = engines.create_engine

    def create_sharing(*arguments: Any, **options: Any) -> Engine:
        engine: Engine = create(*arguments, **options)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    engines.create_engine = create_sharing  # type: ignore[attr-defined]
