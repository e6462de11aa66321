"""A rig with a new address: joined by the staff, it is one rig for laps, live views and after a restart."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.simulation import simulate
from tests.command_line import output_of
from tests.live.screens import ReceivedViews
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S

OLD, NEW = "127.0.0.2", "127.0.0.3"


def drive(
    server: RunningServer,
    address: str,
    seed: int,
    *,
    speed: float = 30.0,
    stop: threading.Event | None = None,
) -> None:
    """Drive two laps from an address, or up to the moment at which ``stop`` is set."""
    scenario = Scenario(
        kind="time_trial",
        format=2025,
        laps=2,
        cars=1,
        seed=seed,
        track_id=11,
        rate_hz=20,
        kinds=TIMING_KINDS | {"car_telemetry"},
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp_socket:
        udp_socket.bind((address, 0))
        started = time.monotonic()
        for at, _rig, data in simulate(scenario):
            time.sleep(max(0.0, started + at / speed - time.monotonic()))
            if stop is not None and stop.is_set():
                return
            udp_socket.sendto(data, ("127.0.0.1", server.udp_port))


@contextmanager
def driving(server: RunningServer, address: str, seed: int) -> Iterator[None]:
    """Drive from an address until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=drive, args=(server, address, seed), kwargs={"speed": 1.0, "stop": stop})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


class Screen:
    """A screen that follows views."""

    def __init__(self, connection: ClientConnection, *views: str) -> None:
        self._connection = connection
        self._received = ReceivedViews()
        self.events: list[dict[str, Any]] = []
        connection.send(json.dumps({"subscribe": [*views, "events"]}))

    def until(self, condition: Any) -> None:
        """Receive until a condition on the views is met."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while not condition(self._received.views):
            assert time.monotonic() < deadline, self._received.views
            received = self._connection.recv(timeout=LONGEST_WAIT_S)
            if isinstance(received, bytes):
                continue  # a frame of the car
            message = json.loads(received)
            if message.get("view", "events") == "events":
                self.events.append(message)
            else:
                self._received.handle_message(message)


def laps(server: RunningServer, rig: str) -> list[Any]:
    return [lap["id"] for lap in server.everything("/api/v1/laps", rig=rig, state="completed")]


def rigs(server: RunningServer) -> list[str]:
    return [rig["rig"] for rig in server.everything("/api/v1/rigs")]


def test_a_rig_with_a_new_address_is_one_rig_after_the_join_and_two_after_undoing_it(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        token = server.token("marshal")
        drive(server, OLD, seed=3)
        ann = server.ask("POST", "/api/v1/drivers", {"name": "Ann"}, token).json["id"]
        server.ask("POST", f"/api/v1/rigs/{OLD}/assign", {"driver_id": ann}, token)
        drive(server, NEW, seed=4)
        server.until(lambda: len(laps(server, OLD)) == 2 and len(laps(server, NEW)) == 2)
        board_before = server.get("/api/v1/leaderboard")

        joined = server.ask("POST", f"/api/v1/rigs/{NEW}/join", {"into": OLD, "version": 0}, token)
        assert (200, OLD) == (joined.status, joined.json["rig"]), joined
        assert [("Rig 2", NEW)] == [(each["label"], each["rig"]) for each in joined.json["joined"]]
        assert [OLD] == rigs(server)
        assert laps(server, OLD) == laps(server, NEW)
        assert 4 == len(laps(server, OLD))

        listed, board = server.everything("/api/v1/laps"), server.get("/api/v1/leaderboard")
        server.stop()
        output_of("rebuild", "--data-dir", server.data_dir)
        server.start()
        assert [OLD] == rigs(server)
        assert (listed, board) == (server.everything("/api/v1/laps"), server.get("/api/v1/leaderboard"))
        with connect(f"ws://127.0.0.1:{server.port}/ws") as connection, driving(server, NEW, seed=5):
            screen = Screen(connection, "rigs", f"tower:{OLD}", f"car:{NEW}")
            screen.until(
                lambda views: (
                    {"rigs", f"tower:{OLD}", f"car:{NEW}"} <= views.keys()
                    and [OLD] == list(views["rigs"]["rows"])
                    and views[f"tower:{OLD}"]["facts"]["state"] == "live"
                    and views[f"car:{NEW}"]["facts"]["state"] == "live"
                    and _speeds(views[f"car:{NEW}"]) != [None]
                )
            )
            order = server.get(f"/api/v1/rigs/{OLD}/order")
            assert 1 == len(order["items"])
            assert order["session_id"].startswith(NEW)
            assert server.everything("/api/v1/rigs")[0]["is_live"] is True
        drive(server, NEW, seed=6)
        server.until(lambda: len(laps(server, OLD)) == 6)
        newest = server.everything("/api/v1/laps", sort="-official_at")[0]
        assert (OLD, "Ann") == (newest["rig"], newest["driver"])

        act_id = joined.json["joined"][0]["act_id"]
        assert 200 == server.ask("POST", f"/api/v1/acts/{act_id}/undo", None, token).status
        assert {OLD, NEW} == set(rigs(server))
        assert (2, 4) == (len(laps(server, OLD)), len(laps(server, NEW)))
        entries = {entry["entrant"]: entry["laps"] for entry in server.get("/api/v1/leaderboard")["items"]}
        assert {entry["entrant"]: entry["laps"] for entry in board_before["items"]} | {
            f"r:{NEW}": entries[f"r:{NEW}"]
        } == entries


def _speeds(view: dict[str, Any]) -> list[Any]:
    column = view["columns"].index("speed_kmh")
    return [row[column] for row in view["rows"].values()] or [None]


def test_two_rigs_that_send_at_the_same_time_are_not_joined(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        token = server.token("marshal")
        with driving(server, OLD, seed=3), driving(server, NEW, seed=4):
            server.until(lambda: sorted(rigs(server)) == [OLD, NEW] and _are_live(server))
            refused = server.ask("POST", f"/api/v1/rigs/{NEW}/join", {"into": OLD, "version": 0}, token)

        assert 409 == refused.status
        assert "send at the same time, so they are two rigs." in refused.json["detail"]
        assert [OLD, NEW] == sorted(rigs(server))


def _are_live(server: RunningServer) -> bool:
    return all(rig["is_live"] for rig in server.everything("/api/v1/rigs"))
