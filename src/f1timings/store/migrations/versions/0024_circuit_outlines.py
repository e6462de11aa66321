"""The outlines of circuits, learned from where cars drive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; it fills itself when cars drive."""
    op.create_table(
        "circuit_outlines",
        sa.Column("track_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("packet_format", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("track_id", "packet_format", name="pk_circuit_outlines"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("circuit_outlines")
