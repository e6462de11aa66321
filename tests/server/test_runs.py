"""Another run under the same game UID after ``kill -9``, with a real server and a rebuild of its captures."""

from __future__ import annotations

import shutil
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import output_of
from tests.evening_of_one_rig import OneRig, Run
from tests.server.running import RunningServer

EVENING = datetime(2026, 1, 1, tzinfo=UTC)


class RemoteRig(OneRig):
    """A rig that sends to a real server, faster than the game would."""

    def __init__(self, folder: Path, server: RunningServer, run: Run) -> None:
        self._server = server
        self._newest = b""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        super().__init__(folder, run)

    def _start(self) -> None:
        """Do nothing: the server runs in its own process."""

    def _send(self, data: bytes) -> None:
        self._newest = data
        self._socket.sendto(data, ("127.0.0.1", self._server.udp_port))

    def is_captured(self) -> bool:
        """Whether the newest datagram is in a capture: ``kill -9`` loses what is not yet written."""
        captures = (self._server.data_dir / "captures").glob("*.pcapng")
        return any(self._newest in capture.read_bytes() for capture in captures)

    def close(self) -> None:
        self._socket.close()


def assign(server: RunningServer, token: str, driver_id: str, since: datetime) -> None:
    """Assign a driver from a moment on; laps of a rig that drives so fast seem to begin early."""
    body = {"driver_id": driver_id, "since": since.isoformat()}
    answer = server.ask("POST", "/api/v1/rigs/127.0.0.1/assign", body, token)
    assert answer.status in (200, 201), answer


def completed(server: RunningServer) -> list[dict[str, Any]]:
    laps: list[dict[str, Any]] = server.everything("/api/v1/laps", state="completed")
    return sorted(laps, key=lambda lap: (lap["session_id"], lap["lap_number"]))


def facts(laps: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(lap[name] for name in names) for lap in laps]


@pytest.mark.parametrize("has_history", [True, False], ids=["with histories", "without"])
def test_another_run_after_a_kill_is_another_session_also_after_a_rebuild(
    tmp_path: Path, has_history: bool
) -> None:
    with RunningServer(tmp_path / "data") as server:
        token = server.token("admin")
        anna, bodo = (
            server.ask("POST", "/api/v1/drivers", {"name": name}, token).json["id"]
            for name in ("Anna", "Bodo")
        )
        rig = RemoteRig(tmp_path, server, Run(format=2025))
        rig.has_history = has_history
        rig.drive(1)
        server.until(lambda: len(server.everything("/api/v1/rigs")) == 1)
        assign(server, token, anna, since=EVENING)
        rig.run = Run(8)
        rig.lap(20)
        rig.lap(21)
        server.until(lambda: len(completed(server)) == 2 and rig.is_captured())
        server.kill()
        killed_at = datetime.now(UTC)
        server.start()
        assign(server, token, bodo, since=killed_at)
        # The rig drives faster than the game, so its first lap seems to begin up to a second too early.
        server.until(lambda: datetime.now(UTC) > killed_at + timedelta(seconds=1.5))
        rig.run = Run(8)
        rig.lap(18)
        rig.lap(19)
        server.until(lambda: len(completed(server)) == 4)
        laps = completed(server)
        rig.close()
    assert ["Anna", "Anna", "Bodo", "Bodo"] == [lap["driver"] for lap in laps]
    assert [20_000, 21_400, 18_000, 19_400] == [lap["lap_time_ms"] for lap in laps]
    assert ["0", "0", "1", "1"] == [lap["session_id"].rpartition("~")[2] for lap in laps]

    again = tmp_path / "again"
    shutil.copytree(tmp_path / "data" / "captures", again / "captures")
    output_of("rebuild", "--data-dir", again)
    with RunningServer(again) as server:
        assert facts(laps, "id", "lap_time_ms") == facts(completed(server), "id", "lap_time_ms")
