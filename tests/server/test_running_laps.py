"""A real server compares the running lap of a simulated rig with its best lap, and predicts where it ends."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from f1timings.simulator import TIMING_KINDS, Scenario
from tests.live.screens import ReceivedViews
from tests.sending import driving
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S

# A board is read once a second at most: a quarter of a lap later at this speed.
_SPEED = 15.0


def test_the_last_prediction_of_a_lap_is_close_to_its_time(tmp_path: Path) -> None:
    scenario = Scenario(
        "time_trial", 2025, laps=3, cars=1, seed=3, rate_hz=20, track_id=17, kinds=TIMING_KINDS
    )
    with RunningServer(tmp_path / "data") as server:
        with driving([scenario], server.udp_port, speed=_SPEED):
            rows = rows_of_rigs(server, lambda row: row["lap"] == 3)
            # The rig shows its next lap before the lap is stored.
            server.until(lambda: 2 in lap_times(server))
        laps = lap_times(server)
        predicted = {row["lap"]: row["predicted_ms"] for row in rows if row["predicted_ms"] is not None}
        compared = [row for row in rows if row["delta_best_ms"] is not None]
        assert {2} == predicted.keys()
        assert abs(predicted[2] - laps[2]) < 1_000
        assert all(row["predicted_ms"] is None for row in rows if row["sector"] == 1)
        assert {row["entrant"] for row in compared} == {f"r:{row['id']}" for row in rows[:1]}
        # Nobody else is on the board.
        assert {None} == {row[name] for row in compared for name in ("delta_first_ms", "delta_next_ms")}


def lap_times(server: RunningServer) -> dict[int, int]:
    """The times of the laps stored so far, in milliseconds, by lap number."""
    return {lap["lap_number"]: lap["lap_time_ms"] for lap in server.everything("/api/v1/laps")}


def rows_of_rigs(server: RunningServer, is_last: Any) -> list[dict[str, Any]]:
    """The rows of the only rig, each as it was after an update, until one is the last."""
    views, rows = ReceivedViews(), []
    deadline = time.monotonic() + LONGEST_WAIT_S
    with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None) as screen:
        screen.send(json.dumps({"subscribe": ["rigs"]}))
        while time.monotonic() < deadline:
            message = json.loads(screen.recv(timeout=LONGEST_WAIT_S))
            if message.get("view") != "rigs":
                continue
            views.handle_message(message)
            view = views.views["rigs"]
            for row in view["rows"].values():
                rows.append(dict(zip(view["columns"], row, strict=True)))
                if is_last(rows[-1]):
                    return rows
    raise AssertionError("the rig has not reached the last lap")
