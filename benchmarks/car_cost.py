"""Measure what a live car costs the server: reading its row, and building its binary frames.

Run ``python -m benchmarks.car_cost``. The race is simulated with 22 cars at 60 Hz. The figures are processor
time of this thread, so other programs disturb them little.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from benchmarks.measuring import Spread
from f1timings.live.fanout.sheet import Sheet
from f1timings.live.views import car
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate

RIG: Final = "192.168.1.21"
# During the second lap every car has a last lap and sectors.
_FROM_S, _UNTIL_S = 100.0, 130.0


def measure() -> tuple[list[float], list[float], list[int]]:
    """Drive the race. Returns µs per row with its update, µs per frame, and the bytes of the updates."""
    now = 0.0
    sessions = SessionWatch()
    pipeline = Pipeline(lambda entries: sessions.handle_events(entry.event for entry in entries))
    kind = car.view(RigSources(pipeline, sessions, clock=lambda: now))
    source = kind.build_source(RIG)
    source.start()
    sheet = Sheet(f"car:{RIG}", kind.columns, "5f0a91c2.4")
    rows_us: list[float] = []
    frames_us: list[float] = []
    sizes: list[int] = []

    def look() -> None:
        contents = source.contents()
        if contents is not None and sheet.apply(contents) and sheet.seq > 1:
            sizes.append(len(sheet.update(sheet.seq - 1).payload))

    def frame() -> None:
        if source.frame is not None:
            source.frame(7, 3)

    due, looks = _FROM_S, 0
    for at, _, data in simulate(Scenario("race", 2025, laps=3, cars=22, seed=1, track_id=17)):
        if at > _UNTIL_S:
            break
        now = 1_795_363_000.0 + at
        pipeline.feed(data, RIG, 5000, 20777, now)
        if at >= due:
            due += kind.period_s
            frames_us.append(_spent_us(frame))
            if looks % kind.rows_every == 0:
                rows_us.append(_spent_us(look))
            looks += 1
    return rows_us, frames_us, sizes


def _spent_us(call: Callable[[], None]) -> float:
    start = time.thread_time_ns()
    call()
    return (time.thread_time_ns() - start) / 1000


def main() -> None:
    """Print the figures."""
    rows_us, frames_us, sizes = measure()
    share = (sum(rows_us) + sum(frames_us)) / 1e6 / (_UNTIL_S - _FROM_S)
    sizes.sort()
    print(f"one car of 22, {len(rows_us)} rows and {len(frames_us)} frames in {_UNTIL_S - _FROM_S:.0f} s")
    print(f"  a row with its update {Spread.of(rows_us):.0f} µs, {sizes[len(sizes) // 2]} bytes")
    print(f"  a frame {Spread.of(frames_us):.0f} µs, 40 bytes")
    print(f"  together {share:.2%} of a core, without sending")


if __name__ == "__main__":
    main()
