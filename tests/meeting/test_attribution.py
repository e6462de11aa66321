"""Whose lap each lap is, rule by rule, and that the order in which things are known does not matter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.attribution import Calendar, LapFacts, Roster, attribute
from f1timings.meeting.lap_class import CLASS_NAMES
from f1timings.meeting.meetings import meeting_at
from f1timings.meeting.people import Assignment, MeetingPeriod
from tests.meeting.driving import (
    AI_CAR,
    OTHER_CAR,
    OWN_CAR,
    at,
    lap,
    mark,
    roster,
    session,
    sits,
    typed,
    whose,
)

NAMED = {"RACER": "zoe"}

# What is known, the lap, and then: driver, why, entrant.
RULES: dict[str, tuple[Roster, LapFacts, tuple[str | None, str | None, str | None]]] = {
    "a lap without a driver is listed under its rig": (roster(), lap(), (None, None, "r:left")),
    "it belongs to the driver assigned when it began": (
        roster(sits("ann")),
        lap(),
        ("ann", "assignment", "d:ann"),
    ),
    "it belongs to the driver assigned when it began, even if another one is at its end": (
        roster(sits("ann", 0, 11), sits("bob", 11)),
        lap(began=10, recorded=12),
        ("ann", "assignment", "d:ann"),
    ),
    "it belongs to the driver assigned at the moment when it began": (
        roster(sits("ann", 0, 10), sits("bob", 10)),
        lap(began=10),
        ("bob", "assignment", "d:bob"),
    ),
    "without a known start, it belongs to the driver assigned when it was recorded": (
        roster(sits("ann", 0, 11), sits("bob", 11)),
        lap(began=None, recorded=12),
        ("bob", "assignment", "d:bob"),
    ),
    "it belongs to the driver assigned during all the time in which it may have begun": (
        roster(sits("ann", 0, 20), sits("bob", 20)),
        lap(began=None, recorded=22, began_after=at(5), began_before=at(19)),
        ("ann", "assignment", "d:ann"),
    ),
    "it has no driver if the driver changed in that time, whatever its name in the game": (
        roster(sits("ann", 0, 10), sits("bob", 10), game_names=NAMED),
        lap(began=None, recorded=22, began_after=at(5), began_before=at(19)),
        (None, None, "r:left"),
    ),
    "with a start that is not certain, it belongs to the driver assigned during all that time": (
        roster(sits("ann", 0, 20), sits("bob", 20)),
        lap(began=18, recorded=22, began_after=at(5), began_before=at(19)),
        ("ann", "assignment", "d:ann"),
    ),
    "with a start that is not certain, it has no driver if the driver changed in that time": (
        roster(sits("ann", 0, 10), sits("bob", 10)),
        lap(began=18, recorded=22, began_after=at(5), began_before=at(19)),
        (None, None, "r:left"),
    ),
    "it has no driver if the first driver was assigned in that time": (
        roster(sits("ann", 10)),
        lap(began=None, recorded=22, began_after=at(5), began_before=at(19)),
        (None, None, "r:left"),
    ),
    "it belongs to the driver of its name in the game if nobody was assigned in that time": (
        roster(sits("ann", 20), game_names=NAMED),
        lap(began=None, recorded=22, began_after=at(5), began_before=at(19)),
        ("zoe", "game_name", "d:zoe"),
    ),
    "without an earliest start, it belongs to the only driver assigned before": (
        roster(sits("ann", 3, 20), sits("bob", 20), first_seen={"left": at(4)}),
        lap(began=None, recorded=22, began_before=at(19)),
        ("ann", "assignment", "d:ann"),
    ),
    "without an earliest start, it has no driver if another one was assigned before": (
        roster(sits("ann", 0, 5), sits("bob", 5), first_seen={"left": at(1)}),
        lap(began=None, recorded=22, began_before=at(19)),
        (None, None, "r:left"),
    ),
    "without an earliest start, it has no driver if the first one was assigned after the rig was seen": (
        roster(sits("ann", 5), first_seen={"left": at(1)}),
        lap(began=None, recorded=22, began_before=at(19)),
        (None, None, "r:left"),
    ),
    "before the rig's first datagram, it belongs to the default driver since that datagram": (
        roster(sits("cas", 10, is_default=True), first_seen={"left": at(10)}),
        lap(began=None, recorded=12, began_before=at(9)),
        ("cas", "default", "d:cas"),
    ),
    "it belongs to the default driver while nobody else is assigned": (
        roster(sits("cas", is_default=True), sits("ann", 20)),
        lap(),
        ("cas", "default", "d:cas"),
    ),
    "the assigned driver comes before the default driver": (
        roster(sits("cas", 5, is_default=True), sits("ann", 0)),
        lap(),
        ("ann", "assignment", "d:ann"),
    ),
    "an assignment of no driver comes before the default driver and the name in the game": (
        roster(sits("cas", is_default=True), sits(None, 1), game_names=NAMED),
        lap(),
        (None, None, "r:left"),
    ),
    "it belongs to the driver of its name in the game if nobody is assigned": (
        roster(game_names=NAMED),
        lap(),
        ("zoe", "game_name", "d:zoe"),
    ),
    "the assigned driver comes before the name in the game": (
        roster(sits("ann"), game_names=NAMED),
        lap(),
        ("ann", "assignment", "d:ann"),
    ),
    "another car belongs to the driver of its name in the game": (
        roster(sits("ann"), game_names=NAMED),
        lap(car_index=OTHER_CAR),
        ("zoe", "game_name", "d:zoe"),
    ),
    "another car without a driver is on no board": (
        roster(sits("ann")),
        lap(car_index=OTHER_CAR),
        (None, None, None),
    ),
    "the name Player belongs to no driver": (
        roster(game_names={"Player": "zoe"}),
        lap(car_index=OTHER_CAR, participant="Player"),
        (None, None, None),
    ),
    "a car that the game drives has no driver, whatever its name": (
        roster(game_names={"HAMILTON": "zoe"}),
        lap(car_index=AI_CAR, participant="HAMILTON"),
        (None, None, None),
    ),
    "a name that was mapped to nobody has no driver": (
        roster(game_names={"RACER": None}),
        lap(car_index=OTHER_CAR),
        (None, None, None),
    ),
    "it belongs to a deleted driver by name if it began before the deletion": (
        roster(game_names=NAMED, deleted_at={"zoe": at(10.5)}),
        lap(began=10, recorded=12),
        ("zoe", "game_name", "d:zoe"),
    ),
    "it has no driver if the driver of its name was deleted before it began": (
        roster(game_names=NAMED, deleted_at={"zoe": at(9.9)}),
        lap(began=10),
        (None, None, "r:left"),
    ),
    "without a known start, it has no driver if the driver of its name was deleted before it was recorded": (
        roster(game_names=NAMED, deleted_at={"zoe": at(11)}),
        lap(began=None, recorded=12),
        (None, None, "r:left"),
    ),
    "a claim comes before everything else": (
        roster(sits("ann"), marks={"lap": mark("dan")}, game_names=NAMED),
        lap(),
        ("dan", "claim", "d:dan"),
    ),
    "a claim of no driver comes before an assignment": (
        roster(sits("ann"), marks={"lap": mark("")}),
        lap(),
        (None, None, "r:left"),
    ),
    "a mark without a claim changes no driver": (
        roster(sits("ann"), marks={"lap": mark(None)}),
        lap(),
        ("ann", "assignment", "d:ann"),
    ),
    "a claim gives a lap of another car its driver": (
        roster(marks={"lap": mark("dan")}),
        lap(car_index=OTHER_CAR),
        ("dan", "claim", "d:dan"),
    ),
    "a typed lap belongs to its driver": (
        roster(sits("bob"), manual={"lap": typed()}),
        lap(),
        ("ann", "manual", "d:ann"),
    ),
    "a claim changes the driver of a typed lap": (
        roster(manual={"lap": typed()}, marks={"lap": mark("dan")}),
        lap(),
        ("dan", "claim", "d:dan"),
    ),
    "a typed lap without a driver is on no board": (
        roster(manual={"lap": typed()}, marks={"lap": mark("")}),
        lap(),
        (None, None, None),
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_driver_and_the_entrant_of_a_lap_follow_the_rule(rule: str) -> None:
    known, driven, expected = RULES[rule]
    found = whose(driven, session(), known)
    assert expected == (found.driver_id, found.basis, found.entrant)


def test_a_car_that_the_game_drives_home_after_the_flag_is_still_whose_rig_it_is() -> None:
    driven_home = session(ai_cars=frozenset({(OWN_CAR, "RACER")}))
    assert "zoe" == whose(lap(), driven_home, roster(game_names=NAMED)).driver_id


def test_while_spectating_no_car_is_the_rigs_own() -> None:
    spectating = session(player_car_index=None, seats={})
    found = whose(lap(), spectating, roster(sits("ann")))
    assert (None, False) == (found.entrant, found.is_own_car)


@pytest.mark.parametrize(
    ("why", "facts", "counts"),
    [
        ("it is good", {}, True),
        ("the game says it is invalid", {"is_valid": False}, False),
        ("the game has not said", {"is_valid": None}, False),
        ("it was rewound", {"state": "superseded"}, False),
        ("a marshal struck it", {"state": "deleted"}, False),
        ("it is not whole", {"state": "partial", "lap_time_ms": None}, False),
        ("nobody knows whose it is", {"car_index": OTHER_CAR}, False),
    ],
)
def test_a_lap_counts_or_not_because(why: str, facts: dict[str, Any], counts: bool) -> None:
    assert counts == whose(lap(**facts), session(), roster(sits("ann"))).counts, why


@pytest.mark.parametrize(
    ("began", "meeting"), [(10.0, "club night"), (60.0, "league"), (200.0, "league"), (-100.0, "club night")]
)
def test_a_lap_belongs_to_the_meeting_that_was_open_when_it_began(began: float, meeting: str) -> None:
    assert meeting == whose(lap(began=began, recorded=300), session(), roster()).meeting_id


def test_a_typed_lap_carries_its_meeting_and_its_circuit() -> None:
    found = whose(lap(began=None, recorded=300), session(), roster(manual={"lap": typed(" SPA ")}))
    assert ("club night", "spa", True) == (
        found.meeting_id,
        found.circuit_key,
        found.classes[CLASS_NAMES.index("is_manual")],
    )


def test_a_circuit_that_is_not_known_is_empty() -> None:
    found = whose(lap(), session(track=None), roster())
    assert ("", "") == (found.circuit, found.circuit_key)


# Several views of one lap -------------------------------------------------------------------------------

LOBBY = {
    "a": session("a", "left", lobby="a", seats={OWN_CAR: "left", OTHER_CAR: "right"}),
    "b": session("b", "right", lobby="a", opened_at=at(1), seats={OWN_CAR: "right", OTHER_CAR: "left"}),
}
SEATED = roster(sits("ann"), sits("bob", rig="right"))


def counting(*driven: LapFacts) -> set[str]:
    return {one.lap_id for one in attribute(driven, LOBBY, SEATED).values() if one.counts}


def seen_by(rig: str, id_: str, car: int, **facts: Any) -> LapFacts:
    return lap(id_, session_id="a" if rig == "left" else "b", rig=rig, car_index=car, **facts)


def test_of_two_views_of_one_lap_the_own_rigs_counts() -> None:
    assert {"own"} == counting(seen_by("right", "own", OWN_CAR), seen_by("left", "other", OTHER_CAR))


def test_what_the_own_rig_missed_is_known_from_another() -> None:
    assert {"other"} == counting(seen_by("left", "other", OTHER_CAR))


@pytest.mark.parametrize("facts", [{"is_valid": False}, {"state": "deleted"}])
def test_what_the_own_rig_saw_fail_does_not_come_back_from_another(facts: dict[str, Any]) -> None:
    own = seen_by("right", "own", OWN_CAR, **facts)
    assert set() == counting(own, seen_by("left", "other", OTHER_CAR))


def test_what_the_own_rig_saw_in_part_is_taken_from_another() -> None:
    part = seen_by("right", "own", OWN_CAR, state="partial", lap_time_ms=None)
    assert {"other"} == counting(part, seen_by("left", "other", OTHER_CAR))


def test_a_lap_counted_elsewhere_is_no_lap_of_the_board() -> None:
    both = [seen_by("right", "own", OWN_CAR), seen_by("left", "other", OTHER_CAR)]
    found = attribute(both, LOBBY, SEATED)
    assert [90_000, None] == [found[id_].lap_time_ms for id_ in ("own", "other")]


# Properties ---------------------------------------------------------------------------------------------

MINUTES = st.integers(-120, 120)
LAPS = st.builds(
    lambda number, of, car, began, valid, state, name: lap(
        f"{of}~{car}~{number}",
        session_id=of,
        lap_number=number,
        car_index=car,
        began=began,
        is_valid=valid,
        state=state,
        participant=name,
    ),
    st.integers(1, 3),
    st.sampled_from(["a", "b"]),
    st.sampled_from([OWN_CAR, OTHER_CAR, AI_CAR]),
    st.none() | MINUTES,
    st.sampled_from([True, False, None]),
    st.sampled_from(["completed", "partial", "superseded", "deleted"]),
    st.sampled_from(["RACER", "Player", "HAMILTON", None]),
)
SEATS = st.builds(
    lambda driver, since, lasts, default, rig: sits(
        driver, since, None if lasts is None else since + lasts, is_default=default, rig=rig
    ),
    st.sampled_from(["ann", "bob", None]),
    MINUTES,
    st.none() | st.integers(1, 60),
    st.booleans(),
    st.sampled_from(["left", "right"]),
)


@given(
    laps=st.lists(LAPS, unique_by=lambda one: one.id),
    seats=st.lists(SEATS, unique_by=lambda one: (one.since, one.rig)),
    data=st.data(),
)
def test_every_lap_is_told_and_the_order_does_not_matter(
    laps: list[LapFacts], seats: list[Assignment], data: st.DataObject
) -> None:
    found = attribute(laps, LOBBY, roster(*seats, game_names=NAMED))
    assert {one.id for one in laps} == found.keys()
    mixed = roster(*data.draw(st.permutations(seats)), game_names=NAMED)
    assert found == attribute(data.draw(st.permutations(laps)), LOBBY, mixed)
    counted = [(one.lobby, one.entrant, one.lap_number) for one in found.values() if one.counts]
    assert len(set(counted)) == len(counted)


PERIODS = st.lists(
    st.builds(
        lambda meeting, since, seq: MeetingPeriod(id=f"{seq}", meeting_id=meeting, since=at(since), seq=seq),
        st.sampled_from(["club night", "league", "cup"]),
        MINUTES,
        st.integers(1, 1000),
    ),
    unique_by=lambda one: one.seq,
)


@given(before=PERIODS, after=PERIODS, moment=MINUTES.map(at))
def test_the_moved_times_are_those_that_belong_to_another_meeting(
    before: list[MeetingPeriod], after: list[MeetingPeriod], moment: datetime
) -> None:
    was, now = Calendar(before), Calendar(after)
    if before:
        assert was.meeting_at(moment) == meeting_at(before, moment)
    moved = [
        (since, until)
        for since, until in was.moved(now)
        if (since is None or since <= moment) and (until is None or moment < until)
    ]
    assert len(moved) == (was.meeting_at(moment) != now.meeting_at(moment))
