"""Who sits at which rig, as it is kept: said by a marshal, by a PIN, from a lap on, swapped, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from f1timings.errors import ActConflict, ActInvalid, NotFound, Replayed
from f1timings.meeting.people import Assignment, Driver, RigCard
from f1timings.store import Desk, Stamped, Store
from f1timings.store.acts import assignments, drivers
from f1timings.store.acts import meetings as acts
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded
from tests.store import events
from tests.store.conftest import OpenStore

T = TypeVar("T")
LEFT, RIGHT = events.RIG, "fe80::1%eth0"
Seat = tuple[str, str | None, float, float | None]


class Club:
    """A store whose clock stands until it is moved, and its drivers."""

    def __init__(self, open_store: OpenStore) -> None:
        self.minute = 0.0
        self.store: Store = open_store(clock=lambda: events.ARRIVED + 60 * self.minute)
        for name, pin in (("Ann", "1111"), ("Ben", "2222"), ("Cem", None)):
            self.act(lambda desk, name=name, pin=pin: drivers.make_driver(desk, name, pin=pin))  # type: ignore[misc]
        self.names = {one.id: one.name for one in self.store.reads.list_records(Driver)}
        self.ann, self.ben, self.cem = self.names

    def act(self, deed: Callable[[Desk], T], key: str | None = None) -> T:
        return self.store.act("marshal", deed, key)

    def assign(self, rig: str, driver_id: str | None, *, at: float, **since: object) -> Assignment:
        self.minute = at
        return self.act(lambda desk: assignments.assign(desk, rig, driver_id, **since))  # type: ignore[arg-type]

    def at(self, minute: float) -> datetime:
        return instant(events.ARRIVED) + timedelta(minutes=minute)

    def seats(self, *, is_default: bool = False) -> list[Seat]:
        """Rig, driver, from which minute, to which one; by rig and beginning."""
        found = self.store.reads.list_records(Assignment, is_default=is_default)
        return [self._seat(one) for one in sorted(found, key=lambda one: (one.rig, one.since))]

    def undo_newest(self) -> None:
        newest = self.store.reads.list_acts().items[0]
        self.act(lambda desk: undo(desk, newest.id))

    def _seat(self, one: Assignment) -> Seat:
        name = None if one.driver_id is None else self.names[one.driver_id]
        return (
            one.rig,
            name,
            self._minute(one.since),
            None if one.until is None else self._minute(one.until),
        )

    def _minute(self, moment: datetime) -> float:
        return (moment - self.at(0)) / timedelta(minutes=1)


def undo(desk: Desk, act_id: str) -> None:
    acts.undo(desk, act_id)
    assignments.refuse_overlaps(desk)


@pytest.fixture
def club(open_store: OpenStore) -> Club:
    return Club(open_store)


def test_who_is_assigned_sits_there_from_now_on(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.assign(LEFT, club.ben, at=10)

    assert [(LEFT, "Ann", 0, 10), (LEFT, "Ben", 10, None)] == club.seats()


def test_the_same_again_is_no_act(club: Club) -> None:
    first = club.assign(LEFT, club.ann, at=0)
    count = len(club.store.reads.list_acts().items)

    assert first == club.assign(LEFT, club.ann, at=10)
    assert count == len(club.store.reads.list_acts().items)


def test_who_sits_down_elsewhere_leaves_the_other_rig_and_keeps_what_was(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.assign(RIGHT, club.ann, at=10, since=club.at(5))

    assert [(LEFT, "Ann", 0, 10), (RIGHT, "Ann", 5, None)] == club.seats()


def test_from_a_lap_on_those_after_it_are_renamed_and_those_before_are_not(club: Club) -> None:
    club.store.submit(events.opening())
    for number in (1, 2, 3, 4):
        began = events.ARRIVED + 60 * number
        lap = LapRecorded(events.lap(lap_number=number, lap_time_ms=60_000))
        club.store.submit([Stamped(began + 60, lap, began)])
    club.store.flush()
    club.assign(LEFT, club.ann, at=0)
    club.assign(LEFT, club.ben, at=4.5)

    club.assign(LEFT, club.cem, at=6, from_lap=events.lap(lap_number=3).id)

    assert [(LEFT, "Ann", 0, 3), (LEFT, "Cem", 3, None)] == club.seats()


def test_from_a_lap_on_whose_beginning_nobody_saw(club: Club) -> None:
    club.store.submit(events.opening())
    for number in (1, 2):
        lap = LapRecorded(events.lap(lap_number=number, lap_time_ms=60_000))
        club.store.submit([Stamped(events.ARRIVED + 60 * number + number % 2, lap)])
    club.store.flush()

    assigned = club.assign(LEFT, club.ann, at=6, from_lap=events.lap(lap_number=2).id)

    # The first lap was recorded a second late: the second one begins just after that.
    assert timedelta(seconds=1, microseconds=1) == assigned.since - club.at(1)


def test_a_lap_of_another_rig_or_of_none_is_refused(club: Club) -> None:
    club.store.submit([*events.opening(), *events.laps(events.lap())])
    club.store.flush()

    with pytest.raises(ActInvalid, match="driven at rig") as refused:
        club.assign(RIGHT, club.ann, at=1, from_lap=events.lap().id)
    assert "from_lap" == refused.value.field
    for unknown in ("none", "\0", "x" * 500):
        with pytest.raises(NotFound):
            club.assign(LEFT, club.ann, at=1, from_lap=unknown)


def test_who_is_not_there_cannot_be_assigned(club: Club) -> None:
    club.act(lambda desk: drivers.remove(desk, club.cem, desk.need(Driver, club.cem).seq))

    for nobody in ("none", club.cem):
        with pytest.raises(ActInvalid):
            club.assign(LEFT, nobody, at=0)
        with pytest.raises(ActInvalid):
            club.act(lambda desk, nobody=nobody: assignments.set_default(desk, LEFT, nobody))  # type: ignore[misc]


def test_a_request_that_is_sent_twice_assigns_once(club: Club) -> None:
    first = club.act(lambda desk: assignments.assign(desk, LEFT, club.ann), "one")
    club.assign(LEFT, club.ben, at=5)

    with pytest.raises(Replayed) as done:
        club.act(lambda desk: assignments.assign(desk, LEFT, club.ann), "one")

    assert first.id == done.value.subject
    assert [(LEFT, "Ann", 0, 5), (LEFT, "Ben", 5, None)] == club.seats()


# Swaps -------------------------------------------------------------------------------------------------


def test_two_who_swap_change_places(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.assign(RIGHT, club.ben, at=1)
    club.minute = 5

    club.act(lambda desk: assignments.swap(desk, LEFT, RIGHT))

    left = [(LEFT, "Ann", 0, 5), (LEFT, "Ben", 5, None)]
    assert [*left, (RIGHT, "Ben", 1, 5), (RIGHT, "Ann", 5, None)] == club.seats()
    club.undo_newest()
    assert [(LEFT, "Ann", 0, None), (RIGHT, "Ben", 1, None)] == club.seats()


def test_a_default_driver_swaps_and_an_empty_rig_gets_the_other_one(club: Club) -> None:
    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ann))
    club.minute = 5

    club.act(lambda desk: assignments.swap(desk, LEFT, RIGHT))

    # Ann still usually drives at the left one, and does not now.
    assert [(LEFT, None, 5, None), (RIGHT, "Ann", 5, None)] == club.seats()

    def now_at(rig: str) -> str | None:
        return club.act(lambda desk: assignments.driver_at(desk, rig))

    assert (None, club.ann) == (now_at(LEFT), now_at(RIGHT))


def test_nobody_is_swapped_with_nobody_or_at_one_rig(club: Club) -> None:
    with pytest.raises(ActConflict):
        club.act(lambda desk: assignments.swap(desk, LEFT, RIGHT))
    with pytest.raises(ActInvalid):
        club.act(lambda desk: assignments.swap(desk, LEFT, LEFT))


# Defaults ----------------------------------------------------------------------------------------------


def test_the_first_default_driver_of_a_rig_has_the_laps_since_its_first_datagram(club: Club) -> None:
    club.store.submit(events.opening())
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


def test_where_somebody_was_assigned_before_a_default_is_from_now_on(club: Club) -> None:
    club.store.submit(events.opening())
    club.store.flush()
    club.assign(LEFT, club.ann, at=10)
    club.assign(LEFT, None, at=20)
    club.minute = 30

    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ben))

    # Nobody was said to drive there until a default was named.
    assert [(LEFT, "Ann", 10, 20), (LEFT, None, 20, 30)] == club.seats()
    assert [(LEFT, "Ben", 30, None)] == club.seats(is_default=True)


# PINs --------------------------------------------------------------------------------------------------


def test_a_driver_takes_a_rig_by_pin_or_token_and_leaves_it(club: Club) -> None:
    token = club.store.reads.list_records(Driver, name="Cem")[0].token
    club.act(lambda desk: assignments.take(desk, LEFT, pin="1111"))
    club.minute = 5
    club.act(lambda desk: assignments.take(desk, RIGHT, pin="1111"))
    club.act(lambda desk: assignments.take(desk, LEFT, token=token))
    club.minute = 9
    assert club.act(lambda desk: assignments.leave(desk, LEFT, token=token)) is None

    assert [(LEFT, "Ann", 0, 5), (LEFT, "Cem", 5, 9), (RIGHT, "Ann", 5, None)] == club.seats()


def test_who_leaves_a_rig_that_somebody_else_has_changes_nothing(club: Club) -> None:
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
def test_a_wrong_code_is_always_answered_the_same(club: Club, code: dict[str, str]) -> None:
    with pytest.raises(NotFound) as refused:
        club.act(lambda desk: assignments.take(desk, LEFT, **code))
    assert "Nobody has this PIN or code; try again, or ask a marshal." == str(refused.value)


# Undoing -----------------------------------------------------------------------------------------------


def test_an_assignment_is_undone_with_all_that_it_did(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.assign(RIGHT, club.ben, at=1)
    club.assign(RIGHT, club.ann, at=9)
    club.undo_newest()

    assert [(LEFT, "Ann", 0, None), (RIGHT, "Ben", 1, None)] == club.seats()


def test_what_would_let_two_sit_at_one_rig_is_not_undone(club: Club) -> None:
    club.assign(LEFT, club.ann, at=0)
    club.minute = 5
    club.act(lambda desk: assignments.leave(desk, LEFT, pin="1111"))
    leaving = club.store.reads.list_acts().items[0]
    club.assign(LEFT, club.ben, at=9)

    with pytest.raises(ActConflict, match="meanwhile"):
        club.act(lambda desk: undo(desk, leaving.id))

    assert [(LEFT, "Ann", 0, 5), (LEFT, "Ben", 9, None)] == club.seats()


# Cards -------------------------------------------------------------------------------------------------


def test_a_rig_is_named_and_placed_by_whoever_has_seen_it_as_it_is(club: Club) -> None:
    named = club.act(lambda desk: assignments.edit_card(desk, LEFT, 0, name="  Left\t one "))
    assert ("Left one", None) == (named.name, named.place)
    placed = club.act(lambda desk: assignments.edit_card(desk, LEFT, named.seq, place=3))
    assert ("Left one", 3) == (placed.name, placed.place)

    with pytest.raises(ActConflict) as refused:
        club.act(lambda desk: assignments.edit_card(desk, LEFT, named.seq, name="Right"))
    assert placed == refused.value.current
    # Sent again, with a version that is no longer there: it is so already.
    assert placed == club.act(lambda desk: assignments.edit_card(desk, LEFT, named.seq, place=3))


def test_a_rig_without_a_card_has_the_version_0_also_after_undoing_the_first_edit(club: Club) -> None:
    with pytest.raises(ActConflict):
        club.act(lambda desk: assignments.edit_card(desk, LEFT, 7, name="Left"))
    club.act(lambda desk: assignments.edit_card(desk, LEFT, 0, name="Left"))
    club.undo_newest()

    assert [] == club.store.reads.list_records(RigCard)
    assert "Right" == club.act(lambda desk: assignments.edit_card(desk, LEFT, 0, name="Right")).name


def test_a_name_that_cannot_be_seen_is_refused(club: Club) -> None:
    for name in ("", " ", "x" * 81, "a\u202eb", "a\0"):
        with pytest.raises(ActInvalid):
            club.act(lambda desk, name=name: assignments.edit_card(desk, LEFT, 0, name=name))  # type: ignore[misc]
