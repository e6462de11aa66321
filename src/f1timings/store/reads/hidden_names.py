"""The query for rigs whose game hides the names of other people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, or_, select

from f1timings.meeting.drivers import PLACEHOLDER
from f1timings.store.tables.timed import participants, sessions


def hiding_names_query(rigs: Iterable[str]) -> Select[Any]:
    """Select the rigs among these where another person drives under a hidden name in the newest session."""
    newest = (
        select(sessions.c.rig, func.max(sessions.c.opened_at).label("opened_at"))
        .where(sessions.c.rig.in_(list(rigs)))
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
