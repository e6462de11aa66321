"""An evening with a stray rig: no screen, typed lap or older client follows it to another circuit."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from tests.sending import driving
from tests.server.running import RunningServer
from tests.server.test_clock_durations import step
from tests.server.test_clock_steps import DAY_S, HOUR_S, SteppedWall, wall
from tests.waiting import LONGEST_WAIT_S

__all__ = ["wall"]

_MONZA, _SPA, _RIGS = 11, 10, 3
_SPEED = 20.0


class Room:
    """A server, its marshal, and what its rigs have opened."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.token = server.token("marshal")

    def shown(self) -> set[str | None]:
        """The circuit in every place that shows one."""
        return {
            self.server.get("/api/v1/meeting")["current_circuit"],
            self.server.get("/api/v1/leaderboard")["circuit"] or None,
            self.server.get("/api/track")["name"] or None,
        }

    def keeps_monza_until_laps_at_spa(self, count: int) -> None:
        """Look at the shown circuit until so many more laps at Spa are official."""
        before = self.laps_at_spa()

        def are_official() -> bool:
            assert {"Monza"} == self.shown()
            return self.laps_at_spa() >= before + count

        self.server.until(are_official)
        assert "Monza" == self.type_lap("Anna")["circuit"]

    def laps_at_spa(self) -> int:
        boards = self.server.get("/api/v1/boards")["items"]
        return sum(board["laps"] for board in boards if board["circuit"] == "Spa")

    def type_lap(self, name: str) -> Any:
        """Type a lap without a circuit."""
        answer = self.server.ask("POST", "/api/v1/laps", {"driver": name, "time": "1:59.000"}, self.token)
        assert answer.status == 201, answer
        return answer.json


@contextmanager
def open_room(folder: Path, monkeypatch: pytest.MonkeyPatch, *, wait_s: int) -> Iterator[Room]:
    """A server that changes the circuit after this wait."""
    monkeypatch.setenv("F1TIMINGS_CIRCUIT_WAIT_S", str(wait_s))
    with RunningServer(folder / "data") as server:
        yield Room(server)


def laps(track_id: int, seed: int, *, laps: int, rigs: int = 1, sessions: int = 1) -> Scenario:
    return Scenario(
        kind="hot_lap_evening", format=2025, laps=laps, cars=1, seed=seed, rate_hz=20, rigs=rigs,
        track_id=track_id, sessions=sessions, kinds=TIMING_KINDS,
    )  # fmt: skip


def test_a_stray_rig_takes_nothing_with_it_though_the_clock_is_set_and_the_server_crashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wall: SteppedWall
) -> None:
    with open_room(tmp_path, monkeypatch, wait_s=HOUR_S) as room:
        server = room.server
        most = laps(_MONZA, 1, rigs=_RIGS, laps=30)
        with driving([most], server.udp_port, speed=_SPEED):
            server.until(lambda: room.shown() == {"Monza"})
        # The stray rig begins a session again and again: each one is the newest session of all.
        with driving([most, laps(_SPA, 2, laps=1, sessions=20)], server.udp_port, speed=_SPEED):
            room.keeps_monza_until_laps_at_spa(1)
            step(server, wall, DAY_S, is_restarted=False)
            room.keeps_monza_until_laps_at_spa(1)
            server.kill()
            server.start()
            room.keeps_monza_until_laps_at_spa(1)
        # After a restart the stray rig drives alone. No step of the clock ends its wait.
        server.stop()
        wall.step(DAY_S - HOUR_S)
        server.start()
        with driving([laps(_SPA, 3, laps=1, sessions=20)], server.udp_port, speed=_SPEED):
            room.keeps_monza_until_laps_at_spa(1)
            step(server, wall, 2 * DAY_S, is_restarted=False)
            room.keeps_monza_until_laps_at_spa(1)


def test_the_room_follows_when_most_of_its_rigs_have_moved_and_tells_every_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_room(tmp_path, monkeypatch, wait_s=2) as room:
        server = room.server
        send([laps(_MONZA, 1, rigs=_RIGS, laps=1)], "127.0.0.1", server.udp_port, speed=_SPEED)
        server.until(lambda: room.shown() == {"Monza"})
        # The rigs keep their addresses: the first two move to Spa, the third one stays at Monza.
        moved = [laps(_SPA, 4, rigs=2, laps=30), laps(_MONZA, 5, laps=30)]
        address = f"ws://127.0.0.1:{server.port}/ws"
        with connect(address, proxy=None) as screen, connect(address, proxy=None) as older:
            screen.send('{"subscribe": ["events"]}')
            with driving(moved, server.udp_port, speed=_SPEED):
                changed = receive(screen, lambda message: message.get("event") == "circuit_changed")
                # A client of the older program sends nothing, and gets its own kind of message.
                update = receive(older, lambda message: message["type"] == "track_update")
                assert {"Spa"} == room.shown()
        assert {"meeting_id": server.get("/api/v1/meeting")["id"], "circuit": "Spa"} == changed["data"]
        assert {"name": "Spa"} == update["data"]


def receive(screen: ClientConnection, is_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Receive messages up to the first wanted one."""
    deadline = time.monotonic() + LONGEST_WAIT_S
    while True:
        message: dict[str, Any] = json.loads(screen.recv(timeout=deadline - time.monotonic()))
        if is_wanted(message):
            return message
