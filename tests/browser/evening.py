"""A real server with an evening on it: meetings, drivers and typed laps, as a marshal makes them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.server.running import RunningServer


class Evening:
    """What a marshal does, on a server that runs."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self._token = server.token("marshal")

    @property
    def address(self) -> str:
        """Of the pages."""
        return f"http://127.0.0.1:{self.server.port}"

    def do(self, method: str, path: str, body: object = None) -> Any:
        """One request of the marshal, which must succeed; gives its JSON."""
        answer = self.server.ask(method, f"/api/v1{path}", body, self._token)
        assert answer.status in (200, 201, 204), answer
        return answer.json

    def meeting(self, name: str = "Thursday night", circuit: str = "Monza") -> Any:
        """A new meeting that is open, so that the board is empty."""
        return self.do("POST", "/meetings", {"name": name, "circuit": circuit})

    def driver(self, name: str, **facts: object) -> Any:
        """A new driver."""
        return self.do("POST", "/drivers", {"name": name, **facts})

    def lap(self, driver: str, time: str) -> str:
        """A lap typed for a driver by name, who is made if there is none of it; gives its id."""
        made: str = self.do("POST", "/laps", {"driver": driver, "time": time})["id"]
        return made

    def strike(self, lap_id: str) -> None:
        """A marshal deletes a lap."""
        lap = self.do("GET", f"/laps/{lap_id}")
        self.do("PATCH", f"/laps/{lap_id}", {"revision": lap["revision"], "is_deleted": True})

    def simulate(self, *options: str) -> subprocess.Popen[bytes]:
        """Rigs that send until they are ended, one unless the options say more."""
        command = [sys.executable, "-m", "f1timings", "simulate", "--rigs", "1", "--rate", "20"]
        to = f"127.0.0.1:{self.server.udp_port}"
        return subprocess.Popen([*command, *options, "--to", to], stdout=subprocess.DEVNULL)


@contextmanager
def evening(folder: Path) -> Iterator[Evening]:
    """A server of its own, and its marshal."""
    with RunningServer(folder / "data") as server:
        yield Evening(server)
