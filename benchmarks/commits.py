"""Measure the processor time of a commit with one lap, and of a lap in bulk, against a bare commit.

Run ``python -m benchmarks.commits``. The server is not started, so nobody follows a view; a commit includes
all that its listeners read and build. Eight rigs drive one circuit, 200 drivers change every 20 laps.
The bare insert writes one row of 32 columns without an index through Python's ``sqlite3``, with fsync too.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.leaderboard import assign_drivers, build_entries
from benchmarks.measuring import Spread, measure_in_turns
from f1timings.app import Application
from f1timings.config import load_settings
from f1timings.store import Stamped, Store
from f1timings.timing.events import LapRecorded

ROUNDS: Final = 9
COMMITS: Final = 60
BULK: Final = 500
AIM_COMMIT_MS, AIM_BULK_MS = 1.5, 0.3
_COLUMNS: Final = 32
_STORED_BEFORE: Final = 2_000


def spent_ms(store: Store, laps: Iterator[Stamped], commits: int, laps_each: int) -> float:
    """Processor time of this process for each commit of the next laps, in milliseconds."""
    batches = [list(islice(laps, laps_each)) for _ in range(commits)]
    began = time.process_time_ns()
    for batch in batches:
        store.submit(batch)
        store.flush()
    return (time.process_time_ns() - began) / commits / 1e6


def spent_bare_ms(connection: sqlite3.Connection, commits: int, rows_each: int) -> float:
    """The same for rows of a bare table."""
    rows: Sequence[tuple[object, ...]] = [tuple(range(_COLUMNS))] * rows_each
    statement = f"INSERT INTO bare VALUES ({','.join('?' * _COLUMNS)})"
    began = time.process_time_ns()
    for _ in range(commits):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, rows)
        connection.execute("COMMIT")
    return (time.process_time_ns() - began) / commits / 1e6


@contextmanager
def open_bare(path: Path) -> Iterator[sqlite3.Connection]:
    """A database with one table, with the settings of the store's writer."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"CREATE TABLE bare ({','.join(f'c{number}' for number in range(_COLUMNS))})")
    yield connection
    connection.close()


@contextmanager
def open_store(folder: Path) -> Iterator[tuple[Store, Iterator[Stamped]]]:
    """The store of a server that is not started, and laps that are not stored yet."""
    application = Application(load_settings(data_dir=folder, udp_host="127.0.0.1", capture=False))
    store = application._store
    count = _STORED_BEFORE + (COMMITS + BULK) * ROUNDS
    assign_drivers(store, count)
    entries = build_entries(count, Random(1))
    laps = iter([entry for entry in entries if isinstance(entry.event, LapRecorded)])
    store.submit([entry for entry in entries if not isinstance(entry.event, LapRecorded)])
    store.submit(list(islice(laps, _STORED_BEFORE)))
    store.flush()
    yield store, laps
    application.close()


def measure() -> dict[str, list[float]]:
    """Return milliseconds: of a commit with one lap, of one with many laps, and of bare ones."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder)) as (store, laps),
        open_bare(Path(folder, "bare.db")) as bare,
    ):
        return measure_in_turns(
            {
                "one": partial(spent_ms, store, laps, COMMITS, 1),
                "many": partial(spent_ms, store, laps, 1, BULK),
                "bare one": partial(spent_bare_ms, bare, COMMITS, 1),
                "bare many": partial(spent_bare_ms, bare, 1, BULK),
            },
            ROUNDS,
        )


def main() -> None:
    """Print the figures."""
    spent = measure()
    many, bare_many = ([ms / BULK for ms in spent[name]] for name in ("many", "bare many"))
    print(f"{ROUNDS} rounds of {COMMITS} commits with one lap, and one with {BULK}")
    print(
        f"  a commit with one lap {Spread.of(spent['one']):.2f} ms (aim: {AIM_COMMIT_MS:g}), "
        f"{Spread.of_ratios(spent['one'], spent['bare one']):.1f} times a bare one of "
        f"{Spread.of(spent['bare one']):.3f} ms"
    )
    print(
        f"  a lap in bulk {Spread.of(many):.3f} ms (aim: {AIM_BULK_MS:g}), "
        f"{Spread.of_ratios(many, bare_many):.0f} times a bare row of {Spread.of(bare_many):.4f} ms"
    )


if __name__ == "__main__":
    main()
