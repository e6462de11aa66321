"""Boards: which laps count, filters, lap classes, and the circuit of a meeting."""

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
from tests.store.evening import (
    LEFT,
    RIGHT,
    assignment,
    best_laps,
    driver,
    lap_event,
    session,
    session_event,
    store_events,
    store_records,
)
from tests.store.events import ARRIVED

ANN, BOB, CAS = driver("Ann", 1), driver("Bob", 2), driver("Cas", 3)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(clock=lambda: ARRIVED)


def open_meeting(store: Store) -> Meeting:
    return store.reads.list_records(Meeting, state=MeetingState.OPEN.value)[-1]


def entries(store: Store, **query: Any) -> tuple[BoardEntry, ...]:
    return store.reads.get_leaderboard(LeaderboardQuery.of(**query)).entries


def at_both_rigs(store: Store, *laps: Stamped) -> None:
    """Assign Ann to the left rig and Bob to the right rig, and store laps."""
    store_records(store, ANN, BOB, CAS, assignment("ann", LEFT), assignment("bob", RIGHT))
    store_events(store, session_event(session(LEFT)), session_event(session(RIGHT)), *laps)


def test_a_meeting_without_laps_has_an_empty_board(store: Store) -> None:
    board = store.reads.get_leaderboard(LeaderboardQuery())
    assert (open_meeting(store).id, "", ()) == (board.meeting_id, board.circuit, board.entries)
    assert () == store.reads.list_boards()


def test_the_board_of_an_unknown_meeting_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="no meeting 'x'"):
        store.reads.get_leaderboard(LeaderboardQuery(meeting_id="x"))


def test_an_entry_has_the_best_lap_with_its_driver_rig_and_time(store: Store) -> None:
    at_both_rigs(
        store,
        lap_event(session(LEFT), 1, 90_000, sector1_ms=30_000, sector2_ms=31_000, sector3_ms=29_000),
        lap_event(session(LEFT), 2, 90_500, sector1_ms=29_500, sector2_ms=31_500, sector3_ms=29_500),
        lap_event(session(LEFT), 3, 80_000, is_valid=False),
        lap_event(session(RIGHT), 1, 90_200),
    )
    store_records(
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
    assert (200, 18, "Rig") == (bob.standing.gap_ms, bob.standing.points, bob.rig_name)


def test_of_equal_times_the_earlier_lap_is_ahead_even_in_another_class(store: Store) -> None:
    at_both_rigs(
        store,
        lap_event(session(LEFT), 2, 90_000, compound="hard"),
        lap_event(session(RIGHT), 1, 90_000),
        lap_event(session(LEFT), 3, 90_000, compound="soft"),
    )
    positions = [(entry.name, entry.standing.position, entry.standing.is_equal) for entry in entries(store)]
    assert [("Bob", 1, True), ("Ann", 1, True)] == positions
    assert "hard" == entries(store)[1].classes["compound"]


def test_the_ideal_lap_needs_every_sector(store: Store) -> None:
    at_both_rigs(store, lap_event(session(LEFT), 1, 90_000, sector2_ms=None))
    assert entries(store)[0].standing.best.ideal_lap_ms is None


SESSION_CLASSES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"packet_format": 2026}, {"packet_format": 2026}),
    ({"session_type": "Race"}, {"session_type": "Race"}),
    ({"formula": "F2"}, {"formula": "F2"}),
    ({"equal_performance": True}, {"equal_performance": True}),
]
LAP_CLASSES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"assists": "none"}, {"assists": "none"}),
    ({"assists": "abs"}, {"assists": "any"}),
    ({"assists": "abs,tc_full"}, {"assists": "abs,tc_full"}),
    ({"weather": "storm"}, {"weather": "storm"}),
    ({"compound": "inter"}, {"compound": "inter"}),
    ({"start": "standing"}, {"start": "standing"}),
]


@pytest.mark.parametrize(("facts", "query"), SESSION_CLASSES)
def test_a_board_can_be_filtered_by_a_class_of_the_session(
    store: Store, facts: dict[str, Any], query: dict[str, Any]
) -> None:
    other = session(LEFT, 9, **facts)
    at_both_rigs(
        store, lap_event(session(LEFT), 1, 80_000), session_event(other), lap_event(other, 2, 90_000)
    )
    assert ([("Ann", 80_000)], [("Ann", 90_000)]) == (best_laps(store), best_laps(store, **query))


@pytest.mark.parametrize(("facts", "query"), LAP_CLASSES)
def test_a_board_can_be_filtered_by_a_class_of_the_lap(
    store: Store, facts: dict[str, Any], query: dict[str, Any]
) -> None:
    at_both_rigs(store, lap_event(session(LEFT), 1, 80_000), lap_event(session(LEFT), 2, 90_000, **facts))
    assert ([("Ann", 80_000)], [("Ann", 90_000)]) == (best_laps(store), best_laps(store, **query))


