"""A real server shows on its board the laps of simulated rigs, first by rig, then by assigned driver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from f1timings.simulator import TIMING_KINDS, ScenarioKind, scenario_for
from f1timings.simulator.sender import send
from tests.live.screens import ReceivedViews
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S


def best_laps(truth: dict[str, Any], sessions: list[Any]) -> dict[str, tuple[int, int]]:
    """The best valid lap of each rig's own car and its number of completed laps, by rig."""
    own: dict[str, dict[tuple[str, int], Any]] = {}
    for session in sessions:
        for driven in truth["sessions"]:
            if driven["session_uid"] == session["session_uid"]:
                own.setdefault(session["rig"], {}).update(
                    ((driven["session_uid"], lap["lap_number"]), lap)
                    for lap in driven["laps"]
                    if lap["car_index"] == session["player_car_index"] and lap["state"] == "completed"
                )
    return {
        rig: (min(lap["lap_time_ms"] for lap in laps.values() if lap["is_valid"]), len(laps))
        for rig, laps in own.items()
    }


def rows_by(board: Any, key: str) -> dict[str, tuple[int, int]]:
    return {row[key]: (row["best_lap_ms"], row["laps"]) for row in board["items"]}


@pytest.mark.parametrize("kind", ["hot_lap_evening", "lobby"])
def test_the_board_shows_the_laps_that_were_driven(kind: ScenarioKind, tmp_path: Path) -> None:
    scenario = scenario_for(kind, 2025, 3, laps=3, cars=4, rigs=2, rate_hz=20, kinds=TIMING_KINDS)
    with RunningServer(tmp_path / "data") as server:
        truth = send([scenario], "127.0.0.1", server.udp_port, speed=30.0).truth
        server.settled("/api/v1/laps")
        driven = best_laps(truth, server.everything("/api/v1/sessions"))
        board = server.get("/api/v1/leaderboard")
        assert len(driven) == 2
        assert driven == rows_by(board, "rig")
        assert [None, None] == [row["driver_id"] for row in board["items"]]

        token = server.token("marshal")
        names = dict(zip(sorted(driven), ("Ann", "Bob"), strict=True))
        for rig, name in names.items():
            driver = server.ask("POST", "/api/v1/drivers", {"name": name}, token).json
            since = "2020-01-01T00:00:00Z"
            assignment = {"driver_id": driver["id"], "since": since}
            answer = server.ask("POST", f"/api/v1/rigs/{rig}/assign", assignment, token)
            assert answer.status in (200, 201), answer
        board = server.get("/api/v1/leaderboard")
        assert {names[rig]: best for rig, best in driven.items()} == rows_by(board, "driver")
        assert {names[rig]: best[0] for rig, best in driven.items()} == best_laps_on_a_screen(server)


def best_laps_on_a_screen(server: RunningServer) -> dict[str, int]:
    """The best laps by name, as the view of the board shows them."""
    views = ReceivedViews()
    with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None) as screen:
        screen.send(json.dumps({"subscribe": ["board"]}))
        while not views.views.get("board", {}).get("rows"):
            message = json.loads(screen.recv(timeout=LONGEST_WAIT_S))
            if message.get("view") == "board":
                views.handle_message(message)
    board = views.views["board"]
    name, time = board["columns"].index("name"), board["columns"].index("best_lap_ms")
    return {row[name]: row[time] for row in board["rows"].values()}
