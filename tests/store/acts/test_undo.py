"""Undoing acts: several in a row, in any order, and never in contradiction to what happened since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from f1timings.errors import ActConflict
from f1timings.meeting.people import (
    Act,
    Assignment,
    Driver,
    GameName,
    LapMark,
    ManualLap,
    Meeting,
    QueueEntry,
    QueueState,
    RigCard,
)
from f1timings.store import Desk, Store
from f1timings.store.acts import assignments, drivers, erasure, meetings, queue
from f1timings.store.acts.manual_laps import record_manual_lap
from f1timings.store.acts.marks import SeenRevision, mark_laps
from f1timings.store.acts.undo import undo_act
from f1timings.store.engines import database_url, writer_engine
from tests.migrated import downgrade
from tests.store import events
from tests.store.conftest import OpenStore

T = TypeVar("T")
LEFT, RIGHT = events.RIG, "192.0.2.8"


class Office:
    """A store with three drivers; each act happens a minute after the one before."""

    def __init__(self, open_store: OpenStore) -> None:
        self.minute = 0
        self.store: Store = open_store(clock=lambda: events.ARRIVED + 60 * self.minute)
        self.ann, self.ben, self.cem = (
            self.do(lambda desk, name=name: drivers.add(desk, name=name))[0].id  # type: ignore[misc]
            for name in ("Ann", "Ben", "Cem")
        )

    def do(self, action: Callable[[Desk], T]) -> tuple[T, Act]:
        """Perform an act; returns its result and the act."""
        self.minute += 1
        result = self.store.act("Marta", action)
        return result, self.store.reads.list_acts().items[0]

    def undo(self, act: Act) -> Act:
        return self.do(lambda desk: undo_act(desk, act.id))[1]

    def refuses(self, act: Act, reason: str) -> bool:
        """Whether undoing the act is refused for this reason and changes nothing."""
        before = self.records()
        with pytest.raises(ActConflict, match=reason):
            self.undo(act)
        return before == self.records()

    def records(self) -> list[Any]:
        kinds = (Driver, Assignment, GameName, LapMark, ManualLap, Meeting, QueueEntry, RigCard, Act)
        return [record for kind in kinds for record in self.store.reads.list_records(kind)]

    def act(self, act: Act) -> Act:
        """An act as it is now."""
        found = self.store.reads.get_act(act.id)
        assert found is not None
        return found

    # Acts ------------------------------------------------------------------------------------------------

    def edit(self, driver_id: str, **facts: Any) -> Act:
        return self.do(lambda desk: drivers.edit(desk, driver_id, self.driver(driver_id).seq, **facts))[1]

    def delete(self, driver_id: str) -> Act:
        return self.do(lambda desk: drivers.remove(desk, driver_id, self.driver(driver_id).seq))[1]

    def merge(self, driver_id: str, into_id: str) -> Act:
        version = self.driver(driver_id).seq
        return self.do(lambda desk: drivers.merge(desk, driver_id, into_id=into_id, version=version))[1]

    def assign(self, rig: str, driver_id: str | None) -> Act:
        return self.do(lambda desk: assignments.assign(desk, rig, driver_id))[1]

    def map(self, name: str, driver_id: str | None) -> Act:
        return self.do(lambda desk: drivers.map_game_name(desk, name, driver_id))[1]

    def join(self, driver_id: str) -> Act:
        return self.do(lambda desk: queue.join(desk, driver_id))[1]

    def make(self, name: str) -> Act:
        return self.do(lambda desk: meetings.create(desk, name))[1]

    def type_lap(self, driver_id: str) -> Act:
        def action(desk: Desk) -> None:
            driver = desk.need_record(Driver, driver_id)
            record_manual_lap(desk, meetings.get_open_meeting(desk), driver, typed="1:30.000")

        return self.do(action)[1]

    # What is stored ----------------------------------------------------------------------------------------

    def driver(self, driver_id: str) -> Driver:
        found = self.store.reads.get_record(Driver, driver_id)
        assert found is not None
        return found

    def seats(self) -> dict[str, str]:
        """The driver at each rig now."""
        running = self.store.reads.list_records(Assignment, until=None, is_default=False)
        return {seat.rig: self.driver(seat.driver_id).name for seat in running if seat.driver_id}

    def meeting(self) -> str:
        (name,) = (each.name for each in self.store.reads.list_records(Meeting, state="open"))
        return name


@pytest.fixture
def office(open_store: OpenStore) -> Office:
    return Office(open_store)


# Several undos ------------------------------------------------------------------------------------------


def test_two_acts_on_one_record_are_undone_one_after_the_other(office: Office) -> None:
    first = office.edit(office.ann, team="Red")
    second = office.edit(office.ann, team="Blue")
    office.undo(second)
    assert "Red" == office.driver(office.ann).team
    office.undo(first)
    assert "" == office.driver(office.ann).team


def test_an_earlier_act_is_undone_and_newer_changes_of_other_fields_stay(office: Office) -> None:
    team = office.edit(office.ann, team="Red")
    office.edit(office.ann, race_number=44)
    office.undo(team)

    assert ("", 44) == (office.driver(office.ann).team, office.driver(office.ann).race_number)


def test_an_earlier_act_is_not_undone_after_a_newer_change_of_the_same_field(office: Office) -> None:
    red = office.edit(office.ann, team="Red")
    office.edit(office.ann, team="Blue")
    assert office.refuses(red, "newer act")


def test_a_shown_name_follows_from_the_fields_that_an_undo_restores(office: Office) -> None:
    office.edit(office.ann, shows_name=False)
    nickname = office.edit(office.ann, nickname="Zip")
    office.edit(office.ann, shows_name=True)
    office.undo(nickname)
    assert "Ann" == office.driver(office.ann).shown_name

    renamed = office.edit(office.ann, name="Anna")
    office.edit(office.ann, shows_name=False)
    office.undo(renamed)
    assert ("Ann", "Driver 1") == (office.driver(office.ann).name, office.driver(office.ann).shown_name)


def test_a_seat_is_given_back_through_several_undos(office: Office) -> None:
    first = office.assign(LEFT, office.ann)
    second = office.assign(LEFT, office.ben)
    third = office.assign(LEFT, office.cem)
    for act, expected in ((third, {LEFT: "Ben"}), (second, {LEFT: "Ann"}), (first, {})):
        office.undo(act)
        assert expected == office.seats()


def test_two_openings_are_undone_one_after_the_other(office: Office) -> None:
    before = office.meeting()
    office.assign(LEFT, office.ann)
    friday, saturday = office.make("Friday"), office.make("Saturday")
    office.undo(saturday)
    assert ("Friday", {}) == (office.meeting(), office.seats())
    office.undo(friday)
    assert (before, {LEFT: "Ann"}) == (office.meeting(), office.seats())


def test_a_merge_is_undone_after_later_acts_were_undone(office: Office) -> None:
    office.map("annz_gt", office.ann)
    merge = office.merge(office.ann, office.ben)
    later = [
        office.map("annz_gt", office.cem),
        office.edit(office.ben, team="Red"),
        office.type_lap(office.ben),
    ]
    for act in reversed(later):
        office.undo(act)
    office.undo(merge)

    assert ("Ann", False) == (office.driver(office.ann).name, office.driver(office.ann).is_deleted)
    assert [office.ann] == [name.driver_id for name in office.store.reads.list_records(GameName)]


def test_a_merge_is_undone_although_other_facts_changed_since(office: Office) -> None:
    merge = office.merge(office.ann, office.ben)
    office.edit(office.ben, race_number=44)
    office.undo(merge)

    assert (False, 44) == (office.driver(office.ann).is_deleted, office.driver(office.ben).race_number)


def test_an_act_whose_undo_was_undone_can_be_undone_again_and_again(office: Office) -> None:
    red = office.edit(office.ann, team="Red")
    for _ in range(3):
        undoing = office.undo(red)
        assert ("", undoing.id) == (office.driver(office.ann).team, office.act(red).undone_by)
        office.undo(undoing)
        assert ("Red", None) == (office.driver(office.ann).team, office.act(red).undone_by)


def test_each_act_in_a_chain_of_undos_says_whether_it_is_in_force(office: Office) -> None:
    chain = [office.edit(office.ann, team="Red")]
    for _ in range(4):
        chain.append(office.undo(chain[-1]))

    # Every second one from the last one on is in force.
    undone_by = [office.act(act).undone_by for act in chain]
    assert [None, chain[2].id, None, chain[4].id, None] == undone_by
    first = "The details of Ann were changed."
    sentences = [first, f"Undone: {first}", f"Redone: {first}", f"Undone: {first}", f"Redone: {first}"]
    assert sentences == [act.summary for act in chain]
    assert "Red" == office.driver(office.ann).team


def test_an_act_is_not_undone_by_two_acts_at_once(office: Office) -> None:
    red = office.edit(office.ann, team="Red")
    redone = office.undo(office.undo(red))
    office.undo(red)
    office.edit(office.ann, team="Red")

    # Undoing this one would put the first undo in force again, while the newer one is.
    assert office.refuses(redone, "has undone this already")
    assert office.refuses(red, "undone already")


def test_an_upgrade_finds_the_acts_whose_undo_was_undone(open_store: OpenStore, url: str) -> None:
    office = Office(open_store)
    red = office.edit(office.ann, team="Red")
    second = office.undo(red)
    third = office.undo(second)
    number = office.edit(office.ben, race_number=7)
    undone = office.undo(number)
    office.store.close()
    downgrade(url, "0016")
    engine = writer_engine(database_url(url))
    with engine.begin() as connection:
        # As the program of that time stored it.
        old = sa.text("UPDATE acts SET undone_by = :undo WHERE id = :id")
        connection.execute(old, {"undo": second.id, "id": red.id})
    engine.dispose()
    office.store = open_store(clock=lambda: events.ARRIVED + 60 * office.minute)

    assert [None, third.id, None] == [office.act(act).undone_by for act in (red, second, third)]
    assert undone.id == office.act(number).undone_by
    office.undo(red)
    assert "" == office.driver(office.ann).team


# Drivers who are gone ------------------------------------------------------------------------------------


def test_a_deleted_driver_gets_no_seat_back(office: Office) -> None:
    office.assign(LEFT, office.ann)
    change = office.assign(LEFT, office.ben)
    office.delete(office.ann)
    assert office.refuses(change, "was deleted since")


def test_a_deleted_driver_gets_no_claim_name_typed_lap_or_turn_back(office: Office) -> None:
    typed = office.type_lap(office.ann)
    lap_id = office.store.reads.list_records(ManualLap)[0].lap_id
    lost = [office.undo(typed)]
    claim = office.do(lambda desk: mark_laps(desk, [SeenRevision(lap_id, 2)], {"driver_id": office.ann}))[1]
    office.map("annz_gt", office.ann)
    lost += [office.undo(claim), office.map("annz_gt", office.ben)]
    entry = office.do(lambda desk: queue.join(desk, office.ann))[0]
    lost += [office.do(lambda desk: queue.leave(desk, entry.id))[1]]
    office.delete(office.ann)

    for act in lost:
        assert office.refuses(act, "was deleted since")


def test_a_driver_who_is_done_does_not_wait_again_after_the_deletion(office: Office) -> None:
    entry = office.do(lambda desk: queue.join(desk, office.ann))[0]
    done = office.do(lambda desk: queue.edit(desk, entry.id, entry.seq, state=QueueState.DONE))[1]
    office.delete(office.ann)
    assert office.refuses(done, "was deleted since")


def test_a_merged_driver_gets_nothing_back(office: Office) -> None:
    office.map("annz_gt", office.ann)
    change = office.map("annz_gt", office.ben)
    office.merge(office.ann, office.cem)
    assert office.refuses(change, "was merged into another one since")


def test_an_erased_driver_gets_nothing_back(office: Office) -> None:
    office.assign(LEFT, office.ann)
    change = office.assign(LEFT, office.ben)
    version = office.driver(office.ann).seq
    office.do(lambda desk: erasure.erase(desk, office.ann, version=version, confirm="Ann"))
    assert office.refuses(change, "was deleted since")


def test_a_fact_about_a_deleted_driver_is_not_restored(office: Office) -> None:
    change = office.edit(office.ann, team="Red")
    office.delete(office.ann)
    assert office.refuses(change, "was deleted since")


def test_a_removed_driver_gets_nothing_back(office: Office) -> None:
    dora, made = office.do(lambda desk: drivers.add(desk, name="Dora"))
    seat = office.assign(LEFT, dora.id)
    unseat = office.undo(seat)
    office.undo(made)
    assert office.refuses(unseat, "no longer there")


def test_what_a_driver_had_before_the_deletion_comes_back_with_the_undo_of_a_later_act(
    office: Office,
) -> None:
    office.map("annz_gt", office.ann)
    office.delete(office.ann)
    change = office.map("annz_gt", office.ben)
    office.undo(change)

    assert [office.ann] == [name.driver_id for name in office.store.reads.list_records(GameName)]


def test_a_deletion_that_was_undone_is_not_done_again_while_the_driver_sits_somewhere(office: Office) -> None:
    restored = office.undo(office.delete(office.ann))
    seat = office.assign(LEFT, office.ann)
    assert office.refuses(restored, "sits at a rig")
    office.undo(seat)
    office.undo(restored)
    assert office.driver(office.ann).is_deleted


def test_a_merge_that_was_undone_is_not_done_again_when_the_driver_has_laps_since(office: Office) -> None:
    separated = office.undo(office.merge(office.ann, office.ben))
    typed = office.type_lap(office.ann)
    assert office.refuses(separated, "merge the driver again")
    office.undo(typed)
    office.undo(separated)
    assert office.ben == office.driver(office.ann).merged_into


# What belongs to one only --------------------------------------------------------------------------------


def test_a_driver_gets_no_second_seat_by_an_undo(office: Office) -> None:
    office.assign(LEFT, office.ann)
    away = office.assign(LEFT, office.ben)
    office.assign(RIGHT, office.ann)
    assert office.refuses(away, "sits at another rig")


def test_two_merged_drivers_who_sit_at_two_rigs_keep_the_newest_seat(office: Office) -> None:
    office.assign(LEFT, office.ben)
    office.assign(RIGHT, office.ann)
    merge = office.merge(office.ann, office.ben)
    assert {RIGHT: "Ben"} == office.seats()
    office.undo(merge)
    assert {LEFT: "Ben", RIGHT: "Ann"} == office.seats()


def test_a_driver_does_not_wait_twice_after_an_undo(office: Office) -> None:
    entry = office.do(lambda desk: queue.join(desk, office.ann))[0]
    left = office.do(lambda desk: queue.leave(desk, entry.id))[1]
    office.join(office.ann)
    assert office.refuses(left, "waits in the queue already")


def test_two_drivers_never_get_one_number(office: Office) -> None:
    removed = office.undo(office.do(lambda desk: drivers.add(desk, name="Dora"))[1])
    office.do(lambda desk: drivers.add(desk, name="Emil"))
    assert office.refuses(removed, "add this driver by hand")


def test_a_driver_into_whom_another_one_was_merged_is_not_removed(office: Office) -> None:
    dora, made = office.do(lambda desk: drivers.add(desk, name="Dora"))
    office.merge(office.ann, dora.id)
    assert office.refuses(made, "delete the driver instead")


def test_a_meeting_with_typed_laps_is_not_removed(office: Office) -> None:
    made = office.make("Friday")
    typed = office.type_lap(office.ann)
    assert office.refuses(made, "laps typed by hand")
    removed = office.undo(typed)
    office.undo(made)
    assert office.refuses(removed, "meeting is no longer there")
