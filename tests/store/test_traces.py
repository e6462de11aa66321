"""A trace is stored with its lap, goes with the person, and never costs a lap."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from f1timings.commands.derived_records import derive_records
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from f1timings.store import Committed, Condition, Page, Stamped
from f1timings.store.events import entry_queue
from f1timings.store.spool.entry_text import decode_entry, encode_entry
from f1timings.timing.events import LapRecorded, ParticipantsChanged
from f1timings.timing.records import LapState
from f1timings.traces.blobs import decode, encode
from f1timings.traces.lap_trace import LapTrace
from f1timings.web.entries import EntriesBody, entries_json, stamped_of
from tests.store import events
from tests.store.acts.test_erasure import Evening
from tests.store.conftest import OpenStore
from tests.traces.driven import drive
from tests.traces.test_blobs import lap_like
from tests.truth import comparing


def traced(lap: Any, *, seconds: int = 3, ended_ms: int = 90_000, after_s: float = 0.0) -> Stamped:
    blob = encode(replace(lap_like(seconds), ended_ms=ended_ms))
    return events.stamp(LapRecorded(lap), after_s)._replace(trace=LapTrace.of_blob(blob))


def samples_of(store: Any, lap_id: str) -> int | None:
    blob = store.reads.get_trace(lap_id)
    return None if blob is None else len(decode(blob))


def test_a_live_session_and_a_rebuild_store_the_same_bytes(open_store: OpenStore) -> None:
    datagrams = drive(2025, "race", cars=2, laps=3, flashbacks=3, seed=5, rate_hz=30).datagrams
    store = open_store()
    pipeline = Pipeline(store.submit)
    at = 0.0
    for at, address, port, listen_port, data in datagrams:
        pipeline.feed(data, address, port, listen_port, at)
    pipeline.finish(at)
    store.flush()
    rebuilt = {
        entry.event.lap.id: entry.trace.blob()
        for entry in derive_records(datagrams)
        if isinstance(entry.event, LapRecorded) and entry.trace is not None
    }
    assert len(rebuilt) >= 3
    assert rebuilt == {lap_id: store.reads.get_trace(lap_id) for lap_id in rebuilt}
    with_trace = {lap.lap.id for lap in store.reads.list_laps().items if store.reads.get_trace(lap.lap.id)}
    assert rebuilt.keys() == with_trace


def test_a_trace_that_comes_with_a_later_version_is_a_reason_to_read_boards_again(
    open_store: OpenStore,
) -> None:
    commits: list[list[Committed]] = []
    store, lap = open_store(on_committed=commits.append), events.lap(car_index=3, participant=None)
    named = replace(lap, participant="VERSTAPPEN")
    for entries in ([*events.rig_and_session(), *events.lap_events(lap)], [traced(named, after_s=3)]):
        store.submit(entries)
        store.flush()
    assert [False, True] == [changes[-1].has_changed_boards for changes in commits]


def test_a_lap_that_is_corrected_keeps_its_trace(open_store: OpenStore) -> None:
    store, lap = open_store(), events.lap()
    store.submit([*events.rig_and_session(), traced(lap)])
    store.flush()
    store.submit(events.lap_events(replace(lap, is_valid=False), after_s=3))
    store.flush()
    assert 180 == samples_of(store, lap.id)


@pytest.mark.parametrize(
    ("seconds", "ended_ms", "stored"),
    [(5, 90_000, 5), (2, 90_000, 3), (2, 99_000, 2), (9, 60_000, 3)],
    ids=["more samples", "fewer samples", "begun again", "an earlier attempt"],
)
def test_the_better_of_two_traces_stays(
    open_store: OpenStore, seconds: int, ended_ms: int, stored: int
) -> None:
    store, lap = open_store(), events.lap()
    store.submit([*events.rig_and_session(), traced(lap)])
    store.flush()
    store.submit([traced(lap, seconds=seconds, ended_ms=ended_ms)])
    store.flush()
    assert stored * 60 == samples_of(store, lap.id)
    both = [traced(events.lap(3)), traced(events.lap(3), seconds=seconds, ended_ms=ended_ms)]
    store.submit(both)
    store.flush()
    assert stored * 60 == samples_of(store, events.lap(3).id)


def test_a_trace_that_cannot_be_encoded_costs_no_lap(
    open_store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    store, lap = open_store(), events.lap()
    broken = events.stamp(LapRecorded(lap))._replace(trace=LapTrace(1999, {"lap_data": b"xyz"}, uid=1, car=0))
    store.submit([*events.rig_and_session(), broken])
    store.flush()
    assert store.reads.get_lap(lap.id) is not None
    assert None is store.reads.get_trace(lap.id)
    assert "the trace of lap" in caplog.text


def test_traces_that_wait_take_bounded_memory(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    laps = [events.lap(car) for car in range(5)]
    entries = [traced(lap) for lap in laps]
    size = entries[0].trace.size if entries[0].trace else 0
    monkeypatch.setattr(entry_queue, "_MOST_TRACE_BYTES", 3 * size)
    store = open_store()
    store.submit([*events.rig_and_session(), *entries])
    store.flush()
    assert [180, 180, 180, None, None] == [samples_of(store, lap.id) for lap in laps]
    assert all(store.reads.get_lap(lap.id) for lap in laps)
    assert 1 == caplog.text.count("lose their traces")
    store.submit([traced(replace(laps[4], is_valid=False), after_s=1)])
    store.flush()
    assert 180 == samples_of(store, laps[4].id)


def test_the_spool_keeps_the_lap_and_drops_the_trace() -> None:
    entry = traced(events.lap())
    kept = decode_entry(encode_entry(entry))
    assert kept == entry._replace(trace=None)


def test_a_trace_goes_through_the_running_server() -> None:
    entry = traced(events.lap())
    (received,) = stamped_of(EntriesBody.model_validate(json.loads(entries_json([entry]))))
    assert received.trace is not None
    assert entry.trace is not None
    assert entry.trace.blob() == received.trace.blob()


def test_an_erased_person_takes_the_traces_along(open_store: OpenStore) -> None:
    evening = Evening(open_store)
    anna = evening.add("Anna")
    cars = (events.participant(3, name="Anna"), events.participant(4, name="Berta"))
    laps = [events.lap(3, participant="Anna"), events.lap(4, participant="Berta")]
    evening.store.submit(
        [events.stamp(ParticipantsChanged(events.session().id, cars)), *(traced(lap) for lap in laps)]
    )
    evening.store.flush()
    evening.erase(anna)
    assert [None, 180] == [samples_of(evening.store, lap.id) for lap in laps]


def test_a_lap_that_a_marshal_deleted_keeps_its_trace_as_evidence(open_store: OpenStore) -> None:
    store, lap = open_store(), events.lap()
    store.submit([*events.rig_and_session(), traced(replace(lap, state=LapState.DELETED))])
    store.flush()
    assert 180 == samples_of(store, lap.id)


def test_every_trace_belongs_to_a_lap(open_store: OpenStore) -> None:
    store = open_store()
    store.submit([*events.rig_and_session(), traced(events.lap())])
    store.flush()
    orphans = text("SELECT count(*) FROM lap_traces WHERE lap_id NOT IN (SELECT id FROM laps)")
    count = store.transact(lambda connection: connection.execute(orphans).scalar_one())
    assert 0 == count


@pytest.mark.parametrize("rigs", [1, 3])
def test_every_rig_of_a_lobby_has_the_best_trace_of_each_lap(open_store: OpenStore, rigs: int) -> None:
    store, at = open_store(), 1_750_000_000.0
    pipeline = Pipeline(store.submit)
    scenario = Scenario("lobby", 2025, laps=2, cars=4, rigs=3, seed=8, rate_hz=20, track_id=17)
    for emission in simulate(scenario):
        if emission.rig < rigs:
            pipeline.feed(emission.data, comparing.address(emission.rig), 5000, 20777, at + emission.at)
    pipeline.finish(at + 3_600)
    store.flush()
    samples: dict[tuple[int, int], set[float]] = defaultdict(set)
    laps = [stored.lap for stored in store.reads.list_laps(Page(limit=100)).items]
    assert 4 * 2 * rigs == len(laps)
    for lap in laps:
        assert lap.lap_time_ms is not None
        samples[lap.car_index, lap.lap_number].add((samples_of(store, lap.id) or 0) / lap.lap_time_ms * 1000)
    for (car, _), rates in samples.items():
        # At the rate of the game if the car's own rig sends here, else ten times a second.
        assert [20 if car < rigs else 10] == [pytest.approx(rate, abs=0.2) for rate in rates]
    # In a list of laps with traces, each lap is there once.
    has_trace = [Condition("has_trace", "eq", True)]
    listed = [stored.lap for stored in store.reads.list_laps(Page(limit=100), has_trace).items]
    assert sorted(samples) == sorted((lap.car_index, lap.lap_number) for lap in listed)
    assert all(lap.rig == comparing.address(lap.car_index) for lap in listed if lap.car_index < rigs)
