"""Acts on assignments as stored: by a marshal, by a PIN, from a lap on, swapped, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from f1timings.errors import ActConflict, ActInvalid, NotFound, Replayed
from f1timings.meeting.people import Assignment, Driver, RigCard
from f1timings.store import Desk, Stamped, Store
from f1timings.store.acts import assignments, drivers
from f1timings.store.acts.undo import undo_act
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded
from tests.store import events
from tests.store.conftest import OpenStore

T = TypeVar("T")
LEFT, RIGHT = events.RIG, "fe80::1%eth0"
Seat = tuple[str, str | None, float, float | None]


class Club:
    """A store with three drivers and a clock that only the test moves."""

    def __init__(self, open_store: OpenStore) -> None:
        self.minute = 0.0
        self.store: Store = open_store(clock=lambda: events.ARRIVED + 60 * self.minute)
        for name, pin in (("Ann", "1111"), ("Ben", "2222"), ("Cem", None)):
            self.act(lambda desk, name=name, pin=pin: drivers.create_driver(desk, name, pin=pin))  # type: ignore[misc]
        self.names = {driver.id: driver.name for driver in self.store.reads.list_records(Driver)}
        self.ann, self.ben, self.cem = self.names

    def act(self, action: Callable[[Desk], T], key: str | None = None) -> T:
        return self.store.act("marshal", action, key)

    def assign(self, rig: str, driver_id: str | None, *, at: float, **since: object) -> Assignment:
        self.minute = at
        return self.act(lambda desk: assignments.assign(desk, rig, driver_id, **since))  # type: ignore[arg-type]

    def at(self, minute: float) -> datetime:
        return instant(events.ARRIVED) + timedelta(minutes=minute)

    def seats(self, *, is_default: bool = False) -> list[Seat]:
        """Rig, driver, first minute and last minute of each assignment, by rig and beginning."""
        listed = self.store.reads.list_records(Assignment, is_default=is_default)
        return [self._seat(each) for each in sorted(listed, key=lambda each: (each.rig, each.since))]

    def undo_newest(self) -> None:
        newest = self.store.reads.list_acts().items[0]
        self.act(lambda desk: undo_act(desk, newest.id))

    def _seat(self, assignment: Assignment) -> Seat:
        name = None if assignment.driver_id is None else self.names[assignment.driver_id]
        until = None if assignment.until is None else self._minute(assignment.until)
        return (assignment.rig, name, self._minute(assignment.since), until)

    def _minute(self, moment: datetime) -> float:
        return (moment - self.at(0)) / timedelta(minutes=1)


@pytest.fixture
def club(open_store: OpenStore) -> Club:
    return Club(open_store)


def test_an_assignment_counts_from_now_on(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.assign(LEFT, club.ben, at=10)

    assert [(LEFT, "Ann", 0, 10), (LEFT, "Ben", 10, None)] == club.seats()


def test_the_same_assignment_again_is_not_an_act(club: Club) -> None:
    first = club.assign(LEFT, club.ann, at=0)
    count = len(club.store.reads.list_acts().items)

    assert first == club.assign(LEFT, club.ann, at=10)
    assert count == len(club.store.reads.list_acts().items)


def test_a_driver_assigned_elsewhere_leaves_the_first_rig_now(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.assign(RIGHT, club.ann, at=10, since=club.at(5))

    assert [(LEFT, "Ann", 0, 10), (RIGHT, "Ann", 5, None)] == club.seats()


def test_an_assignment_from_a_lap_covers_the_laps_after_it_and_not_those_before(club: Club) -> None:
    club.store.submit(events.rig_and_session())
    for number in (1, 2, 3, 4):
        began = events.ARRIVED + 60 * number
        lap = LapRecorded(events.lap(lap_number=number, lap_time_ms=60_000))
        club.store.submit([Stamped(began + 60, lap, began)])
    club.store.flush()
    club.assign(LEFT, club.ann, at=0)
    club.assign(LEFT, club.ben, at=4.5)

    club.assign(LEFT, club.cem, at=6, from_lap=events.lap(lap_number=3).id)

    assert [(LEFT, "Ann", 0, 3), (LEFT, "Cem", 3, None)] == club.seats()


def test_an_assignment_from_a_lap_with_an_unknown_beginning(club: Club) -> None:
    club.store.submit(events.rig_and_session())
    for number in (1, 2):
        lap = LapRecorded(events.lap(lap_number=number, lap_time_ms=60_000))
        club.store.submit([Stamped(events.ARRIVED + 60 * number + number % 2, lap)])
    club.store.flush()

    assigned = club.assign(LEFT, club.ann, at=6, from_lap=events.lap(lap_number=2).id)

    # The first lap was recorded a second late, so the second lap begins just after that.
    assert timedelta(seconds=1, microseconds=1) == assigned.since - club.at(1)


def test_a_lap_of_another_rig_or_an_unknown_lap_is_refused(club: Club) -> None:
    club.store.submit([*events.rig_and_session(), *events.lap_events(events.lap())])
    club.store.flush()

    with pytest.raises(ActInvalid, match="driven at another rig") as refused:
        club.assign(RIGHT, club.ann, at=1, from_lap=events.lap().id)
    assert "from_lap" == refused.value.field
    for unknown in ("none", "\0", "x" * 500):
        with pytest.raises(NotFound):
            club.assign(LEFT, club.ann, at=1, from_lap=unknown)


def test_an_unknown_or_deleted_driver_cannot_be_assigned(club: Club) -> None:
    club.act(lambda desk: drivers.remove(desk, club.cem, desk.need_record(Driver, club.cem).seq))

    for driver_id in ("none", club.cem):
        with pytest.raises(ActInvalid):
            club.assign(LEFT, driver_id, at=0)
        with pytest.raises(ActInvalid):
            club.act(lambda desk, driver_id=driver_id: assignments.set_default(desk, LEFT, driver_id))  # type: ignore[misc]


def test_a_request_that_is_sent_twice_assigns_once(club: Club) -> None:
    first = club.act(lambda desk: assignments.assign(desk, LEFT, club.ann), "key 1")
    club.assign(LEFT, club.ben, at=5)

    with pytest.raises(Replayed) as replayed:
        club.act(lambda desk: assignments.assign(desk, LEFT, club.ann), "key 1")

    assert first.id == replayed.value.subject
    assert [(LEFT, "Ann", 0, 5), (LEFT, "Ben", 5, None)] == club.seats()


# Swaps -------------------------------------------------------------------------------------------------


def test_two_drivers_swap_rigs(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.assign(RIGHT, club.ben, at=1)
    club.minute = 5

    club.act(lambda desk: assignments.swap(desk, LEFT, RIGHT))

    left = [(LEFT, "Ann", 0, 5), (LEFT, "Ben", 5, None)]
    assert [*left, (RIGHT, "Ben", 1, 5), (RIGHT, "Ann", 5, None)] == club.seats()
    club.undo_newest()
    assert [(LEFT, "Ann", 0, None), (RIGHT, "Ben", 1, None)] == club.seats()


def test_a_default_driver_swaps_with_an_empty_rig(club: Club) -> None:
    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ann))
    club.minute = 5

    club.act(lambda desk: assignments.swap(desk, LEFT, RIGHT))

    # Ann is still the default driver of the left rig, but does not drive there now.
    assert [(LEFT, None, 5, None), (RIGHT, "Ann", 5, None)] == club.seats()

    def driver_at(rig: str) -> str | None:
        return club.act(lambda desk: assignments.driver_at(desk, rig))

    assert (None, club.ann) == (driver_at(LEFT), driver_at(RIGHT))


def test_two_empty_rigs_or_one_rig_cannot_be_swapped(club: Club) -> None:
    with pytest.raises(ActConflict):
        club.act(lambda desk: assignments.swap(desk, LEFT, RIGHT))
    with pytest.raises(ActInvalid):
        club.act(lambda desk: assignments.swap(desk, LEFT, LEFT))


# Defaults ----------------------------------------------------------------------------------------------


def test_the_first_default_driver_of_a_rig_counts_from_its_first_datagram(club: Club) -> None:
    club.store.submit(events.rig_and_session())
    club.store.flush()
    club.minute = 90

    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ann))
    assert [(LEFT, "Ann", 0, None)] == club.seats(is_default=True)

    club.minute = 120
    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ben))
    assert [(LEFT, "Ann", 0, 120), (LEFT, "Ben", 120, None)] == club.seats(is_default=True)

    club.minute = 150
    club.act(lambda desk: assignments.set_default(desk, LEFT, None))
    assert [(LEFT, "Ann", 0, 120), (LEFT, "Ben", 120, 150)] == club.seats(is_default=True)
    assert [] == club.seats()


def test_after_an_assignment_a_default_driver_counts_from_now_on(club: Club) -> None:
    club.store.submit(events.rig_and_session())
    club.store.flush()
    club.assign(LEFT, club.ann, at=10)
    club.assign(LEFT, None, at=20)
    club.minute = 30

    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ben))

    # The statement that no known driver is there ends with the new default driver.
    assert [(LEFT, "Ann", 10, 20), (LEFT, None, 20, 30)] == club.seats()
    assert [(LEFT, "Ben", 30, None)] == club.seats(is_default=True)


# PINs --------------------------------------------------------------------------------------------------


def test_a_driver_takes_a_seat_by_pin_or_token_and_leaves_it(club: Club) -> None:
    token = club.store.reads.list_records(Driver, name="Cem")[0].token
    club.act(lambda desk: assignments.take(desk, LEFT, pin="1111"))
    club.minute = 5
    club.act(lambda desk: assignments.take(desk, RIGHT, pin="1111"))
    club.act(lambda desk: assignments.take(desk, LEFT, token=token))
    club.minute = 9
    assert club.act(lambda desk: assignments.leave(desk, LEFT, token=token)) is None

    assert [(LEFT, "Ann", 0, 5), (LEFT, "Cem", 5, 9), (RIGHT, "Ann", 5, None)] == club.seats()


def test_leaving_the_rig_of_another_driver_changes_nothing(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    count = len(club.store.reads.list_acts().items)

    club.act(lambda desk: assignments.leave(desk, LEFT, pin="2222"))

    assert [(LEFT, "Ann", 0, None)] == club.seats()
    assert count == len(club.store.reads.list_acts().items)


def test_when_a_guest_leaves_the_default_driver_counts_again_and_can_leave_too(club: Club) -> None:
    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ann))
    club.act(lambda desk: assignments.take(desk, LEFT, pin="2222"))
    club.minute = 5
    left = club.act(lambda desk: assignments.leave(desk, LEFT, pin="2222"))
    assert left is not None
    assert (club.ann, True) == (left.driver_id, left.is_default)

    club.minute = 9
    left = club.act(lambda desk: assignments.leave(desk, LEFT, pin="1111"))
    assert left is not None
    assert left.driver_id is None
    assert [(LEFT, "Ben", 0, 5), (LEFT, None, 9, None)] == club.seats()


@pytest.mark.parametrize(
    "code", [{"pin": "9999"}, {"pin": ""}, {"pin": "1" * 300}, {"token": ""}, {"token": "x"}, {}]
)
def test_every_wrong_code_gets_the_same_error(club: Club, code: dict[str, str]) -> None:
    with pytest.raises(NotFound) as refused:
        club.act(lambda desk: assignments.take(desk, LEFT, **code))
    assert "No driver has this PIN or code; try again, or ask a marshal." == str(refused.value)


# Undoing -----------------------------------------------------------------------------------------------


def test_undoing_an_assignment_restores_every_rig_that_it_changed(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.assign(RIGHT, club.ben, at=1)
    club.assign(RIGHT, club.ann, at=9)
    club.undo_newest()

    assert [(LEFT, "Ann", 0, None), (RIGHT, "Ben", 1, None)] == club.seats()


def test_an_undo_that_would_leave_two_drivers_at_one_rig_is_refused(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.minute = 5
    club.act(lambda desk: assignments.leave(desk, LEFT, pin="1111"))
    leaving = club.store.reads.list_acts().items[0]
    club.assign(LEFT, club.ben, at=9)

    with pytest.raises(ActConflict, match="has been assigned to this rig since"):
        club.act(lambda desk: undo_act(desk, leaving.id))

    assert [(LEFT, "Ann", 0, 5), (LEFT, "Ben", 9, None)] == club.seats()


# Cards -------------------------------------------------------------------------------------------------


def test_a_card_is_edited_only_at_its_current_version(club: Club) -> None:
    named = club.act(lambda desk: assignments.edit_card(desk, LEFT, 0, name="  Left\t rig "))
    assert ("Left rig", None) == (named.name, named.place)
    placed = club.act(lambda desk: assignments.edit_card(desk, LEFT, named.seq, place=3))
    assert ("Left rig", 3) == (placed.name, placed.place)

    with pytest.raises(ActConflict) as refused:
        club.act(lambda desk: assignments.edit_card(desk, LEFT, named.seq, name="Right"))
    assert placed == refused.value.current
    # Sent again with an outdated version: nothing is left to change.
    assert placed == club.act(lambda desk: assignments.edit_card(desk, LEFT, named.seq, place=3))


def test_a_rig_without_a_card_has_version_0_also_after_an_undo_of_the_first_edit(club: Club) -> None:
    with pytest.raises(ActConflict):
        club.act(lambda desk: assignments.edit_card(desk, LEFT, 7, name="Left"))
    club.act(lambda desk: assignments.edit_card(desk, LEFT, 0, name="Left"))
    club.undo_newest()

    assert [] == club.store.reads.list_records(RigCard)
    assert "Right" == club.act(lambda desk: assignments.edit_card(desk, LEFT, 0, name="Right")).name


def test_an_invisible_or_overlong_name_is_refused(club: Club) -> None:
    for name in ("", " ", "x" * 81, "a\u202eb", "a\0"):
        with pytest.raises(ActInvalid):
            club.act(lambda desk, name=name: assignments.edit_card(desk, LEFT, 0, name=name))  # type: ignore[misc]


def test_seats_that_began_while_another_game_had_the_place_of_a_rig_end_when_it_returns(
    open_store: OpenStore,
) -> None:
    club = Club(open_store)
    club.assign(LEFT, club.ann, at=1)
    club.assign(RIGHT, club.ben, at=12)
    club.assign(LEFT, club.cem, at=13)
    club.minute = 20
    doubtful = {"since": club.at(10), "until": club.at(15)}
    club.act(lambda desk: assignments.end_doubtful_seats(desk, LEFT, **doubtful))
    assert [(LEFT, "Ann", 1, 13), (LEFT, "Cem", 13, 15), (RIGHT, "Ben", 12, None)] == club.seats()
    club.undo_newest()
    assert (LEFT, "Cem", 13, None) in club.seats()


def test_seats_from_before_and_after_stay(open_store: OpenStore) -> None:
    club = Club(open_store)
    club.assign(LEFT, club.ann, at=1)
    acts = len(club.store.reads.list_acts().items)
    club.minute = 15
    doubtful = {"since": club.at(10), "until": club.at(15)}
    club.act(lambda desk: assignments.end_doubtful_seats(desk, LEFT, **doubtful))
    club.assign(LEFT, club.cem, at=16)
    club.act(lambda desk: assignments.end_doubtful_seats(desk, LEFT, **doubtful))
    assert [(LEFT, "Ann", 1, 16), (LEFT, "Cem", 16, None)] == club.seats()
    assert acts + 1 == len(club.store.reads.list_acts().items)
