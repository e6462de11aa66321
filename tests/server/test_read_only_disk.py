"""A disk that the system makes read-only while a server runs: laps wait, and are stored after the repair."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from f1timings.simulator import scenario_for
from f1timings.simulator.sender import send
from tests.migrated import copy_migrated
from tests.server.running import RunningServer
from tests.server.test_full_disk import storage_trouble
from tests.small_disk import FailingDisk, failing_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[FailingDisk]:
    with failing_disk(tmp_path / "disk") as disk:
        yield disk


def test_laps_wait_in_the_second_spool_and_are_stored_once_after_the_repair(
    disk: FailingDisk, tmp_path: Path
) -> None:
    copy_migrated(disk.folder)
    spool = tmp_path / "spool"
    spool.mkdir()
    server = RunningServer(disk.folder)
    scenario = scenario_for("hot_lap_evening", 2025, 9, laps=1, rigs=1, cars=1, rate_hz=20)
    try:
        server.start("--spool-folder", str(spool))
        token = server.token("admin")
        with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None, max_queue=None) as screen:
            screen.send('{"subscribe": ["events"]}')
            disk.fail()
            sent = send([scenario], "127.0.0.1", server.udp_port, speed=50.0)
            assert "read-only" == storage_trouble(screen)
        refusal = server.ask("POST", "/api/v1/drivers", {"name": "Ada"}, token=token)
        assert (503, "/docs#problem-not-stored") == (refusal.status, refusal.json["type"])
        server.until(lambda: server.metrics(token)["waiting_datagrams"] == 0)
        server.until(
            lambda: server.metrics(token)["spooled_records"] == server.metrics(token)["queued_records"]
        )
        assert 0 < server.metrics(token)["spooled_records"]
        server.kill()
        disk.mend()
        server.start("--spool-folder", str(spool))
        laps = server.settled("/api/v1/laps", state="completed")
        assert 201 == server.ask("POST", "/api/v1/drivers", {"name": "Ada"}, token=token).status
    finally:
        server.kill()
    driven = [lap["state"] for session in sent.truth["sessions"] for lap in session["laps"]]
    assert 0 < driven.count("completed") == len({lap["id"] for lap in laps}) == len(laps)
