"""The table of what circuits look like."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from f1timings.store.tables.column_types import Json
from f1timings.store.tables.timed import metadata

# Learned from where cars drive; see live/outline_watch.py.
circuit_outlines = Table(
    "circuit_outlines",
    metadata,
    Column("track_id", Integer, primary_key=True, autoincrement=False),
    Column("packet_format", Integer, primary_key=True, autoincrement=False),
    Column("outline", Json, nullable=False),
)
