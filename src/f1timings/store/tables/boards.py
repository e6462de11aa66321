"""The table of what each entrant drove on each board: few rows that say what many laps add up to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table

from f1timings.store.tables.column_types import Instant, PlainText
from f1timings.store.tables.timed import metadata

# One row a meeting, circuit, entrant and class (all that a board can be filtered by), made of attributions;
# laps from before the newest clearing of their board are not in it.
board_bests = Table(
    "board_bests",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("meeting_id", PlainText, nullable=False),
    Column("circuit_key", PlainText, nullable=False),
    Column("circuit", PlainText, nullable=False),
    Column("entrant", PlainText, nullable=False),
    Column("rig", PlainText, nullable=False),
    Column("is_manual", Boolean, nullable=False),
    Column("packet_format", Integer, nullable=False),
    Column("session_type", PlainText),
    Column("formula", PlainText),
    Column("assists", PlainText),
    Column("weather", PlainText),
    Column("compound", PlainText),
    Column("equal_performance", Boolean),
    Column("laps", Integer, nullable=False),
    Column("valid_laps", Integer, nullable=False),
    Column("best_lap_ms", Integer),
    Column("set_at", Instant),
    Column("lap_id", PlainText),
    Column("sector1_ms", Integer),
    Column("sector2_ms", Integer),
    Column("sector3_ms", Integer),
    Column("best_sector1_ms", Integer),
    Column("best_sector2_ms", Integer),
    Column("best_sector3_ms", Integer),
    Column("last_at", Instant, nullable=False),
    Index(None, "meeting_id", "circuit_key", "entrant"),
)
