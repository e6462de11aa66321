"""Measure a tower of 22 cars: message sizes, encoding compared with ``json.dumps``, and reading its rows.

Run ``python -m benchmarks.tower_cost``. The race is simulated, and every car has every value. The dicts
contain the same rows by column name, as a program without columns would send them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from benchmarks.measuring import Spread, measure_in_turns
from f1timings.live.fanout.sheet import Contents, Sheet
from f1timings.live.fanout.views import RowSource
from f1timings.live.views import tower
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from f1timings.store import Stamped

RIG: Final = "192.168.1.21"
CARS: Final = 22
# During the second lap every car has a last lap, sectors and a gap.
_FROM_S, _UNTIL_S = 150.0, 170.0
_LOOKS_S: Final = 0.125
ROUNDS: Final = 15
AIM_BYTES, AIM_UPDATE_BYTES, AIM_RATIO = 2_100, 600, 20.0


class Race:
    """A running race whose tower is read at the same intervals as in the server.

    Attributes:
        states: the contents of the tower, one for each look.
        looks_us: the cost of each look, in microseconds.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._sessions = SessionWatch()
        pipeline = Pipeline(self._handle_entries)
        self.kind = tower.view(RigSources(pipeline, self._sessions, clock=lambda: self._now))
        self.states: list[Contents] = []
        self.looks_us: list[float] = []
        source = self.kind.build_source(RIG)
        source.start()
        due = _FROM_S
        for at, _, data in simulate(Scenario("race", 2025, laps=3, cars=CARS, seed=1, track_id=17)):
            if at > _UNTIL_S:
                break
            self._now = 1_795_363_000.0 + at
            pipeline.feed(data, RIG, 5000, 20777, self._now)
            if at >= due:
                due += _LOOKS_S
                self._look(source)

    def _handle_entries(self, entries: Sequence[Stamped]) -> None:
        self._sessions.handle_events(entry.event for entry in entries)

    def _look(self, source: RowSource) -> None:
        start = time.perf_counter_ns()
        contents = source.contents()
        self.looks_us.append((time.perf_counter_ns() - start) / 1000)
        assert contents is not None
        self.states.append(contents)

    def new_sheet(self) -> Sheet:
        """Return an empty sheet of this view."""
        return Sheet(f"tower:{RIG}", self.kind.columns, "5f0a91c2.4")


def update_sizes(race: Race) -> list[int]:
    """Return the size in bytes of the update after each look that changed the sheet."""
    sheet = race.new_sheet()
    changed = (sheet.apply(state) and sheet.seq > 1 for state in race.states)
    return [len(sheet.update(sheet.seq - 1).payload) for is_changed in changed if is_changed]


def snapshots_us(race: Race) -> float:
    """Return microseconds per snapshot, one after each look; only changed rows are encoded again."""
    sheet, spent = race.new_sheet(), 0
    for state in race.states:
        sheet.apply(state)
        start = time.perf_counter_ns()
        sheet.snapshot(1.0)
        spent += time.perf_counter_ns() - start
    return spent / len(race.states) / 1000


def dumps_us(race: Race) -> float:
    """Return microseconds per ``json.dumps`` of the same rows as dicts by column name."""
    spent = 0
    for state in race.states:
        message = build_dicts(race, state)
        start = time.perf_counter_ns()
        json.dumps(message)
        spent += time.perf_counter_ns() - start
    return spent / len(race.states) / 1000


def build_dicts(race: Race, state: Contents) -> dict[str, object]:
    """Return a state as a program without columns would send it."""
    names = [column.name for column in race.kind.columns]
    rows = [{"id": id_, **dict(zip(names, row, strict=True))} for id_, row in state.rows.items()]
    return {"view": f"tower:{RIG}", "seq": 1, "rows": rows, "facts": dict(state.facts)}


def main() -> None:
    """Print the figures."""
    race = Race()
    calls = {"ours": partial(snapshots_us, race), "json.dumps": partial(dumps_us, race)}
    results = measure_in_turns(calls, ROUNDS)
    sizes = sorted(update_sizes(race))
    newest, sheet = race.states[-1], race.new_sheet()
    sheet.apply(newest)
    size, dumped_size = len(sheet.snapshot(1.0).payload), len(json.dumps(build_dicts(race, newest)))
    rows_size = len(json.dumps([[id_, *row] for id_, row in newest.rows.items()], separators=(",", ":")))
    ratio = Spread.of_ratios(results["json.dumps"], results["ours"])
    print(f"a tower of {len(race.states[-1].rows)} cars, {len(race.kind.columns)} columns, {ROUNDS} rounds")
    print(
        f"  snapshot {size} bytes (aim: {AIM_BYTES}), {rows_size} of them rows, "
        f"{Spread.of(results['ours']):.1f} µs"
    )
    print(f"  json.dumps of dicts {dumped_size} bytes, {Spread.of(results['json.dumps']):.1f} µs")
    print(f"  {ratio:.1f} times faster (aim: at least {AIM_RATIO:g})")
    print(
        f"  {len(sizes)} updates of {len(race.states)} looks: median {sizes[len(sizes) // 2]} bytes, "
        f"p99 {sizes[int(len(sizes) * 0.99)]}, largest {sizes[-1]} (aim: {AIM_UPDATE_BYTES})"
    )
    print(f"  one look {Spread.of(race.looks_us):.0f} µs")


if __name__ == "__main__":
    main()
