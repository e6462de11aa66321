"""Incidents, stints and pit visits: one row each, whatever comes twice, and the newest word counts."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from f1timings.errors import QueryError
from f1timings.store import Committed, Condition, Page, Stamped, Store
from f1timings.timing.events import IncidentRecorded, PitVisitRecorded, StintRecorded
from f1timings.timing.records import DetailValue
from tests.store.conftest import OpenStore
from tests.store.events import ARRIVED, incident, opening, pit_visit, session, stamped, stint

EVENTS: dict[str, IncidentRecorded | StintRecorded | PitVisitRecorded] = {
    "incidents": IncidentRecorded(incident()),
    "stints": StintRecorded(stint()),
    "pit_visits": PitVisitRecorded(pit_visit()),
}
SUPERSEDED = {
    "incidents": IncidentRecorded(replace(incident(), is_superseded=True)),
    "stints": StintRecorded(replace(stint(), is_superseded=True)),
    "pit_visits": PitVisitRecorded(replace(pit_visit(), is_superseded=True)),
}


@pytest.fixture
def store(open_store: OpenStore, announced: list[Committed]) -> Store:
    return open_store(on_committed=announced.extend)


def _write(store: Store, *entries: Stamped) -> None:
    store.submit([*opening(), *entries])
    store.flush(10)


@pytest.mark.parametrize("name", EVENTS)
def test_what_was_written_comes_back(store: Store, name: str) -> None:
    event = EVENTS[name]
    _write(store, stamped(event, 5.0))
    (stored,) = getattr(store.reads, name)().items
    (record,) = (getattr(event, field.name) for field in fields(event))
    assert (record, ARRIVED + 5.0) == (stored.record, stored.recorded_at.timestamp())
    assert stored == getattr(store.reads, name.removesuffix("s"))(record.id)


@pytest.mark.parametrize("name", EVENTS)
def test_the_same_again_changes_nothing_and_is_not_announced(
    store: Store, announced: list[Committed], name: str
) -> None:
    _write(store, stamped(EVENTS[name]))
    count = len(announced)
    _write(store, stamped(EVENTS[name], 60.0), stamped(EVENTS[name], 61.0))
    assert (1, count) == (len(getattr(store.reads, name)().items), len(announced))


@pytest.mark.parametrize("name", EVENTS)
def test_the_newest_word_counts_and_a_replay_of_an_older_one_does_not(store: Store, name: str) -> None:
    _write(store, stamped(EVENTS[name]), stamped(SUPERSEDED[name], 9.0))
    _write(store, stamped(EVENTS[name]))
    (stored,) = getattr(store.reads, name)().items
    assert (True, ARRIVED) == (stored.record.is_superseded, stored.recorded_at.timestamp())


def test_incidents_come_in_the_order_of_the_games_clock_and_can_be_filtered(store: Store) -> None:
    times = [9_000, 1_000, 5_000]
    _write(store, *(stamped(IncidentRecorded(incident(time))) for time in times))
    where = [Condition("session_id", "eq", session().id), Condition("session_time_ms", "lt", 9_000)]
    found = store.reads.list_incidents(Page(), where).items
    assert [1_000, 5_000] == [stored.record.session_time_ms for stored in found]
    with pytest.raises(QueryError, match="there is no field 'detail'"):
        store.reads.list_incidents(Page(), [Condition("detail", "eq", "{}")])


def test_pages_of_incidents_follow_each_other(store: Store) -> None:
    _write(store, *(stamped(IncidentRecorded(incident(time))) for time in range(1, 8)))
    first = store.reads.list_incidents(Page(limit=4))
    rest = store.reads.list_incidents(Page(limit=4, cursor=first.next))
    assert [1, 2, 3, 4, 5, 6, 7] == [one.record.session_time_ms for one in (*first.items, *rest.items)]


def test_details_of_every_type_come_back_as_they_were(store: Store) -> None:
    detail: dict[str, DetailValue] = {"speed_kmh": 300.0, "is_session_best": True, "zones": [1, 2]}
    detail |= {"reason": None, "flag": "yellow", "time_s": 5}
    _write(store, stamped(IncidentRecorded(replace(incident(), detail=detail))))
    (stored,) = store.reads.list_incidents().items
    assert repr(sorted(detail.items())) == repr(sorted(stored.record.detail.items()))


def test_what_belongs_to_no_session_is_refused_alone(store: Store) -> None:
    lost = replace(incident(7), session_id="nobody~1~0")
    _write(store, stamped(IncidentRecorded(lost)), stamped(IncidentRecorded(incident(8))))
    assert [8] == [stored.record.session_time_ms for stored in store.reads.list_incidents().items]
    assert 1 == store.writer_state().rejected
