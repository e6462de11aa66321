"""The laps of captures have the same ids and times again, at every stage of thinning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from f1timings.intake.captures.folder import iter_datagrams, list_capture_paths, list_captures
from f1timings.intake.datagrams import Datagram
from f1timings.intake.recorder.retention import LAST_STAGE
from f1timings.intake.recorder.rewrite import thin
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded
from f1timings.timing.records import Lap
from tests.intake.recorder.recording import EVENING, SMALL, recorded, recording, size_of

SCENARIOS = {
    "race": Scenario("race", 2025, laps=2, cars=4, rate_hz=20, pit_stops=1, flashbacks=1, track_id=17),
    "evening": Scenario("hot_lap_evening", 2024, laps=2, rigs=2, rate_hz=20, track_id=17),
}


@cache
def sent_datagrams(name: str) -> list[Datagram]:
    """Return all datagrams that the rigs of a scenario send."""
    return [
        Datagram(EVENING + at, f"192.168.1.{20 + rig}", 50_000 + rig, 20777, data)
        for at, rig, data in simulate(SCENARIOS[name])
    ]


def laps_of(datagrams: Iterable[Datagram]) -> dict[str, Lap]:
    """Return the last version of every lap by its id."""
    laps: dict[str, Lap] = {}

    def handle_entries(entries: Sequence[Stamped]) -> None:
        laps.update(
            {entry.event.lap.id: entry.event.lap for entry in entries if isinstance(entry.event, LapRecorded)}
        )

    pipeline = Pipeline(handle_entries)
    last = 0.0
    for last, address, port, listen_port, data in datagrams:
        pipeline.feed(data, address, port, listen_port, last)
        pipeline.tick(last)
    pipeline.finish(last)
    return laps


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_recording_in_many_files_gives_the_same_laps_at_every_stage(tmp_path: Path, name: str) -> None:
    live = laps_of(sent_datagrams(name))
    assert len(live) > 5
    with recording(tmp_path, rotation=replace(SMALL, max_bytes=4 * 1024 * 1024)) as run:
        for at in range(0, len(sent_datagrams(name)), 5_000):
            run.write(sent_datagrams(name)[at : at + 5_000])
    assert len(list_capture_paths(tmp_path)) > 2
    assert sent_datagrams(name) == recorded(tmp_path)
    sizes = [size_of(tmp_path)]
    for stage in range(1, LAST_STAGE + 1):
        for file in list_captures(tmp_path):
            list(thin(file, stage))
        sizes.append(size_of(tmp_path))
        assert live == laps_of(iter_datagrams(list_capture_paths(tmp_path)))
    assert sizes[0] > sizes[1] > sizes[2]
