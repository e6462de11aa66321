"""``car:<rig>``: the rig's own car, or the car that it spectates, as a row and as small binary frames.

What changes slowly is in the row. What moves, such as pedals and steering, is also sent as binary frames, at
the rate of the game.
"""

from __future__ import annotations

from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.live.views.own_car.columns import COLUMNS
from f1timings.live.views.own_car.row import CarReader
from f1timings.live.views.rig_facts import FACTS
from f1timings.live.views.rig_source import RigSources

# The games send up to 60 times a second.
PERIOD_S = 1 / 60
# Ten rows a second.
ROWS_EVERY = 6


def view(sources: RigSources) -> RowViewKind:
    """The view ``car:<rig>``."""

    def build_source(rig: str) -> RowSource:
        source = sources.build(rig)
        reader = CarReader(source, sources.driver_at)
        return RowSource(contents=reader.contents, start=source.start, stop=source.stop, frame=reader.frame)

    return RowViewKind(
        name="car",
        columns=COLUMNS,
        facts=FACTS,
        build_source=build_source,
        period_s=PERIOD_S,
        is_per_rig=True,
        rows_every=ROWS_EVERY,
        meaning="The rig's own car, or the car that it watches while it spectates: a row, and binary frames.",
    )