def test_a_board_can_be_filtered_by_rig_and_is_empty_for_an_unknown_rig(store: Store) -> None:
    at_both_rigs(store, lap_event(session(LEFT), 1, 80_000), lap_event(session(RIGHT), 1, 90_000))
    assert [("Bob", 90_000)] == best_laps(store, rig=RIGHT)
    assert [] == best_laps(store, rig="nowhere")
    assert [] == best_laps(store, rig="\0")


def type_lap(store: Store, name: str, time: str, circuit: str | None = None) -> None:
    def action(desk: Desk) -> None:
        record_manual_lap(desk, open_meeting(store), driver(name), typed=time, circuit=circuit)

    store.act("Marta", action)


def test_typed_laps_are_on_the_board_and_can_be_filtered_by(store: Store) -> None:
    at_both_rigs(store, lap_event(session(LEFT), 1, 90_000))
    type_lap(store, "Cas", "1:29.500")
    assert [("Cas", 89_500), ("Ann", 90_000)] == best_laps(store)
    (cas,) = entries(store, is_manual=True)
    assert ("manual", None, None, None, 1) == (
        cas.source,
        cas.rig,
        cas.rig_name,
        cas.classes["packet_format"],
        cas.standing.best.laps,
    )
    assert [("Ann", 90_000)] == best_laps(store, is_manual=False)


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
def test_the_rules_of_a_meeting_decide_which_laps_count(
    store: Store, rules: Rules, names: Sequence[str]
) -> None:
    at_both_rigs(
        store,
        lap_event(session(LEFT), 1, 90_000, assists="none"),
        lap_event(session(RIGHT), 1, 89_000, assists="abs"),
    )
    type_lap(store, "Cas", "1:28.000")
    store_records(store, replace(open_meeting(store), rules=rules))
    assert names == [name for name, _ in best_laps(store)]


# Circuits -----------------------------------------------------------------------------------------------


def test_the_circuit_of_a_meeting_is_that_of_its_rigs_until_a_person_sets_it(store: Store) -> None:
    meeting_id = open_meeting(store).id
    assert store.reads.get_circuit(meeting_id) is None
    store_events(store, session_event(session(LEFT)))
    assert "Monza" == store.reads.get_circuit(meeting_id)
    store_events(store, session_event(session(RIGHT, 9, track="Spa"), minute=1))
    assert "Spa" == store.reads.get_circuit(meeting_id)
    store_records(store, replace(open_meeting(store), circuit="Imola"))
    assert "Imola" == store.reads.get_circuit(meeting_id)


def test_a_typed_lap_sets_the_circuit_of_a_meeting_without_rigs(store: Store) -> None:
    store_records(store, ANN)
    type_lap(store, "Ann", "1:30.000", "Suzuka")
    assert "Suzuka" == store.reads.get_circuit(open_meeting(store).id)


def test_boards_of_other_circuits_and_meetings_can_still_be_read(store: Store) -> None:
    spa = session(RIGHT, 9, track="Spa")
    at_both_rigs(
        store, lap_event(session(LEFT), 1, 90_000), session_event(spa, 1), lap_event(spa, 2, 120_000)
    )
    first = open_meeting(store)
    assert [("Bob", 120_000)] == best_laps(store)
    assert [("Ann", 90_000)] == best_laps(store, circuit=" monza ")
    later = replace(first, id="later", name="Later")
    store_records(store, replace(first, state=MeetingState.ARCHIVED), later)
    store_records(store, MeetingPeriod(id="p", meeting_id="later", since=instant(ARRIVED + 600)))
    assert [] == best_laps(store)
    assert [("Ann", 90_000)] == best_laps(store, meeting_id=first.id, circuit="Monza")
    boards = store.reads.list_boards()
    assert [(first.id, "Spa", 1, 1), (first.id, "Monza", 1, 1)] == [
        (board.meeting_id, board.circuit, board.laps, board.entrants) for board in boards
    ]
    assert () == store.reads.list_boards("later")


def test_a_session_that_continues_in_the_next_meeting_sets_its_circuit(store: Store) -> None:
    at_both_rigs(store, lap_event(session(LEFT), 1, 90_000))
    first = open_meeting(store)
    store_records(store, replace(first, state=MeetingState.ARCHIVED), replace(first, id="later"))
    store_records(store, MeetingPeriod(id="p", meeting_id="later", since=instant(ARRIVED + 100)))
    assert store.reads.get_circuit("later") is None
    store_events(store, lap_event(session(LEFT), 2, 91_000))
    assert ("Monza", [("Ann", 91_000)]) == (store.reads.get_circuit("later"), best_laps(store))


def test_a_typed_lap_belongs_to_the_meeting_for_which_it_was_typed(store: Store) -> None:
    first = open_meeting(store)
    store_records(
        store,
        ANN,
        MeetingPeriod(id="p", meeting_id="later", since=instant(ARRIVED - 10)),
        replace(first, id="later"),
    )
    type_lap(store, "Ann", "1:30.000", "Monza")
    (record,) = store.reads.list_records(ManualLap)
    assert [("Ann", 90_000)] == best_laps(store, meeting_id=record.meeting_id, circuit="Monza")
