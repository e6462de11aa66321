"""Between which moments a lap began whose beginning no packet showed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("laps", "lap_revisions")
_COLUMNS = ("began_after", "began_before")


def upgrade() -> None:
    """Add the columns; the laps of before stay with who had them."""
    for table in _TABLES:
        for column in _COLUMNS:
            op.add_column(table, sa.Column(column, sa.BigInteger()))


def downgrade() -> None:
    """Drop the columns."""
    for table in _TABLES:
        for column in _COLUMNS:
            op.drop_column(table, column)
