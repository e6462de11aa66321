"""What a tower of 22 cars costs: its size, its encoding against ``json.dumps`` of dicts, and one look at it.

Run ``python -m benchmarks.tower_cost``. The race is simulated, every car has every value; the dicts hold the
same rows by the names of their columns, as a program without columns would send them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from benchmarks.measuring import Spread, in_turns
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
# In the second lap, when every car has a last lap, sectors and a gap.
_FROM_S, _UNTIL_S = 150.0, 170.0
_LOOKS_S: Final = 0.125
ROUNDS: Final = 15
AIM_BYTES, AIM_UPDATE_BYTES, AIM_RATIO = 2_100, 600, 20.0


class Race:
    """A race under way, looked at as the server does.

    Attributes:
        states: what the tower showed, look by look.
        looks_us: what each look cost.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._sessions = SessionWatch()
        pipeline = Pipeline(self._keep)
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

    def _keep(self, entries: Sequence[Stamped]) -> None:
        self._sessions.handle_events(entry.event for entry in entries)

    def _look(self, source: RowSource) -> None:
        begun = time.perf_counter_ns()
        contents = source.contents()
        self.looks_us.append((time.perf_counter_ns() - begun) / 1000)
        assert contents is not None
        self.states.append(contents)

    def sheet(self) -> Sheet:
        """A sheet of this view."""
        return Sheet(f"tower:{RIG}", self.kind.columns, "5f0a91c2.4")


def update_sizes(race: Race) -> list[int]:
    """Bytes of the updates, one a look."""
    sheet = race.sheet()
    changed = (sheet.apply(state) and sheet.seq > 1 for state in race.states)
    return [len(sheet.update(sheet.seq - 1).payload) for is_changed in changed if is_changed]


def snapshots_us(race: Race) -> float:
    """Microseconds a snapshot, of one after each look: what changed since the one before is encoded anew."""
    sheet, spent = race.sheet(), 0
    for state in race.states:
        sheet.apply(state)
        begun = time.perf_counter_ns()
        sheet.snapshot(1.0)
        spent += time.perf_counter_ns() - begun
    return spent / len(race.states) / 1000


def dumps_us(race: Race) -> float:
    """The same of rows as dicts by the names of their columns."""
    spent = 0
    for state in race.states:
        message = as_dicts(race, state)
        begun = time.perf_counter_ns()
        json.dumps(message)
        spent += time.perf_counter_ns() - begun
    return spent / len(race.states) / 1000


def as_dicts(race: Race, state: Contents) -> dict[str, object]:
    """A state without columns."""
    names = [column.name for column in race.kind.columns]
    rows = [{"id": id_, **dict(zip(names, row, strict=True))} for id_, row in state.rows.items()]
    return {"view": f"tower:{RIG}", "seq": 1, "rows": rows, "facts": dict(state.facts)}


def main() -> None:
    """Print the figures."""
    race = Race()
    calls = {"ours": partial(snapshots_us, race), "json.dumps": partial(dumps_us, race)}
    found = in_turns(calls, ROUNDS)
    sizes = sorted(update_sizes(race))
    newest, sheet = race.states[-1], race.sheet()
    sheet.apply(newest)
    whole, dumped = len(sheet.snapshot(1.0).payload), len(json.dumps(as_dicts(race, newest)))
    rows = len(json.dumps([[id_, *row] for id_, row in newest.rows.items()], separators=(",", ":")))
    ratio = Spread.of_ratios(found["json.dumps"], found["ours"])
    print(f"a tower of {len(race.states[-1].rows)} cars, {len(race.kind.columns)} columns, {ROUNDS} rounds")
    print(
        f"  snapshot {whole} bytes (aim: {AIM_BYTES}), {rows} of them rows, {Spread.of(found['ours']):.1f} µs"
    )
    print(f"  json.dumps of dicts {dumped} bytes, {Spread.of(found['json.dumps']):.1f} µs")
    print(f"  faster {ratio:.1f} times (aim: {AIM_RATIO:g} at least)")
    print(
        f"  {len(sizes)} updates of {len(race.states)} looks: median {sizes[len(sizes) // 2]} bytes, "
        f"p99 {sizes[int(len(sizes) * 0.99)]}, largest {sizes[-1]} (aim: {AIM_UPDATE_BYTES})"
    )
    print(f"  one look {Spread.of(race.looks_us):.0f} µs")


if __name__ == "__main__":
    main()
