"""The two moments between which a lap began, if no packet showed its beginning."""

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
    """Add the columns; earlier laps keep their drivers."""
    for table in _TABLES:
        for column in _COLUMNS:
            op.add_column(table, sa.Column(column, sa.BigInteger()))


def downgrade() -> None:
    """Drop the columns."""
    for table in _TABLES:
        for column in _COLUMNS:
            op.drop_column(table, column)
