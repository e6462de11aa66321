"""Measure a backup at 100,000 laps: time, processor time, and the wait of laps that arrive meanwhile.

Run ``python -m benchmarks.backup_cost``. A lap is submitted every 20 ms, and the time until it is committed
and announced is measured, with and without a backup, in turns. Then the database is restored from the
backup.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from threading import Thread
from typing import Final

from benchmarks.leaderboard import build_entries
from benchmarks.measuring import Spread, describe_machine, measure_in_turns
from f1timings.clock import ServerClock
from f1timings.config import load_settings
from f1timings.recovery.backups.choice import list_restorable
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.recovery.restoring import restore_backup
from f1timings.store import Stamped, Store, sqlite_url

LAPS: Final = 100_000
ROUNDS: Final = 3
_BATCH: Final = 500
_EVERY_S: Final = 0.02
_QUIET_S: Final = 4.0


def main() -> None:
    """Print the figures."""
    print(describe_machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entries = build_entries(LAPS + 20_000, Random(1))
        later = iter(entries[-20_000:])
        with Store.open(sqlite_url(folder), clock=ServerClock().now) as store:
            first = entries[:-20_000]
            for start in range(0, len(first), _BATCH):
                store.submit(first[start : start + _BATCH])
                store.flush(300)
            _measure(store, folder, later)
        settings = load_settings(data_dir=folder)
        begin = time.perf_counter()
        restored = restore_backup(list_restorable(settings)[0], settings, ServerClock())
        print(f"  restored {restored.laps:,} laps in {time.perf_counter() - begin:.1f} s, without captures")


def _measure(store: Store, folder: Path, later: Iterator[Stamped]) -> None:
    keeper = BackupKeeper.of_server(load_settings(data_dir=folder), now=ServerClock().now)
    keeper.start()
    contenders = {
        "without": partial(_drive, store, later, None),
        "with": partial(_drive, store, later, keeper),
    }
    results = measure_in_turns(contenders, ROUNDS)
    keeper.close()
    newest = keeper.state().newest
    assert newest is not None
    times = [seconds for _, seconds, _ in results["with"]]
    cpu = [used for _, _, used in results["with"]]
    print(
        f"  {newest.contents.laps:,} laps, {newest.bytes / 1e6:.0f} MB: a backup takes "
        f"{Spread.of(times):.1f} s; the process uses {Spread.of(cpu):.1f} s of processor time meanwhile"
    )
    for name, runs in results.items():
        for word, share in (("median", 0.5), ("p99", 0.99)):
            waits = Spread.of(_quantile(latencies, share) for latencies, _, _ in runs)
            print(f"  from a lap to its commit {name} a backup, {word}: {waits:.1f} ms")


def _drive(
    store: Store, later: Iterator[Stamped], keeper: BackupKeeper | None
) -> tuple[list[float], float, float]:
    """Submit laps while a backup is made, or for four seconds.

    Returns:
        The waits in ms, sorted; the seconds; the processor time in seconds.
    """
    begin, cpu = time.perf_counter(), time.process_time()
    backing_up = None if keeper is None else Thread(target=keeper.make, args=("requested",))
    if backing_up is not None:
        backing_up.start()
    waits = []
    while backing_up.is_alive() if backing_up else time.perf_counter() < begin + _QUIET_S:
        submitted = time.perf_counter()
        store.submit([next(later)])
        store.flush()
        waits.append((time.perf_counter() - submitted) * 1000)
        time.sleep(_EVERY_S)
    return sorted(waits), time.perf_counter() - begin, time.process_time() - cpu


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    main()
