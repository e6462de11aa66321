"""A server on a disk that is full for a while: screens say so, changes are refused, and no lap is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from f1timings.simulator import scenario_for
from f1timings.simulator.sender import send
from tests.server.running import RunningServer
from tests.small_disk import fill, mounted_disk
from tests.waiting import LONGEST_WAIT_S


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted_disk(tmp_path / "disk", 24) as disk:
        yield disk


def storage_trouble(screen: ClientConnection) -> Any:
    """What the next message about the storage says."""
    while "storage" not in (message := json.loads(screen.recv(timeout=LONGEST_WAIT_S))):
        pass
    return message["storage"]["trouble"]


def test_a_full_disk_is_shown_and_ends_by_itself(small_disk: Path) -> None:
    with RunningServer(small_disk / "data") as server:
        token = server.token("admin")
        with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None, max_queue=None) as screen:
            screen.send('{"subscribe": ["events"]}')
            filler = fill(small_disk)
            scenario = scenario_for("hot_lap_evening", 2025, 9, laps=1, rigs=1, cars=1, rate_hz=20)
            sent = send([scenario], "127.0.0.1", server.udp_port, speed=50.0)
            assert "full" == storage_trouble(screen)
            refusal = server.ask("POST", "/api/v1/drivers", {"name": "Ada"}, token=token)
            assert (503, "/docs#problem-not-stored") == (refusal.status, refusal.json["type"])
            assert refusal.json["detail"].startswith("The disk of the server is full. Nothing was changed")
            assert 503 == server.ask("GET", "/api/health/ready").status
            filler.unlink()
            assert storage_trouble(screen) is None
        driven = [lap["state"] for session in sent.truth["sessions"] for lap in session["laps"]]
        laps = server.settled("/api/v1/laps", state="completed")
        assert driven.count("completed") == len({lap["id"] for lap in laps}) == len(laps)
        assert 201 == server.ask("POST", "/api/v1/drivers", {"name": "Ada"}, token=token).status
