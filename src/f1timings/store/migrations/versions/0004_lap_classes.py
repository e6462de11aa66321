"""The assists and the weather of a lap, equal performance of a session, and the beginning of a lap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; they are null for what is stored already."""
    op.add_column("sessions", sa.Column("equal_performance", sa.Boolean()))
    for table in ("laps", "lap_revisions"):
        op.add_column(table, sa.Column("assists", sa.Text()))
        op.add_column(table, sa.Column("weather", sa.Text()))
        op.add_column(table, sa.Column("began_at", sa.BigInteger()))


def downgrade() -> None:
    """Drop the columns with their values."""
    for table in ("lap_revisions", "laps"):
        for column in ("began_at", "weather", "assists"):
            op.drop_column(table, column)
    op.drop_column("sessions", "equal_performance")
