"""Screens that stop reading or vanish while rigs drive: no lap is late for the others, and all is freed."""

from __future__ import annotations

import json
import socket
import struct
from pathlib import Path
from typing import Any, Final

from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from tests.chaos.forms import count_of
from tests.chaos.ledger import Ledger, assert_as_driven, assert_nothing_lost, count_driven
from tests.server.running import RunningServer

_REQUEST: Final = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_SUBSCRIPTION: Final = json.dumps({"subscribe": ["events", "rigs"]}).encode()
# A text message from a client is masked, here by zeros.
_FRAME: Final = bytes((0x81, 0x80 | len(_SUBSCRIPTION), 0, 0, 0, 0)) + _SUBSCRIPTION
_SMALL_BYTES: Final = 4096


def open_viewer(server: RunningServer) -> socket.socket:
    """A screen that follows two views and has room for little that it does not read."""
    viewer = socket.socket()
    viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BYTES)
    viewer.connect(("127.0.0.1", server.port))
    viewer.sendall(_REQUEST.format(port=server.port).encode())
    assert viewer.recv(_SMALL_BYTES).startswith(b"HTTP/1.1 101 ")
    viewer.sendall(_FRAME)
    return viewer


def vanish(viewer: socket.socket) -> None:
    """End a connection without a word, as a phone that leaves the network."""
    viewer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    viewer.close()


def drive(server: RunningServer, seed: int) -> dict[str, Any]:
    """Drive two laps at each of two rigs; return the truth about them."""
    scenario = scenario_for(
        "hot_lap_evening", 2025, seed, laps=2, rigs=2, cars=1, rate_hz=20, kinds=TIMING_KINDS
    )
    return send([scenario], "127.0.0.1", server.udp_port, speed=100.0).truth


def test_viewers_that_vanish_or_do_not_read_hold_up_nobody(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server, Ledger(server) as ledger:
        token = server.token("admin")
        for seed in range(count_of(50, 1)):
            viewers = [open_viewer(server) for _ in range(40)]
            server.until(lambda: server.metrics(token)["viewers"] == 41)
            for viewer in viewers[::2]:
                vanish(viewer)
            truth = drive(server, seed)
            driven = count_driven(truth)
            server.until(lambda: driven_laps_announced(server, ledger, truth) == driven)  # noqa: B023
            for viewer in viewers[1::2]:
                vanish(viewer)
            server.until(lambda: server.metrics(token)["viewers"] == 1)
        assert {1} == set(ledger.announced.values())


def driven_laps_announced(server: RunningServer, ledger: Ledger, truth: dict[str, Any]) -> int:
    stored = assert_nothing_lost(ledger, server)
    return assert_as_driven(stored, truth) if len(stored) == len(ledger.laps) else 0
