"""The account to which a token belongs, with which it ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a token belongs to the account that has the name of its creator."""
    op.add_column("tokens", sa.Column("account_id", sa.Text()))
    op.execute(
        "UPDATE tokens SET account_id = "
        "(SELECT accounts.id FROM accounts WHERE accounts.name = tokens.created_by)"
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("tokens", "account_id")
