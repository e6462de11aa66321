"""``kill -9`` of a real server at random moments while rigs drive: what it announced is there afterwards."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from f1timings.store import DATABASE_FILE
from tests.chaos.forms import count_of
from tests.chaos.ledger import Ledger, assert_as_driven, assert_nothing_lost, count_driven
from tests.server.running import RunningServer

_SPEED = 60.0
_LONGEST_WAIT_S = 4.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("evening") / "data") as started:
        yield started


def drive(server: RunningServer, seed: int) -> dict[str, Any]:
    """Drive three laps at each of two rigs; return the truth about them."""
    scenario = scenario_for(
        "hot_lap_evening", 2025, seed, laps=3, rigs=2, cars=1, rate_hz=20, kinds=TIMING_KINDS
    )
    return send([scenario], "127.0.0.1", server.udp_port, speed=_SPEED).truth


def kill_at_random(server: RunningServer, chance: random.Random) -> None:
    """Kill the server at a random moment of the drive, and start it again."""
    time.sleep(chance.uniform(0.0, _LONGEST_WAIT_S))
    server.kill()
    server.start()


def is_intact(folder: Path) -> bool:
    """Whether the database file is whole, with what is in its write-ahead log."""
    with closing(sqlite3.connect(f"file:{folder / DATABASE_FILE}?mode=ro", uri=True)) as connection:
        return ("ok",) == tuple(connection.execute("PRAGMA integrity_check").fetchone())


def test_no_official_lap_is_lost_altered_or_doubled_by_kills(server: RunningServer) -> None:
    chance = random.Random()
    driven = found = 0
    with Ledger(server) as ledger, ThreadPoolExecutor(1) as rigs:
        for seed in range(count_of(100, 2)):
            driving = rigs.submit(drive, server, seed)
            kill_at_random(server, chance)
            truth = driving.result()
            server.settled("/api/v1/laps")
            driven += count_driven(truth)
            found += assert_as_driven(assert_nothing_lost(ledger, server), truth)
            server.kill()
            assert is_intact(server.data_dir)
            server.start()
        assert ledger.laps
        assert_nothing_lost(ledger, server)
    print(f"{found} of {driven} driven laps have their time, {len(ledger.laps)} were announced")
    assert 0 < found <= driven
