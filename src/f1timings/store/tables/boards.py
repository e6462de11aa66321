"""The tables behind the boards: the best laps of each entrant, and the circuit of the room."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from f1timings.store.tables.column_types import Instant, PlainText
from f1timings.store.tables.record_columns import class_columns
from f1timings.store.tables.timed import metadata

# Derived from attributions: one row per meeting, circuit, entrant and combination of lap classes. It leaves
# out laps from before the newest clearing of their board.
board_bests = Table(
    "board_bests",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("meeting_id", PlainText, nullable=False),
    Column("circuit_key", PlainText, nullable=False),
    Column("circuit", PlainText, nullable=False),
    Column("entrant", PlainText, nullable=False),
    *class_columns(),
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

# Laps that an act may have given to another driver or to another board, until they are attributed again; see
# boards/waiting_laps.py. Empty nearly always.
waiting_laps = Table(
    "waiting_laps",
    metadata,
    Column("lap_id", PlainText, primary_key=True),
    Column("session_id", PlainText, nullable=False),
    Index(None, "session_id", "lap_id"),
)

# The circuit that most rigs drive at a meeting; none before a rig has driven. See meeting/room/circuit.py.
room_circuits = Table(
    "room_circuits",
    metadata,
    Column("meeting_id", PlainText, primary_key=True),
    Column("circuit", PlainText, nullable=False),
    Column("since", Instant, nullable=False),
    Column("seq", BigInteger, nullable=False),
)
