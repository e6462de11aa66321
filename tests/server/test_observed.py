"""A real server: its metrics and its figures about losses are true, and SIGTERM loses nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from f1timings.intake.captures.folder import iter_datagrams, list_capture_paths
from f1timings.pipeline import Pipeline
from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded
from f1timings.timing.records import LapState
from tests.sending import driving
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S


def test_the_metrics_of_a_driven_server_are_its_own_figures(tmp_path: Path) -> None:
    scenario = Scenario("time_trial", 2025, laps=1, cars=1, seed=5, rate_hz=20)
    with RunningServer(tmp_path / "evening") as server:
        viewer, marshal = server.token("viewer"), server.token("marshal")
        sent = 0

        def has_sent() -> bool:
            nonlocal sent
            sent += send([scenario], "127.0.0.1", server.udp_port, speed=20.0, for_s=1.0).datagrams.total()
            return sent > 0

        server.until(has_sent)
        server.until(lambda: server.metrics(viewer)["datagrams_total"] == sent)
        server.until(lambda: server.metrics(viewer)["committed_records_total"] > 0)
        found = server.metrics(viewer)
        assert (0, 1) == (found["kernel_dropped_datagrams_total"], found["database_up"])
        assert found["commit_seconds_count"] > 0
        assert found["disk_free_bytes"] > 0
        assert found["process_resident_memory_bytes"] > 0
        losses = server.ask("GET", "/api/v1/losses", token=marshal).json
        assert sent == losses["datagrams"]
        assert dict.fromkeys(("kernel", "receiving", "waiting", "refused", "processing", "records"), 0) == {
            cause["name"]: cause["count"]
            for cause in losses["causes"]
            if cause["name"] not in ("network", "captures")
        }


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_ended_while_laps_are_driven_commits_all_that_it_received(
    tmp_path: Path, ending: signal.Signals
) -> None:
    scenario = Scenario(
        "hot_lap_evening", 2025, laps=30, rigs=2, cars=1, seed=5, rate_hz=20, kinds=TIMING_KINDS
    )
    with RunningServer(tmp_path / "evening") as server:
        with driving([scenario], server.udp_port, speed=40.0):
            server.until(lambda: len(server.everything("/api/v1/laps", state="completed")) > 3)
            process = server._process
            assert process is not None
            os.kill(process.pid, ending)
            assert 0 == process.wait(LONGEST_WAIT_S)
        server.start()
        stored = {lap["id"] for lap in server.everything("/api/v1/laps", state="completed")}
    assert stored == completed_laps(server.data_dir / "captures")


def completed_laps(captures: Path) -> set[str]:
    """The ids of the laps that the received datagrams complete."""
    laps: set[str] = set()

    def note(entries: Sequence[Stamped]) -> None:
        records = [entry.event.lap for entry in entries if isinstance(entry.event, LapRecorded)]
        laps.update(lap.id for lap in records if lap.state == LapState.COMPLETED)

    pipeline = Pipeline(note)
    for received_at, address, port, listen_port, data in iter_datagrams(list_capture_paths(captures)):
        pipeline.feed(data, address, port, listen_port, received_at)
    return laps
