"""Queries for the trace of a lap, whichever rig of an online lobby recorded it.

Several rigs in a lobby receive the same laps. The rig that drove a lap records it at the rate of the game; of
the others, one records it at a lower rate. All of them show the best trace that there is.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, case, exists, false, select, true

from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps, sessions
from f1timings.store.tables.traces import lap_traces

_shown, _shown_lap = attributions.alias("shown"), laps.alias("shown_lap")
_other, _other_lap = attributions.alias("other"), laps.alias("other_lap")
# What two rigs agree on about one lap of a lobby. Each rig numbers the cars itself, and knows only the
# names that people show, so neither identifies a car.
_TIMES: Final = ("lap_number", "lap_time_ms", "sector1_ms", "sector2_ms")


def has_trace(lap: FromClause) -> ColumnElement[bool]:
    """Whether a lap has a trace.

    Args:
        lap: ``laps`` or versions of laps, in a query that joins ``attributions`` to it.
    """
    recorded = exists().where(lap_traces.c.lap_id == lap.c.id)
    is_online = exists().where(sessions.c.id == lap.c.session_id, sessions.c.is_online)
    by_another = exists().where(lap_traces.c.lap_id == _other.c.lap_id, _is_same_lap(attributions, lap))
    # In this order: other laps of the lobby are looked for only where there may be a lobby.
    return case((recorded, true()), (is_online, by_another), else_=false())


def trace_query(lap_id: ColumnElement[str]) -> Select[Any]:
    """The query for the bytes of the trace of a lap; one row at most."""
    same = select(_other.c.lap_id).where(
        _shown.c.lap_id == lap_id, _shown_lap.c.id == lap_id, _is_same_lap(_shown, _shown_lap)
    )
    column, recorded = lap_traces.c.lap_id, attributions
    query = select(lap_traces.c.data).join(recorded, recorded.c.lap_id == column)
    query = query.where((column == lap_id) | column.in_(same))
    return query.order_by(recorded.c.is_own_car.desc(), lap_traces.c.samples.desc(), column).limit(1)


def _is_same_lap(shown: FromClause, shown_lap: FromClause) -> ColumnElement[bool]:
    """Whether ``_other`` is the same lap as another rig of the lobby received it."""
    is_same: ColumnElement[bool] = _other.c.lap_id == _other_lap.c.id
    is_same &= _other.c.lobby == shown.c.lobby
    # For the index of lobby and number; and so that a session without a lobby reads no other lap.
    is_same &= (_other.c.lap_number == shown_lap.c.lap_number) & (_other.c.session_id != shown.c.session_id)
    for name in _TIMES:
        is_same &= _other_lap.c[name] == shown_lap.c[name]
    return is_same
