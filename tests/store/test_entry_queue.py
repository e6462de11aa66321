"""The order in which waiting entries are stored: finished laps first, and the result is the same."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import OperationalError

from f1timings.clock import ServerClock
from f1timings.meeting.people import Meeting
from f1timings.rigs.registry import RigSeen
from f1timings.store import Committed, Stamped, Store, sqlite_url
from f1timings.store.acts import assignments, drivers
from f1timings.store.events.entry_queue import EntryQueue
from f1timings.store.tables import timed
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.column_types import instant
from f1timings.store.tables.people import attributions
from f1timings.timing.events import (
    CountersRead,
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.occurrences import Stint, stint_id
from f1timings.timing.records import Lap, LapState, Session, lap_id, session_id
from tests.migrated import copy_migrated
from tests.store import events
from tests.store.conftest import OpenStore
from tests.waiting import LONGEST_WAIT_S

_RIGS = [f"192.0.2.{number}" for number in range(10, 14)]
# These depend on when a transaction took place, as they do in the straight order.
_OF_THE_COMMIT = {"seq", "official_at"}


def _rig(key: str, **facts: Any) -> Stamped:
    return events.stamp(events.rig(key=key, address=key, **facts))


def _session(rig: str, **facts: Any) -> Session:
    # One lobby for all rigs, so that sessions and laps of different rigs depend on each other.
    online: dict[str, Any] = {"is_online": True, "session_type": "Race", "player_car_index": _RIGS.index(rig)}
    return replace(events.session(**online | facts), id=session_id(rig, 7, 0), rig=rig, uid=7)


def _lap(rig: str, car: int, number: int, *, recovered: bool = False, **facts: Any) -> Lap:
    session = _session(rig)
    at: dict[str, Any] = {
        "session_id": session.id,
        "session_uid": session.uid,
        "rig": rig,
        "recovered": recovered,
    }
    known = events.lap(car, number, participant=f"DRIVER {car}", **at | facts)
    return replace(known, id=lap_id(session.id, car, number, 0))


def _stint(rig: str, car: int, number: int = 1) -> Stint:
    session = _session(rig).id
    return events.stint(number, id=stint_id(session, car, number), session_id=session, car_index=car)


def _joined(rig: str, cars: int = 4, laps: int = 3) -> list[Stamped]:
    """What is submitted when a rig joins a session in the middle."""
    session = _session(rig)
    people = [events.participant(car, session_id=session.id, name=f"DRIVER {car}") for car in range(cars)]
    listed = [_lap(rig, car, number, recovered=True) for car in range(cars) for number in range(1, laps + 1)]
    return [
        _rig(rig),
        events.stamp(SessionChanged(session)),
        events.stamp(ParticipantsChanged(session.id, tuple(people))),
        *(events.stamp(LapRecorded(lap), 1.0) for lap in listed),
        *(events.stamp(OccurrenceRecorded(_stint(rig, car)), 1.0) for car in range(cars)),
    ]


def _driven(rig: str, chance: Random, cars: int = 4) -> Iterator[Stamped]:
    """What follows: finished laps, corrections, changes of the session, counters and a result."""
    session = _session(rig)
    for number in range(4, 7):
        at = 90.0 * number
        for car in chance.sample(range(cars), cars):
            time_ms = 3 * chance.randrange(27_000, 30_000)
            lap = _lap(rig, car, number, lap_time_ms=time_ms, sector3_ms=None)
            yield events.stamp(LapRecorded(lap), at)
            if chance.random() < 0.3:
                yield events.stamp(LapRecorded(replace(lap, is_valid=False)), at + 1)
            if chance.random() < 0.3:
                yield events.stamp(LapRecorded(replace(lap, state=LapState.SUPERSEDED)), at + 2)
            if chance.random() < 0.3:
                yield events.stamp(OccurrenceRecorded(_stint(rig, car, number)), at + 2)
        counters = CountersRead(session_id=session.id, session_time_s=at, frame=number, overall_frame=number)
        yield events.stamp(counters, at + 3)
        if chance.random() < 0.5:
            yield events.stamp(SessionChanged(replace(session, weather=f"weather {number}")), at + 4)
        if chance.random() < 0.5:
            yield _rig(rig, port=50_000 + number)
    yield events.stamp(SessionChanged(replace(session, is_ended=True)), 900.0)
    yield events.stamp(SessionClassified(session.id, (events.entry(1), events.entry(2))), 901.0)


def _mixed(streams: Sequence[Sequence[Stamped]], chance: Random) -> list[Stamped]:
    """The entries of all streams in a random order that keeps the order of each stream."""
    rest = [list(stream) for stream in streams]
    mixed = []
    while rest := [stream for stream in rest if stream]:
        mixed.append(chance.choice(rest).pop(0))
    return mixed


def _evening(chance: Random) -> list[Stamped]:
    return _mixed([[*_joined(rig), *_driven(rig, chance)] for rig in _RIGS], chance)


def _queue_of(entries: Sequence[Stamped]) -> EntryQueue:
    queue = EntryQueue()
    queue.add(entries)
    return queue


def _stored_next(queue: EntryQueue, most: int) -> list[Stamped]:
    batch = queue.choose(most)
    queue.drop(len(batch))
    queue.settle()
    return batch


def _must_precede(earlier: Stamped, later: Stamped) -> bool:
    """Whether of two entries in the order of submission the first one must be stored first."""
    first, second = earlier.event, later.event
    if isinstance(first, RigSeen):
        return isinstance(second, RigSeen) or _rig_of(second) == first.key
    if isinstance(second, RigSeen) or _rig_of(first) != _rig_of(second):
        return False
    if isinstance(first, LapRecorded) and isinstance(second, LapRecorded):
        return first.lap.car_index == second.lap.car_index
    return isinstance(first, SessionChanged | ParticipantsChanged | CountersRead | SessionClassified)


def _rig_of(event: Any) -> str:
    if isinstance(event, SessionChanged | LapRecorded):
        return (event.session if isinstance(event, SessionChanged) else event.lap).rig
    owner = event.record if isinstance(event, OccurrenceRecorded) else event
    return next(rig for rig in _RIGS if _session(rig).id == owner.session_id)


@pytest.mark.parametrize("seed", range(20))
def test_every_entry_is_chosen_once_and_never_before_what_it_needs(seed: int) -> None:
    chance = Random(seed)
    entries = _evening(chance)
    queue, chosen, start = EntryQueue(), list[Stamped](), 0
    while len(chosen) < len(entries):
        end = min(len(entries), start + chance.choice((0, 1, 7, 60)))
        queue.add(entries[start:end])
        start = end
        chosen += _stored_next(queue, chance.choice((1, 2, 5, 20)))
    assert len(queue) == 0
    place = {id(entry): number for number, entry in enumerate(chosen)}
    assert len(entries) == len(place)
    inverted = [
        (earlier, later)
        for number, later in enumerate(entries)
        for earlier in entries[:number]
        if place[id(earlier)] > place[id(later)] and _must_precede(earlier, later)
    ]
    assert [] == inverted


def test_a_finished_lap_is_in_the_next_transaction_however_many_rigs_join() -> None:
    most = 40
    known, *joining = _RIGS
    queue = _queue_of(_joined(known))
    while queue:
        _stored_next(queue, most)
    queue.add([entry for rig in joining for entry in _joined(rig, cars=20, laps=10)])
    others: list[int] = []
    while len(queue) > most:
        _stored_next(queue, most)  # is under way when the lap ends
        finished = events.stamp(LapRecorded(_lap(known, 0, 4 + len(others))))
        queue.add([finished])
        assert finished in queue.choose(most)
        others.append(len(_stored_next(queue, most)))
    assert others
    assert max(others) <= most


def test_a_lap_of_a_rig_that_joins_takes_only_what_it_needs() -> None:
    entries = [entry for rig in _RIGS for entry in _joined(rig, cars=20, laps=2)]
    queue = _queue_of(entries)
    queue.add([events.stamp(LapRecorded(_lap(_RIGS[3], 5, 3)))])
    taken = [entry.event for entry in _stored_next(queue, 50)]
    laps = [event.lap.lap_number for event in taken if isinstance(event, LapRecorded)]
    kinds = {type(event) for event in taken}
    assert ([1, 2, 3], 9) == (laps, len(taken))
    assert {RigSeen, SessionChanged, ParticipantsChanged, LapRecorded} == kinds


def test_what_no_lap_needs_is_stored_although_laps_end_all_the_time() -> None:
    rig = _RIGS[0]
    queue = _queue_of([*_joined(rig), events.stamp(OccurrenceRecorded(_stint(rig, 3, 9)))])
    waiting = len(queue)
    for number in range(waiting):
        queue.add([events.stamp(LapRecorded(_lap(rig, car, 4 + number))) for car in range(4)])
        if any(entry.event == OccurrenceRecorded(_stint(rig, 3, 9)) for entry in _stored_next(queue, 8)):
            return
    pytest.fail("the last stint waits without end")


def test_chosen_entries_stay_first_until_they_are_dropped() -> None:
    entries = _evening(Random(1))
    queue = _queue_of(entries[:100])
    first = queue.choose(10)
    queue.add(entries[100:])
    assert first == queue.choose(10) == list(queue)[:10]
    assert first[:5] == queue.choose(5)
    queue.drop(5)
    assert first[5:] == queue.choose(10)


def test_the_order_of_the_queue_is_the_order_of_the_spool() -> None:
    queue = _queue_of(_evening(Random(2)))
    queue.choose(10)
    kept, stored = list(queue), list[Stamped]()
    while queue:
        batch = queue.choose(10, in_order=True)
        queue.drop(len(batch))
        stored += batch
    assert kept == stored


def test_entries_are_settled_when_all_before_them_are_announced() -> None:
    queue = _queue_of([*_joined(_RIGS[0]), events.stamp(LapRecorded(_lap(_RIGS[0], 0, 4)))])
    accepted = queue.accepted
    batch = queue.choose(8)
    assert isinstance(batch[-1].event, LapRecorded)
    while queue:
        assert not queue.is_settled(accepted)
        queue.drop(len(queue.choose(8)))
    assert not queue.is_settled(accepted)
    queue.settle()
    assert queue.is_settled(accepted)


class _Gate:
    """Holds the writer after its first commit, so that everything else waits in the queue."""

    def __init__(self) -> None:
        self.announced: list[Committed] = []
        self._is_closed, self._may_continue = threading.Event(), threading.Event()

    def handle(self, committed: list[Committed]) -> None:
        self.announced += committed
        self._is_closed.set()
        assert self._may_continue.wait(LONGEST_WAIT_S)

    def wait_until_closed(self) -> None:
        assert self._is_closed.wait(LONGEST_WAIT_S)

    def open(self) -> None:
        self._may_continue.set()


_TABLES = (
    timed.rigs,
    timed.sessions,
    timed.participants,
    timed.laps,
    timed.lap_revisions,
    timed.stints,
    timed.classifications,
    timed.classification_entries,
    timed.session_counters,
    attributions,
    board_bests,
)


def _rows_of(store: Store, names: dict[str, str]) -> dict[str, list[str]]:
    """All rows that follow from what the games sent, with names in place of random ids."""

    def rows(connection: Connection, table: Table) -> list[str]:
        columns = [column for column in table.c if column.name not in _OF_THE_COMMIT]
        texts = [str(dict(row)) for row in connection.execute(select(*columns)).mappings()]
        assert texts, f"nothing is in {table.name}"
        for id_, name in names.items():
            texts = [row.replace(id_, name) for row in texts]
        return sorted(texts)

    return store.transact(lambda connection: {table.name: rows(connection, table) for table in _TABLES})


def _seat_drivers(store: Store) -> dict[str, str]:
    """A driver at each rig; returns names for the random ids."""
    (meeting,) = store.reads.list_records(Meeting)
    names = {meeting.id: "meeting"}
    for number, rig in enumerate(_RIGS):
        driver = store.act("Test", partial(drivers.add, name=f"Driver {number}"))
        names[driver.id] = driver.name
        since = instant(events.ARRIVED - 60.0)
        store.act("Test", partial(assignments.seat, rig=rig, driver_id=driver.id, since=since))
    return names


def _store_behind(gate: _Gate, store: Store, entries: Sequence[Stamped]) -> None:
    """Store entries that wait all together."""
    store.submit(entries[:1])
    gate.wait_until_closed()
    store.submit(entries[1:])
    gate.open()
    store.flush(LONGEST_WAIT_S)


@pytest.mark.parametrize("seed", range(4))
def test_the_stored_state_is_that_of_the_straight_order(
    seed: int, open_store: OpenStore, tmp_path: Path
) -> None:
    entries = _evening(Random(seed))
    folder = tmp_path / "straight"
    folder.mkdir()
    copy_migrated(folder)
    one_by_one: list[Committed] = []
    with Store.open(sqlite_url(folder), clock=ServerClock().now, on_committed=one_by_one.extend) as straight:
        names = _seat_drivers(straight)
        for entry in entries:
            straight.submit([entry])
            straight.flush(LONGEST_WAIT_S)
        expected = _rows_of(straight, names)
    gate = _Gate()
    store = open_store(on_committed=gate.handle, max_batch=7)
    names = _seat_drivers(store)
    _store_behind(gate, store, entries)
    assert expected == _rows_of(store, names)
    numbers = [change.seq for change in gate.announced]
    assert sorted(set(numbers)) == numbers
    assert len(one_by_one) == len(numbers)
    assert Counter(map(_announced, one_by_one)) == Counter(map(_announced, gate.announced))


def _announced(change: Committed) -> str:
    return repr(change.event)


def test_a_flush_waits_for_what_is_overtaken(open_store: OpenStore) -> None:
    rig, other = _RIGS[:2]
    entries = [*_joined(rig), *_joined(other), events.stamp(LapRecorded(_lap(rig, 0, 4)))]
    gate = _Gate()
    store = open_store(on_committed=gate.handle, max_batch=5)
    _store_behind(gate, store, entries)
    assert len(entries) == len(gate.announced)


def test_an_unconfirmed_commit_is_announced_although_a_lap_ended_since(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig, other = _RIGS[:2]
    gate = _Gate()
    store = open_store(on_committed=gate.handle, max_batch=5)
    commit, fails = store._writer._commit, iter([True])

    def lose_the_confirmation(batch: Sequence[Stamped]) -> list[Committed]:
        announced_seq = store._writer._announced_seq
        committed = commit(batch)
        if len(batch) == 5 and next(fails, False):
            store._writer._announced_seq = announced_seq
            store.submit([events.stamp(LapRecorded(_lap(rig, 0, 4)))])
            raise OperationalError("COMMIT", {}, Exception("the connection is gone"))
        return committed

    monkeypatch.setattr(store._writer, "_commit", lose_the_confirmation)
    entries = [*_joined(rig), *_joined(other)]
    _store_behind(gate, store, entries)
    store.flush(LONGEST_WAIT_S)
    announced = [change.event.lap.id for change in gate.announced if isinstance(change.event, LapRecorded)]
    laps = [entry.event.lap.id for entry in entries if isinstance(entry.event, LapRecorded)]
    assert sorted([*laps, _lap(rig, 0, 4).id]) == sorted(announced)
