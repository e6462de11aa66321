"""The programs to which received datagrams are sent on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "forward_targets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("rig", sa.Text()),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("allows_internet", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forward_targets"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("forward_targets")
