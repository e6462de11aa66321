"""The views of rigs, offered to the hub: which there are, and how often each is looked at."""

from __future__ import annotations

import time
from collections.abc import Callable

from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.views import RowSource, RowViews
from f1timings.live.views import car as car_view
from f1timings.live.views import map as map_view
from f1timings.live.views import rigs as rigs_view
from f1timings.live.views import tower as tower_view
from f1timings.live.views.rig_source import FACTS, DriverOf, Orders, Rigs, RigSource
from f1timings.live.views.session_watch import SessionWatch


def _nobody(_rig: str) -> str | None:
    return None


def offer_rig_views(
    hub: Hub,
    rigs: Rigs,
    sessions: SessionWatch,
    driver_of: DriverOf = _nobody,
    clock: Callable[[], float] = time.time,
) -> None:
    """Let screens follow the rigs.

    Args:
        driver_of: who sits at a rig, by its key.
        clock: seconds since 1970.
    """
    orders = Orders(rigs)

    def source_of(rig: str) -> RigSource:
        return RigSource(rig, rigs, orders, sessions, clock)

    def rigs_source(_argument: str) -> RowSource:
        made = rigs_view.RigsView(rigs, source_of, driver_of, clock)
        return RowSource(made.contents, end=made.end)

    def tower_source(rig: str) -> RowSource:
        source = source_of(rig)
        return RowSource(tower_view.Tower(source).contents, source.begin, source.end)

    def map_source(rig: str) -> RowSource:
        source = source_of(rig)
        made = map_view.Map(source, driver_of)
        return RowSource(made.contents, source.begin, source.end, made.frame)

    def car_source(rig: str) -> RowSource:
        source = source_of(rig)
        return RowSource(car_view.CarRowReader(source, driver_of).contents, source.begin, source.end)

    hub.offer(
        RowViews(
            "rigs",
            rigs_view.COLUMNS,
            rigs_view.RIGS_FACTS,
            rigs_source,
            rigs_view.PERIOD_S,
            meaning="Every rig that was heard since the server's start, and where its own car is.",
            id_meaning="the rig's key, as in `/api/v1/rigs`",
        )
    )
    hub.offer(
        RowViews(
            "tower",
            tower_view.COLUMNS,
            FACTS,
            tower_source,
            tower_view.PERIOD_S,
            of_rig=True,
            meaning="The running order of the session that a rig drives, or drove last.",
        )
    )
    hub.offer(
        RowViews(
            "map",
            map_view.COLUMNS,
            FACTS,
            map_source,
            map_view.PERIOD_S,
            of_rig=True,
            rows_every=map_view.ROWS_EVERY,
            meaning="Who is in the cars of a rig's session as rows, and where they are as binary frames.",
        )
    )
    hub.offer(
        RowViews(
            "car",
            car_view.COLUMNS,
            FACTS,
            car_source,
            car_view.PERIOD_S,
            of_rig=True,
            meaning="The rig's own car, or the one that it watches while it spectates: one row.",
        )
    )
