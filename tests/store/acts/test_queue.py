"""Acts on the queue as stored, and the cards of the rigs."""

from __future__ import annotations

import pytest

from f1timings.errors import ActConflict, ActInvalid, NotFound, Replayed
from f1timings.meeting.people import Assignment, Driver, QueueEntry, QueueState
from f1timings.store.acts import assignments, drivers, meetings, queue
from f1timings.store.reads import rigs as rigs_reads
from f1timings.timing.events import ParticipantsChanged, SessionChanged
from tests.store import events
from tests.store.acts.test_assignments import LEFT, RIGHT, Club
from tests.store.conftest import OpenStore


class QueueClub(Club):
    """A club in which Ann, Ben and Cem wait, in this order."""

    def __init__(self, open_store: OpenStore) -> None:
        super().__init__(open_store)
        for driver_id in (self.ann, self.ben, self.cem):
            self.join(driver_id)

    def join(self, driver_id: str, rank: int | None = None) -> QueueEntry:
        return self.act(lambda desk: queue.join(desk, driver_id, rank))

    def edit(
        self,
        driver: str,
        *,
        rank: int | None = None,
        state: QueueState | None = None,
        version: int | None = None,
    ) -> QueueEntry:
        entry = self.entry(driver)
        seen = entry.seq if version is None else version
        return self.act(lambda desk: queue.edit(desk, entry.id, seen, rank=rank, state=state))

    def call(self, rig: str, key: str | None = None) -> QueueEntry:
        return self.act(lambda desk: queue.call_next(desk, rig), key)

    def entry(self, driver: str) -> QueueEntry:
        return next(
            entry
            for entry in self.store.reads.list_records(QueueEntry)
            if self.names[entry.driver_id] == driver
        )

    def queue(self) -> list[str]:
        """Waiting drivers with their rank, then called drivers with their rig."""
        return [
            f"{ranked.rank or ranked.entry.rig} {ranked.driver.name if ranked.driver else '?'}"
            for ranked in rigs_reads.list_queue(self.store.reads)
        ]


@pytest.fixture
def club(open_store: OpenStore) -> QueueClub:
    return QueueClub(open_store)


def test_drivers_wait_in_the_order_in_which_they_joined(club: QueueClub) -> None:
    assert ["1 Ann", "2 Ben", "3 Cem"] == club.queue()


def test_a_driver_who_joins_twice_stays_where_they_are(club: QueueClub) -> None:
    assert club.entry("Ann") == club.join(club.ann, 3)
    assert ["1 Ann", "2 Ben", "3 Cem"] == club.queue()


@pytest.mark.parametrize(
    ("driver", "rank", "expected"),
    [
        ("Cem", 1, ["1 Cem", "2 Ann", "3 Ben"]),
        ("Cem", 2, ["1 Ann", "2 Cem", "3 Ben"]),
        ("Ann", 3, ["1 Ben", "2 Cem", "3 Ann"]),
        ("Ann", 10_000, ["1 Ben", "2 Cem", "3 Ann"]),
        ("Ben", 2, ["1 Ann", "2 Ben", "3 Cem"]),
    ],
)
def test_a_driver_is_moved(club: QueueClub, driver: str, rank: int, expected: list[str]) -> None:
    club.edit(driver, rank=rank)
    assert expected == club.queue()
    # Sent again with the old version: nothing is left to change.
    club.edit(driver, rank=rank, version=0)
    assert expected == club.queue()


def test_the_queue_is_renumbered_when_there_is_no_gap_left(club: QueueClub) -> None:
    for _ in range(15):
        club.edit("Cem", rank=2)
        club.edit("Ben", rank=2)
    assert ["1 Ann", "2 Ben", "3 Cem"] == club.queue()


def test_the_first_driver_is_called_and_assigned_to_the_rig(club: QueueClub) -> None:
    club.minute = 5
    called = club.call(LEFT)

    assert (QueueState.CALLED, LEFT, club.at(5)) == (called.state, called.rig, called.called_at)
    assert ["1 Ben", "2 Cem", f"{LEFT} Ann"] == club.queue()
    assert [(LEFT, "Ann", 5, None)] == club.seats()


def test_the_driver_called_to_that_rig_before_is_done(club: QueueClub) -> None:
    club.call(LEFT)
    club.call(RIGHT)
    club.minute = 5
    club.call(LEFT)

    assert [f"{RIGHT} Ben", f"{LEFT} Cem"] == club.queue()
    assert QueueState.DONE is club.entry("Ann").state
    assert [(LEFT, "Ann", 0, 5), (LEFT, "Cem", 5, None), (RIGHT, "Ben", 0, None)] == club.seats()
    with pytest.raises(ActConflict):
        club.call(LEFT)


def test_a_call_that_is_sent_twice_calls_one_driver(club: QueueClub) -> None:
    called = club.call(LEFT, "key 1")
    with pytest.raises(Replayed) as replayed:
        club.call(LEFT, "key 1")
    assert called.id == replayed.value.subject
    assert ["1 Ben", "2 Cem", f"{LEFT} Ann"] == club.queue()


