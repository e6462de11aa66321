"""Measure the processor time of a corrected lap on boards of few and many laps, against a new lap.

Run ``python -m benchmarks.corrections``. One driver has all laps. If the best lap is corrected, the next
best one and the best sectors are read; a slow lap only changes two counts.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.measuring import Spread, measure_in_turns
from benchmarks.stored_laps import completed_lap
from f1timings.store import Stamped, Store
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.timing.records import Lap, Session, session_id

BOARDS: Final = (2_000, 40_000)
ROUNDS: Final = 15
_RIG, _UID = "192.0.2.7", 7
_AT_ONCE: Final = 2_000


class _Board(NamedTuple):
    store: Store
    laps: int


def lap_of(number: int) -> Lap:
    """A lap that is a millisecond slower in each sector than the one before."""
    session = session_id(_RIG, _UID, 0)
    sectors = (30_000 + number,) * 3
    return completed_lap(session_id=session, session_uid=_UID, rig=_RIG, lap_number=number, sectors=sectors)


def store_laps(store: Store, *laps: Lap) -> float:
    """Store laps in one commit; returns the processor time of this process, in milliseconds."""
    entries = [Stamped(1.75e9 + lap.lap_number, LapRecorded(lap), 1.75e9) for lap in laps]
    began = time.process_time_ns()
    store.submit(entries)
    store.flush()
    return (time.process_time_ns() - began) / 1e6


@contextmanager
def open_board(folder: Path, laps: int) -> Iterator[_Board]:
    """A board with this many laps of one driver."""
    store = Store.open(f"sqlite:///{folder / f'{laps}.db'}", clock=time.time)
    session = Session(
        id=session_id(_RIG, _UID, 0),
        rig=_RIG,
        uid=_UID,
        epoch=0,
        packet_format=2025,
        track="Monza",
        player_car_index=0,
    )
    store.submit([Stamped(1.75e9, SessionChanged(session))])
    for first in range(1, laps + 1, _AT_ONCE):
        store_laps(store, *map(lap_of, range(first, min(laps, first + _AT_ONCE - 1) + 1)))
    yield _Board(store, laps)
    store.close()


def drive(board: _Board, numbers: Iterator[int]) -> float:
    """Store a new lap."""
    return store_laps(board.store, lap_of(next(numbers)))


def correct(board: _Board, numbers: Iterator[int]) -> float:
    """Let a lap be invalid that was valid."""
    return store_laps(board.store, replace(lap_of(next(numbers)), is_valid=False))


def main() -> None:
    """Print what a correction costs on each board."""
    with tempfile.TemporaryDirectory() as folder:
        for laps in BOARDS:
            with open_board(Path(folder), laps) as board:
                contenders: dict[str, Callable[[], float]] = {
                    "new": partial(drive, board, count(laps + 1)),
                    "slow": partial(correct, board, count(laps // 2)),
                    "best": partial(correct, board, count(1)),
                }
                found = measure_in_turns(contenders, ROUNDS)
            slow, best = (Spread.of_ratios(found[name], found["new"]) for name in ("slow", "best"))
            print(f"board of {laps:,} laps: a new lap {Spread.of(found['new']):.1f} ms")
            print(f"  a correction of a slow lap {Spread.of(found['slow']):.1f} ms, {slow:.1f} times that")
            print(f"  of the best lap {Spread.of(found['best']):.1f} ms, {best:.1f} times that")


if __name__ == "__main__":
    main()
