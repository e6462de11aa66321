"""Queries for the trace of a lap, whichever rig of an online lobby recorded it.

Each rig records its own car only, since the game hides the telemetry of other people's cars from it. So the
trace of a lap of another car is the trace that the rig of that car recorded of the same lap.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, exists, select

from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps
from f1timings.store.tables.traces import lap_traces

_received, _received_lap = attributions.alias("received"), laps.alias("received_lap")
_driven, _driven_lap = attributions.alias("driven"), laps.alias("driven_lap")
# What two rigs agree on about one lap of a lobby. Each rig numbers the cars itself, and knows only the
# names that people show, so neither identifies a car.
_TIMES: Final = ("lap_number", "lap_time_ms", "sector1_ms", "sector2_ms")


def has_trace(lap: FromClause) -> ColumnElement[bool]:
    """Whether a lap has a trace.

    Args:
        lap: ``laps`` or versions of laps, in a query that joins ``attributions`` to it.
    """
    recorded = exists().where(lap_traces.c.lap_id == lap.c.id)
    driven = exists().where(lap_traces.c.lap_id == _driven.c.lap_id, _is_driven(attributions, lap))
    return recorded | driven


def trace_query(lap_id: ColumnElement[str]) -> Select[Any]:
    """The query for the bytes of the trace of a lap; one row at most."""
    driven = select(_driven.c.lap_id).where(
        _received.c.lap_id == lap_id, _received_lap.c.id == lap_id, _is_driven(_received, _received_lap)
    )
    column = lap_traces.c.lap_id
    return select(lap_traces.c.data).where((column == lap_id) | column.in_(driven)).order_by(column).limit(1)


def _is_driven(received: FromClause, received_lap: FromClause) -> ColumnElement[bool]:
    """Whether ``_driven`` is a lap of another car as the rig of that car recorded it."""
    is_driven: ColumnElement[bool] = _driven.c.lap_id == _driven_lap.c.id
    is_driven &= _driven.c.lobby == received.c.lobby
    # For the index of both columns.
    is_driven &= _driven.c.lap_number == received_lap.c.lap_number
    is_driven &= _driven.c.is_own_car & ~received.c.is_own_car
    for name in _TIMES:
        is_driven &= _driven_lap.c[name] == received_lap.c[name]
    return is_driven
