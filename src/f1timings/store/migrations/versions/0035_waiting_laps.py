"""Laps that wait to be attributed again after an act."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "waiting_laps",
        sa.Column("lap_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lap_id", name="pk_waiting_laps"),
    )
    op.create_index("ix_waiting_laps_session_id_lap_id", "waiting_laps", ["session_id", "lap_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("waiting_laps")
