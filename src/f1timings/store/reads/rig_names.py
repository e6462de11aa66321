"""The names of rigs as screens show them, in SQL: the name that people gave it, or its number; no address."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, cast, func, literal

from f1timings.store.tables.column_types import PlainText
from f1timings.store.tables.people import rig_cards
from f1timings.store.tables.timed import rigs


def with_rig_names(source: FromClause, rig: ColumnElement[Any]) -> FromClause:
    """Join what :data:`RIG_NAME` reads to a source with a column of rig keys."""
    return source.outerjoin(rig_cards, rig_cards.c.rig == rig).outerjoin(rigs, rigs.c.key == rig)


#: "Left", or "Rig 3"; only "Rig" for a rig that is not stored.
RIG_NAME: ColumnElement[Any] = func.coalesce(
    rig_cards.c.name,
    literal("Rig ", PlainText()) + cast(rigs.c.number, PlainText()),
    literal("Rig", PlainText()),
)
