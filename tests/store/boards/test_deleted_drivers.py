"""A deleted driver gets no laps from the moment of the deletion, also not by the name in the games."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
import sqlalchemy as sa

from f1timings.errors import ActConflict
from f1timings.meeting.people import Driver, QueueEntry, QueueState
from f1timings.store import Desk, Store
from f1timings.store.acts import drivers, queue
from f1timings.store.acts.undo import undo_act
from f1timings.store.engines import database_url, writer_engine
from tests.migrated import downgrade
from tests.store.conftest import OpenStore
from tests.store.evening import (
    RIGHT,
    best_laps,
    delete_derived,
    lap_event,
    participants_event,
    read_derived,
    session,
    session_event,
    store_events,
)
from tests.store.events import ARRIVED

T = TypeVar("T")


class Club:
    """Zoe drives as RACER at a rig where nobody is assigned; a lap begins every two minutes."""

    def __init__(self, open_store: OpenStore) -> None:
        self.minute = 0.0
        self.store: Store = open_store(clock=lambda: ARRIVED + 60 * self.minute)
        self.zoe = self.act(lambda desk: drivers.add(desk, name="Zoe"))
        self.act(lambda desk: drivers.map_game_name(desk, "RACER", self.zoe.id))
        store_events(self.store, session_event(session()), participants_event(session(), "RACER", "FRIEND"))

    def act(self, action: Callable[[Desk], T]) -> T:
        return self.store.act("Marta", action)

    def drive(self, *numbers: int) -> None:
        """Laps of the rig's own car; lap 1 begins at minute 0, lap 2 at minute 2."""
        laps = (lap_event(session(), number, 90_000 + number, participant="RACER") for number in numbers)
        store_events(self.store, *laps)

    def delete(self, *, at: float) -> None:
        self.minute = at
        self.act(lambda desk: drivers.remove(desk, self.zoe.id, desk.need_record(Driver, self.zoe.id).seq))

    def undo_newest(self, *, at: float) -> None:
        self.minute = at
        newest = self.store.reads.list_acts().items[0]
        self.act(lambda desk: undo_act(desk, newest.id))

    def drivers_of_laps(self) -> dict[int, str | None]:
        """The driver of each lap by its number."""
        laps = self.store.reads.list_laps().items
        return {stored.lap.lap_number: stored.driver for stored in sorted(laps, key=lambda lap: lap.lap.id)}


@pytest.fixture
def club(open_store: OpenStore) -> Iterator[Club]:
    """After each test, computing all attributions again must give the same result."""
    club = Club(open_store)
    yield club
    expected = read_derived(club.store)
    delete_derived(club.store)
    club.store.close()
    assert expected == read_derived(open_store(clock=lambda: ARRIVED))


def test_laps_after_the_deletion_belong_to_nobody_and_earlier_ones_stay(club: Club) -> None:
    club.drive(1, 2)
    club.delete(at=3.9)
    club.drive(3, 4)

    gone = "Former driver 1"
    assert {1: gone, 2: gone, 3: None, 4: None} == club.drivers_of_laps()
    assert [(gone, 90_001), ("Rig", 90_003)] == best_laps(club.store)


def test_a_lap_that_began_before_the_deletion_is_still_the_drivers(club: Club) -> None:
    club.delete(at=2.5)
    club.drive(2, 3)

    assert {2: "Former driver 1", 3: None} == club.drivers_of_laps()


def test_undoing_the_deletion_gives_back_the_laps_of_the_time_between(club: Club) -> None:
    club.delete(at=1)
    club.drive(1, 2)
    club.undo_newest(at=5)
    club.drive(3)

    assert {1: "Zoe", 2: "Zoe", 3: "Zoe"} == club.drivers_of_laps()
    assert [("Zoe", 90_001)] == best_laps(club.store)
    club.undo_newest(at=6)
    assert {1: "Former driver 1", 2: None, 3: None} == club.drivers_of_laps()


