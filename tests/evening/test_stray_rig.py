"""An evening with a stray rig: no screen, typed lap or older client follows it to another circuit."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S

_MONZA, _SPA, _RIGS = 11, 10, 3
_SPEED = 20.0


class Room:
    """A server, its marshal, and rigs that drive in the background."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.token = server.token("marshal")
        self._senders: list[threading.Thread] = []

    def drive(self, *rounds: Scenario) -> None:
        """Let the rigs drive until they have finished; :meth:`wait` waits for them."""
        sender = threading.Thread(
            target=lambda: send(rounds, "127.0.0.1", self.server.udp_port, speed=_SPEED)
        )
        sender.start()
        self._senders.append(sender)

    def wait(self) -> None:
        for sender in self._senders:
            sender.join(120)

    @property
    def is_driving(self) -> bool:
        return any(sender.is_alive() for sender in self._senders)

    def shown(self) -> set[str | None]:
        """The circuit in every place that shows one."""
        return {
            self.server.get("/api/v1/meeting")["current_circuit"],
            self.server.get("/api/v1/leaderboard")["circuit"] or None,
            self.server.get("/api/track")["name"] or None,
        }

    def type_lap(self, name: str) -> Any:
        """Type a lap without a circuit."""
        answer = self.server.ask("POST", "/api/v1/laps", {"driver": name, "time": "1:59.000"}, self.token)
        assert answer.status == 201, answer
        return answer.json

    def circuits_of_sessions(self) -> set[str]:
        return {session["track"] for session in self.server.everything("/api/v1/sessions")}


def laps(track_id: int, seed: int, *, laps: int, rigs: int = 1, sessions: int = 1) -> Scenario:
    return Scenario(
        kind="hot_lap_evening", format=2025, laps=laps, cars=1, seed=seed, rate_hz=20, rigs=rigs,
        track_id=track_id, sessions=sessions, kinds=TIMING_KINDS,
    )  # fmt: skip


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setenv("F1TIMINGS_CIRCUIT_HOLD_S", "2")
    with RunningServer(tmp_path / "data") as server:
        yield Room(server)


@pytest.mark.timeout(300)
def test_a_stray_rig_takes_nothing_with_it_also_not_across_a_crash(room: Room) -> None:
    server = room.server
    # The stray rig begins a session again and again: each one is the newest session of all.
    room.drive(laps(_MONZA, 1, rigs=_RIGS, laps=8), laps(_SPA, 2, laps=1, sessions=4))
    server.until(lambda: room.circuits_of_sessions() >= {"Monza", "Spa"})
    server.until(lambda: room.shown() == {"Monza"})
    assert "Monza" == room.type_lap("Anna")["circuit"]
    server.kill()
    server.start()
    assert {"Monza"} == room.shown()
    assert "Monza" == room.type_lap("Bob")["circuit"]
    while room.is_driving:
        assert {"Monza"} == room.shown()
    room.wait()

    # Nobody is lost: the stray rig's laps are on their own board.
    boards = {board["circuit"] for board in server.get("/api/v1/boards")["items"]}
    assert {"Monza", "Spa"} <= boards


@pytest.mark.timeout(300)
def test_the_room_follows_when_most_of_its_rigs_have_moved_and_tells_every_screen(room: Room) -> None:
    server = room.server
    send([laps(_MONZA, 1, rigs=_RIGS, laps=1)], "127.0.0.1", server.udp_port, speed=_SPEED)
    assert {"Monza"} == room.shown()
    address = f"ws://127.0.0.1:{server.port}/ws"
    with connect(address, proxy=None) as screen, connect(address, proxy=None) as older:
        screen.send('{"subscribe": ["events"]}')
        # The rigs keep their addresses: the first two move to Spa, the third one stays at Monza.
        room.drive(laps(_SPA, 4, rigs=2, laps=8), laps(_MONZA, 5, laps=8))
        server.until(lambda: "Spa" in room.circuits_of_sessions())
        while (message := json.loads(screen.recv(timeout=LONGEST_WAIT_S))).get("event") != "circuit_changed":
            pass
        # A client of the older program sends nothing, and gets its own kind of message.
        while (update := json.loads(older.recv(timeout=LONGEST_WAIT_S)))["type"] != "track_update":
            pass
        assert {"name": "Spa"} == update["data"]
    meeting_id = server.get("/api/v1/meeting")["id"]
    assert {"meeting_id": meeting_id, "circuit": "Spa"} == message["data"]
    assert {"Spa"} == room.shown()
    room.wait()
