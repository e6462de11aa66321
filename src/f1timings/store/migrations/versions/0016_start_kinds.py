"""How each lap began: flying, standing or in the pits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Derived from the laps: the program fills them again when it opens the database.
_DERIVED = ("attributions", "board_bests")


def upgrade() -> None:
    """Add the column; it is null for what is stored already."""
    for table in ("laps", "lap_revisions", *_DERIVED):
        op.add_column(table, sa.Column("start", sa.Text()))
    _empty_derived()


def downgrade() -> None:
    """Drop the column with its values."""
    _empty_derived()
    for table in (*_DERIVED, "lap_revisions", "laps"):
        op.drop_column(table, "start")


def _empty_derived() -> None:
    for table in _DERIVED:
        op.execute(sa.delete(sa.table(table)))
