"""A process to be killed: it submits laps without end and prints the id of each announced lap.

Run as ``python -m tests.store.submitting_child URL FIRST_LAP_NUMBER``.
"""

from __future__ import annotations

import sys
from itertools import count

from f1timings.clock import ServerClock
from f1timings.errors import StoreBusy
from f1timings.store import Committed, Stamped, Store
from tests.store.events import lap, lap_events, rig_and_session


def print_ids(committed: list[Committed]) -> None:
    """Print one line per lap; the lines have left this process when it returns."""
    lines = [f"{change.lap.lap.id}\n" for change in committed if change.lap]
    sys.stdout.write("".join(lines))
    sys.stdout.flush()


def main(url: str, first: int) -> None:
    """Submit the laps of 22 cars, lap after lap, until killed."""
    store = Store.open(url, on_committed=print_ids, max_batch=40, clock=ServerClock().now)
    store.submit(rig_and_session())
    for number in count(first):
        recorded = lap_events(*(lap(car, number) for car in range(22)))
        while not _submit(store, recorded):
            store.flush(60)


def _submit(store: Store, recorded: list[Stamped]) -> bool:
    """Submit laps; False if the queue is full."""
    try:
        store.submit(recorded)
    except StoreBusy:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
