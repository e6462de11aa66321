"""Announced laps survive kill -9 at any moment."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from pathlib import Path

from f1timings.store import Store
from tests.chaos.forms import count_of
from tests.store.conftest import OpenStore

_ROOT = Path(__file__).parents[2]


def _ids_announced_before_a_kill(url: str, first_lap: int, lines: int) -> list[str]:
    """Start a child, kill it after it has printed ``lines`` ids or more, and return the printed ids."""
    command = [sys.executable, "-m", "tests.store.submitting_child", url, str(first_lap)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        output = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        output += child.stdout.readlines()
    assert -9 == child.returncode
    assert lines <= len(output)
    return [line.removesuffix("\n") for line in output if line.endswith("\n")]


def test_every_announced_lap_survives_a_kill(url: str, is_sqlite: bool, open_store: OpenStore) -> None:
    chance = random.Random()
    announced: list[str] = []
    for attempt in range(count_of(200, 5 if is_sqlite else 2)):
        announced += _ids_announced_before_a_kill(url, attempt * 100_000 + 1, chance.randrange(1, 1500))
    store = open_store()
    assert [] == [lap_id for lap_id in announced if store.reads.get_lap(lap_id) is None]
    assert _is_intact(store, url)


def _is_intact(store: Store, url: str) -> bool:
    """Whether the database is intact: SQLite checks its file; a PostgreSQL that answers has recovered."""
    if not url.startswith("sqlite"):
        return bool(store.reads.list_sessions().items)
    connection = sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)
    (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return bool(verdict == "ok")
