"""The table of the traces of laps."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table

from f1timings.store.tables.column_types import PlainText
from f1timings.store.tables.timed import metadata

# What the rig's own car did on a lap; docs/traces.md describes the bytes.
lap_traces = Table(
    "lap_traces",
    metadata,
    Column("lap_id", PlainText, ForeignKey("laps.id"), primary_key=True),
    # Session time of its last sample.
    Column("ended_ms", BigInteger, nullable=False),
    Column("samples", Integer, nullable=False),
    # The last column: SQLite reads those before it without it.
    Column("data", LargeBinary, nullable=False),
)
