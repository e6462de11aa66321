"""Laps of other servers, and the files from which they were imported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, without laps."""
    op.create_table(
        "imported_laps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("circuit", sa.Text()),
        sa.Column("track_length_m", sa.Integer(), nullable=False),
        sa.Column("lap_time_ms", sa.Integer()),
        sa.Column("sector1_ms", sa.Integer()),
        sa.Column("sector2_ms", sa.Integer()),
        sa.Column("sector3_ms", sa.Integer()),
        sa.Column("is_valid", sa.Boolean()),
        sa.Column("compound", sa.Text()),
        sa.Column("assists", sa.Text()),
        sa.Column("weather", sa.Text()),
        sa.Column("start", sa.Text()),
        sa.Column("packet_format", sa.Integer(), nullable=False),
        sa.Column("session_type", sa.Text()),
        sa.Column("formula", sa.Text()),
        sa.Column("driven_at", sa.BigInteger(), nullable=False),
        sa.Column("meeting", sa.Text()),
        sa.Column("venue", sa.Text()),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imported_laps"),
    )
    op.create_table(
        "imported_files",
        sa.Column("lap_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lap_id", name="pk_imported_files"),
        sa.ForeignKeyConstraint(["lap_id"], ["imported_laps.id"], name="fk_imported_files_lap_id"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("imported_files")
    op.drop_table("imported_laps")
