"""A second program receives the datagrams of simulated rigs from a real server, also after a restart."""

from __future__ import annotations

import itertools
import socket
import threading
from pathlib import Path
from typing import Any, Self

from f1timings.intake.captures.folder import iter_datagrams, list_capture_paths
from f1timings.intake.datagrams import Datagram
from f1timings.simulator import Scenario
from f1timings.simulator.sender import send
from tests.server.running import RunningServer

PATH = "/api/v1/forward-targets"
# The same datagrams from another port would be copies, which are not sent on.
SEEDS = itertools.count(1)


class Tool:
    """Another program on this machine, which notes what it receives."""

    def __init__(self) -> None:
        self.datagrams: list[bytes] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._receive)
        self.port: int = self._socket.getsockname()[1]

    def _receive(self) -> None:
        while not self._ending.is_set():
            try:
                self.datagrams.append(self._socket.recv(65_536))
            except TimeoutError:
                continue

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        self._socket.close()


def drive(server: RunningServer) -> int:
    """Let two rigs send until the server has heard both of them; return the number of their datagrams."""
    sent = 0

    def are_heard() -> bool:
        nonlocal sent
        rigs = [Scenario("time_trial", 2025, laps=1, cars=1, seed=next(SEEDS), rate_hz=20) for _ in range(2)]
        sent += send(rigs, "127.0.0.1", server.udp_port, speed=20.0, for_s=1.0).datagrams.total()
        return len([rig for rig in server.everything("/api/v1/rigs") if rig["is_live"]]) >= 2

    server.until(are_heard)
    return sent


def add_target(server: RunningServer, port: int, admin: str, **facts: Any) -> str:
    body = {"host": "127.0.0.1", "port": port, **facts}
    answer = server.ask("POST", PATH, body, token=admin)
    assert 201 == answer.status, answer.json
    target_id = str(answer.json["id"])
    server.until(lambda: state(server, admin, target_id)["state"] == "on")
    return target_id


def state(server: RunningServer, admin: str, target_id: str) -> dict[str, Any]:
    items = server.ask("GET", PATH, token=admin).json["items"]
    found: dict[str, Any] = next(item for item in items if item["id"] == target_id)
    return found


def captured(server: RunningServer) -> list[Datagram]:
    """All that the server received, in the order of its arrival; after it was stopped."""
    return list(iter_datagrams(list_capture_paths(server.data_dir / "captures")))


def test_a_second_program_receives_the_evening_unchanged_and_again_after_a_restart(tmp_path: Path) -> None:
    with Tool() as tool, Tool() as tool_of_one_rig, RunningServer(tmp_path / "evening") as server:
        admin = server.token("admin")
        target_id = add_target(server, tool.port, admin)
        sent = drive(server)
        server.until(lambda: len(tool.datagrams) == sent)
        rig = sorted(item["rig"] for item in server.everything("/api/v1/rigs"))[0]
        add_target(server, tool_of_one_rig.port, admin, rig=rig)
        server.stop()
        first = captured(server)
        assert [datagram.data for datagram in first] == tool.datagrams

        server.start()
        server.until(lambda: state(server, admin, target_id)["state"] == "on")
        drive(server)
        server.until(lambda: state(server, admin, target_id)["sent"] + len(first) == len(tool.datagrams))
        server.stop()
        both = captured(server)
        assert [datagram.data for datagram in both] == tool.datagrams
        assert 0 < len(tool_of_one_rig.datagrams) < len(both) - len(first)
        of_rig = [datagram.data for datagram in both[len(first) :] if datagram.address == rig]
        # In their order; those are missing that had to wait until it was settled which rig had a new port.
        rest = iter(of_rig)
        assert all(data in rest for data in tool_of_one_rig.datagrams)


def test_a_server_refuses_itself_as_a_target(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "evening") as server:
        admin = server.token("admin")
        for host in ("127.0.0.1", "localhost"):
            answer = server.ask("POST", PATH, {"host": host, "port": server.udp_port}, token=admin)
            assert (422, "forward-own-port") == (answer.status, answer.json["refusal"]["code"])


def test_two_servers_that_send_to_each_other_notice_it(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "one") as one, RunningServer(tmp_path / "other") as other:
        admins = {server.udp_port: server.token("admin") for server in (one, other)}
        added = {
            server.udp_port: add_target(server, receiver.udp_port, admins[server.udp_port])
            for server, receiver in ((one, other), (other, one))
        }
        drive(one)
        one.until(lambda: state(one, admins[one.udp_port], added[one.udp_port])["state"] == "returned")
        assert "it sends back what it gets" in one.log
