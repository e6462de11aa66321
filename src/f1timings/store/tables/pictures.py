"""The table of the pictures that people upload."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table

from f1timings.store.tables.column_types import Instant, PlainText
from f1timings.store.tables.timed import metadata

# No record of a person's act: acts store what they change as JSON, and a picture never changes.
pictures = Table(
    "pictures",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("media_type", PlainText, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("stored_at", Instant, nullable=False),
    # The last column: SQLite reads those before it without it.
    Column("data", LargeBinary, nullable=False),
)
