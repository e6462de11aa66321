"""``python -m scripts.demo``: an evening with eight simulated rigs; its data are deleted at the end.

Drivers sit at the rigs, others wait in the queue, and the board has laps of earlier in the evening after some
seconds. Then the rigs drive at the speed of the game until Ctrl+C.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from f1timings.commands.running_server import call_server
from f1timings.errors import F1TimingsError
from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from f1timings.web.access.token_routes import OWNER_PATH

RIGS: Final = 8
_MONZA: Final = 11
_START_TIMEOUT_S: Final = 60.0
#: The laps of earlier in the evening are driven at this speed: three laps take seven seconds.
_EARLIER_SPEED: Final = 40.0

#: Name, team and colour; the first eight sit at the rigs, the next four wait.
DRIVERS: Final = (
    ("Ana Ruiz", "Apex", "#e8002d"),
    ("Ben Okafor", "Apex", "#e8002d"),
    ("Chiara Conti", "Slipstream", "#27f4d2"),
    ("Dmitri Orlov", "Slipstream", "#27f4d2"),
    ("Ella Berg", "Late Brakers", "#ff8000"),
    ("Farid Haddad", "Late Brakers", "#ff8000"),
    ("Grace Liu", "Night Shift", "#64c4ff"),
    ("Hugo Martin", "Night Shift", "#64c4ff"),
    ("Isabel Costa", "Apex", "#e8002d"),
    ("Jonas Weber", "Slipstream", "#27f4d2"),
    ("Kaito Mori", "Late Brakers", "#ff8000"),
    ("Lena Novak", "Night Shift", "#64c4ff"),
)
#: Of the drivers who wait: laps that were typed by hand.
_TYPED_LAPS: Final = ("1:22.914", "1:23.377", "1:24.052", "1:25.618")


class Marshal:
    """Sends requests to the server, with a token of the role marshal."""

    def __init__(self, port: int, token: str) -> None:
        self._address = f"http://127.0.0.1:{port}/api/v1"
        self._token = token

    def do(self, method: str, path: str, body: object = None) -> Any:
        """Send one request and return the JSON of the answer."""
        request = urllib.request.Request(
            self._address + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=_START_TIMEOUT_S) as answer:
            return json.load(answer)


def main() -> int:
    """Run the demo until Ctrl+C."""
    port = int(os.environ.get("F1TIMINGS_PORT", "8080"))
    udp_port = int(os.environ.get("F1TIMINGS_UDP_PORT", "20777"))
    packet_format = int(os.environ.get("FORMAT", "2025"))
    with (
        TemporaryDirectory() as folder,
        suppress(KeyboardInterrupt),
        running_server(Path(folder), port, udp_port) as server,
    ):
        wait_until_it_answers(server, port)
        prepare(connect(Path(folder), port), udp_port, packet_format)
        print(f"\nAn evening runs: http://localhost:{port}/display (the TV), http://localhost:{port}/\n")
        drive(evening(packet_format, sessions=20, seed=2), udp_port)
        print("The rigs have finished. The server runs until Ctrl+C.")
        return server.wait()
    return 0


@contextmanager
def running_server(folder: Path, port: int, udp_port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server, and stop it at the end."""
    flags = ["--port", str(port), "--udp-port", str(udp_port), "--data-dir", str(folder)]
    server = subprocess.Popen([sys.executable, "-m", "f1timings", "serve", *flags])
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers.

    Raises:
        F1TimingsError: it has ended, for example because another program uses its port.
    """
    while True:
        if server.poll() is not None:
            raise F1TimingsError("The server has ended, see above.")
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health"):
            return
        time.sleep(0.1)


def connect(folder: Path, port: int) -> Marshal:
    """Return a marshal of the server."""
    new = {"name": "the demo", "role": "marshal", "kind": "token"}
    return Marshal(port, call_server(folder, "POST", OWNER_PATH, body=new)["token"])


def prepare(marshal: Marshal, udp_port: int, packet_format: int) -> None:
    """Open a meeting, seat the drivers, fill the queue, and drive the laps of earlier in the evening."""
    marshal.do("POST", "/meetings", {"name": "Thursday night", "venue": "The garage", "circuit": "Monza"})
    ids = [
        marshal.do("POST", "/drivers", {"name": name, "team": team, "colour": colour, "race_number": number})[
            "id"
        ]
        for number, (name, team, colour) in enumerate(DRIVERS, 1)
    ]
    for (name, *_), driver, lap_time in zip(DRIVERS[RIGS:], ids[RIGS:], _TYPED_LAPS, strict=True):
        marshal.do("POST", "/laps", {"driver": name, "time": lap_time})
        marshal.do("POST", "/queue", {"driver_id": driver})
    for rig, driver in zip(switch_on(marshal, udp_port, packet_format), ids, strict=False):
        marshal.do("POST", f"/rigs/{rig}/assign", {"driver_id": driver})
    earlier = evening(packet_format, sessions=1, seed=1, kinds=TIMING_KINDS)
    drive(earlier, udp_port, speed=_EARLIER_SPEED)


def switch_on(marshal: Marshal, udp_port: int, packet_format: int) -> list[str]:
    """Let the rigs send until the server has heard all of them; return their keys."""
    deadline = time.monotonic() + _START_TIMEOUT_S
    scenario = evening(packet_format, sessions=1, seed=0, kinds=TIMING_KINDS)
    while True:
        drive(scenario, udp_port, speed=20.0, for_s=0.5)
        rigs = marshal.do("GET", "/rigs")["items"]
        if len(rigs) >= RIGS or time.monotonic() > deadline:
            return sorted((rig["rig"] for rig in rigs), key=lambda key: [len(key), key])


def drive(scenario: Scenario, udp_port: int, *, speed: float = 1.0, for_s: float = math.inf) -> None:
    """Let the rigs drive; the simulator ends without an error after Ctrl+C, the demo does not go on then."""
    report = send([scenario], "127.0.0.1", udp_port, speed=speed, for_s=for_s)
    if report.was_stopped and report.seconds < for_s:
        raise KeyboardInterrupt


def evening(packet_format: int, *, sessions: int, seed: int, kinds: frozenset[str] | None = None) -> Scenario:
    """Time trials at Monza on all rigs."""
    return Scenario(
        kind="hot_lap_evening",
        format=packet_format,
        rigs=RIGS,
        laps=3 if kinds else 5,
        sessions=sessions,
        cars=1,
        seed=seed,
        track_id=_MONZA,
        kinds=kinds,
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (F1TimingsError, urllib.error.URLError) as error:
        sys.exit(f"demo: {error}")
