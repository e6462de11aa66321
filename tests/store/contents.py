"""What a database contains, as text, and which files of a folder contain a text."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import create_engine, inspect, text

from f1timings.store.engines import database_url


def everything_in(url: str) -> str:
    """The text of every table of a database; letters that JSON escapes are themselves."""
    engine = create_engine(database_url(url))
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        # As tuples: SQLAlchemy's rows shorten long texts.
        rows = [
            tuple(row) for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    engine.dispose()
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), str(rows))


def files_with(folder: Path, *traces: str) -> list[tuple[str, str]]:
    """The files of a folder that contain one of these texts, and the text."""
    return [
        (path.name, trace)
        for path in sorted(folder.iterdir())
        for trace in traces
        if path.is_file() and trace.encode() in path.read_bytes()
    ]
