"""While the database accepts nothing, records wait in the queue, the state reports it, and none is lost."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from f1timings.clock import ServerClock
from f1timings.errors import StoreError
from f1timings.meeting.people import Driver
from f1timings.store import Committed, Page, Reads, Store, WriterState, sqlite_url
from f1timings.store.acts import drivers
from f1timings.store.engines import database_url, reader_engine, writer_engine
from f1timings.store.migrations import upgrade
from f1timings.store.writer import Writer
from tests.store.conftest import OpenStore
from tests.store.events import lap, lap_events, rig_and_session
from tests.waiting import LONGEST_WAIT_S


@contextmanager
def _locked(url: str) -> Iterator[None]:
    """Another connection has a lock that stops the writer."""
    if url.startswith("sqlite"):
        locking = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        locking.execute("BEGIN EXCLUSIVE")
        yield
        locking.execute("ROLLBACK")
        locking.close()
        return
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE laps IN SHARE MODE")
        yield


def _wait_until(condition: Callable[[], bool], failure: str) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not condition():
        assert time.monotonic() < deadline, failure
        time.sleep(0.01)


def _is_failing(state: Callable[[], WriterState]) -> Callable[[], bool]:
    return lambda: state().failing_since is not None


def test_a_locked_database_delays_records_and_loses_none(
    url: str, store: Store, announced: list[Committed], caplog: pytest.LogCaptureFixture
) -> None:
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    announced.clear()
    with _locked(url):
        store.submit(lap_events(*(lap(car) for car in range(22))))
        _wait_until(_is_failing(store.writer_state), "the state does not report the lock")
        state = store.writer_state()
        assert (22, 2) == (state.queued, state.committed)
        assert "lock" in (state.error or "")
        assert [] == announced
    store.flush(LONGEST_WAIT_S)
    assert list(range(22)) == [stored.lap.car_index for stored in store.reads.list_laps().items]
    assert 22 == len(announced)
    assert (
        WriterState(queued=0, committed=24, rejected=0, failing_since=None, error=None)
        == store.writer_state()
    )
    levels = [record.levelno for record in caplog.records if "accepts" in record.message]
    assert [logging.ERROR, logging.WARNING] == levels


def test_a_close_that_cannot_write_reports_how_many_records_are_left(url: str, open_store: OpenStore) -> None:
    store = open_store()
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    with _locked(url):
        store.submit(lap_events(lap(1), lap(2)))
        with pytest.raises(StoreError, match=r"2 records are not in the database after 0\.1 s"):
            store.flush(0.1)
        with pytest.raises(StoreError, match=r"2 records are not in the database at the end.*lock"):
            store.close(2.5)
        with pytest.raises(StoreError, match="closed"):
            store.submit(lap_events(lap(3)))
    assert () == open_store().reads.list_laps().items


def _drop_connections(url: str) -> None:
    """End every connection to a PostgreSQL database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_writer_that_loses_its_connection_connects_again(
    url: str, store: Store, announced: list[Committed]
) -> None:
    store.submit(rig_and_session())
    store.flush(LONGEST_WAIT_S)
    _drop_connections(url)
    store.submit(lap_events(lap(1), lap(2)))
    store.flush(LONGEST_WAIT_S)
    assert [1, 2] == [stored.lap.car_index for stored in store.reads.list_laps().items]
    assert 4 == len(announced)


@pytest.fixture
def separate_writer(url: str, announced: list[Committed]) -> Iterator[Writer]:
    """A writer outside a store, whose engine a test may disturb."""
    engine = writer_engine(database_url(url))
    upgrade(engine)
    writer = Writer(engine, announced.extend, clock=ServerClock().now)
    writer.start()
    yield writer
    writer.close(10)
    engine.dispose()


def _fail_after_commit(connection: Connection) -> None:
    """Commit, then fail as if the confirmation were lost."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.commit()
    event.remove(connection.engine, "commit", _fail_after_commit)
    raise OperationalError("COMMIT", {}, Exception("connection lost"))


def test_a_commit_whose_confirmation_is_lost_is_announced_once(
    separate_writer: Writer, announced: list[Committed]
) -> None:
    separate_writer.submit(rig_and_session())
    separate_writer.flush(LONGEST_WAIT_S)
    event.listen(separate_writer.engine, "commit", _fail_after_commit)
    separate_writer.submit(lap_events(lap(1), lap(2), lap(1)))
    separate_writer.flush(LONGEST_WAIT_S)
    assert [1, 2] == [change.lap.lap.car_index for change in announced if change.lap]
    assert [1, 2, 3, 4] == [change.seq for change in announced]
    assert separate_writer.state().failing_since is None


def test_a_full_disk_delays_records_and_loses_none(tmp_path: Path) -> None:
    address = database_url(sqlite_url(tmp_path))
    engine = writer_engine(address)
    upgrade(engine)
    writer = Writer(engine, clock=ServerClock().now)
    writer.start()
    writer.submit(rig_and_session())
    writer.flush(LONGEST_WAIT_S)
    _limit_pages(writer, 1)
    writer.submit(lap_events(*(lap(car, number) for car in range(22) for number in range(1, 30))))
    _wait_until(_is_failing(writer.state), "the state does not report the full disk")
    assert "database or disk is full" == writer.state().error
    _limit_pages(writer, 1_000_000)
    writer.flush(LONGEST_WAIT_S)
    reads = Reads(reader_engine(address))
    assert 22 * 29 == len(reads.list_laps(Page(1000)).items)
    writer.close(10)


def _limit_pages(writer: Writer, pages: int) -> None:
    with writer.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_read_that_the_database_refuses_raises_store_error(store: Store, url: str, is_sqlite: bool) -> None:
    if is_sqlite:
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute("DROP TABLE lap_revisions")
        connection.close()
    else:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("DROP TABLE lap_revisions")
    with pytest.raises(StoreError, match=r"the database did not answer: .*lap_revisions"):
        store.reads.list_lap_revisions("any")


@pytest.mark.parametrize("url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_the_first_change_after_dropped_connections_is_stored(url: str, store: Store) -> None:
    store.act("Test", lambda desk: drivers.add(desk, name="Ann"))
    assert ["Ann"] == [driver.name for driver in store.reads.list_records(Driver)]
    _drop_connections(url)
    store.act("Test", lambda desk: drivers.add(desk, name="Bo"))
    assert ["Ann", "Bo"] == sorted(driver.name for driver in store.reads.list_records(Driver))
