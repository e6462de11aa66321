"""What staff sent to each screen: a scene, a delay, and whether it is blank."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; screens without a row choose by themselves."""
    op.create_table(
        "screen_cards",
        sa.Column("screen", sa.Text(), nullable=False),
        sa.Column("scene", sa.Text()),
        sa.Column("delay_s", sa.Integer(), nullable=False),
        sa.Column("is_blank", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("screen", name="pk_screen_cards"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("screen_cards")
