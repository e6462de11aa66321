"""A server that has recorded a simulated race, and what really happened in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from tests.truth.comparing import address
from tests.web.world import World, open_world, serve

_BEGAN_AT = 1_795_000_000.0


class Race:
    """A recorded race.

    Attributes:
        url: address of the pages.
        truth: the session as the simulator knows it.
    """

    def __init__(self, world: World, url: str, truth: Any) -> None:
        self.world = world
        self.url = url
        self.truth = truth

    def positions(self) -> dict[int, list[int]]:
        """The true position of each car at the end of each lap, by car."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for _, order in sorted(self._orders().items()):
            for place, car in enumerate(order, start=1):
                found[car].append(place)
        return dict(found)

    def elapsed_ms(self) -> dict[int, list[int]]:
        """The true time from the start to the end of each lap, by car."""
        return {
            car: list(accumulate(lap["lap_time_ms"] for lap in laps)) for car, laps in self._laps().items()
        }

    def compounds(self) -> dict[int, list[str]]:
        """The true compounds of each car in the order in which it drove them, by car.

        Its stints count tyres that are changed behind the line from the lap after the next, so the last lap
        adds none.
        """
        found = {
            car: [lap["compound"] for lap in laps[: max(1, len(laps) - 1)]]
            for car, laps in self._laps().items()
        }
        return {car: [compound for compound, _ in groupby(row)] for car, row in found.items()}

    def _laps(self) -> dict[int, list[Any]]:
        laps: defaultdict[int, list[Any]] = defaultdict(list)
        for lap in self.truth["laps"]:
            if lap["state"] == "completed":
                laps[lap["car_index"]].append(lap)
        return dict(laps)

    def _orders(self) -> dict[int, list[int]]:
        """The cars in the order in which they ended each lap; the truth lists laps in that order."""
        orders: defaultdict[int, list[int]] = defaultdict(list)
        for lap in self.truth["laps"]:
            if lap["state"] == "completed":
                orders[lap["lap_number"]].append(lap["car_index"])
        return orders


@contextmanager
def open_race(folder: Path, scenario: Scenario) -> Iterator[Race]:
    """Record a race without a network, and serve the pages."""
    with open_world(folder) as world:
        pipeline = Pipeline(world.store.submit)
        simulation = simulate(scenario)
        now = _BEGAN_AT
        for emission in simulation:
            now = _BEGAN_AT + emission.at
            pipeline.feed(emission.data, address(emission.rig), 5000, 20777, now)
        pipeline.finish(now)
        world.store.flush()
        with serve(world.app) as host:
            yield Race(world, f"http://{host}", simulation.truth["sessions"][-1])
