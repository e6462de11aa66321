"""What the older program's routes and notifications ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Executable, RowMapping, Select, and_, func, select

from f1timings.meeting.circuits import circuit_key
from f1timings.store.tables.people import attributions, drivers, manual_laps, rig_cards


class BoardEntrant(NamedTuple):
    """Who stands on a board: a driver, or a rig whose driver nobody knows."""

    key: str
    name: str
    team: str


class NotedLap(NamedTuple):
    """A lap as a notification tells of it.

    Attributes:
        typed: the text as typed, None for a lap that a game timed.
        lap_time_ms: None for one that was not driven to its end.
        counts: stands on the board.
    """

    id: str
    entrant: BoardEntrant
    typed: str | None
    lap_time_ms: int | None
    counts: bool


_NAME = func.coalesce(drivers.c.shown_name, rig_cards.c.name, attributions.c.rig)
_WITH_NAMES = attributions.outerjoin(drivers, attributions.c.driver_id == drivers.c.id).outerjoin(
    rig_cards, attributions.c.rig == rig_cards.c.rig
)


class OlderReads:
    """The older program's questions.

    Args:
        ask: all rows of a query.
    """

    def __init__(self, ask: Callable[[Executable], Sequence[RowMapping]]) -> None:
        self._ask = ask

    def list_entrants(self, meeting_id: str) -> Mapping[str, BoardEntrant]:
        """Whoever has driven a lap in a meeting, whether or not it counts, by key."""
        query = _entrants().where(attributions.c.meeting_id == meeting_id).distinct()
        return {row["entrant"]: _entrant(row) for row in self._ask(query)}

    def list_laps(
        self, lap_ids: Sequence[str], meeting_id: str, circuit: str | None
    ) -> Mapping[str, NotedLap]:
        """Those of these laps that somebody drove on that board, by id."""
        query = (
            _entrants()
            .add_columns(
                attributions.c.lap_id,
                attributions.c.lap_time_ms,
                attributions.c.counts,
                manual_laps.c.typed,
            )
            .select_from(
                _WITH_NAMES.outerjoin(manual_laps, and_(manual_laps.c.lap_id == attributions.c.lap_id))
            )
            .where(
                attributions.c.lap_id.in_(lap_ids),
                attributions.c.meeting_id == meeting_id,
                attributions.c.circuit_key == circuit_key(circuit),
            )
        )
        return {row["lap_id"]: _noted(row) for row in self._ask(query)}

    def list_bests(self, meeting_id: str, circuit: str | None) -> Mapping[str, int]:
        """The best lap of everybody on a board, whatever its rules; milliseconds by entrant."""
        best = func.min(attributions.c.lap_time_ms).label("best")
        query = (
            select(attributions.c.entrant, best)
            .where(
                attributions.c.meeting_id == meeting_id,
                attributions.c.circuit_key == circuit_key(circuit),
                attributions.c.counts,
            )
            .group_by(attributions.c.entrant)
        )
        return {row["entrant"]: row["best"] for row in self._ask(query)}


def _entrants() -> Select[Any]:
    entrant = attributions.c.entrant
    columns = (entrant, _NAME.label("name"), func.coalesce(drivers.c.team, "").label("team"))
    return select(*columns).select_from(_WITH_NAMES).where(entrant.is_not(None))


def _entrant(row: RowMapping) -> BoardEntrant:
    return BoardEntrant(row["entrant"], row["name"], row["team"])


def _noted(row: RowMapping) -> NotedLap:
    return NotedLap(row["lap_id"], _entrant(row), row["typed"], row["lap_time_ms"], row["counts"])
