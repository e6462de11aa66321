"""Names in SQL: those of rigs as screens show them, and the rigs with a game that hides names of people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, cast, func, literal, or_, select

from f1timings.meeting.drivers import PLACEHOLDER
from f1timings.store.tables.column_types import PlainText
from f1timings.store.tables.people import rig_cards
from f1timings.store.tables.timed import participants, rigs, sessions


def with_rig_names(source: FromClause, rig: ColumnElement[Any]) -> FromClause:
    """Join what :data:`RIG_NAME` reads to a source with a column of rig keys."""
    return source.outerjoin(rig_cards, rig_cards.c.rig == rig).outerjoin(rigs, rigs.c.key == rig)


#: The name that people gave it, or its number, and no address: "Left", or "Rig 3"; only "Rig" for a rig
#: that is not stored.
RIG_NAME: ColumnElement[Any] = func.coalesce(
    rig_cards.c.name,
    literal("Rig ", PlainText()) + cast(rigs.c.number, PlainText()),
    literal("Rig", PlainText()),
)


def hiding_names_query(keys: Iterable[str]) -> Select[Any]:
    """Select the rigs among these where another person drives under a hidden name in the newest session."""
    newest = (
        select(sessions.c.rig, func.max(sessions.c.opened_at).label("opened_at"))
        .where(sessions.c.rig.in_(list(keys)))
        .group_by(sessions.c.rig)
        .subquery()
    )
    name = participants.c.name
    return (
        select(sessions.c.rig)
        .distinct()
        .join(newest, (newest.c.rig == sessions.c.rig) & (newest.c.opened_at == sessions.c.opened_at))
        .join(participants, participants.c.session_id == sessions.c.id)
        .where(
            participants.c.is_ai.is_(False),
            participants.c.is_player.is_(False),
            or_(name.is_(None), name == PLACEHOLDER),
        )
    )
