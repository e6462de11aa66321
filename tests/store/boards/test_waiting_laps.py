"""After an act on many laps, these wait: a few at a time are attributed, and new laps go between them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError, OperationalError

from f1timings.meeting.people import Assignment
from f1timings.store import Committed, CommittedAct, Desk, Stamped, Store
from f1timings.store.acts.log import Performance
from f1timings.store.boards import attributions
from f1timings.store.tables.boards import waiting_laps
from f1timings.store.tables.column_types import instant
from f1timings.store.transactions import Rest
from tests.store.conftest import OpenStore
from tests.store.evening import (
    LEFT,
    RIGHT,
    assignment,
    best_laps,
    delete_derived,
    driver,
    lap_event,
    read_derived,
    session,
    session_event,
    store_events,
    store_records,
)
from tests.store.events import ARRIVED

AT_ONCE = 5
MANY = 12
Action = Callable[[Desk], object]


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributions, "LAPS_AT_ONCE", AT_ONCE)


def with_laps(store: Store, count: int) -> None:
    """Store the driver Ann, and laps of the left rig without a driver."""
    store_records(store, driver("ann"))
    laps = [lap_event(session(LEFT), number, 90_000 + number) for number in range(1, count + 1)]
    store_events(store, session_event(session(LEFT)), *laps)


def new_lap() -> list[Stamped]:
    return [session_event(session(RIGHT)), lap_event(session(RIGHT), 1, 95_000)]


def seat_ann(desk: Desk) -> None:
    desk.store_record(assignment("ann", LEFT))


def begin_only(store: Store, action: Action) -> None:
    """Perform the first transaction of an act, as if the server had been killed after it."""
    store.transact(Performance("Marta", action, lambda: instant(ARRIVED)).begin)


def count_waiting(store: Store) -> int:
    return store.transact(_count)


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(waiting_laps)).scalar_one()


def laps_of_ann(store: Store) -> int:
    return sum(lap.driver_id == "ann" for lap in store.reads.list_laps().items)


def assert_all_are_anns(open_store: OpenStore, store: Store, count: int) -> None:
    """Check laps, boards and what waits, and that everything is as if derived from the beginning."""
    assert count == laps_of_ann(store)
    assert ("ann", 90_001) in best_laps(store)
    assert 0 == count_waiting(store)
    derived = read_derived(store)
    delete_derived(store)
    store.close()
    assert derived == read_derived(open_store())


@pytest.mark.parametrize(("laps", "expected"), [(AT_ONCE, ["act", "lap"]), (MANY, ["lap", "act"])])
def test_a_lap_that_is_driven_meanwhile_becomes_official_before_an_act_on_many_laps_is_done(
    open_store: OpenStore, laps: int, expected: list[str]
) -> None:
    order: list[str] = []
    changed: list[str] = []

    def note_act(act: CommittedAct) -> None:
        order.append("act")
        changed.extend(act.lap_ids)

    def note_lap(committed: list[Committed]) -> None:
        order.extend("lap" for change in committed if change.lap is not None)

    store = open_store(on_committed=note_lap, on_acted=note_act)
    with_laps(store, laps)
    order.clear()

    def action(desk: Desk) -> None:
        seat_ann(desk)
        store.submit([lap_event(session(LEFT), MANY + 1, 95_000)])

    store.act("Marta", action)
    store.flush()
    assert expected == order
    assert laps == len(set(changed)) == len(changed), "each lap is announced once, with the act"
    # The writer remembers the row of the board from the lap before, when other laps were not in it yet.
    store_events(store, lap_event(session(LEFT), MANY + 2, 95_000))
    assert_all_are_anns(open_store, store, laps + 2)


def test_the_next_act_waits_until_no_lap_waits(open_store: OpenStore) -> None:
    store = open_store()
    with_laps(store, MANY)
    waiting: list[int] = []
    with ThreadPoolExecutor(1) as others:

        def action(desk: Desk) -> None:
            seat_ann(desk)
            others.submit(store.act, "Ben", lambda desk: waiting.append(_count(desk.connection)))
            while store._writer._transactions.is_empty:
                time.sleep(0.001)

        store.act("Marta", action)
    assert [0] == waiting
    assert_all_are_anns(open_store, store, MANY)


def test_an_act_that_was_interrupted_is_finished_by_the_next_start(open_store: OpenStore) -> None:
    store = open_store()
    with_laps(store, MANY)
    begin_only(store, seat_ann)
    assert MANY == count_waiting(store)
    assert 0 == laps_of_ann(store)
    store.close()
    assert_all_are_anns(open_store, open_store(), MANY)


def test_an_act_that_was_interrupted_is_finished_by_the_next_act(open_store: OpenStore) -> None:
    store = open_store()
    with_laps(store, MANY)
    begin_only(store, seat_ann)
    store_records(store, driver("bob", 2))
    assert_all_are_anns(open_store, store, MANY)


def test_a_lap_that_waits_and_is_corrected_meanwhile_is_right(open_store: OpenStore) -> None:
    store = open_store()
    with_laps(store, MANY)
    begin_only(store, seat_ann)
    store_events(store, lap_event(session(LEFT), 1, 90_001, compound="hard"), *new_lap())
    assert 1 == laps_of_ann(store)
    store_records(store, driver("bob", 2))
    assert_all_are_anns(open_store, store, MANY)


def test_while_the_database_fails_the_laps_wait_and_the_caller_with_them(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    attribute, failures = attributions.attribute_waiting_laps, [2, 1]

    def fail_twice(connection: Connection) -> attributions.Reattributed:
        if failures:
            failures.pop()
            raise OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))
        return attribute(connection)

    store = open_store()
    with_laps(store, MANY)
    monkeypatch.setattr(attributions, "attribute_waiting_laps", fail_twice)
    store.act("Marta", seat_ann)
    assert [] == failures
    assert_all_are_anns(open_store, store, MANY)


def test_damage_that_only_a_later_piece_finds_is_noticed(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage = sqlite3.DatabaseError("database disk image is malformed")
    damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT

    def fail(_connection: Connection) -> attributions.Reattributed:
        raise DatabaseError("SELECT", {}, damage)

    store = open_store()
    with_laps(store, MANY)
    monkeypatch.setattr(attributions, "attribute_waiting_laps", fail)
    assert store.damage is None
    store.act("Marta", seat_ann)
    assert store.damage is not None


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (ZeroDivisionError(), 1),
        (OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked")), 6),
    ],
    ids=["a fault of the program", "a database that can be written all the same"],
)
def test_an_act_of_which_the_laps_cannot_be_attributed_is_stored_and_its_laps_wait(
    open_store: OpenStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    error: Exception,
    tries: int,
) -> None:
    tried: list[Connection] = []

    def fail(connection: Connection) -> attributions.Reattributed:
        tried.append(connection)
        raise error

    store = open_store()
    with_laps(store, MANY)
    with monkeypatch.context() as patched:
        patched.setattr(attributions, "attribute_waiting_laps", fail)
        store.act("Marta", seat_ann)
    assert tries == len(tried)
    assert "a change is stored, but not all that follows from it" in caplog.text
    store_events(store, *new_lap())
    store.close()
    assert_all_are_anns(open_store, open_store(), MANY)


def test_a_caller_who_has_waited_long_gets_the_result_of_what_is_stored(open_store: OpenStore) -> None:
    store = open_store()
    with_laps(store, MANY)
    performance = Performance("Marta", seat_ann, lambda: instant(ARRIVED))
    is_awaited = True

    def step(connection: Connection) -> bool:
        return performance.go_on(connection) or is_awaited

    store.transact(performance.begin, lambda _: Rest(step, lambda: None), timeout=0.5)
    assert ["ann at " + LEFT] == [assigned.id for assigned in store.reads.list_records(Assignment)]
    is_awaited = False
    assert_all_are_anns(open_store, store, MANY)
