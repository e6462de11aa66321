"""A process with a full database: it keeps laps in the spool until it is killed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sqlalchemy import Engine

from f1timings.clock import ServerClock
from f1timings.store import Store, sqlite_url
from f1timings.store.spool.waiting_entries import Spool
from tests.small_disk import fill
from tests.store.events import lap, lap_events, rig_and_session

LAPS = [lap(car, number) for number in range(1, 51) for car in range(20)]


def run_pragma(engine: Engine, pragma: str) -> None:
    """Run a pragma on the writer's only connection, outside of a transaction."""
    pooled = engine.raw_connection()
    pooled.cursor().execute(f"PRAGMA {pragma}")
    pooled.close()


def keep_until_killed(folder: Path, second: Path, *, is_disk_filled: bool) -> None:
    """Store a session, fill the database or its disk, and print how many laps wait in the spool."""
    spool = Spool.of_folders(folder, second)
    store = Store.open(sqlite_url(folder), clock=ServerClock().now, spool=spool)
    store.submit(rig_and_session())
    store.flush()
    if is_disk_filled:
        fill(folder.parent)
    else:
        run_pragma(store._writer_engine, "max_page_count = 1")
    for recorded in LAPS:
        store.submit(lap_events(recorded))
    while not (state := store.writer_state()).spooled or state.spooled < state.queued:
        time.sleep(0.01)
    print(state.queued, flush=True)
    time.sleep(600)


if __name__ == "__main__":
    keep_until_killed(Path(sys.argv[1]), Path(sys.argv[2]), is_disk_filled="--fill" in sys.argv)
