"""Screens that follow a rig say who sits there, as soon as somebody is assigned."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from tests.server.running import RunningServer


def driver_at(screen: ClientConnection, rig: str, wanted: str) -> bool:
    """Follow the view until the rig's row names that driver."""
    columns: list[str] = []
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        message: dict[str, Any] = json.loads(screen.recv(timeout=20))
        if "snapshot" in message:
            columns = message["snapshot"]["columns"]
            rows = {row[0]: dict(enumerate(row)) for row in message["snapshot"]["rows"]}
        else:
            rows = {
                key: {int(place): value for place, value in row.items() if place.isdigit()} if row else {}
                for key, row in message.get("rows", {}).items()
            }
        if columns and rows.get(rig, {}).get(columns.index("driver")) == wanted:
            return True
    return False


def test_a_rigs_row_names_whoever_sits_there(tmp_path: Path) -> None:
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
            assert driver_at(screen, rig, "Ann")
