"""The moments between which a lap began decide about its driver, also beside a moment that is shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_COLUMNS = ("began_at", "began_after", "began_before")


def upgrade() -> None:
    """Remove bounds beside a moment, which had no meaning until now."""
    for name in ("laps", "lap_revisions"):
        table = sa.table(name, *map(sa.column, _COLUMNS))
        is_certain = table.c.began_at.is_not(None)
        op.execute(sa.update(table).where(is_certain).values(began_after=None, began_before=None))


def downgrade() -> None:
    """Nothing: without the bounds the moment decides, as before."""
