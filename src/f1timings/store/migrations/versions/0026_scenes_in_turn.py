"""Several scenes of a screen that take turns: how long each is shown, and whether also in a race."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; null means the usual turn, and that a race goes first."""
    op.add_column("screen_cards", sa.Column("turn_s", sa.Integer()))
    op.add_column("screen_cards", sa.Column("turns_in_race", sa.Boolean()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("screen_cards", "turns_in_race")
    op.drop_column("screen_cards", "turn_s")
