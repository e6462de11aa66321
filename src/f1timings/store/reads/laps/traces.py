"""The query for the trace of a lap, whichever rig of an online lobby recorded it.

The rig that drove a lap records it at the rate of the game; of the others, one records it at a lower rate.
All of them show the best trace that there is.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from f1timings.store.tables.lobby_laps import OTHER, is_other_of
from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps
from f1timings.store.tables.traces import lap_traces

_shown, _shown_lap = attributions.alias("shown"), laps.alias("shown_lap")


def trace_query(lap_id: ColumnElement[str]) -> Select[Any]:
    """The query for the bytes of the trace of a lap; one row at most."""
    others = select(OTHER.c.lap_id).where(
        _shown.c.lap_id == lap_id, _shown_lap.c.id == lap_id, is_other_of(_shown, _shown_lap)
    )
    column, recorded = lap_traces.c.lap_id, attributions
    query = select(lap_traces.c.data).join(recorded, recorded.c.lap_id == column)
    query = query.where((column == lap_id) | column.in_(others))
    return query.order_by(recorded.c.is_own_car.desc(), lap_traces.c.samples.desc(), column).limit(1)
