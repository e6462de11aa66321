"""Joining two rigs that are one: laps, seats, lists and boards, refusals, and undoing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

import pytest

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting.people import Act, Assignment, QueueEntry, RigCard
from f1timings.rigs.registry import RigSeen
from f1timings.store import Condition, Desk, LeaderboardQuery, Page, Stamped, Store
from f1timings.store.acts import assignments, joined_rigs, queue
from f1timings.store.acts.undo import undo_act
from f1timings.store.reads.joined_rigs import JOINED
from tests.store import evening
from tests.store.conftest import OpenStore
from tests.store.evening import (
    best_laps,
    driver,
    lap_event,
    read_derived,
    session,
    session_event,
    store_events,
    store_records,
)
from tests.store.events import ARRIVED
from tests.stories import seeds

T = TypeVar("T")
OLD, NEW, NEWEST = "192.0.2.21", "192.0.2.34", "192.0.2.40"
ANN, BEN, CEM = driver("Ann", 1), driver("Ben", 2), driver("Cem", 3)


class Room:
    """A store with rigs that are one, and a clock that only the test moves."""

    def __init__(self, open_store: OpenStore) -> None:
        self.minute = 0.0
        self._open = open_store
        self.store: Store = self._opened()
        store_records(self.store, ANN, BEN, CEM)
        store_events(self.store, *(rig_event(key) for key in (OLD, NEW, NEWEST)))

    def _opened(self) -> Store:
        return self._open(clock=lambda: ARRIVED + 60 * self.minute)

    def reopen(self) -> None:
        self.store.close()
        self.store = self._opened()

    def act(self, action: Callable[[Desk], T]) -> T:
        return self.store.act("Marta", action)

    def join(self, rig: str, into: str, *, live: tuple[str, ...] = ()) -> RigCard:
        card = self.store.reads.get_record(RigCard, rig)
        version = 0 if card is None else card.seq
        return self.act(
            lambda desk: joined_rigs.join(desk, rig, into=into, version=version, is_live=live.__contains__)
        )

    def undo(self, kind: str = JOINED) -> None:
        """Undo the newest act of a kind that is not undone."""
        where = [Condition("kind", "eq", kind), Condition("undone_by", "eq", None)]
        newest = self.store.reads.list_acts(Page(), where).items[0]
        self.act(lambda desk: undo_act(desk, newest.id))

    def drive(self, rig: str, uid: int, *laps: tuple[int, int], minute: float = 0) -> None:
        """Store laps of a session: number and time in milliseconds."""
        race = session(rig, uid)
        store_events(
            self.store,
            session_event(race, minute),
            *(moved(lap_event(race, number, time_ms), minute) for number, time_ms in laps),
        )

    def assign(self, rig: str, driver_id: str | None, *, minute: float) -> None:
        self.minute = minute
        self.act(lambda desk: assignments.assign(desk, rig, driver_id))

    def rigs_of_laps(self, **equal: str) -> list[str]:
        where = [Condition(name, "eq", value) for name, value in equal.items()]
        return [lap.lap.rig for lap in self.store.reads.list_laps(Page(), where).items]

    def seats(self, rig: str) -> list[tuple[str, str | None, float, float | None]]:
        listed = self.store.reads.list_assignments(Page(), [Condition("rig", "eq", rig)]).items
        return [(each.rig, each.driver_id, _minute(each.since), _minute(each.until)) for each in listed]


def _minute(moment: Any) -> Any:
    return None if moment is None else round((moment.timestamp() - ARRIVED) / 60, 3)


def moved(entry: Stamped, minute: float) -> Stamped:
    """An entry some minutes later."""
    began_at = None if entry.began_at is None else entry.began_at + 60 * minute
    return entry._replace(received_at=entry.received_at + 60 * minute, began_at=began_at)


def rig_event(key: str) -> Stamped:
    seen = RigSeen(key=key, address=key, port=1, listen_port=2, packet_format=2025, game_year=25)
    return Stamped(ARRIVED, seen)


@pytest.fixture
def room(open_store: OpenStore) -> Iterator[Room]:
    """A room; after each test, computing all attributions again must give the same result."""
    opened = Room(open_store)
    yield opened
    expected = read_derived(opened.store)
    evening.delete_derived(opened.store)
    opened.reopen()
    assert expected == read_derived(opened.store)


def test_the_laps_of_the_joined_rig_are_those_of_the_rig_that_remains(room: Room) -> None:
    room.drive(OLD, 7, (1, 91_000), (2, 90_500))
    room.drive(NEW, 8, (1, 90_000), minute=10)
    assert [("Rig 2", 90_000), ("Rig 1", 90_500)] == best_laps(room.store)

    room.join(NEW, OLD)

    assert [("Rig 1", 90_000)] == best_laps(room.store)
    assert [OLD] * 3 == room.rigs_of_laps()
    assert {OLD} == {stored.session.rig for stored in room.store.reads.list_sessions().items}


def test_lists_filtered_by_either_key_have_the_laps_and_sessions_of_both(room: Room) -> None:
    room.drive(OLD, 7, (1, 91_000))
    room.drive(NEW, 8, (1, 90_000), minute=10)
    room.drive(NEWEST, 9, (1, 92_000), minute=20)
    room.join(NEW, OLD)

    for key in (OLD, NEW):
        where = [Condition("rig", "eq", key)]
        assert [OLD, OLD] == room.rigs_of_laps(rig=key)
        assert [OLD, OLD] == [
            stored.session.rig for stored in room.store.reads.list_sessions(Page(), where).items
        ]
        assert [("Rig 1", 90_000)] == best_laps(room.store, rig=key)
    assert [NEWEST] == [
        lap.lap.rig for lap in room.store.reads.list_laps(Page(), [Condition("rig", "ne", NEW)]).items
    ]


def test_a_list_sorted_by_rig_goes_on_over_pages_after_a_join(room: Room) -> None:
    room.drive(NEW, 8, (1, 90_000), (2, 90_001), minute=10)
    room.drive(NEWEST, 9, (1, 92_000), (2, 92_001))
    room.join(NEW, NEWEST)
    room.drive(OLD, 7, (1, 91_000), (2, 91_001))

    shown, page = [], Page(limit=1, sort="-rig")
    while True:
        listing = room.store.reads.list_laps(page)
        shown += [lap.lap.rig for lap in listing.items]
        if listing.next is None:
            break
        page = replace(page, cursor=listing.next)

    assert [NEWEST] * 4 + [OLD] * 2 == shown


def test_the_joined_rig_is_no_longer_in_the_list_of_rigs(room: Room) -> None:
    room.drive(NEW, 8, (1, 90_000))
    room.join(NEW, OLD)

    listed = room.store.reads.list_rigs().items

    assert [(OLD, 1), (NEWEST, 0)] == [(each.rig.key, each.session_count) for each in listed]
    by_joined_key = room.store.reads.list_rigs(Page(), [Condition("key", "eq", NEW)]).items
    assert [OLD] == [each.rig.key for each in by_joined_key]


def test_a_restart_still_recalls_both_rigs_as_they_recorded(room: Room) -> None:
    room.drive(NEW, 8, (1, 90_000))
    room.join(NEW, OLD)
    room.reopen()

    recorded = room.store.reads.as_recorded()

    assert [OLD] == room.rigs_of_laps()
    assert [NEW] == [lap.lap.rig for lap in recorded.list_laps().items]
    assert [OLD, NEW, NEWEST] == [each.rig.key for each in recorded.list_rigs().items]


def test_the_driver_who_sat_at_the_rig_gets_the_laps_of_its_new_address(room: Room) -> None:
    room.assign(OLD, "ann", minute=0)
    room.drive(OLD, 7, (1, 91_000))
    room.drive(NEW, 8, (1, 90_000), minute=10)
    assert [("Rig 2", 90_000), ("Ann", 91_000)] == best_laps(room.store)

    room.join(NEW, OLD)
    room.drive(NEW, 8, (1, 90_000), (2, 89_000), minute=10)

    assert [("Ann", 89_000)] == best_laps(room.store)
    assert [("Ann", 89_000)] == best_laps(room.store, rig=OLD)


def test_of_two_seats_at_one_time_the_later_one_ends_the_earlier_one(room: Room) -> None:
    room.assign(OLD, "ann", minute=0)
    room.assign(NEW, "ben", minute=5)
    room.drive(NEW, 8, (1, 90_000), minute=6)
    room.assign(NEW, None, minute=9)
    room.drive(NEW, 9, (1, 89_000), minute=20)

    room.join(NEW, OLD)

    assert [(OLD, "ann", 0, 5), (OLD, "ben", 5, 9), (OLD, None, 9, None)] == room.seats(OLD)
    assert room.seats(OLD) == room.seats(NEW)
    assert [("Rig 1", 89_000), ("Ben", 90_000)] == best_laps(room.store)


def test_two_default_drivers_become_the_one_that_was_set_later(room: Room) -> None:
    for minute, rig, driver_id in ((1, NEW, "ben"), (2, OLD, "ann")):
        room.minute = minute
        room.act(lambda desk, rig=rig, id_=driver_id: assignments.set_default(desk, rig, id_))  # type: ignore[misc]
    room.join(NEW, OLD)
    room.drive(NEW, 8, (1, 90_000), minute=6)

    assert [("Ann", 90_000)] == best_laps(room.store)


def test_a_driver_assigned_after_the_join_ends_the_seats_of_both_keys(room: Room) -> None:
    room.assign(NEW, "ben", minute=5)
    room.join(NEW, OLD)

    room.assign(NEW, "cem", minute=10)

    assert [(OLD, "ben", 5, 10), (OLD, "cem", 10, None)] == room.seats(OLD)
    stored = {each.driver_id: each.rig for each in room.store.reads.as_recorded().list_records(Assignment)}
    assert {"ben": NEW, "cem": OLD} == stored


def test_a_lap_that_both_keys_recorded_counts_once(room: Room) -> None:
    room.drive(OLD, 7, (1, 91_000), (2, 90_500))
    room.drive(NEW, 7, (1, 91_000), (2, 90_500), (3, 90_000), minute=1)

    room.join(NEW, OLD)

    entry = room.store.reads.get_leaderboard(LeaderboardQuery.of()).entries[0].standing.best
    assert (3, 90_000) == (entry.laps, entry.best_lap_ms)


def test_a_restart_under_the_same_uid_is_not_the_same_run(room: Room) -> None:
    room.drive(OLD, 7, (1, 91_000))
    room.drive(NEW, 7, (1, 91_000), (2, 90_500), minute=1)
    again = replace(session(NEW, 7), id=f"{NEW}~7~1", epoch=1)
    store_events(room.store, session_event(again, 20), moved(lap_event(again, 1, 88_000), 20))

    room.join(NEW, OLD)

    entry = room.store.reads.get_leaderboard(LeaderboardQuery.of()).entries[0].standing.best
    assert (3, 88_000) == (entry.laps, entry.best_lap_ms)


def test_undoing_a_join_restores_everything(room: Room) -> None:
    room.assign(OLD, "ann", minute=0)
    room.assign(NEW, "ben", minute=5)
    room.drive(OLD, 7, (1, 91_000), (2, 90_500))
    room.drive(NEW, 7, (1, 91_000), (3, 90_000), minute=10)
    derived, boards, seats = read_derived(room.store), best_laps(room.store), room.seats(OLD)
    room.join(NEW, OLD)
    assert derived != read_derived(room.store)

    room.undo()

    assert (derived, boards, seats) == (read_derived(room.store), best_laps(room.store), room.seats(OLD))
    assert [OLD, NEW, NEWEST] == [each.rig.key for each in room.store.reads.list_rigs().items]


def test_undoing_a_join_separates_the_laps_that_were_driven_since(room: Room) -> None:
    room.assign(OLD, "ann", minute=0)
    room.join(NEW, OLD)
    room.drive(NEW, 8, (1, 90_000), minute=10)
    room.drive(OLD, 7, (1, 91_000), minute=20)
    assert [("Ann", 90_000)] == best_laps(room.store)

    room.undo()

    assert [("Rig 2", 90_000), ("Ann", 91_000)] == best_laps(room.store)


def test_a_join_can_be_undone_after_another_driver_was_assigned(room: Room) -> None:
    room.assign(OLD, "ann", minute=0)
    room.assign(NEW, "ben", minute=5)
    room.join(NEW, OLD)
    room.assign(OLD, "cem", minute=20)

    room.undo()

    assert [(OLD, "ann", 0, 20), (OLD, "cem", 20, None)] == room.seats(OLD)
    assert [(NEW, "ben", 5, 20)] == room.seats(NEW)


def test_an_undone_join_can_be_restored(room: Room) -> None:
    room.drive(NEW, 8, (1, 90_000))
    room.join(NEW, OLD)
    room.undo()

    room.undo("undone")

    assert [("Rig 1", 90_000)] == best_laps(room.store)


def test_rigs_joined_before_follow_their_rig(room: Room) -> None:
    room.drive(NEWEST, 9, (1, 92_000))
    room.join(NEWEST, NEW)
    room.join(NEW, OLD)
    assert [("Rig 1", 92_000)] == best_laps(room.store)

    room.undo()

    assert [("Rig 2", 92_000)] == best_laps(room.store)


def test_rigs_that_send_at_the_same_time_are_two_rigs(room: Room) -> None:
    with pytest.raises(ActConflict, match=r"^Rig 2 and Rig 1 send at the same time, so they are two rigs\.$"):
        room.join(NEW, OLD, live=(OLD, NEW))
    room.join(NEW, OLD, live=(NEW,))


def test_a_rig_cannot_be_joined_into_itself_or_into_a_joined_one(room: Room) -> None:
    with pytest.raises(ActInvalid, match="cannot be joined into itself"):
        room.join(NEW, NEW)
    room.join(NEW, OLD)
    with pytest.raises(ActConflict, match=r"^Rig 2 was joined into Rig 1 already; use Rig 1 instead"):
        room.join(NEWEST, NEW)
    with pytest.raises(ActConflict, match=r"^Rig 2 was joined into Rig 1 already"):
        room.join(NEW, NEWEST)
    assert OLD == room.join(NEW, OLD).joined_into


def test_a_card_that_has_changed_since_is_not_joined(room: Room) -> None:
    room.act(lambda desk: assignments.edit_card(desk, NEW, 0, name="Left"))

    with pytest.raises(ActConflict, match="changed since you read it"):
        room.act(lambda desk: joined_rigs.join(desk, NEW, into=OLD, version=0, is_live=lambda _: False))


def test_a_chain_of_joins_is_refused_when_an_undo_would_make_one(room: Room) -> None:
    room.join(NEW, OLD)
    room.undo()
    room.join(OLD, NEWEST)

    with pytest.raises(ActConflict, match="undo that first"):
        room.undo("undone")


def test_a_driver_called_to_the_joined_rig_is_shown_at_the_rig_that_remains(room: Room) -> None:
    room.act(lambda desk: queue.join(desk, "ann"))
    room.act(lambda desk: queue.join(desk, "ben"))
    room.act(lambda desk: queue.call_next(desk, NEW))
    room.join(NEW, OLD)
    called = room.store.reads.list_records(QueueEntry, state="called")
    assert [OLD] == [entry.rig for entry in called]

    room.act(lambda desk: queue.call_next(desk, OLD))

    assert ["done", "called"] == [entry.state for entry in room.store.reads.list_records(QueueEntry)]


def test_the_act_names_both_rigs_by_what_people_see(room: Room) -> None:
    room.act(lambda desk: assignments.edit_card(desk, OLD, 0, name="Left"))
    room.join(NEW, OLD)

    newest: Act = room.store.reads.list_acts().items[0]

    assert ("rigs_joined", NEW, "Rig 2 was joined into Left: they are one rig.") == (
        newest.kind,
        newest.subject,
        newest.summary,
    )


@pytest.mark.parametrize("seed", seeds(4))
def test_boards_after_an_undo_are_the_boards_without_the_join(open_store: OpenStore, seed: int) -> None:
    """Random laps and seats before and laps after; then each join is undone, the newest first."""
    random = Random(seed)
    room = Room(open_store)
    _happen_at_random(room, random, range(12), with_seats=True)
    before = [(read_derived(room.store), _all_seats(room))]
    joins = [(NEW, OLD), (OLD, NEWEST)] if random.random() < 0.5 else [(NEWEST, NEW), (NEW, OLD)]
    for rig, into in joins:
        room.join(rig, into)
        before.append((read_derived(room.store), _all_seats(room)))
    for expected in reversed(before[:-1]):
        room.undo()
        assert expected == (read_derived(room.store), _all_seats(room))


@pytest.mark.parametrize("seed", seeds(4))
def test_whatever_happens_between_a_join_and_its_undo_earlier_laps_are_as_before(
    open_store: OpenStore, seed: int
) -> None:
    random = Random(100 + seed)
    room = Room(open_store)
    _happen_at_random(room, random, range(12), with_seats=True)
    laps = read_derived(room.store)[0]
    room.join(NEW, OLD)
    _happen_at_random(room, random, range(12, 24), with_seats=True)
    room.undo()

    assert laps <= read_derived(room.store)[0]
    expected = read_derived(room.store)
    evening.delete_derived(room.store)
    room.reopen()
    assert expected == read_derived(room.store)


def _happen_at_random(room: Room, random: Random, tens: range, *, with_seats: bool) -> None:
    """In each ten minutes a seat changes or a rig drives two laps; the clock only goes forward."""
    for ten in tens:
        rig = random.choice((OLD, NEW, NEWEST))
        room.minute = 10.0 * ten
        if with_seats and random.random() < 0.5:
            room.assign(rig, random.choice(("ann", "ben", "cem", None)), minute=10.0 * ten)
        else:
            time_ms = random.randrange(85_000, 95_000)
            room.drive(rig, 100 + ten, (1, time_ms), (2, time_ms + 10), minute=10.0 * ten)


def _all_seats(room: Room) -> list[Any]:
    listed = room.store.reads.as_recorded().list_records(Assignment)
    facts = [(each.id, each.rig, each.driver_id, each.since, each.until) for each in listed]
    return sorted(facts, key=lambda fact: fact[0])
