"""A commit reads only what may have changed since the one before, however many laps it has."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from f1timings.clock import ServerClock
from f1timings.store import Committed, LeaderboardQuery, Stamped, Store
from f1timings.store.acts import drivers
from f1timings.store.boards.remembered import Kept, Remembered
from f1timings.store.engines import database_url, writer_engine
from f1timings.store.migrations import upgrade
from f1timings.store.writer import Writer
from f1timings.timing.events import CountersRead, SessionChanged
from f1timings.timing.records import LapState, lap_id
from tests.sql_statements import runs, statements
from tests.store.conftest import OpenStore
from tests.store.events import lap, lap_events, rig_and_session, session, stamp
from tests.waiting import LONGEST_WAIT_S

# The number of the newest change, what is stored of the laps, the laps that compete with them; then the laps,
# their attributions, the rows of the board and the new number are written.
_OF_A_LAP = 7


def commit(store: Store, entries: Sequence[Stamped]) -> list[str]:
    """Store entries in one commit; return its statements, of readers too."""
    with statements(store._writer_engine) as written, statements(store._reader_engine) as read:
        store.submit(entries)
        store.flush(LONGEST_WAIT_S)
    assert [] == read
    return [statement for statement in written if not statement.startswith("BEGIN")]


def driven(number: int) -> list[Stamped]:
    """A lap of the rig's own car, and the game's counters."""
    counters = CountersRead(session_id=session().id, session_time_s=90.0 * number, frame=1, overall_frame=1)
    return [*lap_events(lap(lap_number=number), after_s=number), stamp(counters, after_s=number)]


@pytest.fixture
def running(open_store: OpenStore, announced: list[Committed]) -> Store:
    """A store with one lap of a rig's own car."""
    store = open_store(on_committed=announced.extend)
    own_car = stamp(SessionChanged(session(player_car_index=0)))
    commit(store, [rig_and_session()[0], own_car, *driven(1)])
    return store


def test_a_commit_with_a_lap_takes_few_statements(running: Store) -> None:
    commit(running, lap_events(lap(lap_number=2)))
    assert _OF_A_LAP == len(commit(running, lap_events(lap(lap_number=3))))


def test_a_commit_with_many_laps_takes_the_same_statements_as_one_with_one(running: Store) -> None:
    commit(running, lap_events(lap(lap_number=2)))
    laps = [lap(lap_number=number) for number in range(3, 100)]
    assert _OF_A_LAP == len({_without_rows(text) for text in commit(running, lap_events(*laps))})


def test_only_a_lap_that_is_on_a_board_and_counts_there_differently_has_changed_it(
    running: Store, announced: list[Committed]
) -> None:
    versions = {
        "of another car": lap(car_index=5, lap_number=2, participant="VERSTAPPEN"),
        "own": lap(lap_number=2, participant=None),
        "its name came later": lap(lap_number=2),
        "invalid": lap(lap_number=2, is_valid=False),
    }
    changed = {}
    for name, version in versions.items():
        announced.clear()
        commit(running, lap_events(version))
        (change,) = announced
        changed[name] = change.has_changed_boards
    expected = {"of another car": False, "own": True, "its name came later": False, "invalid": True}
    assert expected == changed


def test_a_statement_inserts_up_to_64_rows_and_runs_for_each_row_only_where_the_driver_sends_all_at_once(
    running: Store,
) -> None:
    commit(running, lap_events(lap(lap_number=2)))
    laps = [lap(lap_number=number) for number in range(3, 100)]
    with runs(running._writer_engine) as counted:
        commit(running, lap_events(*laps))
    inserts = {text: count for text, count in counted.items() if text.startswith("INSERT")}
    # On SQLite 97 rows are 64 and 16 and 16 and 1; PostgreSQL gets all rows of a statement in one message.
    expected = 4 if running._writer_engine.dialect.name == "sqlite" else len(laps)
    assert {"laps": expected, "attributions": expected} == {text.split()[2]: n for text, n in inserts.items()}


def _without_rows(statement: str) -> str:
    return statement.partition(" VALUES ")[0]


def test_the_laps_that_compete_with_those_of_many_sessions_are_read_at_once(running: Store) -> None:
    sessions = [session(epoch, player_car_index=0) for epoch in range(1, 9)]
    commit(running, [stamp(SessionChanged(each)) for each in sessions])
    laps = [
        lap(id=lap_id(each.id, 0, number, 0), session_id=each.id, lap_number=number)
        for each in sessions
        for number in (1, 2)
    ]
    executed = commit(running, lap_events(*laps))
    assert 1 == sum("FROM laps JOIN attributions" in statement for statement in executed)


def test_the_counters_of_a_session_take_two_statements_more(running: Store) -> None:
    commit(running, driven(2))
    assert _OF_A_LAP + 2 == len(commit(running, driven(3)))


