"""When each deleted driver was deleted, so that the driver gets no laps from then on."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_drivers = sa.table("drivers", sa.column("id"), sa.column("is_deleted"), sa.column("deleted_at"))
_acts = sa.table("acts", sa.column("at"), sa.column("changes"), sa.column("seq"))
_counter = sa.table("change_counter", sa.column("server_time"))
_laps = sa.table("laps", sa.column("id"), sa.column("began_at"), sa.column("recorded_at"))
_attributions = sa.table(
    "attributions", sa.column("lap_id"), sa.column("driver_id"), sa.column("basis", sa.Text)
)


def upgrade() -> None:
    """Add the column and fill it from the acts; derive attributions again if a deleted driver got laps."""
    op.add_column("drivers", sa.Column("deleted_at", sa.BigInteger()))
    connection = op.get_bind()
    is_deleted = sa.select(_drivers.c.id).where(_drivers.c.is_deleted == sa.true())
    deleted = set(connection.execute(is_deleted).scalars())
    if not deleted:
        return
    found = _times_in_acts(connection, deleted)
    for driver_id in deleted:
        # An erased driver has no such act; laps of earlier moments stay as they are.
        at = found.get(driver_id) or _newest_time(connection)
        connection.execute(sa.update(_drivers).where(_drivers.c.id == driver_id).values(deleted_at=at))
    if _has_laps_after_deletion(connection):
        # They are derived again at the start.
        op.execute("DELETE FROM board_bests")
        op.execute("DELETE FROM attributions")


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("drivers") as table:
        table.drop_column("deleted_at")


def _times_in_acts(connection: sa.Connection, deleted: set[str]) -> dict[str, int]:
    """The time of the newest act that deleted each driver."""
    times: dict[str, int] = {}
    rows = connection.execute(sa.select(_acts.c.at, _acts.c.changes).order_by(_acts.c.seq))
    for at, changes in rows:
        for change in json.loads(changes) if isinstance(changes, str) else changes:
            if change["table"] == "drivers" and change["key"] in deleted and _deletes(change):
                times[change["key"]] = at
    return times


def _deletes(change: dict[str, dict[str, object] | None]) -> bool:
    before, after = change["before"], change["after"]
    is_deleted = after is not None and bool(after["is_deleted"])
    return is_deleted and (before is None or not before["is_deleted"])


def _newest_time(connection: sa.Connection) -> int | None:
    """The newest server time in the database."""
    server_time: int | None = connection.execute(sa.select(_counter.c.server_time)).scalar()
    newest_act: int | None = connection.execute(sa.select(sa.func.max(_acts.c.at))).scalar()
    return server_time or newest_act


def _has_laps_after_deletion(connection: sa.Connection) -> bool:
    joined = _attributions.join(_drivers, _drivers.c.id == _attributions.c.driver_id)
    joined = joined.join(_laps, _laps.c.id == _attributions.c.lap_id)
    began = sa.func.coalesce(_laps.c.began_at, _laps.c.recorded_at)
    query = sa.select(_laps.c.id).select_from(joined).limit(1)
    query = query.where(_attributions.c.basis == "game_name", began > _drivers.c.deleted_at)
    return connection.execute(query).first() is not None
