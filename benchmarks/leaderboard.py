"""Measure reading a leaderboard by its number of laps, and storing laps with and without attribution.

One meeting, one circuit: 200 drivers at 8 rigs; two session types, three compounds, two kinds of weather,
with or without assists. "Cold" means a new connection; the file is in the cache of the operating system in
both cases, as on a server that has just written it. A sixth of the laps match the filters. For comparison,
one GROUP BY over all laps of the board is measured as well.

If ``F1TIMINGS_BENCH_POSTGRES`` is the URL of an empty PostgreSQL database, it is measured, too.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

from sqlalchemy import Connection, func, select

from benchmarks.measuring import Spread
from benchmarks.stored_laps import completed_lap
from f1timings.meeting.people import Assignment, Driver
from f1timings.store import Desk, LeaderboardQuery, Stamped, Store, sqlite_url
from f1timings.store.boards import attributions
from f1timings.store.tables.column_types import instant
from f1timings.store.tables.people import attributions as attributed
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.timing.records import Lap, Session, session_id

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 15
_START = 1_795_000_000.0
_RIGS, _DRIVERS = 8, 200
_FILTERED = LeaderboardQuery.of(compound="soft", session_type="Time Trial")


def build_entries(count: int, random: Random) -> list[Stamped]:
    """Return the entries of ``count`` laps in consecutive sessions at eight rigs."""
    entries: list[Stamped] = []
    for number in range(count):
        rig, place = number % _RIGS, number // _RIGS
        run, lap_index = divmod(place, 20)
        at = _START + place * 90.0
        if lap_index == 0:
            entries.append(Stamped(at, SessionChanged(_session(rig, run))))
        entries.append(Stamped(at + 90, LapRecorded(_lap(_session(rig, run), lap_index + 1, random)), at))
    return entries


def _session(rig: int, run: int) -> Session:
    kind = "Time Trial" if run % 2 else "Practice 1"
    name = f"10.0.0.{rig}"
    id_ = session_id(name, run + 1, 0)
    return Session(
        id=id_,
        rig=name,
        uid=run + 1,
        epoch=0,
        packet_format=2025,
        track="Monza",
        session_type=kind,
        is_online=False,
        player_car_index=0,
    )


def _lap(session: Session, number: int, random: Random) -> Lap:
    sectors = [random.randrange(27_000, 32_000) for _ in range(3)]
    return completed_lap(
        session_id=session.id,
        session_uid=session.uid,
        rig=session.rig,
        lap_number=number,
        sectors=sectors,
        participant="RACER",
        is_valid=random.random() < 0.8,
        compound=random.choice(("soft", "medium", "hard")),
        assists=random.choice(("none", "abs,tc_full")),
        weather=random.choice(("clear", "light rain")),
    )


def assign_drivers(store: Store, count: int) -> None:
    """Assign a different driver to each rig for each session."""

    def action(desk: Desk) -> None:
        for number in range(_DRIVERS):
            name = f"Driver {number}"
            desk.store_record(
                Driver(
                    id=f"{number}",
                    number_here=number,
                    name=name,
                    team="",
                    colour=None,
                    race_number=None,
                    nickname=None,
                    shows_name=True,
                    shown_name=name,
                    pin=None,
                    token=name,
                    is_deleted=False,
                    merged_into=None,
                    created_at=instant(_START),
                )
            )
        for run in range(count // _RIGS // 20 + 1):
            for rig in range(_RIGS):
                since, until = (instant(_START + number * 1800.0) for number in (run, run + 1))
                driver = str((run * _RIGS + rig) % _DRIVERS)
                desk.store_record(
                    Assignment(
                        id=f"{run}-{rig}",
                        rig=f"10.0.0.{rig}",
                        driver_id=driver,
                        since=since,
                        until=until,
                        is_default=False,
                        by="bench",
                    )
                )

    store.act("bench", action)


def _count_assignments(count: int) -> int:
    """Return the number of assignments during ``count`` laps."""
    return _RIGS * -(-count // _RIGS // 20)


def _fill(store: Store, count: int) -> None:
    assign_drivers(store, count)
    entries = build_entries(count, Random(1))
    for start in range(0, len(entries), 5_000):
        store.submit(entries[start : start + 5_000])
        store.flush(300)


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3


def _reading_ms(store: Store, query: LeaderboardQuery) -> tuple[Spread, Spread]:
    """Return the milliseconds to read a board: on a new connection, and on a used one."""
    cold = []
    for _ in range(ROUNDS):
        store.reads._engine.dispose()
        cold.append(_milliseconds(lambda: store.reads.get_leaderboard(query)))
    return Spread.of(cold), Spread.of(
        _milliseconds(lambda: store.reads.get_leaderboard(query)) for _ in range(ROUNDS)
    )


def _group_by_ms(store: Store) -> Spread:
    """Return the milliseconds of one GROUP BY over the laps of the board; a board needs more than one."""
    column = attributed.c
    sums = [func.min(column[name]) for name in ("lap_time_ms", "sector1_ms", "sector2_ms", "sector3_ms")]
    query = select(column.entrant, func.count(), *sums).where(column.circuit_key == "monza", column.counts)
    grouped = query.group_by(column.entrant)

    def read(connection: Connection) -> Sequence[object]:
        return connection.execute(grouped).all()

    return Spread.of(_milliseconds(lambda: store.transact(read)) for _ in range(ROUNDS))


def _print_times(url: Callable[[int], str], sizes: Iterable[int]) -> None:
    for size in sizes:
        with Store.open(url(size), clock=time.time) as store:
            _fill(store, size)
            assert len(store.reads.get_leaderboard(LeaderboardQuery()).entries) == min(
                _DRIVERS, _count_assignments(size)
            )
            for name, query in (("all laps", LeaderboardQuery()), ("filtered", _FILTERED)):
                cold, warm = _reading_ms(store, query)
                print(f"  {size:7,} laps, {name}: cold {cold:.1f} ms, warm {warm:.1f} ms")
            print(f"  {size:7,} laps, one GROUP BY: {_group_by_ms(store):.1f} ms")


def measure_storing(rounds: int = 9, count: int = 500) -> tuple[Spread, Spread]:
    """Return the milliseconds to store ``count`` laps with attribution, and the ratio to without it."""
    attributed_ms: list[float] = []
    plain_ms: list[float] = []
    for number in range(rounds):
        for is_attributed in (True, False) if number % 2 else (False, True):
            times = attributed_ms if is_attributed else plain_ms
            times.append(_storing_ms(is_attributed, count))
    return Spread.of(attributed_ms), Spread.of_ratios(attributed_ms, plain_ms)


def _storing_ms(is_attributed: bool, count: int) -> float:
    after_batch = attributions.after_batch
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            Store.open(sqlite_url(Path(folder)), clock=time.time) as store,
        ):
            assign_drivers(store, count)
            entries = build_entries(count, Random(2))
            if not is_attributed:
                attributions.after_batch = lambda *_: attributions.Attributed()
            store.submit([entry for entry in entries if isinstance(entry.event, SessionChanged)])
            store.flush()
            laps = [entry for entry in entries if isinstance(entry.event, LapRecorded)]
            store.submit(laps)
            return _milliseconds(store.flush)
    finally:
        attributions.after_batch = after_batch


def main(sizes: Sequence[int] = SIZES) -> None:
    """Print the figures."""
    batch, ratio = measure_storing()
    print(f"  a batch of 500 laps: {batch:.0f} ms with attribution, {ratio:.2f} times the time without")
    print("SQLite:")
    with tempfile.TemporaryDirectory() as folder:
        _print_times(lambda size: f"sqlite:///{folder}/{size}.db", sizes)
    url = os.environ.get("F1TIMINGS_BENCH_POSTGRES")
    if url:
        print(f"PostgreSQL, {sizes[-1]:,} laps:")
        _print_times(lambda _size: url, sizes[-1:])


if __name__ == "__main__":
    main()
