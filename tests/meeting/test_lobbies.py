"""Which sessions are one online lobby, and that neither order nor chance links others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.lobbies import SeenSession, are_linked, lobby_of_each, people_of, seats
from tests.meeting.driving import EIGHT, at

FRIENDS = {("ANN", 1): 0, ("BOB", 2): 1, ("CAS", 3): 2}


def seen(id_: str, rig: str, opened: float = 0, ended: float | None = 30, **facts: Any) -> SeenSession:
    """An online race at Monza from eight to half past."""
    known: dict[str, Any] = {
        "remaining_rig": rig,
        "uid": f"uid of {id_}",
        "is_online": True,
        "track": "Monza",
        "session_type": "Race",
        "player_car_index": 0,
        "people": FRIENDS,
    }
    ended_at = None if ended is None else at(ended)
    return SeenSession(id=id_, rig=rig, opened_at=at(opened), ended_at=ended_at, **(known | facts))


HERE = seen("a", "left", uid="7")

LINKED = {
    "the same UID": (seen("b", "right", uid="7", people={}), True),
    "the same UID, while one does not know its circuit yet": (
        seen("b", "right", uid="7", people={}, track=None),
        True,
    ),
    "another UID, but two people in common at the same time and place": (seen("b", "right"), True),
    "only one person in common": (seen("b", "right", people={("ANN", 1): 4, ("EVE", 9): 5}), False),
    "the same names with other race numbers": (
        seen("b", "right", people={("ANN", 11): 4, ("BOB", 12): 5}),
        False,
    ),
    "another circuit": (seen("b", "right", track="Spa"), False),
    "another kind of session": (seen("b", "right", session_type="Qualifying"), False),
    "the same UID for another kind of session": (seen("b", "right", uid="7", session_type="Sprint"), False),
    "one after the other": (seen("b", "right", 31, 60), False),
    "begun after four hours, though nobody saw the end": (seen("b", "right", 241, None), False),
    "offline, though all else is the same": (seen("b", "right", uid="7", is_online=False), False),
    "the same rig": (seen("b", "left", uid="7"), False),
    "no UID at all": (seen("b", "right", uid="0", people={}), False),
}


@pytest.mark.parametrize("case", LINKED)
def test_two_sessions_with(case: str) -> None:
    other, expected = LINKED[case]
    assert expected == are_linked(HERE, other) == are_linked(other, HERE)


def test_two_single_players_who_share_everything_are_not_linked() -> None:
    alone = [seen(id_, rig, uid="7", is_online=False) for id_, rig in (("a", "left"), ("b", "right"))]
    assert {"a": "a", "b": "b"} == lobby_of_each(alone)


def test_a_lobby_is_named_by_its_earliest_session() -> None:
    assert {"a": "b", "b": "b"} == lobby_of_each([seen("a", "left", 2), seen("b", "right", 1)])


def test_after_a_restart_under_the_same_uid_there_are_two_lobbies() -> None:
    runs = [
        seen("left 1", "left", 0, 10, uid="7"),
        seen("left 2", "left", 10.1, 30, uid="7"),
        seen("right 2", "right", 10.2, 30, uid="7"),
    ]
    assert {"left 1": "left 1", "left 2": "left 2", "right 2": "left 2"} == lobby_of_each(runs)


def test_who_cannot_be_told_apart_links_nothing() -> None:
    people = [("Player", 1, 0), (None, 2, 1), ("ANN", 3, 2), ("BOB", 4, 3), ("BOB", 4, 4)]
    assert {("ANN", 3): 2} == people_of(people)


def test_a_car_is_driven_at_the_rig_whose_own_it_is() -> None:
    left = seen("a", "left", player_car_index=0, people={("ANN", 1): 0, ("BOB", 2): 5, ("EVE", 9): 6})
    right = seen("b", "right", player_car_index=1, people={("ANN", 1): 4, ("BOB", 2): 1})
    assert {0: "left", 5: "right"} == seats(left, [left, right])
    assert {1: "right", 4: "left"} == seats(right, [left, right])


SESSIONS = st.lists(
    st.builds(
        lambda number, rig, opened, lasts, uid, online, people: seen(
            f"{rig}{number}",
            rig,
            opened,
            None if lasts is None else opened + lasts,
            uid=uid,
            is_online=online,
            people={who: FRIENDS[who] for who in people},
        ),
        st.integers(0, 3),
        st.sampled_from(["left", "right", "far"]),
        st.integers(0, 90),
        st.none() | st.integers(1, 60),
        st.sampled_from(["7", "8", "9"]),
        st.booleans(),
        st.sets(st.sampled_from(sorted(FRIENDS))),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


@given(sessions=SESSIONS, data=st.data())
def test_lobbies_do_not_depend_on_the_order_and_hold_each_rig_once(
    sessions: list[SeenSession], data: st.DataObject
) -> None:
    found = lobby_of_each(sessions)
    assert found == lobby_of_each(data.draw(st.permutations(sessions)))
    by_id = {one.id: one for one in sessions}
    together = [(key, by_id[id_].rig) for id_, key in found.items()]
    assert len(set(together)) == len(together)
    assert all(by_id[id_].is_online for id_, key in found.items() if id_ != key)
    assert all(by_id[key].opened_at <= by_id[id_].opened_at for id_, key in found.items())


def test_a_session_whose_end_nobody_saw_is_over_after_some_hours() -> None:
    assert (
        EIGHT + timedelta(hours=4) == seen("a", "left", 0, None).ends_at == seen("a", "left", 0, 999).ends_at
    )
