"""The traces of laps: what the rig's own car did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; laps from before have no trace until they are rebuilt from their captures."""
    op.create_table(
        "lap_traces",
        sa.Column("lap_id", sa.Text(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lap_id", name="pk_lap_traces"),
        sa.ForeignKeyConstraint(["lap_id"], ["laps.id"], name="fk_lap_traces_lap_id"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("lap_traces")
