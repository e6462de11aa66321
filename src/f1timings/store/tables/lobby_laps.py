"""One lap of an online lobby as several rigs received it.

Each rig numbers the cars itself, and knows only the names that people show, so neither identifies a car. Rigs
agree on the number of a lap and on its times.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, FromClause

from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps

#: The lap as another rig received it: its attribution, and the lap itself.
OTHER: Final = attributions.alias("other")
OTHER_LAP: Final = laps.alias("other_lap")
_TIMES: Final = ("lap_number", "lap_time_ms", "sector1_ms", "sector2_ms")


def is_other_of(attribution: FromClause, lap: FromClause) -> ColumnElement[bool]:
    """Whether :data:`OTHER` is the same lap as another rig of the lobby received it.

    Args:
        attribution / lap: of the lap, which the query has joined.
    """
    is_same: ColumnElement[bool] = OTHER.c.lap_id == OTHER_LAP.c.id
    is_same &= OTHER.c.lobby == attribution.c.lobby
    # For the index of lobby and number; and so that a session without a lobby reads no other lap.
    is_same &= (OTHER.c.lap_number == lap.c.lap_number) & (OTHER.c.session_id != attribution.c.session_id)
    for name in _TIMES:
        is_same &= OTHER_LAP.c[name] == lap.c[name]
    return is_same
