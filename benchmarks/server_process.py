"""The program in a process of its own, and what it uses and counts."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from f1timings.store.data_folder import read_control

_STARTED_S: Final = 60.0
_AGAIN_S: Final = 0.1


def free_port(kind: socket.SocketKind) -> int:
    """Return a port that is free at this moment."""
    with socket.socket(type=kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerProcess:
    """A running server on this machine.

    Attributes:
        port: of the pages and the API.
        udp_port: at which rigs send.
    """

    pid: int
    port: int
    udp_port: int
    folder: Path

    def spent_s(self) -> tuple[float, float]:
        """Return the processor time in seconds, to the nanosecond: all threads together, the main thread."""
        spent = {
            int(thread.name): int((thread / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9
            for thread in Path(f"/proc/{self.pid}/task").iterdir()
        }
        return sum(spent.values()), spent[self.pid]

    def count_dropped(self) -> int:
        """Return how many datagrams the kernel dropped at the port, by its list of sockets."""
        lines = Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]
        rows = [line.split() for line in lines]
        return sum(int(row[-1]) for row in rows if int(row[1].rpartition(":")[2], 16) == self.udp_port)

    def metrics(self) -> dict[str, float]:
        """Return the sum of each of the server's own metrics over its labels, by its name."""
        control = read_control(self.folder)
        assert control is not None, "the server has ended"
        headers = {"Authorization": f"Bearer {control.secret}"}
        answer = httpx.get(f"http://127.0.0.1:{self.port}/metrics", headers=headers, trust_env=False)
        sums: dict[str, float] = defaultdict(float)
        for family in text_string_to_metric_families(answer.raise_for_status().text):
            for sample in family.samples:
                sums[sample.name.removeprefix("f1timings_")] += sample.value
        return dict(sums)

    def read_all(self, path: str) -> list[dict[str, Any]]:
        """Return the items of all pages of a list of the API."""
        items: list[dict[str, Any]] = []
        query: dict[str, str | int] = {"limit": 1000}
        while True:
            answer = httpx.get(f"http://127.0.0.1:{self.port}{path}", params=query, trust_env=False)
            page = answer.raise_for_status().json()
            items += page["items"]
            if page["next"] is None:
                return items
            query["cursor"] = page["next"]

    def count_received(self) -> int:
        """Return how many datagrams the rigs have."""
        return sum(rig["datagrams"] for rig in self.read_all("/api/v1/rigs"))


@contextlib.contextmanager
def running_server() -> Iterator[ServerProcess]:
    """Run the program on loopback with the default settings, and with an empty data folder."""
    port, udp_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    with tempfile.TemporaryDirectory() as folder:
        flags = ["--host", "127.0.0.1", "--port", str(port), "--udp-host", "127.0.0.1"]
        flags += ["--udp-port", str(udp_port), "--data-dir", folder, "--no-announce", "--log-level", "error"]
        process = subprocess.Popen(
            [sys.executable, "-m", "f1timings", "serve", *flags], stderr=subprocess.DEVNULL
        )
        try:
            _wait_until_it_answers(port)
            yield ServerProcess(pid=process.pid, port=port, udp_port=udp_port, folder=Path(folder))
        finally:
            process.terminate()
            process.wait()


def _wait_until_it_answers(port: int) -> None:
    end = time.monotonic() + _STARTED_S
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/api/health", trust_env=False).raise_for_status()
            return
        time.sleep(_AGAIN_S)
    raise TimeoutError("the server did not start")
