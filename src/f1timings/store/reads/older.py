"""The queries behind the older program's routes and notifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_, bindparam, case, func, select

from f1timings.meeting.circuits import circuit_key
from f1timings.store.reads.circuits import AskWith
from f1timings.store.reads.rig_names import RIG_NAME, with_rig_names
from f1timings.store.tables.people import attributions, drivers, manual_laps


@dataclass(frozen=True, slots=True)
class BoardEntrant:
    """An entrant of a board: a driver, or a rig with an unknown driver."""

    key: str
    name: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedLap:
    """A lap with the facts that a notification needs.

    Attributes:
        typed: the lap time as typed by hand, None for a lap that a game timed.
        lap_time_ms: None for a lap that was not finished.
        counts: whether the lap counts on the board.
    """

    id: str
    entrant: BoardEntrant
    typed: str | None
    lap_time_ms: int | None
    counts: bool


_NAME = func.coalesce(drivers.c.shown_name, RIG_NAME)
# An unclaimed lap of a lobby may be recorded by another rig than the one that drove it.
_RIG = case(
    (attributions.c.entrant.like("r:%"), func.substr(attributions.c.entrant, 3)), else_=attributions.c.rig
)
_WITH_NAMES = with_rig_names(attributions.outerjoin(drivers, attributions.c.driver_id == drivers.c.id), _RIG)


def _entrants_query() -> Select[Any]:
    entrant = attributions.c.entrant
    columns = (entrant, _NAME.label("name"), func.coalesce(drivers.c.team, "").label("team"))
    return select(*columns).select_from(_WITH_NAMES).where(entrant.is_not(None))


# Built once: that takes longer than to run them for some 40 entrants.
_ENTRANTS_OF_MEETING: Final = (
    _entrants_query()
    .where(
        attributions.c.meeting_id == bindparam("meeting_id"),
        attributions.c.lap_id.not_in(bindparam("without", expanding=True)),
    )
    .distinct()
)
_TYPED: Final = select(manual_laps.c.lap_id, manual_laps.c.typed).where(
    manual_laps.c.lap_id.in_(bindparam("lap_ids", expanding=True))
)


class OlderReads:
    """Reads what the older program's clients need.

    Args:
        run: returns all rows of a query.
    """

    def __init__(self, run: AskWith) -> None:
        self._run = run

    def list_entrants(self, meeting_id: str, *, without: Sequence[str] = ()) -> Mapping[str, BoardEntrant]:
        """All entrants with a lap in a meeting, whether or not it counts, by key; leaves out some laps."""
        parameters = {"meeting_id": meeting_id, "without": without}
        return {row["entrant"]: _entrant(row) for row in self._run(_ENTRANTS_OF_MEETING, parameters)}

    def list_laps(
        self, lap_ids: Sequence[str], meeting_id: str, circuit: str | None
    ) -> Mapping[str, NotedLap]:
        """Those of the laps that an entrant drove on that board, by id."""
        query = (
            _entrants_query()
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
        return {row["lap_id"]: _noted_lap(row) for row in self._run(query)}

    def list_typed(self, lap_ids: Sequence[str]) -> Mapping[str, str]:
        """The times of those of the laps that were typed by hand, as they were typed, by id."""
        return {row["lap_id"]: row["typed"] for row in self._run(_TYPED, {"lap_ids": lap_ids})}

    def list_bests(
        self, meeting_id: str, circuit: str | None, *, without: Sequence[str] = ()
    ) -> Mapping[str, int]:
        """The best lap of each entrant on a board, whatever the board's rules; milliseconds by entrant.

        Args:
            without: ids of laps that are left out.
        """
        best = func.min(attributions.c.lap_time_ms).label("best")
        query = (
            select(attributions.c.entrant, best)
            .where(
                attributions.c.meeting_id == meeting_id,
                attributions.c.circuit_key == circuit_key(circuit),
                attributions.c.counts,
                attributions.c.lap_id.not_in(without),
            )
            .group_by(attributions.c.entrant)
        )
        return {row["entrant"]: row["best"] for row in self._run(query)}


def _entrant(row: RowMapping) -> BoardEntrant:
    return BoardEntrant(key=row["entrant"], name=row["name"], team=row["team"])


def _noted_lap(row: RowMapping) -> NotedLap:
    return NotedLap(
        id=row["lap_id"],
        entrant=_entrant(row),
        typed=row["typed"],
        lap_time_ms=row["lap_time_ms"],
        counts=row["counts"],
    )
