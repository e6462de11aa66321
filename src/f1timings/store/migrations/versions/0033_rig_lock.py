"""Which addresses may send telemetry while the rigs are locked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; every address may send as before."""
    op.create_table(
        "rig_lock",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rig_lock"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("rig_lock")
