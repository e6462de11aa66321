"""The best lap of a row of a board: which of its laps it is, and what the row shows of it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement

from f1timings.store.tables.people import attributions

SECTORS: Final = ("sector1_ms", "sector2_ms", "sector3_ms")
#: The best lap of a row without a lap that counts.
NO_BEST_LAP: Final[dict[str, Any]] = dict.fromkeys(("best_lap_ms", "set_at", "lap_id", *SECTORS))
#: Of equal times the one that was set first is ahead, as in :mod:`f1timings.meeting.leaderboard`.
BEST_FIRST: Final = (attributions.c.lap_time_ms, attributions.c.set_at, attributions.c.lap_id)


def best_lap_columns() -> list[ColumnElement[Any]]:
    """The columns of :data:`NO_BEST_LAP`."""
    column = attributions.c
    of_lap = (column.set_at, column.lap_id, *(column[name] for name in SECTORS))
    return [column.lap_time_ms.label("best_lap_ms"), *of_lap]
