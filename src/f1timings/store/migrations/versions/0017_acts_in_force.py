"""An act is in force again once its undo was undone; before, such an act could not be undone again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_acts = sa.table("acts", sa.column("id"), sa.column("undone_by"), sa.column("undoes"), sa.column("seq"))


def upgrade() -> None:
    """Clear ``undone_by`` where the undo was itself undone."""
    connection = op.get_bind()
    undos = sa.select(_acts.c.id, _acts.c.undoes, _acts.c.undone_by).where(_acts.c.undoes.is_not(None))
    in_force: dict[str, bool] = {}
    # Newest first, so that whether an undo is in force is known before the act that it undid.
    for id_, undoes, undone_by in connection.execute(undos.order_by(_acts.c.seq.desc())).all():
        is_in_force = undone_by is None or not in_force.get(undone_by, True)
        in_force[id_] = is_in_force
        if not is_in_force:
            where = sa.and_(_acts.c.id == undoes, _acts.c.undone_by == id_)
            connection.execute(sa.update(_acts).where(where).values(undone_by=None))


def downgrade() -> None:
    """Leave the acts as they are."""
