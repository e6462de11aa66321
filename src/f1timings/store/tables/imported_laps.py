"""The tables of laps of other servers. Nothing that counts laps reads them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, Table

from f1timings.store.tables.column_types import Instant, PlainText
from f1timings.store.tables.timed import metadata

# Columns have the names of the fields of f1timings.meeting.room.imported_laps.ImportedLap.
imported_laps = Table(
    "imported_laps",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("name", PlainText),
    Column("circuit", PlainText),
    Column("track_length_m", Integer, nullable=False),
    Column("lap_time_ms", Integer),
    Column("sector1_ms", Integer),
    Column("sector2_ms", Integer),
    Column("sector3_ms", Integer),
    Column("is_valid", Boolean),
    Column("compound", PlainText),
    Column("assists", PlainText),
    Column("weather", PlainText),
    Column("start", PlainText),
    Column("packet_format", Integer, nullable=False),
    Column("session_type", PlainText),
    Column("formula", PlainText),
    Column("driven_at", Instant, nullable=False),
    Column("meeting", PlainText),
    Column("venue", PlainText),
    Column("imported_at", Instant, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

# The files as they were imported. Apart, because acts store the records that they change.
imported_files = Table(
    "imported_files",
    metadata,
    Column("lap_id", PlainText, ForeignKey("imported_laps.id"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    # The last column: SQLite reads those before it without it.
    Column("data", LargeBinary, nullable=False),
)