def test_an_act_between_two_commits_counts_for_the_second(running: Store, announced: list[Committed]) -> None:
    commit(running, driven(2))
    ann = running.act("Marta", lambda desk: drivers.add(desk, name="Ann"))
    running.act("Marta", partial(drivers.map_game_name, name="HÄMMERLE", driver_id=ann.id))
    commit(running, driven(3))
    running.act("Marta", partial(drivers.edit, driver_id=ann.id, version=ann.seq, name="Anna"))
    commit(running, driven(4))
    laps = [change.lap for change in announced if change.lap is not None]
    assert [None, None, "Ann", "Anna"] == [stored.driver for stored in laps]
    assert laps[-1] == running.reads.get_lap(laps[-1].lap.id)


def test_what_a_failed_transaction_noted_is_forgotten(running: Store) -> None:
    failures = [OperationalError("COMMIT", {}, Exception("no answer"))]

    def fail(_connection: object) -> None:
        if failures:
            raise failures.pop()

    # Its laps add a row to the board: the next attempt may not take the row as stored.
    event.listen(running._writer_engine, "commit", fail)
    running.submit(lap_events(lap(lap_number=2, compound="hard")))
    running.flush(LONGEST_WAIT_S)
    assert [] == failures
    assert 1 == len(running.reads.get_leaderboard(LeaderboardQuery.of(compound="hard")).entries)


def test_a_lap_that_was_taken_off_the_board_is_not_added_to_what_was_there_before(running: Store) -> None:
    commit(running, lap_events(lap(lap_number=2, lap_time_ms=80_000)))
    commit(running, lap_events(lap(lap_number=2, lap_time_ms=80_000, state=LapState.SUPERSEDED)))
    commit(running, lap_events(lap(lap_number=2, branch=1, lap_time_ms=84_000)))
    (entry,) = running.reads.get_leaderboard(LeaderboardQuery()).entries
    assert (83_456, 2) == (entry.standing.best.best_lap_ms, entry.standing.best.laps)


@contextmanager
def separate_writer(url: str, **settings: Any) -> Iterator[tuple[Writer, list[list[Committed]]]]:
    """A writer that gathers entries for as long as a test may last, and what each of its commits changed."""
    engine = writer_engine(database_url(url))
    upgrade(engine)
    commits: list[list[Committed]] = []
    writer = Writer(
        engine, commits.append, clock=ServerClock().now, **({"gather_s": LONGEST_WAIT_S} | settings)
    )
    writer.start()
    yield writer, commits
    writer.close(LONGEST_WAIT_S)
    engine.dispose()


def wait_for_commit(commits: list[list[Committed]]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_S / 2
    while not commits:
        assert time.monotonic() < deadline, "nothing was committed"
        time.sleep(0.005)


def test_what_arrives_soon_after_each_other_is_one_commit(url: str) -> None:
    with separate_writer(url) as (writer, commits):
        writer.submit(rig_and_session())
        time.sleep(0.05)
        for number in range(1, 4):
            writer.submit(lap_events(lap(lap_number=number)))
        writer.flush(LONGEST_WAIT_S)
    assert [5] == [len(committed) for committed in commits]


def test_a_full_batch_is_committed_at_once(url: str) -> None:
    with separate_writer(url, max_batch=2) as (writer, commits):
        writer.submit(rig_and_session())
        wait_for_commit(commits)


def test_entries_are_committed_after_a_moment_without_anybody_who_waits(url: str) -> None:
    with separate_writer(url, gather_s=0.01) as (writer, commits):
        writer.submit(rig_and_session())
        wait_for_commit(commits)


def test_neither_a_transaction_nor_the_end_waits_for_more_entries(url: str) -> None:
    with separate_writer(url) as (writer, commits):
        writer.submit(rig_and_session())
        writer.transact(lambda _connection: None, timeout=LONGEST_WAIT_S / 2)
        wait_for_commit(commits)
        writer.submit(lap_events(lap()))
        writer.close(LONGEST_WAIT_S / 2)
    assert [2, 1] == [len(committed) for committed in commits]


def test_what_is_remembered_is_valid_for_one_number_of_the_newest_change() -> None:
    remembered = Remembered()
    kept = []
    for number, committed in ((5, 6), (6, 7), (8, 9), (9, None), (9, 9)):
        remembered.begin(number)
        kept.append(remembered.shown_names.get_all(["ann"], lambda _ids: {"ann": f"before {number}"}))  # noqa: B023
        if committed is not None:
            remembered.keep(committed)
    assert ["before 5", "before 5", "before 8", "before 8", "before 9"] == [names["ann"] for names in kept]


def test_a_key_without_a_value_is_read_once() -> None:
    kept: Kept[str, int] = Kept()
    read: list[list[str]] = []

    def read_values(keys: list[str]) -> dict[str, int]:
        read.append(sorted(keys))
        return {"a": 1}

    assert {"a": 1} == kept.get_all(["a", "b"], read_values)
    assert {"a": 1} == kept.get_all(["b", "a"], read_values)
    assert [["a", "b"]] == read


def test_what_is_remembered_is_bounded() -> None:
    kept: Kept[int, int] = Kept(most=10)
    for number in range(25):
        assert {number: number} == kept.get_all([number], lambda keys: {key: key for key in keys})
    assert len(kept._known) <= 10
    # More at once than are kept, as of an act on many sessions.
    assert 30 == len(kept.get_all(range(30), lambda keys: {key: key for key in keys}))