def test_a_car_that_only_another_rig_received_has_no_deleted_driver_either(club: Club) -> None:
    race = session(RIGHT, 8, is_online=True, session_type="Race")
    store_events(club.store, session_event(race), participants_event(race, "HOST", "RACER"))
    store_events(club.store, lap_event(race, 1, 91_001, car=1, participant="RACER"))
    club.delete(at=1.9)
    store_events(club.store, lap_event(race, 2, 91_002, car=1, participant="RACER"))

    assert {1: "Former driver 1", 2: None} == club.drivers_of_laps()


def test_the_laps_of_a_merged_driver_are_those_of_the_driver_who_remains(club: Club) -> None:
    max_ = club.act(lambda desk: drivers.add(desk, name="Max"))
    club.drive(1)
    club.minute = 2
    club.act(lambda desk: drivers.merge(desk, club.zoe.id, into_id=max_.id, version=club.zoe.seq))
    club.drive(2)
    assert {1: "Max", 2: "Max"} == club.drivers_of_laps()

    club.undo_newest(at=5)
    club.drive(3)
    assert {1: "Zoe", 2: "Zoe", 3: "Zoe"} == club.drivers_of_laps()


def test_when_the_driver_who_remains_is_deleted_the_laps_belong_to_nobody(club: Club) -> None:
    max_ = club.act(lambda desk: drivers.add(desk, name="Max"))
    club.act(lambda desk: drivers.merge(desk, club.zoe.id, into_id=max_.id, version=club.zoe.seq))
    club.minute = 1
    club.act(lambda desk: drivers.remove(desk, max_.id, desk.need_record(Driver, max_.id).seq))
    club.drive(1, 2)

    assert {1: "Former driver 2", 2: None} == club.drivers_of_laps()


def test_laps_that_a_rebuild_stores_after_the_deletion_get_the_same_drivers(club: Club) -> None:
    club.drive(1, 2)
    club.delete(at=1)
    before = club.drivers_of_laps()
    # A rebuild stores the laps of the captures again, those of lost laps for the first time.
    club.drive(1, 2, 3)

    assert {1: "Former driver 1", 2: None} == before
    assert before | {3: None} == club.drivers_of_laps()


def test_the_name_can_be_given_to_another_driver(club: Club) -> None:
    club.delete(at=1)
    new = club.act(lambda desk: drivers.add(desk, name="New"))
    club.act(lambda desk: drivers.map_game_name(desk, "RACER", new.id))
    club.drive(2)

    assert {2: "New"} == club.drivers_of_laps()


def test_a_deleted_driver_is_not_put_back_into_the_queue(club: Club) -> None:
    entry = club.act(lambda desk: queue.join(desk, club.zoe.id))
    done = club.act(lambda desk: queue.edit(desk, entry.id, entry.seq, state=QueueState.DONE))
    club.delete(at=1)

    with pytest.raises(ActConflict, match="undo the deletion first"):
        club.act(lambda desk: queue.edit(desk, done.id, done.seq, state=QueueState.WAITING))
    assert [QueueState.DONE] == [entry.state for entry in club.store.reads.list_records(QueueEntry)]


def test_an_upgrade_takes_the_laps_after_a_deletion_from_a_driver(open_store: OpenStore, url: str) -> None:
    club = Club(open_store)
    club.drive(1)
    club.delete(at=1)
    club.drive(2)
    expected = club.drivers_of_laps()
    club.store.close()

    downgrade(url, "0008")
    engine = writer_engine(database_url(url))
    with engine.begin() as connection:
        # As the program of that time had derived it.
        connection.execute(
            sa.text("UPDATE attributions SET driver_id = :id, basis = 'game_name', entrant = :entrant"),
            {"id": club.zoe.id, "entrant": f"d:{club.zoe.id}"},
        )
    engine.dispose()
    club.store = open_store()

    (zoe,) = club.store.reads.list_records(Driver)
    assert club.minute * 60 + ARRIVED == zoe.deleted_at.timestamp()  # type: ignore[union-attr]
    assert {1: "Former driver 1", 2: None} == expected == club.drivers_of_laps()
