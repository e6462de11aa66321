"""The number of each rig, in the order of first appearance, and whether it shares its address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and number the stored rigs."""
    op.add_column(
        "rigs", sa.Column("shares_address", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("rigs", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    rigs = sa.table("rigs", sa.column("key"), sa.column("first_seen_at"), sa.column("number"))
    connection = op.get_bind()
    order = sa.select(rigs.c.key).order_by(rigs.c.first_seen_at, rigs.c.key)
    for number, key in enumerate(connection.execute(order).scalars().all(), 1):
        connection.execute(sa.update(rigs).where(rigs.c.key == key).values(number=number))


def downgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("rigs") as table:
        table.drop_column("number")
        table.drop_column("shares_address")
