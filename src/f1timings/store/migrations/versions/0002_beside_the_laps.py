"""Incidents, stints and pit visits of sessions.

A migration is history: it names its types itself and does not follow later changes of the tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    _make(
        "incidents",
        "session_time_ms",
        _text("kind", False),
        _number("car_index"),
        _number("other_car_index"),
        _number("lap_number"),
        _number("session_time_ms", False),
        _text("detail", False),
    )
    _make(
        "stints",
        "car_index",
        _number("car_index", False),
        _number("number", False),
        _number("first_lap"),
        _number("last_lap"),
        _text("compound"),
        _text("actual_compound"),
    )
    _make(
        "pit_visits",
        "entered_ms",
        _number("car_index", False),
        _number("lap_number", False),
        _number("entered_ms", False),
        _number("left_ms"),
        _number("lane_ms"),
        _number("stop_ms"),
        _text("compound_before"),
        _text("compound_after"),
    )


def downgrade() -> None:
    """Drop the three tables with their rows."""
    for table in ("pit_visits", "stints", "incidents"):
        op.drop_table(table)


def _text(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _make(table: str, order: str, *columns: sa.Column[Any]) -> None:
    """Create one table of facts about a session, with the index for its list in that order."""
    op.create_table(
        table,
        _text("id", False),
        _text("session_id", False),
        *columns,
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=f"fk_{table}_session_id"),
    )
    op.create_index(f"ix_{table}_session_id_{order}_seq", table, ["session_id", order, "seq"])
