"""Steady time, by which logins and tokens last; and server time in databases that do not have it yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Every column with a moment of the server's clock. A moment that a person gave is not among them.
_MOMENTS = (
    ("laps", "official_at"),
    ("laps", "received_at"),
    ("classifications", "official_at"),
    ("sessions", "opened_at"),
    ("rigs", "last_seen_at"),
    ("acts", "at"),
    ("access_log", "at"),
    ("logins", "last_seen_at"),
    ("tokens", "created_at"),
)


def upgrade() -> None:
    """Add the columns; fill both times from the newest moment that is stored."""
    op.add_column("change_counter", sa.Column("steady_time", sa.BigInteger()))
    op.add_column("change_counter", sa.Column("boot", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "change_counter", sa.Column("elapsed_us", sa.BigInteger(), nullable=False, server_default="0")
    )
    counter = sa.table("change_counter", sa.column("server_time"), sa.column("steady_time"))
    newest = max(
        (at for at in (_newest(*place) for place in (("change_counter", "server_time"), *_MOMENTS)) if at),
        default=None,
    )
    op.execute(sa.update(counter).values(server_time=newest, steady_time=newest))


def downgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("change_counter") as table:
        for name in ("steady_time", "boot", "elapsed_us"):
            table.drop_column(name)


def _newest(table: str, column: str) -> int | None:
    moment: sa.ColumnClause[int] = sa.column(column)
    newest: int | None = (
        op.get_bind().execute(sa.select(sa.func.max(moment)).select_from(sa.table(table, moment))).scalar()
    )
    return newest
