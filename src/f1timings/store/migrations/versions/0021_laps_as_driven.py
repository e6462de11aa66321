"""An index of the laps by when they were driven."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NAME = "ix_laps_recorded_at_seq_is_valid_state"


def upgrade() -> None:
    """Add the index."""
    op.create_index(_NAME, "laps", ["recorded_at", "seq", "is_valid", "state"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(_NAME, "laps")
