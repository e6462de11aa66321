"""Opening a meeting: the drivers leave their seats, unless the organiser keeps them."""

from __future__ import annotations

import pytest

from f1timings.errors import ActConflict
from f1timings.meeting.people import Meeting
from f1timings.store import Stamped
from f1timings.store.acts import assignments, meetings
from f1timings.store.acts.undo import undo_act
from f1timings.timing.events import LapRecorded, SessionChanged
from tests.store import events
from tests.store.acts.test_assignments import LEFT, RIGHT, Club
from tests.store.conftest import OpenStore


@pytest.fixture
def club(open_store: OpenStore) -> Club:
    """Ann has sat at the left rig since the start; nobody is known at the right rig since then."""
    club = Club(open_store)
    club.assign(LEFT, club.ann, at=0)
    club.assign(RIGHT, None, at=0)
    return club


def make(club: Club, *, at: float, is_open: bool = True, keep_seats: bool = False) -> Meeting:
    club.minute = at
    return club.act(lambda desk: meetings.create(desk, "Cup", is_open=is_open, keep_seats=keep_seats))


def reopen(club: Club, meeting: Meeting, *, at: float, keep_seats: bool = False) -> Meeting:
    club.minute = at
    return club.act(lambda desk: meetings.reopen(desk, meeting.id, None, keep_seats=keep_seats))


def drive(club: Club, number: int, *, at: float) -> None:
    """Store a lap of the left rig that begins at a minute and takes one minute."""
    began = events.ARRIVED + 60 * at
    lap = LapRecorded(events.lap(lap_number=number, lap_time_ms=60_000))
    session = SessionChanged(events.session(player_car_index=0))
    club.store.submit([events.stamp(events.rig()), events.stamp(session), Stamped(began + 60, lap, began)])
    club.store.flush()


def drivers_of_laps(club: Club) -> dict[int, str | None]:
    """The driver of each lap by its number."""
    laps = club.store.reads.list_laps().items
    return {stored.lap.lap_number: stored.driver for stored in sorted(laps, key=lambda lap: lap.seq)}


def test_a_new_meeting_ends_the_seats_and_their_first_laps_belong_to_nobody(club: Club) -> None:
    drive(club, 1, at=1)
    make(club, at=5)
    drive(club, 2, at=6)

    assert [(LEFT, "Ann", 0, 5), (RIGHT, None, 0, 5)] == club.seats()
    assert {1: "Ann", 2: None} == drivers_of_laps(club)


def test_the_organiser_can_keep_the_seats(club: Club) -> None:
    make(club, at=5, keep_seats=True)
    drive(club, 1, at=6)

    assert [(LEFT, "Ann", 0, None), (RIGHT, None, 0, None)] == club.seats()
    assert {1: "Ann"} == drivers_of_laps(club)


def test_usual_drivers_stay_and_count_again(club: Club) -> None:
    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ben))
    make(club, at=5)
    drive(club, 1, at=6)

    assert [(LEFT, "Ben", 0, None)] == club.seats(is_default=True)
    assert {1: "Ben"} == drivers_of_laps(club)


def test_an_opened_earlier_meeting_ends_the_seats_too(club: Club) -> None:
    (first,) = club.store.reads.list_records(Meeting)
    make(club, at=5, keep_seats=True)
    reopen(club, first, at=7)

    assert [(LEFT, "Ann", 0, 7), (RIGHT, None, 0, 7)] == club.seats()


def test_the_seats_are_kept_when_an_earlier_meeting_is_opened(club: Club) -> None:
    (first,) = club.store.reads.list_records(Meeting)
    make(club, at=5, keep_seats=True)
    reopen(club, first, at=7, keep_seats=True)

    assert [(LEFT, "Ann", 0, None), (RIGHT, None, 0, None)] == club.seats()


def test_opening_the_meeting_that_is_open_changes_nothing(club: Club) -> None:
    (first,) = club.store.reads.list_records(Meeting)
    count = len(club.store.reads.list_acts().items)
    reopen(club, first, at=5)

    assert [(LEFT, "Ann", 0, None), (RIGHT, None, 0, None)] == club.seats()
    assert count == len(club.store.reads.list_acts().items)


def test_a_meeting_for_later_ends_no_seat_before_it_opens(club: Club) -> None:
    later = make(club, at=5, is_open=False)
    assert [(LEFT, "Ann", 0, None), (RIGHT, None, 0, None)] == club.seats()

    reopen(club, later, at=7)
    assert [(LEFT, "Ann", 0, 7), (RIGHT, None, 0, 7)] == club.seats()


def test_earlier_seats_stay_as_they_were(club: Club) -> None:
    club.assign(LEFT, club.ben, at=3)
    make(club, at=5)

    assert [(LEFT, "Ann", 0, 3), (LEFT, "Ben", 3, 5), (RIGHT, None, 0, 5)] == club.seats()


def test_undoing_the_opening_gives_the_seats_and_the_laps_back(club: Club) -> None:
    make(club, at=5)
    drive(club, 1, at=6)
    club.minute = 8
    club.undo_newest()

    assert [(LEFT, "Ann", 0, None), (RIGHT, None, 0, None)] == club.seats()
    assert {1: "Ann"} == drivers_of_laps(club)


def test_an_opening_cannot_be_undone_while_another_driver_sits_there(club: Club) -> None:
    make(club, at=5)
    opening = club.store.reads.list_acts().items[0]
    club.assign(LEFT, club.ben, at=6)

    with pytest.raises(ActConflict, match="has been assigned to this rig since"):
        club.act(lambda desk: undo_act(desk, opening.id))

    club.undo_newest()
    club.act(lambda desk: undo_act(desk, opening.id))
    assert [(LEFT, "Ann", 0, None), (RIGHT, None, 0, None)] == club.seats()
