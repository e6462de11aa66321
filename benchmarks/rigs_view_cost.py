"""Measure what a look at the view of all rigs costs a rig, compared with the running orders of these rigs.

Run ``python -m benchmarks.rigs_view_cost``. 64 simulated rigs are in races of 20 cars; no sockets are used.
The same datagrams are fed to two pipelines. At every look the view is read from one of them, and the running
order of each rig from the other, as the view did before it read one car only. All times are processor time.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.measuring import Spread
from benchmarks.traffic import FORMAT, Plan, build_traffic, rig_address
from f1timings.live.fanout.sheet import Sheet
from f1timings.live.views import rigs
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario
from f1timings.store import Stamped

RIGS: Final = 64
CARS: Final = 20
# The histories of all cars arrive in the first seconds.
OPENING_S: Final = 3.0
SECONDS: Final = 9.0
AIM_US: Final = 15.0
_RACE: Final = Scenario("race", FORMAT, laps=3, cars=CARS, seed=1, track_id=17)


class Room:
    """The rigs, the view of all of them, and the costs of each look in microseconds a rig.

    Attributes:
        views_us / unchanged_us: reading the contents, and reading them again without news.
        updates_us: reading them with the update for the screens.
        orders_us: the running orders of all rigs.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._sessions = SessionWatch()
        self._viewed, self._ordered = Pipeline(self._handle_entries), Pipeline(_discard)
        kind = rigs.view(RigSources(self._viewed, self._sessions, clock=lambda: self._now))
        self._source = kind.build_source("")
        self._sheet = Sheet("rigs", kind.columns, "5f0a91c2.1")
        self.views_us: list[float] = []
        self.updates_us: list[float] = []
        self.unchanged_us: list[float] = []
        self.orders_us: list[float] = []

    def run(self) -> None:
        """Feed the datagrams, and look at the same intervals as in the server."""
        due = OPENING_S
        for at, rig, data in build_traffic(Plan(RIGS, SECONDS, (_RACE,))).emissions:
            self._now = 1_795_363_000.0 + at
            for pipeline in (self._viewed, self._ordered):
                pipeline.feed(data, rig_address(rig), 5000, 20777, self._now)
            if at >= due:
                due += rigs.PERIOD_S
                self._look()

    def _look(self) -> None:
        self.views_us.append(_us_a_rig(self._read))
        self.updates_us.append(_us_a_rig(self._update))
        self.unchanged_us.append(_us_a_rig(self._read))
        self.orders_us.append(_us_a_rig(self._read_orders))

    def _read(self) -> None:
        self._source.contents()

    def _update(self) -> None:
        contents = self._source.contents()
        if contents is not None and self._sheet.apply(contents) and self._sheet.seq > 1:
            self._sheet.update(self._sheet.seq - 1)

    def _read_orders(self) -> None:
        for rig in range(RIGS):
            self._ordered.order(rig_address(rig))

    def _handle_entries(self, entries: Sequence[Stamped]) -> None:
        self._sessions.handle_events(entry.event for entry in entries)


def _us_a_rig(call: Callable[[], None]) -> float:
    start = time.thread_time_ns()
    call()
    return (time.thread_time_ns() - start) / 1000 / RIGS


def _discard(_entries: Sequence[Stamped]) -> None:
    """Stand in for the store."""


def main() -> None:
    """Print the figures."""
    room = Room()
    gc.disable()  # a collection in the middle of a look would be counted as its cost
    try:
        room.run()
    finally:
        gc.enable()
    # The first look builds everything.
    views, orders = room.views_us[1:], room.orders_us[1:]
    print(f"{RIGS} rigs in races of {CARS} cars, {len(views)} looks")
    print(f"  a look {Spread.of(views):.1f} µs a rig (aim: at most {AIM_US:g})")
    print(f"  a look without news {Spread.of(room.unchanged_us[1:]):.1f} µs a rig")
    print(f"  a look with its update to the screens {Spread.of(room.updates_us[1:]):.1f} µs a rig")
    print(f"  the running orders alone {Spread.of(orders):.1f} µs a rig")
    print(f"  the orders cost {Spread.of_ratios(orders, views):.1f} times a look")


if __name__ == "__main__":
    main()
