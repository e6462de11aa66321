"""The best laps of each entrant on each board, so that a board with many laps is read quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TEXTS = ("meeting_id", "circuit_key", "circuit", "entrant", "rig")
_CLASS = ("session_type", "formula", "assists", "weather", "compound")
_TIMES = ("sector1_ms", "sector2_ms", "sector3_ms", "best_sector1_ms", "best_sector2_ms", "best_sector3_ms")


def upgrade() -> None:
    """Create the table; the program fills it when it opens the database."""
    op.create_table(
        "board_bests",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("is_manual", sa.Boolean(), nullable=False),
        sa.Column("packet_format", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in _CLASS),
        sa.Column("equal_performance", sa.Boolean()),
        sa.Column("laps", sa.Integer(), nullable=False),
        sa.Column("valid_laps", sa.Integer(), nullable=False),
        sa.Column("best_lap_ms", sa.Integer()),
        sa.Column("set_at", sa.BigInteger()),
        sa.Column("lap_id", sa.Text()),
        *(sa.Column(name, sa.Integer()) for name in _TIMES),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_board_bests"),
    )
    names = ["meeting_id", "circuit_key", "entrant"]
    op.create_index("ix_board_bests_meeting_id_circuit_key_entrant", "board_bests", names)


def downgrade() -> None:
    """Drop the table; it is derived from others."""
    op.drop_table("board_bests")
