"""The application closes all that it opened, also when it fails to open completely."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pytest

from f1timings import app
from f1timings.app import Application
from f1timings.clock import ServerClock
from f1timings.config import load_settings
from f1timings.meeting.people import Assignment
from f1timings.outlines.records import OutlineKey
from f1timings.packets import Header, build, encode
from f1timings.simulator import Scenario, simulate
from f1timings.store import Store, sqlite_url
from f1timings.store.acts.assignments import assign
from f1timings.store.acts.drivers import add
from f1timings.store.data_folder import DataFolder
from f1timings.store.tables.column_types import instant
from tests.outlines.driving import KINDS

RIG = "192.0.2.7"


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


def test_a_seat_that_was_given_while_a_newcomer_had_the_place_of_a_rig_ends_when_the_rig_returns(
    tmp_path: Path,
) -> None:
    application = Application(load_settings(data_dir=tmp_path, udp_port=0))
    now = application._clock.now()
    drive(application, 1, 11, now - 30)
    anna, bodo = (application._store.act("Marta", partial(add, name=name)).id for name in ("Anna", "Bodo"))
    application._store.act("Marta", partial(assign, rig=RIG, driver_id=anna, since=instant(now - 29)))
    drive(application, 2, 22, now - 20)
    application._store.act("Marta", partial(assign, rig=RIG, driver_id=bodo))
    until = application._clock.now()
    drive(application, 1, 11, until)
    application.close()
    with closing(Store.open(sqlite_url(tmp_path), clock=ServerClock().now)) as store:
        seats = store.act("Marta", lambda desk: desk.list_records(Assignment, rig=RIG))
        assert {(anna, True), (bodo, True)} == {(seat.driver_id, seat.until is not None) for seat in seats}
        assert instant(until) == max(seat.until for seat in seats if seat.until)
        assert ("F1Timings", "Rig 1 was set to no driver.") == (
            (newest := store.reads.list_acts().items[0]).by,
            newest.summary,
        )


def drive(application: Application, port: int, uid: int, at: float) -> None:
    header = Header(
        2025,
        game_year=25,
        session_uid=uid,
        session_time=uid,
        frame_identifier=1,
        overall_frame_identifier=1,
    )
    application.pipeline.feed(encode(build(2025, "lap_data", header)), RIG, port, 20_777, at)
