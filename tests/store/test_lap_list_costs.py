"""What a page of the laps driven last costs does not depend on how many laps are stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from benchmarks.lap_lists import fill
from sqlalchemy import Connection, event

from f1timings.clock import ServerClock
from f1timings.store import Condition, Page, Store, sqlite_url
from tests.migrated import copy_migrated

FEW, MANY, ROWS = 1_000, 8_000, 20


@contextmanager
def filled(folder: Path, count: int) -> Iterator[Store]:
    folder.mkdir()
    copy_migrated(folder)
    with Store.open(sqlite_url(folder), clock=ServerClock().now) as store:
        fill(store, count)
        yield store


def steps_of_two_pages(store: Store, where: tuple[Condition, ...]) -> int:
    """The steps of SQLite's machine for the first page and the next."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def watch(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, 1)

    engine = store.reads._engine
    event.listen(engine, "engine_connect", watch)
    first = store.reads.list_laps(Page(limit=ROWS, sort="-recorded_at"), where)
    second = store.reads.list_laps(Page(limit=ROWS, sort="-recorded_at", cursor=first.next), where)
    moments = [stored.recorded_at for stored in (*first.items, *second.items)]
    assert 2 * ROWS == len(moments)
    assert sorted(moments, reverse=True) == moments
    return steps


@pytest.mark.parametrize("where", [(), (Condition("is_valid", "eq", True),)])
def test_a_page_of_the_laps_driven_last_costs_the_same(tmp_path: Path, where: tuple[Condition, ...]) -> None:
    costs = []
    for count in (FEW, MANY):
        with filled(tmp_path / str(count), count) as store:
            costs.append(steps_of_two_pages(store, where))
    few, many = costs
    assert few > ROWS
    assert many < 1.2 * few
