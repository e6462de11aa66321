"""A real server with a meeting: drivers and typed laps, entered by a marshal over the API."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.forked_command import ForkedCommand
from tests.server.running import RunningServer


class Venue:
    """A running server, and the requests of its marshal."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self._token = server.token("marshal")

    @property
    def address(self) -> str:
        """The address of the pages."""
        return f"http://127.0.0.1:{self.server.port}"

    def do(self, method: str, path: str, body: object = None) -> Any:
        """Send a request as the marshal; it must succeed. Returns its JSON."""
        answer = self.server.ask(method, f"/api/v1{path}", body, self._token)
        assert answer.status in (200, 201, 204), answer
        return answer.json

    def meeting(self, name: str = "Thursday night", circuit: str = "Monza") -> Any:
        """Open a new meeting, so that the board is empty."""
        return self.do("POST", "/meetings", {"name": name, "circuit": circuit})

    def show_circuit(self, circuit: str) -> None:
        """Hold the board of a circuit of the open meeting."""
        meeting = next(each for each in self.do("GET", "/meetings")["items"] if each["state"] == "open")
        body = {"version": meeting["version"], "circuit": circuit}
        self.do("PATCH", f"/meetings/{meeting['id']}", body)

    def driver(self, name: str, **facts: object) -> Any:
        """Create a driver."""
        return self.do("POST", "/drivers", {"name": name, **facts})

    def lap(self, driver: str, time: str) -> str:
        """Type a lap for a driver, who is created if the name is new. Returns the lap's id."""
        lap_id: str = self.do("POST", "/laps", {"driver": driver, "time": time})["id"]
        return lap_id

    def delete_lap(self, lap_id: str) -> None:
        """Delete a lap."""
        lap = self.do("GET", f"/laps/{lap_id}")
        self.do("PATCH", f"/laps/{lap_id}", {"revision": lap["revision"], "is_deleted": True})

    def simulate(self, *options: str) -> ForkedCommand:
        """Start rigs that send until the process ends; one rig unless the options state another number."""
        command = ["simulate", "--rigs", "1", "--rate", "20", *options]
        to = f"127.0.0.1:{self.server.udp_port}"
        output = Path(os.devnull)
        return ForkedCommand(*command, "--to", to, stdout=output, stderr=output)


@contextmanager
def open_venue(folder: Path) -> Iterator[Venue]:
    """A new server and its marshal."""
    with RunningServer(folder / "data") as server:
        yield Venue(server)
