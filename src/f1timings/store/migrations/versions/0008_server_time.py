"""The server time of the newest change, from which the server's clock goes on after a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next change fills it."""
    op.add_column("change_counter", sa.Column("server_time", sa.BigInteger()))


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("change_counter") as table:
        table.drop_column("server_time")
