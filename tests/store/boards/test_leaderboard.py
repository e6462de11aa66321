"""Boards: what counts on them, filters, classes, clearings, and at which circuit a meeting is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from f1timings.errors import NotFound
from f1timings.meeting.people import ManualLap, Meeting, MeetingPeriod, MeetingState, RigCard, Rules
from f1timings.store import BoardEntry, Desk, LeaderboardQuery, Stamped, Store
from f1timings.store.acts.manual_laps import record_manual_lap
from f1timings.store.tables.column_types import instant
from tests.store.conftest import OpenStore
from tests.store.evening import LEFT, RIGHT, board, driven, driver, opened, put, session, sits, write
from tests.store.events import ARRIVED

ANN, BOB, CAS = driver("Ann", 1), driver("Bob", 2), driver("Cas", 3)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(clock=lambda: ARRIVED)


def meeting(store: Store) -> Meeting:
    return store.reads.list_records(Meeting, state=MeetingState.OPEN.value)[-1]


def entries(store: Store, **query: Any) -> tuple[BoardEntry, ...]:
    return store.reads.get_leaderboard(LeaderboardQuery.of(**query)).entries


def at_both_rigs(store: Store, *laps: Stamped) -> None:
    """Ann at the left rig and Bob at the right one, and these laps."""
    put(store, ANN, BOB, CAS, sits("ann", LEFT), sits("bob", RIGHT))
    write(store, opened(session(LEFT)), opened(session(RIGHT)), *laps)


def test_an_empty_board(store: Store) -> None:
    found = store.reads.get_leaderboard(LeaderboardQuery())
    assert (meeting(store).id, "", ()) == (found.meeting_id, found.circuit, found.entries)
    assert () == store.reads.list_boards()


def test_a_meeting_that_there_is_not(store: Store) -> None:
    with pytest.raises(NotFound, match="no meeting 'x'"):
        store.reads.get_leaderboard(LeaderboardQuery(meeting_id="x"))


def test_best_laps_over_rigs_with_who_where_and_when(store: Store) -> None:
    at_both_rigs(
        store,
        driven(session(LEFT), 1, 90_000, sector1_ms=30_000, sector2_ms=31_000, sector3_ms=29_000),
        driven(session(LEFT), 2, 90_500, sector1_ms=29_500, sector2_ms=31_500, sector3_ms=29_500),
        driven(session(LEFT), 3, 80_000, is_valid=False),
        driven(session(RIGHT), 1, 90_200),
    )
    put(
        store,
        RigCard(rig=LEFT, name="Left rig", place=1),
        replace(ANN, team="Red Bull", colour="#3671c6", race_number=33),
    )
    ann, bob = entries(store)
    best = ann.standing.best
    assert ("Ann", "Red Bull", "#3671c6", 33) == (ann.name, ann.team, ann.colour, ann.race_number)
    assert (LEFT, "Left rig", session(LEFT).id, "telemetry", 2025) == (
        ann.rig,
        ann.rig_name,
        ann.session_id,
        ann.source,
        ann.classes["packet_format"],
    )
    assert (90_000, 3, 2, 89_500) == (best.best_lap_ms, best.laps, best.valid_laps, best.ideal_lap_ms)
    assert instant(ARRIVED + 119) == best.set_at
    assert (200, 18, RIGHT) == (bob.standing.gap_ms, bob.standing.points, bob.rig_name)


def test_of_equal_times_the_first_stands_ahead_even_on_two_classes(store: Store) -> None:
    at_both_rigs(
        store,
        driven(session(LEFT), 2, 90_000, compound="hard"),
        driven(session(RIGHT), 1, 90_000),
        driven(session(LEFT), 3, 90_000, compound="soft"),
    )
    found = [(one.name, one.standing.position, one.standing.is_equal) for one in entries(store)]
    assert [("Bob", 1, True), ("Ann", 1, True)] == found
    assert "hard" == entries(store)[1].classes["compound"]


def test_the_ideal_lap_needs_every_sector(store: Store) -> None:
    at_both_rigs(store, driven(session(LEFT), 1, 90_000, sector2_ms=None))
    assert entries(store)[0].standing.best.ideal_lap_ms is None


CLASSES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"packet_format": 2026}, {"packet_format": 2026}),
    ({"session_type": "Race"}, {"session_type": "Race"}),
    ({"formula": "F2"}, {"formula": "F2"}),
    ({"equal_performance": True}, {"equal_performance": True}),
]
OF_LAPS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"assists": "none"}, {"assists": "none"}),
    ({"assists": "abs"}, {"assists": "any"}),
    ({"assists": "abs,tc_full"}, {"assists": "abs,tc_full"}),
    ({"weather": "storm"}, {"weather": "storm"}),
    ({"compound": "inter"}, {"compound": "inter"}),
]


@pytest.mark.parametrize(("facts", "query"), CLASSES)
def test_a_filter_by_what_the_session_was(store: Store, facts: dict[str, Any], query: dict[str, Any]) -> None:
    other = session(LEFT, 9, **facts)
    at_both_rigs(store, driven(session(LEFT), 1, 80_000), opened(other), driven(other, 2, 90_000))
    assert ([("Ann", 80_000)], [("Ann", 90_000)]) == (board(store), board(store, **query))


@pytest.mark.parametrize(("facts", "query"), OF_LAPS)
def test_a_filter_by_how_a_lap_was_driven(store: Store, facts: dict[str, Any], query: dict[str, Any]) -> None:
    at_both_rigs(store, driven(session(LEFT), 1, 80_000), driven(session(LEFT), 2, 90_000, **facts))
    assert ([("Ann", 80_000)], [("Ann", 90_000)]) == (board(store), board(store, **query))


def test_a_filter_by_rig_and_one_that_nobody_meets(store: Store) -> None:
    at_both_rigs(store, driven(session(LEFT), 1, 80_000), driven(session(RIGHT), 1, 90_000))
    assert [("Bob", 90_000)] == board(store, rig=RIGHT)
    assert [] == board(store, rig="nowhere")
    assert [] == board(store, rig="\0")


def typed(store: Store, name: str, time: str, circuit: str | None = None) -> None:
    def action(desk: Desk) -> None:
        record_manual_lap(desk, meeting(store), driver(name), typed=time, circuit=circuit)

    store.act("Marta", action)


def test_typed_laps_stand_beside_the_others_and_can_be_told_apart(store: Store) -> None:
    at_both_rigs(store, driven(session(LEFT), 1, 90_000))
    typed(store, "Cas", "1:29.500")
    assert [("Cas", 89_500), ("Ann", 90_000)] == board(store)
    (cas,) = entries(store, is_manual=True)
    assert ("manual", None, None, None, 1) == (
        cas.source,
        cas.rig,
        cas.rig_name,
        cas.classes["packet_format"],
        cas.standing.best.laps,
    )
    assert [("Ann", 90_000)] == board(store, is_manual=False)


RULES: list[tuple[Rules, Sequence[str]]] = [
    (Rules(), ["Cas", "Bob", "Ann"]),
    (Rules(manual_laps=False), ["Bob", "Ann"]),
    (Rules(assists_allowed=False), ["Cas", "Ann"]),
    (Rules(session_types=("Race",)), ["Cas"]),
    (Rules(session_types=("Time Trial",)), ["Cas", "Bob", "Ann"]),
    (Rules(formats=(2025,), manual_laps=False), ["Bob", "Ann"]),
    (Rules(formats=(2026,)), ["Cas"]),
]


@pytest.mark.parametrize(("rules", "names"), RULES)
def test_what_counts_at_a_meeting(store: Store, rules: Rules, names: Sequence[str]) -> None:
    at_both_rigs(
        store,
        driven(session(LEFT), 1, 90_000, assists="none"),
        driven(session(RIGHT), 1, 89_000, assists="abs"),
    )
    typed(store, "Cas", "1:28.000")
    put(store, replace(meeting(store), rules=rules))
    assert names == [name for name, _ in board(store)]


# Circuits -----------------------------------------------------------------------------------------------


def test_the_circuit_follows_the_rigs_until_somebody_sets_it(store: Store) -> None:
    of_meeting = meeting(store).id
    assert store.reads.get_circuit(of_meeting) is None
    write(store, opened(session(LEFT)))
    assert "Monza" == store.reads.get_circuit(of_meeting)
    write(store, opened(session(RIGHT, 9, track="Spa"), minute=1))
    assert "Spa" == store.reads.get_circuit(of_meeting)
    put(store, replace(meeting(store), circuit="Imola"))
    assert "Imola" == store.reads.get_circuit(of_meeting)


def test_a_typed_lap_says_where_a_meeting_is_if_no_rig_does(store: Store) -> None:
    put(store, ANN)
    typed(store, "Ann", "1:30.000", "Suzuka")
    assert "Suzuka" == store.reads.get_circuit(meeting(store).id)


def test_boards_of_other_circuits_and_meetings_stay_reachable(store: Store) -> None:
    spa = session(RIGHT, 9, track="Spa")
    at_both_rigs(store, driven(session(LEFT), 1, 90_000), opened(spa, 1), driven(spa, 2, 120_000))
    first = meeting(store)
    assert [("Bob", 120_000)] == board(store)
    assert [("Ann", 90_000)] == board(store, circuit=" monza ")
    later = replace(first, id="later", name="Later")
    put(store, replace(first, state=MeetingState.ARCHIVED), later)
    put(store, MeetingPeriod(id="p", meeting_id="later", since=instant(ARRIVED + 600)))
    assert [] == board(store)
    assert [("Ann", 90_000)] == board(store, meeting_id=first.id, circuit="Monza")
    found = store.reads.list_boards()
    assert [(first.id, "Spa", 1, 1), (first.id, "Monza", 1, 1)] == [
        (one.meeting_id, one.circuit, one.laps, one.entrants) for one in found
    ]
    assert () == store.reads.list_boards("later")


def test_a_session_that_goes_on_in_the_next_meeting_says_where_that_is(store: Store) -> None:
    at_both_rigs(store, driven(session(LEFT), 1, 90_000))
    first = meeting(store)
    put(store, replace(first, state=MeetingState.ARCHIVED), replace(first, id="later"))
    put(store, MeetingPeriod(id="p", meeting_id="later", since=instant(ARRIVED + 100)))
    assert store.reads.get_circuit("later") is None
    write(store, driven(session(LEFT), 2, 91_000))
    assert ("Monza", [("Ann", 91_000)]) == (store.reads.get_circuit("later"), board(store))


def test_a_typed_lap_belongs_to_its_meeting_whenever_it_was_typed(store: Store) -> None:
    first = meeting(store)
    put(
        store,
        ANN,
        MeetingPeriod(id="p", meeting_id="later", since=instant(ARRIVED - 10)),
        replace(first, id="later"),
    )
    typed(store, "Ann", "1:30.000", "Monza")
    (record,) = store.reads.list_records(ManualLap)
    assert [("Ann", 90_000)] == board(store, meeting_id=record.meeting_id, circuit="Monza")
