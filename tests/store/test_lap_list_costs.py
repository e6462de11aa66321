"""What a page of the laps driven last costs does not depend on how many laps are stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from benchmarks.lap_lists import fill
from sqlalchemy import Connection, event

from f1timings.clock import ServerClock
from f1timings.store import Condition, Listing, Page, Store, StoredLap, sqlite_url
from f1timings.store.reads.laps import listed
from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import sessions
from tests.migrated import copy_migrated

FEW, MANY, ROWS = 1_000, 8_000, 20


@contextmanager
def filled(folder: Path, count: int) -> Iterator[Store]:
    folder.mkdir()
    copy_migrated(folder)
    with Store.open(sqlite_url(folder), clock=ServerClock().now) as store:
        fill(store, count)
        yield store


@contextmanager
def counted_steps(store: Store) -> Iterator[list[int]]:
    """The steps of SQLite's machine for what is read meanwhile, as the only number of the list."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    def watch(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, 1)

    engine = store.reads._engine
    event.listen(engine, "engine_connect", watch)
    yield steps
    event.remove(engine, "engine_connect", watch)


def steps_of_two_pages(store: Store, where: tuple[Condition, ...]) -> int:
    with counted_steps(store) as steps:
        first, second = two_pages(store, where)
    moments = [stored.recorded_at for stored in (*first.items, *second.items)]
    assert 2 * ROWS == len(moments)
    assert sorted(moments, reverse=True) == moments
    return steps[0]


def two_pages(store: Store, where: tuple[Condition, ...]) -> tuple[Listing[StoredLap], Listing[StoredLap]]:
    first = store.reads.list_laps(Page(limit=ROWS, sort="-recorded_at"), where)
    second = store.reads.list_laps(Page(limit=ROWS, sort="-recorded_at", cursor=first.next), where)
    return first, second


@pytest.mark.parametrize("where", [(), (Condition("is_valid", "eq", True),)])
def test_a_page_of_the_laps_driven_last_costs_the_same(tmp_path: Path, where: tuple[Condition, ...]) -> None:
    costs = []
    for count in (FEW, MANY):
        with filled(tmp_path / str(count), count) as store:
            costs.append(steps_of_two_pages(store, where))
    few, many = costs
    assert few > ROWS
    assert many < 1.2 * few


@pytest.mark.parametrize("sort", [None, "-official_at", "lap_time_ms"])
@pytest.mark.parametrize(
    "where", [Condition("session_type", "eq", "Race"), Condition("session_kind", "eq", "race")]
)
def test_laps_of_no_session_are_not_searched_for(tmp_path: Path, where: Condition, sort: str | None) -> None:
    with filled(tmp_path / "laps", MANY) as store:
        with counted_steps(store) as steps:
            assert () == store.reads.list_laps(Page(limit=ROWS, sort=sort), (where,)).items
        assert 0 < steps[0] < MANY


def test_rare_laps_are_listed_as_all_laps_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_race = (Condition("session_kind", "eq", "race"),)
    with filled(tmp_path / "laps", FEW) as store:
        rare = "rig-2~2~0"
        store.transact(partial(_let_be_a_race, session_id=rare))
        pages = [two_pages(store, of_race)]
        monkeypatch.setattr(listed, "_COMMON_FROM", 1)
        pages.append(two_pages(store, of_race))
    assert pages[0] == pages[1]
    assert {rare} == {stored.lap.session_id for stored in pages[0][0].items}


def _let_be_a_race(connection: Connection, session_id: str) -> None:
    for table, key in ((sessions, sessions.c.id), (attributions, attributions.c.session_id)):
        connection.execute(table.update().where(key == session_id).values(session_type="Race"))
