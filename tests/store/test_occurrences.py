"""Occurrences: each has one row, a repeated event changes nothing, and the newest version counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from f1timings.errors import QueryError
from f1timings.store import Committed, Condition, Page, Stamped, Store
from f1timings.timing.events import (
    OccurrenceRecorded,
)
from f1timings.timing.occurrences import (
    DetailValue,
    Incident,
    Occurrence,
)
from tests.store.conftest import OpenStore
from tests.store.events import ARRIVED, incident, pit_visit, rig_and_session, session, stamp, stint
from tests.waiting import LONGEST_WAIT_S

RECORDS: dict[str, Occurrence] = {"incident": incident(), "stint": stint(), "pit_visit": pit_visit()}


@pytest.fixture
def store(open_store: OpenStore, announced: list[Committed]) -> Store:
    return open_store(on_committed=announced.extend)


def _write(store: Store, *entries: Stamped) -> None:
    store.submit([*rig_and_session(), *entries])
    store.flush(LONGEST_WAIT_S)


@pytest.mark.parametrize("name", RECORDS)
def test_an_occurrence_is_read_as_it_was_written(store: Store, name: str) -> None:
    record = RECORDS[name]
    _write(store, stamp(OccurrenceRecorded(record), 5.0))
    (stored,) = store.reads.list_occurrences(type(record)).items
    assert (record, ARRIVED + 5.0) == (stored.record, stored.recorded_at.timestamp())


@pytest.mark.parametrize("name", RECORDS)
def test_each_change_is_announced_with_the_newest_version_as_a_query_returns_it(
    store: Store, announced: list[Committed], name: str
) -> None:
    record = RECORDS[name]
    newest = OccurrenceRecorded(replace(record, is_superseded=True))
    _write(store, stamp(OccurrenceRecorded(record), 5.0), stamp(newest, 6.0))
    (stored,) = store.reads.list_occurrences(type(record)).items
    changes = [change.occurrence for change in announced if isinstance(change.event, OccurrenceRecorded)]
    assert [repr(stored)] * 2 == [repr(occurrence) for occurrence in changes]


@pytest.mark.parametrize("name", RECORDS)
def test_a_repeated_event_changes_nothing_and_is_not_announced(
    store: Store, announced: list[Committed], name: str
) -> None:
    event = OccurrenceRecorded(RECORDS[name])
    _write(store, stamp(event))
    count = len(announced)
    _write(store, stamp(event, 60.0), stamp(event, 61.0))
    assert (1, count) == (len(store.reads.list_occurrences(type(event.record)).items), len(announced))


@pytest.mark.parametrize("name", RECORDS)
def test_the_newest_version_counts_and_a_replayed_older_version_does_not(store: Store, name: str) -> None:
    event = OccurrenceRecorded(RECORDS[name])
    superseded = OccurrenceRecorded(replace(RECORDS[name], is_superseded=True))
    _write(store, stamp(event), stamp(superseded, 9.0))
    _write(store, stamp(event))
    (stored,) = store.reads.list_occurrences(type(event.record)).items
    assert (True, ARRIVED) == (stored.record.is_superseded, stored.recorded_at.timestamp())


def test_incidents_are_ordered_by_the_games_clock_and_can_be_filtered(store: Store) -> None:
    times = [9_000, 1_000, 5_000]
    _write(store, *(stamp(OccurrenceRecorded(incident(time))) for time in times))
    where = [Condition("session_id", "eq", session().id), Condition("session_time_ms", "lt", 9_000)]
    stored_incidents = store.reads.list_occurrences(Incident, Page(), where).items
    assert [1_000, 5_000] == [stored.record.session_time_ms for stored in stored_incidents]
    with pytest.raises(QueryError, match="there is no field 'detail'"):
        store.reads.list_occurrences(Incident, Page(), [Condition("detail", "eq", "{}")])


def test_pages_of_incidents_follow_each_other(store: Store) -> None:
    _write(store, *(stamp(OccurrenceRecorded(incident(time))) for time in range(1, 8)))
    first = store.reads.list_occurrences(Incident, Page(limit=4))
    rest = store.reads.list_occurrences(Incident, Page(limit=4, cursor=first.next))
    assert [1, 2, 3, 4, 5, 6, 7] == [stored.record.session_time_ms for stored in (*first.items, *rest.items)]


def test_details_of_every_type_are_read_as_they_were_written(store: Store) -> None:
    detail: dict[str, DetailValue] = {"speed_kmh": 300.0, "is_session_best": True, "zones": [1, 2]}
    detail |= {"reason": None, "flag": "yellow", "time_s": 5}
    _write(store, stamp(OccurrenceRecorded(replace(incident(), detail=detail))))
    (stored,) = store.reads.list_occurrences(Incident).items
    assert repr(sorted(detail.items())) == repr(sorted(stored.record.detail.items()))


def test_an_incident_without_a_session_is_rejected_and_the_others_are_stored(store: Store) -> None:
    orphan = replace(incident(7), session_id="unknown~1~0")
    _write(store, stamp(OccurrenceRecorded(orphan)), stamp(OccurrenceRecorded(incident(8))))
    assert [8] == [stored.record.session_time_ms for stored in store.reads.list_occurrences(Incident).items]
    assert 1 == store.writer_state().rejected
