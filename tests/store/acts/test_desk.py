"""The desk: acts are whole or not at all, name what they saw, are written down, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from f1timings.errors import ActConflict, ActInvalid, NotFound, Replayed
from f1timings.meeting.people import Act, GameName, Meeting, MeetingState, RigCard
from f1timings.store import CommittedAct, Desk, Store
from f1timings.store.acts import meetings
from tests.store.conftest import OpenStore


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store()


def put_rig(store: Store, name: str, key: str | None = None) -> RigCard:
    def deed(desk: Desk) -> RigCard:
        desk.note("rig_named", "10.0.0.1", f"The rig is {name}.")
        return desk.put(RigCard("10.0.0.1", name, None))

    return store.act("Marta", deed, key)


def newest_act(store: Store) -> Act:
    return store.reads.list_acts().items[0]


def test_a_record_comes_back_as_it_was_put_with_a_new_version(store: Store) -> None:
    first = put_rig(store, "Left")
    second = put_rig(store, "Right")

    assert [second] == store.reads.list_records(RigCard)
    assert second.seq > first.seq > 0
    assert store.reads.get_record(RigCard, "10.0.0.1") == second


def test_putting_what_is_there_already_is_no_act(store: Store) -> None:
    first = put_rig(store, "Left")

    assert first == put_rig(store, "Left")
    assert 1 == len(store.reads.list_acts().items)


def test_an_edit_of_a_version_that_is_no_longer_there_shows_the_one_that_is(store: Store) -> None:
    seen = put_rig(store, "Left")
    newest = put_rig(store, "Right")

    with pytest.raises(ActConflict) as refused:
        store.act("Ugo", lambda desk: desk.need_version(RigCard, "10.0.0.1", seen.seq))

    assert newest == refused.value.current


def test_an_act_that_fails_half_way_leaves_nothing(store: Store) -> None:
    def deed(desk: Desk) -> None:
        desk.put(RigCard("10.0.0.1", "Left", None))
        raise ActInvalid("no")

    with pytest.raises(ActInvalid):
        store.act("Marta", deed)

    assert [] == store.reads.list_records(RigCard)
    assert () == store.reads.list_acts().items


def test_what_is_not_there_is_said_to_be_missing(store: Store) -> None:
    with pytest.raises(NotFound):
        store.act("Marta", lambda desk: desk.need(RigCard, "nowhere"))


def test_an_act_says_who_did_what_and_can_be_undone_and_done_again(store: Store) -> None:
    put_rig(store, "Left")
    put_rig(store, "Right")
    renamed = newest_act(store)

    store.act("Ugo", lambda desk: meetings.undo(desk, renamed.id))
    undone = store.reads.get_record(RigCard, "10.0.0.1")
    undoing = newest_act(store)
    store.act("Ugo", lambda desk: meetings.undo(desk, undoing.id))
    redone = store.reads.get_record(RigCard, "10.0.0.1")

    assert undone is not None
    assert redone is not None
    assert ("Marta", "rig_named", "The rig is Right.") == (renamed.by, renamed.kind, renamed.summary)
    assert ("Left", "Right") == (undone.name, redone.name)
    assert (renamed.id, "Ugo") == (undoing.undoes, undoing.by)
    again = store.reads.get_act(renamed.id)
    assert again is not None
    assert undoing.id == again.undone_by


def test_an_act_is_undone_once(store: Store) -> None:
    put_rig(store, "Left")
    act = newest_act(store)
    store.act("Ugo", lambda desk: meetings.undo(desk, act.id))

    with pytest.raises(ActConflict, match="undone already"):
        store.act("Ugo", lambda desk: meetings.undo(desk, act.id))


def test_undoing_a_first_act_takes_the_record_away(store: Store) -> None:
    put_rig(store, "Left")

    store.act("Ugo", lambda desk: meetings.undo(desk, newest_act(store).id))

    assert [] == store.reads.list_records(RigCard)


def test_what_somebody_changed_since_is_not_undone(store: Store) -> None:
    put_rig(store, "Left")
    first = newest_act(store)
    newest = put_rig(store, "Right")

    with pytest.raises(ActConflict, match="newer"):
        store.act("Ugo", lambda desk: meetings.undo(desk, first.id))

    assert [newest] == store.reads.list_records(RigCard)


def test_the_same_request_sent_twice_acts_once(store: Store) -> None:
    put_rig(store, "Left", key="r1")

    with pytest.raises(Replayed) as done:
        put_rig(store, "Left", key="r1")

    assert "10.0.0.1" == done.value.subject
    assert 1 == len(store.reads.list_acts().items)


def test_acts_are_announced_after_their_commit_in_their_order(open_store: OpenStore) -> None:
    told: list[tuple[str, int]] = []
    stores: list[Store] = []

    def tell(acted: CommittedAct) -> None:
        stored = stores[0].reads.get_act(acted.act.id)
        assert stored == acted.act
        told.append((acted.act.kind, len(acted.changes)))

    stores.append(open_store(on_acted=tell))
    put_rig(stores[0], "Left")
    stores[0].act("Marta", lambda desk: desk.put(GameName("Ann", None)))

    assert [("rig_named", 1), ("changed", 1)] == told


def test_one_meeting_is_open_from_the_first_start_on(store: Store) -> None:
    (meeting,) = store.reads.list_records(Meeting)

    assert MeetingState.OPEN is meeting.state
    assert meeting.circuit is None
    assert 25 == meeting.points[0]


def test_a_second_start_makes_no_second_meeting(open_store: OpenStore) -> None:
    open_store().close()

    assert 1 == len(open_store().reads.list_records(Meeting))


def test_opening_another_meeting_archives_the_one_before(store: Store) -> None:
    (first,) = store.reads.list_records(Meeting)
    second = store.act("Marta", lambda desk: meetings.make(desk, "League", circuit="Spa"))
    states = {one.id: one.state for one in store.reads.list_records(Meeting)}
    store.act("Marta", lambda desk: meetings.reopen(desk, first.id, None))
    back = {one.id: one.state for one in store.reads.list_records(Meeting)}

    assert {first.id: MeetingState.ARCHIVED, second.id: MeetingState.OPEN} == states
    assert {first.id: MeetingState.OPEN, second.id: MeetingState.ARCHIVED} == back


def test_a_copied_meeting_takes_over_venue_circuit_rules_and_points(store: Store) -> None:
    model = store.act(
        "Marta",
        lambda desk: meetings.make(desk, "League 1", venue="Club", circuit="Spa", points=(3, 2, 1)),
    )
    copy = store.act("Marta", lambda desk: meetings.make(desk, "League 2", copy_of=model.id))

    assert ("Club", "Spa", (3, 2, 1), model.rules) == (copy.venue, copy.circuit, copy.points, copy.rules)


def test_undoing_the_opening_of_a_meeting_opens_the_one_before_again(store: Store) -> None:
    (first,) = store.reads.list_records(Meeting)
    store.act("Marta", lambda desk: meetings.make(desk, "League"))

    store.act("Marta", lambda desk: meetings.undo(desk, newest_act(store).id))

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
def test_a_fact_that_cannot_be_right_names_its_field(store: Store, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ActInvalid) as refused:
        store.act("Marta", lambda desk: meetings.make(desk, "League", **facts))

    assert field == refused.value.field


def test_a_board_is_cleared_only_by_naming_it_twice(store: Store) -> None:
    (meeting,) = store.reads.list_records(Meeting)

    with pytest.raises(ActInvalid, match="circuit again"):
        store.act("Marta", lambda desk: meetings.clear_board(desk, meeting.id, "Spa", "Monza"))
    clearing = store.act(
        "Marta", lambda desk: meetings.clear_board(desk, meeting.id, "Spa", "spa-francorchamps")
    )

    assert ("spa", "Marta") == (clearing.circuit_key, clearing.by)


@pytest.mark.parametrize("key", ["none", "a\0b", "\ud83c"])
def test_what_no_database_can_hold_is_the_key_of_no_record(store: Store, key: str) -> None:
    with pytest.raises(NotFound):
        store.act("Marta", lambda desk: desk.need(RigCard, key))
    with pytest.raises(NotFound):
        store.act("Marta", lambda desk: meetings.undo(desk, key))
    assert store.reads.get_record(RigCard, key) is None
