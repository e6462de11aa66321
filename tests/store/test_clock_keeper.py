"""Steady time and server time go on from what the database has."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import update

from f1timings.clock import ServerClock
from f1timings.store import AccessLogEntry, AccessStore, Stamped, Store, sqlite_url
from f1timings.store.counter import ClockKeeper, read_server_time
from f1timings.store.tables.column_types import instant
from f1timings.store.tables.timed import change_counter
from f1timings.timing.events import CountersRead
from tests.migrated import copy_migrated, downgrade, migrate
from tests.store.conftest import OpenStore
from tests.store.events import rig_and_session, session

NOON = 1_800_000_000.0


class Machine:
    """A wall clock, and what has elapsed since the start of the machine."""

    def __init__(self) -> None:
        self.wall, self.elapsed = NOON, 100.0

    def clock(self) -> ServerClock:
        return ServerClock(lambda: self.elapsed, lambda: "boot")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(time, "time", lambda: machine.wall)
    return machine


def opened(folder: Path, clock: ServerClock) -> Store:
    copy_migrated(folder)
    return Store.open(sqlite_url(folder), clock=clock.now, advance_to=clock.advance_to)


def test_steady_time_goes_on_after_a_restart_with_another_wall_clock(
    tmp_path: Path, machine: Machine
) -> None:
    clock = machine.clock()
    with opened(tmp_path, clock) as store:
        ClockKeeper(store.transact, clock).resume()
        begun = clock.steady()
    machine.elapsed += 50.0
    machine.wall += 86_400.0
    clock = machine.clock()
    with opened(tmp_path, clock) as store:
        ClockKeeper(store.transact, clock).resume()
        assert pytest.approx(50.0) == clock.steady() - begun
        assert pytest.approx(machine.wall) == clock.now()


def test_the_security_log_moves_server_time_on_and_never_back(tmp_path: Path, machine: Machine) -> None:
    clock = machine.clock()
    with opened(tmp_path, clock) as store:
        log_at(store, NOON + 60.0)
        log_at(store, NOON + 30.0)
        assert instant(NOON + 60.0) == store.transact(read_server_time)


def test_server_time_does_not_go_back_before_a_reading_that_no_screen_hears_of(
    tmp_path: Path, machine: Machine
) -> None:
    clock = machine.clock()
    with opened(tmp_path, clock) as store:
        store.submit(rig_and_session())
        store.flush()
        machine.elapsed += 60.0
        counters = CountersRead(session_id=session().id, session_time_s=60.0, frame=1, overall_frame=1)
        store.submit([Stamped(clock.now(), counters)])
    machine.wall -= 3_600.0
    clock = machine.clock()
    with opened(tmp_path, clock):
        assert clock.now() >= NOON + 60.0


def test_server_time_goes_on_after_a_quiet_hour(tmp_path: Path, machine: Machine) -> None:
    clock = machine.clock()
    with opened(tmp_path, clock) as store:
        keeper = ClockKeeper(store.transact, clock)
        keeper.resume()
        machine.elapsed += 3_600.0
        keeper.save()
    machine.wall -= 3_600.0
    clock = machine.clock()
    with opened(tmp_path, clock):
        assert clock.now() >= NOON + 3_600.0


def log_at(store: Store, moment: float) -> None:
    """Add an entry to the security log."""
    entry = AccessLogEntry(at=instant(moment), who="", ip="", what="login", outcome="refused")
    store.transact(lambda connection: AccessStore(connection).log(entry))


def test_a_database_of_before_gets_server_time_from_the_newest_moment_in_it(
    url: str, open_store: OpenStore, machine: Machine
) -> None:
    store = open_store(clock=machine.clock().now)
    log_at(store, NOON + 7200.0)
    store.transact(lambda connection: connection.execute(update(change_counter).values(server_time=None)))
    store.close()
    downgrade(url, "0018")
    migrate(url)
    clock = machine.clock()
    store = open_store(clock=clock.now, advance_to=clock.advance_to)
    ClockKeeper(store.transact, clock).resume()
    assert instant(NOON + 7200.0) == store.transact(read_server_time)
    assert clock.now() >= NOON + 7200.0
    assert pytest.approx(NOON + 7200.0) == clock.steady()
