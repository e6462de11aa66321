"""The desk: an act is performed as a whole or not at all, is logged, and can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from f1timings.errors import ActConflict, ActInvalid, NotFound, Replayed
from f1timings.meeting.people import Act, GameName, Meeting, MeetingState, RigCard
from f1timings.store import CommittedAct, Desk, Store
from f1timings.store.acts import meetings
from f1timings.store.acts.undo import undo_act
from tests.store.conftest import OpenStore


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store()


def name_rig(store: Store, name: str, key: str | None = None) -> RigCard:
    def action(desk: Desk) -> RigCard:
        desk.describe("rig_named", "10.0.0.1", f"The rig is {name}.")
        return desk.store_record(RigCard(rig="10.0.0.1", name=name, place=None))

    return store.act("Marta", action, key)


def newest_act(store: Store) -> Act:
    return store.reads.list_acts().items[0]


def test_a_stored_record_is_read_back_with_a_new_version(store: Store) -> None:
    first = name_rig(store, "Left")
    second = name_rig(store, "Right")

    assert [second] == store.reads.list_records(RigCard)
    assert second.seq > first.seq > 0
    assert store.reads.get_record(RigCard, "10.0.0.1") == second


def test_storing_an_unchanged_record_is_not_an_act(store: Store) -> None:
    first = name_rig(store, "Left")

    assert first == name_rig(store, "Left")
    assert 1 == len(store.reads.list_acts().items)


def test_an_outdated_version_is_refused_with_the_current_record(store: Store) -> None:
    seen = name_rig(store, "Left")
    newest = name_rig(store, "Right")

    with pytest.raises(ActConflict) as refused:
        store.act("Ugo", lambda desk: desk.need_version(RigCard, "10.0.0.1", seen.seq))

    assert newest == refused.value.current


def test_an_act_that_fails_half_way_changes_nothing(store: Store) -> None:
    def action(desk: Desk) -> None:
        desk.store_record(RigCard(rig="10.0.0.1", name="Left", place=None))
        raise ActInvalid("lap-undecided")

    with pytest.raises(ActInvalid):
        store.act("Marta", action)

    assert [] == store.reads.list_records(RigCard)
    assert () == store.reads.list_acts().items


def test_a_missing_record_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.act("Marta", lambda desk: desk.need_record(RigCard, "nowhere"))


def test_an_act_names_the_person_and_can_be_undone_and_redone(store: Store) -> None:
    name_rig(store, "Left")
    name_rig(store, "Right")
    renamed = newest_act(store)

    store.act("Ugo", lambda desk: undo_act(desk, renamed.id))
    undone = store.reads.get_record(RigCard, "10.0.0.1")
    undoing = newest_act(store)
    store.act("Ugo", lambda desk: undo_act(desk, undoing.id))
    redone = store.reads.get_record(RigCard, "10.0.0.1")

    assert undone is not None
    assert redone is not None
    assert ("Marta", "rig_named", "The rig is Right.") == (renamed.by, renamed.kind, renamed.summary)
    assert ("Left", "Right") == (undone.name, redone.name)
    assert (renamed.id, "Ugo") == (undoing.undoes, undoing.by)
    again = store.reads.get_act(renamed.id)
    assert again is not None
    assert again.undone_by is None


def test_an_act_is_undone_once(store: Store) -> None:
    name_rig(store, "Left")
    act = newest_act(store)
    store.act("Ugo", lambda desk: undo_act(desk, act.id))

    with pytest.raises(ActConflict, match="undone already"):
        store.act("Ugo", lambda desk: undo_act(desk, act.id))


def test_undoing_the_first_act_on_a_record_deletes_the_record(store: Store) -> None:
    name_rig(store, "Left")

    store.act("Ugo", lambda desk: undo_act(desk, newest_act(store).id))

    assert [] == store.reads.list_records(RigCard)


def test_an_act_is_not_undone_after_a_newer_change(store: Store) -> None:
    name_rig(store, "Left")
    first = newest_act(store)
    newest = name_rig(store, "Right")

    with pytest.raises(ActConflict, match="newer act"):
        store.act("Ugo", lambda desk: undo_act(desk, first.id))

    assert [newest] == store.reads.list_records(RigCard)


def test_the_same_request_sent_twice_acts_once(store: Store) -> None:
    name_rig(store, "Left", key="r1")

    with pytest.raises(Replayed) as replayed:
        name_rig(store, "Left", key="r1")

    assert "10.0.0.1" == replayed.value.subject
    assert 1 == len(store.reads.list_acts().items)


def test_acts_are_announced_in_order_after_their_commit(open_store: OpenStore) -> None:
    announced: list[tuple[str, int]] = []
    stores: list[Store] = []

    def announce(acted: CommittedAct) -> None:
        stored = stores[0].reads.get_act(acted.act.id)
        assert stored == acted.act
        announced.append((acted.act.kind, len(acted.changes)))

    stores.append(open_store(on_acted=announce))
    name_rig(stores[0], "Left")
    stores[0].act("Marta", lambda desk: desk.store_record(GameName("Ann", None)))

    assert [("rig_named", 1), ("changed", 1)] == announced


def test_one_meeting_is_open_from_the_first_start(store: Store) -> None:
    (meeting,) = store.reads.list_records(Meeting)

    assert MeetingState.OPEN is meeting.state
    assert meeting.circuit is None
    assert 25 == meeting.points[0]


def test_a_second_start_creates_no_second_meeting(open_store: OpenStore) -> None:
    open_store().close()

    assert 1 == len(open_store().reads.list_records(Meeting))


def test_opening_another_meeting_archives_the_open_one(store: Store) -> None:
    (first,) = store.reads.list_records(Meeting)
    second = store.act("Marta", lambda desk: meetings.create(desk, "League", circuit="Spa"))
    states = {meeting.id: meeting.state for meeting in store.reads.list_records(Meeting)}
    store.act("Marta", lambda desk: meetings.reopen(desk, first.id, None))
    back = {meeting.id: meeting.state for meeting in store.reads.list_records(Meeting)}

    assert {first.id: MeetingState.ARCHIVED, second.id: MeetingState.OPEN} == states
    assert {first.id: MeetingState.OPEN, second.id: MeetingState.ARCHIVED} == back


def test_a_copied_meeting_has_the_venue_circuit_rules_and_points_of_the_original(store: Store) -> None:
    model = store.act(
        "Marta",
        lambda desk: meetings.create(desk, "League 1", venue="Club", circuit="Spa", points=(3, 2, 1)),
    )
    copy = store.act("Marta", lambda desk: meetings.create(desk, "League 2", copy_of=model.id))

    assert ("Club", "Spa", (3, 2, 1), model.rules) == (copy.venue, copy.circuit, copy.points, copy.rules)


def test_undoing_the_creation_of_a_meeting_opens_the_previous_one_again(store: Store) -> None:
    (first,) = store.reads.list_records(Meeting)
    store.act("Marta", lambda desk: meetings.create(desk, "League"))

    store.act("Marta", lambda desk: undo_act(desk, newest_act(store).id))

    (only,) = store.reads.list_records(Meeting)
    assert (first.id, MeetingState.OPEN) == (only.id, only.state)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"date": "22.11.2026"}, "date"),
        ({"date": "20261122"}, "date"),
        ({"points": (1, 2)}, "points"),
        ({"points": (1, -2)}, "points"),
        ({"circuit": " "}, "circuit"),
        ({"venue": "\u202e"}, "venue"),
    ],
)
def test_an_invalid_fact_is_refused_with_its_field(store: Store, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ActInvalid) as refused:
        store.act("Marta", lambda desk: meetings.create(desk, "League", **facts))

    assert field == refused.value.field


def test_a_board_is_cleared_only_if_its_circuit_is_typed_twice(store: Store) -> None:
    (meeting,) = store.reads.list_records(Meeting)

    with pytest.raises(ActInvalid, match="circuit again"):
        store.act(
            "Marta", lambda desk: meetings.clear_board(desk, meeting.id, circuit="Spa", confirm="Monza")
        )
    clearing = store.act(
        "Marta",
        lambda desk: meetings.clear_board(desk, meeting.id, circuit="Spa", confirm="spa-francorchamps"),
    )

    assert ("spa", "Marta") == (clearing.circuit_key, clearing.by)


@pytest.mark.parametrize("key", ["none", "a\0b", "\ud83c"])
def test_a_key_that_no_database_can_store_is_not_found(store: Store, key: str) -> None:
    with pytest.raises(NotFound):
        store.act("Marta", lambda desk: desk.need_record(RigCard, key))
    with pytest.raises(NotFound):
        store.act("Marta", lambda desk: undo_act(desk, key))
    assert store.reads.get_record(RigCard, key) is None
