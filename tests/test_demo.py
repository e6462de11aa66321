"""``make demo`` is an evening: drivers, seats, a queue and a board; it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from scripts.demo import DRIVERS, RIGS

from tests.command_line import children_that_can_be_interrupted
from tests.server.running import free_port
from tests.source_code import ROOT
from tests.waiting import LONGEST_WAIT_S


def items(port: int, path: str) -> list[Any]:
    """The items of a list of the demo; none before it answers."""
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}") as answer:
        found: list[Any] = json.load(answer)["items"]
        return found
    return []


def _wait(demo: subprocess.Popen[bytes]) -> int | None:
    """The exit code; None if the demo had to be killed."""
    try:
        return demo.wait(LONGEST_WAIT_S)
    except subprocess.TimeoutExpired:
        demo.kill()
        return None


def test_the_demo_fills_the_board_the_seats_and_the_queue_and_leaves_nothing(tmp_path: Path) -> None:
    port = free_port()
    ports = {"F1TIMINGS_PORT": str(port), "F1TIMINGS_UDP_PORT": str(free_port(socket.SOCK_DGRAM))}
    hosts = {"F1TIMINGS_HOST": "127.0.0.1", "F1TIMINGS_UDP_HOST": "127.0.0.1", "TMPDIR": str(tmp_path)}
    log = (tmp_path.parent / "demo.log").open("ab")
    with log, children_that_can_be_interrupted():
        demo = subprocess.Popen(
            [sys.executable, "-m", "scripts.demo"],
            cwd=ROOT,
            env=os.environ | ports | hosts,
            stdout=log,
            stderr=log,
        )
    with demo:
        try:
            deadline = time.monotonic() + LONGEST_WAIT_S
            while len(items(port, "leaderboard")) < len(DRIVERS):
                assert time.monotonic() < deadline, items(port, "leaderboard")
                assert demo.poll() is None
                time.sleep(0.2)
            names = {name for name, *_ in DRIVERS}
            assert names == {row["driver"] for row in items(port, "leaderboard")}
            seated = [rig["driver"]["name"] for rig in items(port, "rigs")]
            assert [name for name, *_ in DRIVERS[:RIGS]] == sorted(seated)
            assert [name for name, *_ in DRIVERS[RIGS:]] == [
                entry["driver"] for entry in items(port, "queue")
            ]
        finally:
            demo.send_signal(signal.SIGINT)
            ended = _wait(demo)
    assert 0 == ended, (tmp_path.parent / "demo.log").read_text()
    assert [] == list(tmp_path.iterdir())
