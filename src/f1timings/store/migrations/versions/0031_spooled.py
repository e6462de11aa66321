"""Which records of the spool belong to a database, and how far they are committed: each of them once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the numbers; no record is committed."""
    for name in ("spool_owner", "spooled"):
        op.add_column("change_counter", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop the numbers."""
    with op.batch_alter_table("change_counter") as table:
        table.drop_column("spooled")
        table.drop_column("spool_owner")
