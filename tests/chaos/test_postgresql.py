"""A PostgreSQL server that drops connections, is killed, restarted or frozen: no official lap is lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from f1timings.simulator import TIMING_KINDS, Scenario, scenario_for
from f1timings.simulator.sender import send
from tests.chaos.cluster import Cluster, why_no_cluster
from tests.chaos.forms import count_of
from tests.chaos.ledger import Ledger, assert_as_driven, assert_nothing_lost, count_driven
from tests.server.running import RunningServer

pytestmark = pytest.mark.skipif(why_no_cluster() is not None, reason=str(why_no_cluster()))

_SEEDS = count(1)
_NAMES = count(1)
# More than the threads that answer requests.
_READERS = 60


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as started:
        yield started


@pytest.fixture(scope="module")
def server(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("evening") / "data", cluster.url) as started:
        yield started


@pytest.fixture(scope="module")
def ledger(server: RunningServer) -> Iterator[Ledger]:
    with Ledger(server) as following:
        yield following


def two_laps() -> Scenario:
    return scenario_for(
        "time_trial", 2025, next(_SEEDS), laps=2, rigs=1, cars=1, rate_hz=20, kinds=TIMING_KINDS
    )


def drive(server: RunningServer) -> dict[str, Any]:
    """Drive two laps; return the truth about them."""
    return send([two_laps()], "127.0.0.1", server.udp_port, speed=100.0).truth


def add_driver(server: RunningServer, token: str) -> int:
    """Add a driver; return the status of the answer."""
    return server.ask("POST", "/api/v1/drivers", {"name": f"Driver {next(_NAMES)}"}, token).status


def check_of_database(server: RunningServer, token: str | None = None) -> str:
    return str(server.ask("GET", "/api/health/ready", token=token).json["checks"]["database"])


def assert_all_official(server: RunningServer, ledger: Ledger, truth: dict[str, Any]) -> None:
    """Check that every driven lap is stored, and announced once."""
    driven = count_driven(truth)
    assert driven

    def is_complete() -> bool:
        stored = assert_nothing_lost(ledger, server)
        return driven == assert_as_driven(stored, truth) and len(stored) == len(ledger.laps)

    server.until(is_complete)
    assert {1} == set(ledger.announced.values())


def test_dropped_connections_cost_neither_an_act_nor_an_announcement(
    cluster: Cluster, server: RunningServer, ledger: Ledger
) -> None:
    token = server.token("admin")
    for _ in range(count_of(50, 2)):
        assert 0 < cluster.drop_connections()
        assert 201 == add_driver(server, token)
        assert 0 < cluster.drop_connections()
        assert_all_official(server, ledger, drive(server))
        assert "ok" == check_of_database(server)


def test_laps_that_are_driven_while_the_database_restarts_are_official_afterwards(
    cluster: Cluster, server: RunningServer, ledger: Ledger
) -> None:
    token = server.token("admin")
    for _ in range(count_of(20, 1)):
        with ThreadPoolExecutor(1) as rig:
            driving = rig.submit(drive, server)
            cluster.kill()
            server.until(lambda: check_of_database(server, token).startswith("cannot be written: "))
            assert 503 == add_driver(server, token)
            assert 200 == server.ask("GET", "/api/health").status
            truth = driving.result()
        cluster.start()
        assert_all_official(server, ledger, truth)
        server.until(lambda: check_of_database(server) == "ok")
        assert 201 == add_driver(server, token)


def test_a_frozen_database_is_noticed_holds_up_nobody_and_loses_no_lap(
    cluster: Cluster, server: RunningServer, ledger: Ledger
) -> None:
    token = server.token("admin")
    paths = [f"/api/v1/laps?limit={limit}" for limit in range(1, _READERS + 1)]
    for _ in range(count_of(20, 1)):
        cluster.freeze()
        with ThreadPoolExecutor(_READERS) as readers:
            answers = [readers.submit(server.ask, "GET", path) for path in paths]
            truth = drive(server)
            server.until(lambda: check_of_database(server, token).startswith("cannot be written: "))
            assert 503 == server.ask("GET", "/api/health/ready").status
            assert {503} == {answer.result().status for answer in answers}
        assert 503 == add_driver(server, token)
        cluster.thaw()
        assert_all_official(server, ledger, truth)
        server.until(lambda: check_of_database(server) == "ok")
        assert 201 == add_driver(server, token)
