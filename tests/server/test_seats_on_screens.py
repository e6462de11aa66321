"""Screens that follow a rig show its driver as soon as one is assigned."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S


def shows_driver(screen: ClientConnection, rig: str, driver: str) -> bool:
    """Follow the view until the row of the rig names that driver; False after 20 s."""
    columns: list[str] = []
    deadline = time.monotonic() + LONGEST_WAIT_S
    while time.monotonic() < deadline:
        message: dict[str, Any] = json.loads(screen.recv(timeout=LONGEST_WAIT_S))
        if "snapshot" in message:
            columns = message["snapshot"]["columns"]
            rows = {row[0]: dict(enumerate(row)) for row in message["snapshot"]["rows"]}
        else:
            rows = {
                key: {int(place): value for place, value in row.items() if place.isdigit()} if row else {}
                for key, row in message.get("rows", {}).items()
            }
        if columns and rows.get(rig, {}).get(columns.index("driver")) == driver:
            return True
    return False


def test_the_row_of_a_rig_names_its_driver(tmp_path: Path) -> None:
    scenario = Scenario(
        kind="time_trial", format=2025, laps=1, cars=1, seed=3, rate_hz=20, kinds=TIMING_KINDS
    )
    with RunningServer(tmp_path / "data") as server:
        token = server.token("marshal")
        send([scenario], "127.0.0.1", server.udp_port, speed=10.0, for_s=1.0)
        server.until(lambda: len(server.everything("/api/v1/rigs")) == 1)
        rig = server.everything("/api/v1/rigs")[0]["rig"]
        ann = server.ask("POST", "/api/v1/drivers", {"name": "Ann"}, token).json["id"]

        with connect(f"ws://127.0.0.1:{server.port}/ws") as screen:
            screen.send('{"subscribe": ["rigs"]}')
            server.ask("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": ann}, token)
            assert shows_driver(screen, rig, "Ann")
