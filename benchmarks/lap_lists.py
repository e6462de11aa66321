"""Measure the lap lists of the pages with 1,000, 10,000 and 100,000 laps in the database.

Run ``python -m benchmarks.lap_lists [DATABASE_URL]``; without a URL it uses a new SQLite file. The laps are
written as rows. One list is one call of ``reads.list_laps``, as in a route. Half of the laps are in one
endless session and belong to one driver: the worst case of a rig at home.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert, text

from benchmarks.measuring import Spread
from f1timings.store import Condition, Page, Store, sqlite_url
from f1timings.store.tables.column_types import instant
from f1timings.store.tables.people import attributions, drivers
from f1timings.store.tables.timed import laps, sessions

SIZES: Final = (1_000, 10_000, 100_000)
ROUNDS: Final = 15
AIM_MS: Final = 50.0
_START: Final = 1_790_000_000.0
_RIGS: Final = 8
_CARS: Final = 20
_SESSION_LAPS: Final = 500
_ENDLESS: Final = "rig-0~1~0"
_CHUNK: Final = 2_000

# Name of the list: its order and its filters.
LISTS: Final[dict[str, tuple[str | None, dict[str, Any]]]] = {
    "default order": (None, {}),
    "newest first": ("-official_at", {}),
    "driven last": ("-recorded_at", {}),
    "driven last, deleted": ("-recorded_at", {"state": "deleted"}),
    "driven last, rig": ("-recorded_at", {"rig": "rig-1"}),
    "newest that count": ("-official_at", {"state": "completed", "is_valid": True}),
    "newest deleted": ("-official_at", {"state": "deleted"}),
    "newest invalid": ("-official_at", {"is_valid": False}),
    "fastest": ("lap_time_ms", {}),
    "fastest that count": ("lap_time_ms", {"state": "completed", "is_valid": True}),
    "fastest invalid": ("lap_time_ms", {"is_valid": False}),
    "slowest": ("-lap_time_ms", {}),
    "endless session": (None, {"session_id": _ENDLESS}),
    "its newest": ("-official_at", {"session_id": _ENDLESS}),
    "its fastest that count": ("lap_time_ms", {"session_id": _ENDLESS, "is_valid": True}),
    "its car 3, by lap": ("lap_number", {"session_id": _ENDLESS, "car_index": 3}),
    "short session": (None, {"session_id": "rig-1~2~0"}),
    "rig": (None, {"rig": "rig-1"}),
    "rig, newest": ("-official_at", {"rig": "rig-1"}),
    "rig, fastest": ("lap_time_ms", {"rig": "rig-1", "is_valid": True}),
    "busy driver": (None, {"driver_id": "d0"}),
    "busy driver, newest": ("-official_at", {"driver_id": "d0"}),
    "busy driver, fastest": ("lap_time_ms", {"driver_id": "d0", "is_valid": True}),
    "driver, newest": ("-official_at", {"driver_id": "d7"}),
    "driver, fastest": ("lap_time_ms", {"driver_id": "d7", "is_valid": True}),
    "driver by name, newest": ("-official_at", {"driver": "Driver 7"}),
    "driver of no lap": ("-official_at", {"driver_id": "unknown"}),
    "meeting, circuit, fastest": ("lap_time_ms", {"meeting_id": "m", "circuit": "Monza"}),
    "manual, newest": ("-official_at", {"source": "manual"}),
    "type of no lap": (None, {"session_type": "Race"}),
    "kind of no lap, newest": ("-official_at", {"session_kind": "race"}),
    "kind of no lap, fastest": ("lap_time_ms", {"session_kind": "race"}),
}


def fill(store: Store, count: int) -> None:
    """Store ``count`` laps in an empty database."""

    def work(connection: Connection) -> None:
        connection.execute(insert(drivers), [_driver(number) for number in range(_CARS)])
        stored_sessions: set[str] = set()
        for start in range(0, count, _CHUNK):
            rows = [_lap(number, count) for number in range(start, min(count, start + _CHUNK))]
            first_rows = {row["session_id"]: row for row in reversed(rows)}
            new = [_session(row) for id_, row in first_rows.items() if id_ not in stored_sessions]
            stored_sessions.update(first_rows)
            if new:
                connection.execute(insert(sessions), new)
            connection.execute(insert(laps), rows)
            connection.execute(insert(attributions), [_attribution(row) for row in rows])
        connection.execute(text("UPDATE change_counter SET seq = :seq"), {"seq": count + 1_000_000})
        if connection.dialect.name == "postgresql":
            # PostgreSQL does it itself only about a minute after so many changes.
            connection.execute(text("ANALYZE"))

    store.transact(work, timeout=600.0)


def _driver(number: int) -> dict[str, Any]:
    return {
        "id": f"d{number}",
        "number_here": number,
        "name": f"Driver {number}",
        "team": "",
        "shows_name": True,
        "shown_name": f"Driver {number}",
        "token": f"t{number}",
        "is_deleted": False,
        "created_at": instant(_START),
        "seq": number + 1,
    }


def _session(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["session_id"],
        "rig": row["rig"],
        "session_uid": row["session_uid"],
        "epoch": 0,
        "packet_format": 2025,
        "track": "Monza",
        "is_race": False,
        "is_ended": True,
        "opened_at": row["recorded_at"],
        "seq": 100 + int(row["session_uid"]),
    }


def _lap(number: int, count: int) -> dict[str, Any]:
    chance = random.Random(number)
    is_endless = number < count // 2
    session_number = 1 if is_endless else 2 + (number - count // 2) // _SESSION_LAPS
    rig = f"rig-{0 if is_endless else session_number % _RIGS}"
    lap_number, car = divmod(number if is_endless else number % _SESSION_LAPS, _CARS)
    session_id = f"{rig}~{session_number}~0"
    at = instant(_START + number * 3.0)
    state = "deleted" if number % 10_007 == 5 else "partial" if number % 50 == 7 else "completed"
    return {
        "id": f"{session_id}~{car}~{lap_number}~0",
        "session_id": session_id,
        "session_uid": str(session_number),
        "rig": rig,
        "car_index": car,
        "participant": f"Player {car}",
        "lap_number": lap_number,
        "branch": 0,
        "revision": 1,
        "lap_time_ms": None if state == "partial" else chance.randrange(80_000, 100_000),
        "sector1_ms": 27_000,
        "sector2_ms": 28_000,
        "sector3_ms": 29_000,
        # Invalid laps are rare, so that a list of invalid laps must search for them.
        "is_valid": number % 1_009 != 3,
        "compound": "soft",
        "state": state,
        "recovered": False,
        "recorded_at": at,
        "received_at": at,
        "official_at": at,
        "seq": 1_000 + number,
    }


def _attribution(row: dict[str, Any]) -> dict[str, Any]:
    driver = "d0" if row["session_id"] == _ENDLESS else f"d{row['car_index']}"
    copied = ("session_id", "rig", "lap_number", "lap_time_ms", "recorded_at", "compound")
    return {name: row[name] for name in copied} | {
        "lap_id": row["id"],
        "meeting_id": "m",
        "circuit": "Monza",
        "circuit_key": "monza",
        "entrant": f"d:{driver}",
        "driver_id": driver,
        "basis": "assignment",
        "is_own_car": True,
        "is_manual": False,
        "lobby": row["session_id"],
        "counts": row["state"] == "completed" and row["is_valid"],
        "set_at": row["recorded_at"],
        "packet_format": 2025,
    }


def read_ms(store: Store, sort: str | None, filters: dict[str, Any]) -> Spread:
    """Return the milliseconds that the first page of a list takes."""
    where = [Condition(name, "eq", value) for name, value in filters.items()]
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        store.reads.list_laps(Page(limit=100, sort=sort), where)
        spent.append((time.perf_counter() - start) * 1000)
    return Spread.of(spent)


def measure(url: str | None, sizes: Sequence[int] = SIZES) -> Iterator[tuple[int, dict[str, Spread]]]:
    """Yield each size with the times of every list."""
    for size in sizes:
        with (
            tempfile.TemporaryDirectory() as folder,
            Store.open(url or sqlite_url(Path(folder)), clock=time.time) as store,
        ):
            if url is not None:
                _delete_all(store)
            fill(store, size)
            yield size, {name: read_ms(store, *arguments) for name, arguments in LISTS.items()}


def _delete_all(store: Store) -> None:
    tables = (attributions, laps, sessions, drivers)
    store.transact(lambda connection: [connection.execute(table.delete()) for table in tables])


def main(url: str | None = None) -> None:
    """Print the times for each size, and the lists that do not reach the aim."""
    results = dict(measure(url))
    print(f"{'first page of 100, median ms with':28}" + "".join(f"{size:>12,}" for size in results))
    for name in LISTS:
        print(f"{name:28}     " + "".join(f"{times[name].median:12.1f}" for times in results.values()))
    slow = [name for name in LISTS if results[max(results)][name].median > AIM_MS]
    print(f"over {AIM_MS:g} ms with {max(results):,} laps: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
