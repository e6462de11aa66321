"""A result may lack the laps, the penalties and the pit stops of a car: an implausible number is unknown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_COLUMNS = ("laps", "penalties_s", "pit_stops")


def upgrade() -> None:
    """Allow nulls."""
    _set_nullable(True)


def downgrade() -> None:
    """Forbid nulls; those that are stored become 0."""
    for name in _COLUMNS:
        column: sa.ColumnClause[int] = sa.column(name)
        entries = sa.table("classification_entries", column)
        op.execute(sa.update(entries).where(column.is_(None)).values({name: 0}))
    _set_nullable(False)


def _set_nullable(is_nullable: bool) -> None:
    with op.batch_alter_table("classification_entries") as table:
        for name in _COLUMNS:
            table.alter_column(name, existing_type=sa.Integer(), nullable=is_nullable)
