"""The newest counters of each session, and the session of which a session is a loaded save."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; earlier sessions have neither."""
    op.create_table(
        "session_counters",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("session_time_s", sa.Double(), nullable=False),
        sa.Column("frame", sa.BigInteger(), nullable=False),
        sa.Column("overall_frame", sa.BigInteger(), nullable=False),
        sa.Column("readings", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_session_counters"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_session_counters_session_id"),
    )
    op.add_column("sessions", sa.Column("continues", sa.Text()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("sessions", "continues")
    op.drop_table("session_counters")
