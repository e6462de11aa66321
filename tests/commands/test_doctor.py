"""``f1timings doctor``, on real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from f1timings.packets import Header, build, encode
from tests.command_line import run_command, run_program
from tests.server.running import RunningServer, free_port

OLD = (2019).to_bytes(2, "little") + bytes(1340)


def flags(folder: Path, *, port: int, udp_port: int) -> list[str | Path]:
    hosts = ["--host", "127.0.0.1", "--udp-host", "127.0.0.1", "--port", str(port)]
    return [*hosts, "--udp-port", str(udp_port), "--data-dir", folder / "data"]


def participants(**car: Any) -> bytes:
    header = Header(2025, game_year=25, session_uid=77, player_car_index=0)
    return encode(build(2025, "participants", header, num_active_cars=1, cars={0: car}))


@contextmanager
def sending(port: int, *datagrams: bytes) -> Iterator[None]:
    """Send datagrams over and over until the end of the block, all from one port."""
    stopped = threading.Event()

    def send() -> None:
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            while not stopped.wait(0.1):
                for data in datagrams:
                    sender.sendto(data, ("127.0.0.1", port))

    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(send)
        try:
            yield
        finally:
            stopped.set()
    sent.result()


def test_without_server_and_rigs_it_says_what_to_type_into_the_game(tmp_path: Path) -> None:
    port, udp_port = free_port(), free_port(socket.SOCK_DGRAM)
    ended = run_program("doctor", "--seconds", "0", *flags(tmp_path, port=port, udp_port=udp_port))
    assert 1 == ended.returncode, ended.stderr
    assert f"WRONG No telemetry arrives at UDP port {udp_port}." in ended.stdout
    assert f"UDP IP Address 127.0.0.1, UDP Port {udp_port}" in ended.stdout
    assert f"ok    TCP port {port} for the pages can be used." in ended.stdout
    assert not (tmp_path / "data").exists()


def test_ports_that_other_programs_use_are_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as pages, socket.socket(type=socket.SOCK_DGRAM) as games:
        games.bind(("127.0.0.1", 0))
        port, udp_port = pages.getsockname()[1], games.getsockname()[1]
        ended = run_command("doctor", *flags(tmp_path, port=port, udp_port=udp_port))
    assert 1 == ended.returncode, ended.stderr
    assert f"WRONG UDP port {udp_port} for telemetry cannot be used." in ended.stdout
    assert (
        f"WRONG TCP port {port} for the pages cannot be used. The system says: Address already in use."
        in ended.stdout
    )


def test_without_server_it_recognises_what_arrives(tmp_path: Path) -> None:
    udp_port = free_port(socket.SOCK_DGRAM)
    rig = participants(name=b"ANA", your_telemetry=0)
    with sending(udp_port, OLD, rig):
        ended = run_command("doctor", "--seconds", "3", *flags(tmp_path, port=free_port(), udp_port=udp_port))
    assert "ok    Rigs that send now: 1." in ended.stdout
    assert "hint  Telemetry is restricted: 127.0.0.1" in ended.stdout


def test_a_game_with_an_old_format_is_named_with_the_remedy(tmp_path: Path) -> None:
    udp_port = free_port(socket.SOCK_DGRAM)
    with sending(udp_port, OLD):
        ended = run_command("doctor", "--seconds", "3", *flags(tmp_path, port=free_port(), udp_port=udp_port))
    assert 1 == ended.returncode
    assert "WRONG The UDP format of 127.0.0.1 is 2019 or older." in ended.stdout
    assert "set UDP Format to 2020 or newer" in ended.stdout


def test_a_running_server_reports_what_it_hears(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server, sending(server.udp_port, participants(your_telemetry=0)):
        server.until(lambda: any(rig["is_live"] for rig in server.everything("/api/v1/rigs")))
        ended = run_command("doctor", "--data-dir", tmp_path / "data")
        assert 0 == ended.returncode, ended.stdout + ended.stderr
        assert ended.stdout.startswith("The server of this data folder runs")
        assert "ok    Rigs that send now: 1." in ended.stdout
        assert "hint  Telemetry is restricted: Rig 1." in ended.stdout
        checks = server.ask("GET", "/api/v1/checks", token=server.token("marshal")).json["items"]
        restricted = next(check for check in checks if check["name"] == "restricted")
        assert ("hint", {"rigs": "Rig 1"}) == (restricted["state"], restricted["values"])
        assert 401 == server.ask("GET", "/api/v1/checks").status
