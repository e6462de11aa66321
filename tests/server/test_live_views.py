"""Recordings of real games, sent to a real server over UDP, appear in the views of the tower, map and car."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from f1timings.intake.captures.reader import open_capture
from f1timings.live.views.map import MapFrame, read_frame
from f1timings.live.views.own_car.frame import DrivingFrame, read_driving_frame
from tests.live.screens import ReceivedViews
from tests.server.running import RunningServer, read_until_stable
from tests.shared import REAL_PACKETS, needs_shared
from tests.waiting import LONGEST_WAIT_S

RIG = "127.0.0.1"
RECORDINGS = sorted(path.stem for path in REAL_PACKETS.glob("*.pcap"))
_PACE = 50
pytestmark = needs_shared


def payloads(recording: str) -> list[bytes]:
    with open_capture(REAL_PACKETS / f"{recording}.pcap") as capture:
        return [datagram.data for datagram in capture]


class Follower:
    """A screen that stores the messages it receives.

    Attributes:
        received: the row views.
        frames: the binary frames of the map.
        driving: those of the car.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self.received = ReceivedViews()
        self.frames: list[MapFrame] = []
        self.driving: list[DrivingFrame] = []
        self._kinds: dict[int, str] = {}  # of the views, by channel
        self._connection = connection

    def receive_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LONGEST_WAIT_S
        while time.monotonic() < deadline:
            if condition():
                return
            message = self._connection.recv(timeout=LONGEST_WAIT_S)
            if isinstance(message, bytes):
                self._handle_frame(message)
            elif "view" in (parsed := json.loads(message)):
                self.received.handle_message(parsed)
                if "channel" in (snapshot := parsed.get("snapshot", {})):
                    self._kinds[snapshot["channel"]] = parsed["view"].partition(":")[0]
        pytest.fail("the expected messages were not received")

    def _handle_frame(self, body: bytes) -> None:
        _version, _count, channel = struct.unpack_from("<BBH", body)
        if self._kinds[channel] == "map":
            self.frames.append(read_frame(body))
        else:
            self.driving.append(read_driving_frame(body))

    def rows(self, kind: str) -> dict[str, dict[str, Any]]:
        view = self.received.views.get(f"{kind}:{RIG}")
        if view is None:
            return {}
        return {id_: dict(zip(view["columns"], row, strict=True)) for id_, row in view["rows"].items()}


@pytest.mark.parametrize("recording", RECORDINGS)
def test_a_recording_gives_a_tower_a_map_and_a_car(tmp_path: Path, recording: str) -> None:
    datagrams = payloads(recording)
    with RunningServer(tmp_path / "data") as server, socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.connect(("127.0.0.1", server.udp_port))
        with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None, max_queue=None) as connection:
            views = [f"{kind}:{RIG}" for kind in ("tower", "map", "car")]
            connection.send(json.dumps({"subscribe": views}))
            screen = Follower(connection)
            screen.receive_until(lambda: len(screen.received.views) == 3)
            assert {view["facts"]["state"] for view in screen.received.views.values()} == {"waiting"}
            for number, data in enumerate(datagrams, 1):
                sender.send(data)
                if number % _PACE == 0:
                    server.get("/api/health")  # an answer means that the server has read the datagrams
            order = read_until_stable(lambda: server.get(f"/api/v1/rigs/{RIG}/order"))["items"]
            expected = {str(row["car_index"]): (row["position"], row["participant"]) for row in order}
            screen.receive_until(
                lambda: (
                    expected
                    == {
                        id_: (row["position"], row["participant"])
                        for id_, row in screen.rows("tower").items()
                    }
                )
            )
            assert screen.received.lost == 0
            assert sorted(position for position, _ in expected.values()) == list(range(1, len(expected) + 1))
            for frame in screen.frames:
                assert len({car.car for car in frame.cars}) == len(frame.cars)
