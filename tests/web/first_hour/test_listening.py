"""Where the games send to, over HTTP and on the console."""

from __future__ import annotations

from pathlib import Path

from tests.server.running import RunningServer


def test_everybody_reads_the_address_and_the_open_port_and_so_does_the_console(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        listening = {"addresses": ["127.0.0.1"], "port": server.udp_port, "pages": []}
        assert listening == server.get("/api/v1/telemetry")
        text = f"UDP Telemetry On, UDP IP Address 127.0.0.1, UDP Port {server.udp_port}"
        server.until(lambda: text in server.log)
