"""A server with one lap that has a trace, for the tests of its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np

from f1timings.store import Stamped, StoredEvent
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.timing.records import Lap
from f1timings.traces.blobs import encode
from f1timings.traces.lap_trace import LapTrace
from tests.traces.test_blobs import lap_like
from tests.web import records
from tests.web.world import open_client, open_world, serve


@contextmanager
def lap_served(folder: Path, lap: Lap, gaps: Mapping[str, slice], *bare: Lap) -> Iterator[httpx.Client]:
    """Serve a lap with a trace.

    Args:
        gaps: by channel, the samples that are gaps.
        bare: laps without a trace.
    """
    trace = lap_like(2)
    lost = {name: np.zeros(len(trace), np.bool_) for name in gaps}
    for name, samples in gaps.items():
        lost[name][samples] = True
    lap_trace = LapTrace.of_blob(encode(replace(trace, gaps=lost)))
    events: list[StoredEvent] = [records.rig(), SessionChanged(records.session())]
    events += map(LapRecorded, (lap, *bare))
    entries = [Stamped(1_795_000_000.0, event) for event in events]
    entries[2] = entries[2]._replace(trace=lap_trace)
    with open_world(folder) as world:
        world.store.submit(entries)
        world.store.flush()
        with serve(world.app) as address, open_client(f"http://{address}") as client:
            yield client
