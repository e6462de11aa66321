"""A real server with locked rigs refuses others at once, after a restart too; they are nowhere."""

from __future__ import annotations

import itertools
import socket
from pathlib import Path

from f1timings.intake.captures.folder import iter_datagrams, list_capture_paths
from f1timings.packets import Header, build, encode
from tests.server.running import RunningServer
from tests.server.test_forwarding import Tool, add_target

PATH = "/api/v1/rig-lock"
# All of 127.0.0.0/8 is this machine.
RIG, GUEST = "127.0.0.1", "127.0.0.2"
FRAMES = itertools.count(1)


def send(server: RunningServer, address: str, *, uid: int = 7) -> None:
    header = Header(2025, game_year=25, session_uid=uid, frame_identifier=next(FRAMES))
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.bind((address, 0))
        sender.sendto(encode(build(2025, "lap_data", header)), (RIG, server.udp_port))


def hear(server: RunningServer, address: str) -> None:
    """Send until the address is a rig."""

    def is_heard() -> bool:
        send(server, address)
        return any(rig["address"] == address and rig["is_live"] for rig in server.everything("/api/v1/rigs"))

    server.until(is_heard)


def test_locked_rigs_stay_locked_until_the_lock_is_undone(tmp_path: Path) -> None:
    with Tool() as tool, RunningServer(tmp_path / "evening") as server:
        add_target(server, tool.port, server.token("admin"))
        marshal = server.token("marshal")

        def refused() -> int:
            strangers = server.ask("GET", PATH, token=marshal).json["strangers"]
            return sum(one["refused"] for one in strangers if one["address"] == GUEST)

        hear(server, RIG)
        locked = server.ask("PUT", PATH, {"version": 0, "is_locked": True}, token=marshal)
        assert (200, [RIG]) == (locked.status, locked.json["addresses"])
        send(server, GUEST)
        server.until(lambda: refused() == 1)
        server.stop()

        server.start()
        send(server, GUEST)
        server.until(lambda: refused() == 1)
        hear(server, RIG)
        assert [RIG] == [rig["address"] for rig in server.everything("/api/v1/rigs")]
        checks = {
            one["name"]: one["state"]
            for one in server.ask("GET", "/api/v1/checks", token=marshal).json["items"]
        }
        assert ("wrong", "good") == (checks["not_admitted"], checks["too_much"])
        act, *_ = server.ask("GET", "/api/v1/acts", token=marshal).json["items"]
        assert 200 == server.ask("POST", f"/api/v1/acts/{act['id']}/undo", token=marshal).status
        server.stop()
        captured = list(iter_datagrams(list_capture_paths(server.data_dir / "captures")))
        assert {RIG} == {datagram.address for datagram in captured}
        assert tool.datagrams
        assert set(tool.datagrams) <= {datagram.data for datagram in captured}

        server.start()
        hear(server, GUEST)
