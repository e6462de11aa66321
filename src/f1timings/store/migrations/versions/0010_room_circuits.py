"""The circuit of the room at each meeting, which no longer is the circuit of the newest session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with the circuits that boards showed so far."""
    table = op.create_table(
        "room_circuits",
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("circuit", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_room_circuits"),
    )
    rows = list(_newest_sessions().values())
    if rows:
        op.bulk_insert(table, rows)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("room_circuits")


def _newest_sessions() -> dict[str, dict[str, object]]:
    """The circuit of the newest session of each meeting, by the meeting's id."""
    periods = sa.table("meeting_periods", *map(sa.column, ("meeting_id", "since", "seq")))
    connection = op.get_bind()
    order = sa.select(periods.c.meeting_id, periods.c.since).order_by(periods.c.since, periods.c.seq)
    found = connection.execute(order).all()
    rows: dict[str, dict[str, object]] = {}
    for number, (meeting_id, since) in enumerate(found):
        # Sessions before all periods belong to the first meeting.
        begins = since if number else None
        ends = found[number + 1][1] if number + 1 < len(found) else None
        newest = connection.execute(_newest_session(begins, ends)).first()
        if newest is not None:
            rows[meeting_id] = {"meeting_id": meeting_id, **newest._mapping}
    return rows


def _newest_session(begins: int | None, ends: int | None) -> sa.Select[tuple[str, int, int]]:
    names = ("track", "packet_format", "opened_at", "seq")
    sessions = sa.table("sessions", *map(sa.column, names)).c
    # Format 0: the sessions of laps typed by hand.
    query = sa.select(sessions.track.label("circuit"), sessions.opened_at.label("since"), sessions.seq)
    query = query.where(sessions.track.is_not(None), sessions.packet_format != 0)
    if begins is not None:
        query = query.where(sessions.opened_at >= begins)
    if ends is not None:
        query = query.where(sessions.opened_at < ends)
    return query.order_by(sessions.opened_at.desc(), sessions.seq.desc()).limit(1)
