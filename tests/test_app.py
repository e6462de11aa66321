"""The application closes all that it opened, also when it fails to open completely."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pytest

from f1timings import app
from f1timings.app import Application
from f1timings.clock import ServerClock
from f1timings.config import load_settings
from f1timings.outlines.records import OutlineKey
from f1timings.simulator import Scenario, simulate
from f1timings.store import Store, sqlite_url
from f1timings.store.data_folder import DataFolder
from tests.outlines.driving import KINDS


def test_an_application_that_fails_to_open_releases_its_data_folder_and_its_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Store] = []
    close = Store.close

    def record_and_close(store: Store, timeout: float = 30.0) -> None:
        closed.append(store)
        close(store, timeout)

    def fail(_services: object) -> None:
        raise RuntimeError("no web")

    monkeypatch.setattr(Store, "close", record_and_close)
    monkeypatch.setattr(app, "create_web", fail)
    with pytest.raises(RuntimeError, match="no web"):
        Application(load_settings(data_dir=tmp_path, udp_port=0))
    assert 1 == len(closed)
    DataFolder.acquire(tmp_path).release()


def test_closing_twice_is_the_same_as_closing_once(tmp_path: Path) -> None:
    application = Application(load_settings(data_dir=tmp_path, udp_port=0))
    application.close()
    application.close()
    with DataFolder.acquire(tmp_path), Store.open(sqlite_url(tmp_path), clock=ServerClock().now):
        pass


def test_an_outline_that_was_learned_is_there_after_a_restart(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, udp_port=0)
    key = OutlineKey(5, 2025)
    first = Application(settings)
    for number, datagrams in enumerate(lap_frames()):
        for data in datagrams:
            first.pipeline.feed(data, "10.0.0.5", 5000, 20777, ServerClock().now())
        if number % 20 == 0:
            first.outlines.look()
        first.outlines.sample()
    learned = first.outlines.get(key)
    first.close()
    assert learned is not None
    second = Application(settings)
    assert learned == second.outlines.get(key)
    second.close()


def lap_frames() -> Iterator[list[bytes]]:
    """What a simulated rig sends in a time trial, frame by frame."""
    scenario = Scenario("time_trial", 2025, laps=2, cars=1, seed=1, rate_hz=20, track_id=5, kinds=KINDS)
    for _at, emissions in groupby(simulate(scenario), key=attrgetter("at")):
        yield [emission.data for emission in emissions]
