"""The SQL statements that an engine executes, to count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements that an engine executes."""
    executed: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        executed.append(statement)

    event.listen(engine, "before_cursor_execute", record)
    try:
        yield executed
    finally:
        event.remove(engine, "before_cursor_execute", record)


@contextmanager
def runs(engine: Engine) -> Iterator[Counter[str]]:
    """How often each statement runs, by its text before the values: once for each row of a list of rows."""
    counted: Counter[str] = Counter()

    def count(
        _connection: object, _cursor: object, statement: str, rows: Any, _context: object, is_repeated: bool
    ) -> None:
        counted[statement.partition(" VALUES ")[0]] += len(rows) if is_repeated else 1

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", count)
