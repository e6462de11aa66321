"""Where on the lap a car was at an incident."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier incidents the place is unknown until a rebuild."""
    op.add_column("incidents", sa.Column("lap_distance_m", sa.Integer()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("incidents", "lap_distance_m")