def test_a_driver_who_does_not_come_goes_to_the_end_and_loses_the_seat(club: QueueClub) -> None:
    club.assign(LEFT, club.cem, at=1)
    club.minute = 5
    club.call(LEFT)
    club.minute = 7
    club.edit("Ann", state=QueueState.WAITING)

    assert ["1 Ben", "2 Cem", "3 Ann"] == club.queue()
    assert [(LEFT, "Cem", 1, 5)] == club.seats()


def test_putting_a_driver_back_leaves_later_assignments_as_they_are(club: QueueClub) -> None:
    club.call(LEFT)
    club.assign(LEFT, club.ben, at=5)
    club.edit("Ann", state=QueueState.WAITING, rank=1)

    assert ["1 Ann", "2 Ben", "3 Cem"] == club.queue()
    assert [(LEFT, "Ann", 0, 5), (LEFT, "Ben", 5, None)] == club.seats()


def test_a_driver_who_waits_again_is_not_put_back_a_second_time(club: QueueClub) -> None:
    club.call(LEFT)
    club.join(club.ann)
    with pytest.raises(ActConflict):
        club.edit("Ann", state=QueueState.WAITING)


def test_a_driver_who_is_done_has_no_place(club: QueueClub) -> None:
    club.edit("Ann", state=QueueState.DONE)
    assert ["1 Ben", "2 Cem"] == club.queue()
    with pytest.raises(ActInvalid):
        club.edit("Ann", rank=1)
    club.edit("Ann", state=QueueState.WAITING)
    assert ["1 Ben", "2 Cem", "3 Ann"] == club.queue()


def test_a_driver_leaves_the_queue(club: QueueClub) -> None:
    entry = club.entry("Ben")
    club.edit("Ben", rank=1)
    with pytest.raises(ActConflict):
        club.act(lambda desk: queue.leave(desk, entry.id, entry.seq))
    club.act(lambda desk: queue.leave(desk, entry.id))
    assert ["1 Ann", "2 Cem"] == club.queue()
    with pytest.raises(NotFound):
        club.act(lambda desk: queue.leave(desk, entry.id))


def test_every_act_on_the_queue_can_be_undone(club: QueueClub) -> None:
    club.assign(RIGHT, club.ann, at=1)
    club.minute = 5
    for change in (
        lambda: club.call(LEFT),
        lambda: club.edit("Cem", rank=1),
        lambda: club.edit("Ann", state=QueueState.DONE),
        lambda: club.act(lambda desk: queue.leave(desk, club.entry("Ann").id)),
    ):
        before = club.queue(), club.seats()
        change()
        assert before != (club.queue(), club.seats())
        club.undo_newest()
        assert before == (club.queue(), club.seats())


def test_a_deleted_driver_is_not_called(club: QueueClub) -> None:
    club.act(lambda desk: drivers.remove(desk, club.ann, desk.need_record(Driver, club.ann).seq))
    assert club.ben == club.call(LEFT).driver_id
    with pytest.raises(ActInvalid):
        club.join(club.ann)


def test_another_meeting_has_another_queue(club: QueueClub) -> None:
    club.act(lambda desk: meetings.create(desk, "Friday"))
    assert [] == club.queue()
    club.join(club.ben)
    assert ["1 Ben"] == club.queue()


# Cards -------------------------------------------------------------------------------------------------


def test_a_card_shows_the_current_and_the_default_driver(club: QueueClub) -> None:
    def shown() -> tuple[str | None, str | None]:
        card = rigs_reads.list_cards(club.store.reads, [LEFT])[LEFT]
        occupant = None if card.occupant is None else card.occupant.driver.name
        return occupant, None if card.default is None else card.default.name

    assert (None, None) == shown()
    club.act(lambda desk: assignments.set_default(desk, LEFT, club.ann))
    assert ("Ann", "Ann") == shown()
    club.assign(LEFT, club.ben, at=5)
    assert ("Ben", "Ann") == shown()
    club.assign(LEFT, None, at=9)
    assert (None, "Ann") == shown()
    assert 3 == len(club.store.reads.list_records(Assignment))


@pytest.mark.parametrize(
    ("facts", "hides"),
    [
        ({"name": "Player"}, True),
        ({"name": None}, True),
        ({"name": "Max"}, False),
        ({"name": "Player", "is_ai": True}, False),
        ({"name": "Player", "is_player": True}, False),
    ],
)
def test_a_rig_hides_names_if_another_person_has_none(
    club: QueueClub, facts: dict[str, object], *, hides: bool
) -> None:
    other = events.participant(3, **({"is_player": False} | facts))
    club.store.submit(
        [*events.rig_and_session(), events.stamp(ParticipantsChanged(events.session().id, (other,)))]
    )
    club.store.flush()
    assert hides is (events.RIG in club.store.reads.list_rigs_hiding_names([events.RIG, "10.0.0.9"]))

    club.store.submit([events.stamp(SessionChanged(events.session(1)), 60)])
    club.store.flush()
    assert not club.store.reads.list_rigs_hiding_names([events.RIG])
