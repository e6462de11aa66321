"""Writing events: each is stored and announced once, and an impossible record is rejected alone."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import pytest

from f1timings.errors import StoreBusy, StoreError
from f1timings.store import Committed, Stamped, Store
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from f1timings.timing.records import Lap
from tests.store.conftest import OpenStore
from tests.store.events import (
    ARRIVED,
    BIGGEST_UID,
    entry,
    lap,
    lap_events,
    one_event_of_each_kind,
    participant,
    rig,
    rig_and_session,
    session,
    stamp,
)
from tests.waiting import LONGEST_WAIT_S


def _write(store: Store, entries: list[Stamped]) -> None:
    store.submit(entries)
    store.flush(LONGEST_WAIT_S)


def _stored_laps(store: Store) -> list[Lap]:
    return [stored.lap for stored in store.reads.list_laps().items]


def test_every_kind_of_event_is_read_as_it_was_written(store: Store) -> None:
    _write(store, one_event_of_each_kind())
    reads = store.reads
    assert [rig()] == [stored.rig for stored in reads.list_rigs().items]
    assert [session()] == [stored.session for stored in reads.list_sessions().items]
    assert (participant(0), participant(1, is_ai=True, name=None)) == reads.list_participants(session().id)
    assert [lap()] == _stored_laps(store)
    result = reads.get_classification(session().id)
    assert result is not None
    assert (entry(1), entry(2, name=None, points=None, total_time_ms=None)) == result.entries


def test_reading_an_unknown_id_gives_none_or_an_empty_list(store: Store) -> None:
    reads = store.reads
    for unknown in ("nothing", "no\0thing", "\ud800"):
        assert (None, None, None) == (
            reads.get_session(unknown),
            reads.get_lap(unknown),
            reads.get_classification(unknown),
        )
        assert ((), ()) == (reads.list_participants(unknown), reads.list_lap_revisions(unknown))


def test_a_uid_beyond_signed_64_bits_is_stored_unchanged(store: Store) -> None:
    _write(store, [*rig_and_session(), *lap_events(lap())])
    stored_lap, stored_session = store.reads.get_lap(lap().id), store.reads.get_session(session().id)
    assert stored_lap is not None
    assert stored_session is not None
    assert (BIGGEST_UID, BIGGEST_UID) == (stored_lap.lap.session_uid, stored_session.session.uid)


def test_the_same_events_again_change_nothing_and_are_not_announced(
    store: Store, announced: list[Committed]
) -> None:
    _write(store, one_event_of_each_kind())
    first = list(announced)
    before = (store.reads.list_laps(), store.reads.list_sessions(), store.reads.list_rigs())
    _write(store, one_event_of_each_kind())
    _write(store, one_event_of_each_kind() + one_event_of_each_kind())
    assert len(one_event_of_each_kind()) == len(first)
    assert first == announced
    assert before == (store.reads.list_laps(), store.reads.list_sessions(), store.reads.list_rigs())
    assert 4 * len(one_event_of_each_kind()) == store.writer_state().committed


def test_the_same_events_after_a_restart_change_nothing(
    open_store: OpenStore, announced: list[Committed]
) -> None:
    earlier = open_store()
    _write(earlier, one_event_of_each_kind())
    before = earlier.reads.list_laps()
    earlier.close()
    later = open_store(on_committed=announced.extend)
    _write(later, one_event_of_each_kind())
    assert [] == announced
    assert before == later.reads.list_laps()


def test_change_numbers_continue_after_a_restart(open_store: OpenStore, announced: list[Committed]) -> None:
    earlier = open_store(on_committed=announced.extend)
    _write(earlier, rig_and_session())
    earlier.close()
    _write(open_store(on_committed=announced.extend), lap_events(lap()))
    assert [1, 2, 3] == [change.seq for change in announced]


def test_an_announcement_carries_the_lap_as_stored(store: Store, announced: list[Committed]) -> None:
    _write(store, [*rig_and_session(), *lap_events(lap(), after_s=90.0)])
    stored = store.reads.get_lap(lap().id)
    assert Committed(received_at=ARRIVED + 90.0, event=LapRecorded(lap()), seq=3, lap=stored) == announced[-1]
    assert [None, None] == [change.lap for change in announced[:-1]]


def test_an_announced_lap_is_visible_to_every_other_connection(open_store: OpenStore) -> None:
    visible: list[bool] = []

    def read_laps(committed: list[Committed]) -> None:
        stored_laps = [store.reads.get_lap(change.lap.lap.id) for change in committed if change.lap]
        visible.extend(stored is not None for stored in stored_laps)

    store = open_store(on_committed=read_laps)
    _write(store, [*rig_and_session(), *lap_events(*(lap(car) for car in range(22)))])
    assert [True] * 22 == visible


def test_queued_records_are_committed_together(open_store: OpenStore) -> None:
    batches: list[int] = []
    started, may_continue = threading.Event(), threading.Event()

    def block(committed: list[Committed]) -> None:
        batches.append(len(committed))
        started.set()
        may_continue.wait(LONGEST_WAIT_S)

    store = open_store(on_committed=block, max_batch=25)
    store.submit(rig_and_session())
    started.wait(LONGEST_WAIT_S)
    for car in range(30):
        store.submit(lap_events(lap(car)))
    may_continue.set()
    store.flush(LONGEST_WAIT_S)
    assert [2, 25, 5] == batches


def test_a_full_queue_refuses_a_batch_that_does_not_fit_as_a_whole(open_store: OpenStore) -> None:
    started, may_continue = threading.Event(), threading.Event()

    def block(_: list[Committed]) -> None:
        started.set()
        may_continue.wait(LONGEST_WAIT_S)

    store = open_store(on_committed=block, capacity=10)
    store.submit(rig_and_session())
    started.wait(LONGEST_WAIT_S)
    store.submit(lap_events(*(lap(car) for car in range(8))))
    with pytest.raises(StoreBusy, match="8 of 10 records wait for the database, no space for 3 more"):
        store.submit(lap_events(*(lap(car) for car in range(8, 11))))
    store.submit(lap_events(lap(20), lap(21)))
    may_continue.set()
    store.flush(LONGEST_WAIT_S)
    assert [*range(8), 20, 21] == [stored.car_index for stored in _stored_laps(store)]


def test_a_callback_that_fails_does_not_stop_the_writer(
    open_store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: list[Committed]) -> None:
        raise RuntimeError("a screen is gone")

    store = open_store(on_committed=fail)
    _write(store, rig_and_session())
    _write(store, lap_events(lap()))
    assert [lap()] == _stored_laps(store)
    assert store.writer_state().failing_since is None
    assert 2 == caplog.text.count("could not be announced")


@pytest.mark.parametrize(
    "name", ["O'Brien; DROP TABLE laps; --", 'say "hi"', "🏎️💨", "%s :name {x} \\ \n", ""]
)
def test_any_printable_name_is_read_as_it_was_written(store: Store, name: str) -> None:
    _write(store, [*rig_and_session(), *lap_events(lap(participant=name))])
    assert [name] == [stored.participant for stored in _stored_laps(store)]


_IMPOSSIBLE_LAPS = {
    "a name with NUL": lap(5, participant="a\0b"),
    "half of a surrogate pair": lap(5, participant="\ud83d"),
    "an unknown session": lap(5, session_id="unknown~1~0"),
    "the key of another lap": replace(lap(0), id="forged"),
    "a number too large for any column": lap(5, lap_time_ms=2**70),
    "a lap without a rig": lap(5, rig=None),
}


@pytest.mark.parametrize("impossible_lap", _IMPOSSIBLE_LAPS.values(), ids=_IMPOSSIBLE_LAPS.keys())
def test_an_impossible_record_does_not_stop_the_others(
    store: Store, impossible_lap: Lap, caplog: pytest.LogCaptureFixture
) -> None:
    possible = [lap(car) for car in range(22) if car != 5]
    _write(
        store,
        [
            *rig_and_session(),
            *lap_events(*possible[:11]),
            *lap_events(impossible_lap),
            *lap_events(*possible[11:]),
        ],
    )
    assert possible == _stored_laps(store)
    state = store.writer_state()
    assert (1, 23, 0, None) == (state.rejected, state.committed, state.queued, state.failing_since)
    refusals = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert 1 == len(refusals)
    assert "can never accept this record" in refusals[0].message


def test_an_impossible_arrival_time_is_refused(store: Store) -> None:
    _write(store, [*rig_and_session(), Stamped(float("nan"), LapRecorded(lap(1))), *lap_events(lap(2))])
    assert [lap(2)] == _stored_laps(store)
    assert 1 == store.writer_state().rejected


def test_a_key_has_one_lap_and_a_branch_is_part_of_the_key(store: Store) -> None:
    _write(
        store,
        [*rig_and_session(), *lap_events(lap(0, 1, 0), lap(0, 1, 1), replace(lap(0, 1, 0), id="other"))],
    )
    assert [lap(0, 1, 0), lap(0, 1, 1)] == _stored_laps(store)


def test_a_session_is_stored_with_the_times_it_opened_and_ended(store: Store) -> None:
    ended = session(is_ended=True)
    _write(store, [*rig_and_session(), stamp(SessionChanged(ended), 600.0)])
    _write(store, [stamp(SessionChanged(replace(ended, weather="clear")), 700.0)])
    stored = store.reads.get_session(session().id)
    assert stored is not None
    assert stored.ended_at is not None
    assert (ARRIVED, ARRIVED + 600.0) == (stored.opened_at.timestamp(), stored.ended_at.timestamp())
    assert "clear" == stored.session.weather


def test_a_rig_is_stored_with_the_times_it_was_first_and_last_seen(store: Store) -> None:
    moved = rig(port=50_001)
    _write(store, [*rig_and_session(), stamp(moved, 60.0), stamp(SessionChanged(session(1)), 61.0)])
    (stored,) = store.reads.list_rigs().items
    assert (ARRIVED, ARRIVED + 60.0) == (stored.first_seen_at.timestamp(), stored.last_seen_at.timestamp())
    assert (moved, 2) == (stored.rig, stored.session_count)


def test_participants_are_replaced_as_a_whole(store: Store) -> None:
    both = ParticipantsChanged(session().id, (participant(1), participant(0)))
    changed = ParticipantsChanged(session().id, (participant(1, name="HAUG"),))
    _write(store, [*rig_and_session(), stamp(both)])
    assert (participant(0), participant(1)) == store.reads.list_participants(session().id)
    _write(store, [stamp(changed)])
    assert (participant(1, name="HAUG"),) == store.reads.list_participants(session().id)


def test_a_changed_classification_replaces_the_previous(store: Store, announced: list[Committed]) -> None:
    first = SessionClassified(session().id, (entry(2), entry(1)))
    second = SessionClassified(session().id, (entry(1, penalties_s=10), entry(2)))
    _write(store, [*rig_and_session(), stamp(first)])
    _write(store, [stamp(second)])
    result = store.reads.get_classification(session().id)
    assert result is not None
    assert second.entries == result.entries
    assert result.seq == announced[-1].seq


def test_a_closed_store_has_written_its_queue_and_accepts_no_more(open_store: OpenStore) -> None:
    store = open_store()
    store.submit([*rig_and_session(), *lap_events(*(lap(1, number) for number in range(1, 1001)))])
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.submit(lap_events(lap()))
    assert 1000 == open_store().reads.list_sessions().items[0].lap_count
