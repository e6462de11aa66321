"""Screens that follow a rig show its driver as soon as one is assigned, or leaves."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from f1timings.simulator import TIMING_KINDS, Scenario
from tests.sending import switch_on
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S


class RigsScreen:
    """A screen that follows the view of the rigs."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._driver_column = -1
        connection.send('{"subscribe": ["rigs"]}')

    def shows_driver(self, rig: str, driver: str | None) -> bool:
        """Follow the view until the row of the rig changes to that driver; False if it never does."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while time.monotonic() < deadline:
            row = self._next_rows().get(rig, {})
            if self._driver_column in row and row[self._driver_column] == driver:
                return True
        return False

    def _next_rows(self) -> dict[str, dict[int, Any]]:
        """The rows of the next message, values by the place of their column; changed values only."""
        message: dict[str, Any] = json.loads(self._connection.recv(timeout=LONGEST_WAIT_S))
        if "snapshot" in message:
            self._driver_column = message["snapshot"]["columns"].index("driver")
            return {row[0]: dict(enumerate(row)) for row in message["snapshot"]["rows"]}
        return {
            key: {int(place): value for place, value in row.items() if place.isdigit()} if row else {}
            for key, row in message.get("rows", {}).items()
        }


def test_the_row_of_a_rig_names_its_driver_until_the_next_meeting_opens(tmp_path: Path) -> None:
    scenario = Scenario(
        kind="time_trial", format=2025, laps=1, cars=1, seed=3, rate_hz=20, kinds=TIMING_KINDS
    )
    with RunningServer(tmp_path / "data") as server:
        token = server.token("marshal")
        (rig,) = switch_on(scenario, server)
        ann = server.ask("POST", "/api/v1/drivers", {"name": "Ann"}, token).json["id"]

        with connect(f"ws://127.0.0.1:{server.port}/ws") as connection:
            screen = RigsScreen(connection)
            server.ask("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": ann}, token)
            assert screen.shows_driver(rig, "Ann")

            server.ask("POST", "/api/v1/meetings", {"name": "Friday"}, token)
            assert screen.shows_driver(rig, None)
            assert server.everything("/api/v1/rigs")[0]["driver"] is None

            opening = server.ask("GET", "/api/v1/acts", None, token).json["items"][0]
            server.ask("POST", f"/api/v1/acts/{opening['id']}/undo", None, token)
            assert screen.shows_driver(rig, "Ann")

            # Opening the meeting that is open already ends no seat.
            meeting = server.get("/api/v1/meeting")
            body = {"version": meeting["version"]}
            server.ask("POST", f"/api/v1/meetings/{meeting['id']}/open", body, token)
            assert server.everything("/api/v1/rigs")[0]["driver"]["name"] == "Ann"
