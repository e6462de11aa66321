"""Timing asks the database for recorded sessions and laps only: new sessions need no query."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from f1timings.pipeline import Pipeline
from f1timings.store import Stamped, Store, sqlite_url
from f1timings.store.paging import Page
from f1timings.store.reads.recall import StoreArchive, recall, recall_rigs
from f1timings.store.reads.recorded_keys import RecordedKeys
from f1timings.timing.events import CountersRead, LapRecorded, SessionChanged
from f1timings.timing.history import HistoryLap
from f1timings.timing.records import Session, lap_id, session_id
from tests.evening_of_one_rig import LISTEN_PORT, PORT, Run
from tests.migrated import copy_migrated
from tests.sql_statements import statements
from tests.store.events import ARRIVED, lap, rig_and_session, session

RIGS = [f"192.0.2.{number}" for number in range(1, 65)]


def open_store(folder: Path) -> Store:
    return Store.open(sqlite_url(folder), clock=lambda: ARRIVED)


def opened_pipeline(store: Store) -> Pipeline:
    reads = store.reads
    archive = StoreArchive(reads, store.waiting)
    return Pipeline(store.submit, recall(reads), recall_rigs(reads), archive=archive)


def drive(pipeline: Pipeline, evening: int) -> None:
    """All rigs drive a session of their own; telemetry begins on its second lap."""
    for number, address in enumerate(RIGS):
        lap_time_ms = 70_000 + 1_000 * evening + number
        uid = 1_000 * evening + number + 1
        run = Run(uid, time_s=85.0, lap=2, clock_s=15.0, times=[lap_time_ms])
        for data in (run.lap_data(), run.session(), run.history()):
            pipeline.feed(data, address, PORT, LISTEN_PORT, ARRIVED + 3_600 * evening)


@pytest.mark.parametrize("evenings_before", [0, 5])
def test_64_rigs_that_appear_at_once_need_no_query(tmp_path: Path, evenings_before: int) -> None:
    copy_migrated(tmp_path)
    for evening in range(evenings_before):
        with open_store(tmp_path) as store:
            drive(opened_pipeline(store), evening)
    with open_store(tmp_path) as store:
        pipeline = opened_pipeline(store)
        with statements(store._reader_engine) as executed:
            drive(pipeline, evenings_before)
        store.flush()
        laps = [stored.lap for stored in store.reads.list_laps(Page(limit=1_000)).items]
    assert [] == executed
    first = 70_000 + 1_000 * evenings_before
    times = {lap.rig: lap.lap_time_ms for lap in laps if lap.session_uid > 1_000 * evenings_before}
    assert {rig: first + number for number, rig in enumerate(RIGS)} == times


def test_what_is_stored_beside_the_telemetry_is_found(tmp_path: Path) -> None:
    copy_migrated(tmp_path)
    with open_store(tmp_path) as store:
        archive = StoreArchive(store.reads, store.waiting)
        assert archive.recall(RIGS[0], 7) is None
        id_ = session_id(RIGS[0], 7, 0)
        imported = Session(id=id_, rig=RIGS[0], uid=7, epoch=0, packet_format=2025, game_year=25)
        store.submit([Stamped(ARRIVED, SessionChanged(imported))])
        store.flush()
        found = archive.recall(RIGS[0], 7)
    assert found is not None
    assert id_ == found.session.id


def test_what_waits_for_the_database_is_recorded(tmp_path: Path) -> None:
    copy_migrated(tmp_path)
    with open_store(tmp_path) as store:
        store.submit(rig_and_session())
        store.flush()
        second = session(1).id
        of_second = lap(id=lap_id(second, 0, 1, 0), session_id=second)
        waiting = [
            Stamped(ARRIVED, SessionChanged(session(1))),
            Stamped(ARRIVED, LapRecorded(lap(lap_number=2))),
            Stamped(ARRIVED, LapRecorded(of_second)),
            Stamped(ARRIVED + 1, LapRecorded(replace(of_second, lap_time_ms=91_000))),
            Stamped(ARRIVED + 1, counters(second)),
        ]
        archive = StoreArchive(store.reads, lambda: waiting)
        newest, first = archive.runs(session().rig, session().uid)
        recalled = archive.recall(session().rig, session().uid)
    assert (second, session().id) == (newest.session.id, first.session.id)
    assert [91_000] == [recorded.lap_time_ms for recorded in newest.laps]
    assert [2] == [recorded.lap_number for recorded in first.laps]
    assert counters(second) == newest.counters
    assert recalled is not None
    assert newest.session.id == recalled.session.id


def counters(session_id: str) -> CountersRead:
    return CountersRead(session_id=session_id, session_time_s=20.0, frame=1_200, overall_frame=1_200)


def listed(number: int) -> HistoryLap:
    return HistoryLap(
        lap_number=number % 50 + 1,
        lap_time_ms=60_000 + number,
        sector1_ms=None,
        sector2_ms=None,
        sector3_ms=None,
        is_valid=True,
    )


def test_the_filter_denies_nothing_that_is_recorded_and_almost_everything_else() -> None:
    keys = RecordedKeys()
    stored = [(RIGS[number % 64], number % 20, listed(number)) for number in range(20_000)]
    keys.add_stored((rig, car, entry.lap_number, entry.lap_time_ms) for rig, car, entry in stored)
    keys.is_complete = True
    assert all(keys.may_have_lap(*key) for key in stored)
    others = [(RIGS[number % 64], (number + 1) % 20, listed(number)) for number in range(20_000)]
    assert 20 > sum(keys.may_have_lap(*key) for key in others)


def test_before_the_stored_keys_are_read_everything_may_be_recorded() -> None:
    keys = RecordedKeys()
    assert keys.may_have_session(RIGS[0], 7)
    keys.is_complete = True
    assert not keys.may_have_session(RIGS[0], 7)
