"""A process to be killed: submits laps for ever and prints the id of each one that is announced.

Run as ``python -m tests.store.submitting_child URL FIRST_LAP_NUMBER``.
"""

from __future__ import annotations

import sys
from itertools import count

from f1timings.errors import StoreBusy
from f1timings.store import Committed, Stamped, Store
from tests.store.events import lap, laps, opening


def tell(committed: list[Committed]) -> None:
    """One line a lap, out of this process before it returns."""
    lines = [f"{change.lap.lap.id}\n" for change in committed if change.lap]
    sys.stdout.write("".join(lines))
    sys.stdout.flush()


def main(url: str, first: int) -> None:
    """Submit the laps of 22 cars, lap after lap, until killed."""
    store = Store.open(url, on_committed=tell, max_batch=40)
    store.submit(opening())
    for number in count(first):
        recorded = laps(*(lap(car, number) for car in range(22)))
        while not _is_taken(store, recorded):
            store.flush(60)


def _is_taken(store: Store, recorded: list[Stamped]) -> bool:
    try:
        store.submit(recorded)
    except StoreBusy:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
