"""Attributions: each batch and act updates whose lap a lap is, as if all were computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest

from f1timings.meeting.people import Assignment, Clearing, LapMark, Meeting, MeetingPeriod
from f1timings.store import CommittedAct, Desk, LeaderboardQuery, Stamped, Store
from f1timings.store.acts.undo import undo_act
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded
from f1timings.timing.records import LapState
from tests.store.conftest import OpenStore
from tests.store.evening import (
    LEFT,
    RIGHT,
    assignment,
    best_laps,
    delete_derived,
    delete_record,
    driver,
    game_name,
    lap_event,
    participants_event,
    read_derived,
    session,
    session_event,
    store_events,
    store_records,
)
from tests.store.events import ARRIVED

ANN, BOB = driver("Ann", 1), driver("Bob", 2)


@pytest.fixture
def acted() -> list[CommittedAct]:
    return []


@pytest.fixture
def store(open_store: OpenStore, acted: list[CommittedAct]) -> Iterator[Store]:
    """A store; after each test, computing all attributions again must give the same result."""
    updated = open_store(on_acted=acted.append, clock=lambda: ARRIVED)
    yield updated
    expected = read_derived(updated)
    delete_derived(updated)
    updated.close()
    recomputed = open_store(clock=lambda: ARRIVED)
    assert expected == read_derived(recomputed)


def store_three_laps(store: Store) -> None:
    store_events(
        store,
        session_event(session()),
        participants_event(session(), "RACER", "FRIEND"),
        *(lap_event(session(), number, 90_000 + number) for number in (1, 2, 3)),
    )


def test_unclaimed_laps_are_listed_by_their_rig_at_once(store: Store) -> None:
    store_three_laps(store)
    assert [("Rig", 90_001)] == best_laps(store)


def test_laps_that_follow_an_assignment_are_those_of_its_driver(store: Store) -> None:
    store_records(store, ANN, assignment("ann"))
    store_three_laps(store)
    assert [("Ann", 90_001)] == best_laps(store)


def test_an_assignment_in_the_past_attributes_the_laps_of_its_time_only(
    store: Store, acted: list[CommittedAct]
) -> None:
    store_three_laps(store)
    store_records(store, ANN, assignment("ann", since=2))
    assert [("Rig", 90_001), ("Ann", 90_002)] == best_laps(store)
    assert {lap_event(session(), number, 1).event.lap.id for number in (2, 3)} == set(acted[-1].lap_ids)  # type: ignore[union-attr]


def test_shortening_an_assignment_returns_the_later_laps_to_the_rig(store: Store) -> None:
    store_records(store, ANN, assignment("ann"))
    store_three_laps(store)
    store_records(store, assignment("ann", until=2))
    assert [("Ann", 90_001), ("Rig", 90_002)] == best_laps(store)


def test_deleting_an_assignment_returns_its_laps_to_the_rig(store: Store) -> None:
    store_records(store, ANN, assignment("ann"))
    store_three_laps(store)
    delete_record(store, assignment("ann"))
    assert [("Rig", 90_001)] == best_laps(store)


def test_undoing_an_act_returns_the_laps_to_the_rig(store: Store, acted: list[CommittedAct]) -> None:
    store_three_laps(store)

    def action(desk: Desk) -> None:
        desk.store_record(ANN)
        desk.store_record(assignment("ann"))
        desk.describe("assigned", LEFT, "Ann drives.")

    store.act("Marta", action)
    store.act("Marta", lambda desk: undo_act(desk, acted[-1].act.id))
    assert [("Rig", 90_001)] == best_laps(store)
    assert 3 == len(acted[-1].lap_ids)


def test_the_default_driver_of_a_rig_has_its_laps_until_another_is_assigned(store: Store) -> None:
    store_three_laps(store)
    store_records(store, ANN, BOB, assignment("ann", is_default=True), assignment("bob", since=4))
    assert [("Ann", 90_001), ("Bob", 90_003)] == best_laps(store)


def test_mapping_a_game_name_attributes_all_its_laps(store: Store, acted: list[CommittedAct]) -> None:
    store_events(store, session_event(session()), participants_event(session(), "RACER", "FRIEND"))
    store_events(store, *(lap_event(session(), n, 91_000 + n, car=1, participant="FRIEND") for n in (1, 2)))
    assert [] == best_laps(store)
    store_records(store, BOB, game_name("FRIEND", "bob"))
    assert ([("Bob", 91_001)], 2) == (best_laps(store), len(acted[-1].lap_ids))
    store_events(store, lap_event(session(), 3, 90_500, car=1, participant="FRIEND"))
    assert [("Bob", 90_500)] == best_laps(store)
    store_records(store, game_name("FRIEND", None))
    assert [] == best_laps(store)


def test_a_participant_that_proves_to_be_ai_has_no_driver(store: Store) -> None:
    store_records(store, BOB, game_name("FRIEND", "bob"))
    store_events(
        store, session_event(session()), lap_event(session(), 1, 91_000, car=1, participant="FRIEND")
    )
    assert [("Bob", 91_000)] == best_laps(store)
    people = participants_event(session(), "RACER", "FRIEND")
    cars = tuple(replace(participant, is_ai=True, driver_id=9) for participant in people.event.participants)  # type: ignore[union-attr]
    store_events(store, people._replace(event=replace(people.event, participants=cars)))  # type: ignore[arg-type]
    assert [] == best_laps(store)


def test_a_claimed_lap_and_a_deleted_lap_change_the_board(store: Store, acted: list[CommittedAct]) -> None:
    store_three_laps(store)
    ids = [lap_event(session(), number, 1).event.lap.id for number in (1, 2)]  # type: ignore[union-attr]
    moment = instant(ARRIVED)
    store_records(
        store,
        ANN,
        LapMark(
            lap_id=ids[0], is_deleted=True, is_valid=None, driver_id=None, reason=None, by="Marta", at=moment
        ),
        LapMark(
            lap_id=ids[1],
            is_deleted=False,
            is_valid=None,
            driver_id="ann",
            reason=None,
            by="Marta",
            at=moment,
        ),
    )
    assert [("Ann", 90_002), ("Rig", 90_003)] == best_laps(store)
    assert set(ids) == set(acted[-1].lap_ids)


def test_a_lap_that_the_game_corrects_counts_as_corrected(store: Store) -> None:
    store_three_laps(store)
    store_events(store, lap_event(session(), 1, 90_001, is_valid=False))
    store_events(store, lap_event(session(), 2, 90_002, state=LapState.SUPERSEDED))
    assert [("Rig", 90_003)] == best_laps(store)
    (entry,) = store.reads.get_leaderboard(LeaderboardQuery()).entries
    assert (2, 1) == (entry.standing.best.laps, entry.standing.best.valid_laps)


def test_laps_from_before_the_circuit_was_known_move_to_its_board(store: Store) -> None:
    store_events(store, session_event(session(track=None)), lap_event(session(), 1, 90_000))
    assert [("Rig", 90_000)] == best_laps(store, circuit="")
    store_events(store, session_event(session()))
    assert ([], [("Rig", 90_000)]) == (best_laps(store, circuit=""), best_laps(store, circuit="MONZA"))


def test_while_the_rig_spectates_no_car_is_its_own(store: Store) -> None:
    store_three_laps(store)
    store_events(store, session_event(session(player_car_index=None)))
    assert [] == best_laps(store)


def test_a_meeting_gets_the_laps_of_its_period(store: Store, acted: list[CommittedAct]) -> None:
    (first,) = store.reads.list_records(Meeting)
    store_three_laps(store)
    store_records(store, MeetingPeriod(id="later", meeting_id="another", since=instant(ARRIVED + 130)))
    assert [1, 2] == [len(acted[-1].lap_ids), store.reads.list_boards(first.id)[0].laps]
    delete_record(store, MeetingPeriod(id="later", meeting_id="another", since=instant(ARRIVED + 130)))
    assert 3 == store.reads.list_boards(first.id)[0].laps


def test_a_cleared_board_shows_only_laps_that_end_later(store: Store) -> None:
    (meeting,) = store.reads.list_records(Meeting)
    store_three_laps(store)
    clearing = Clearing(
        id="c", meeting_id=meeting.id, circuit_key="monza", at=instant(ARRIVED + 300), by="Marta"
    )
    store_records(store, clearing)
    assert [("Rig", 90_003)] == best_laps(store)
    store_events(store, lap_event(session(), 4, 90_002))
    assert [("Rig", 90_002)] == best_laps(store)
    store_records(store, ANN, assignment("ann"))
    assert [("Ann", 90_002)] == best_laps(store)
    delete_record(store, clearing)
    assert [("Ann", 90_001)] == best_laps(store)


def test_laps_stored_by_an_earlier_program_are_on_the_board_after_the_upgrade(open_store: OpenStore) -> None:
    earlier = open_store()
    store_records(earlier, ANN, assignment("ann"))
    store_three_laps(earlier)
    delete_derived(earlier)
    earlier.close()
    assert [("Ann", 90_001)] == best_laps(open_store())


# Lobbies ------------------------------------------------------------------------------------------------

PEOPLE = ("ANN_S", "BOB_S", "GUEST")


def lobby(same_uid: bool) -> list[list[Stamped]]:
    """A race of three drivers as two rigs receive it: the events of each rig's session, in order."""
    left = session(LEFT, 7, is_online=True, session_type="Race")
    right = session(RIGHT, 7 if same_uid else 8, is_online=True, session_type="Race")
    views = []
    for race, cars in ((left, (0, 1, 2)), (right, (1, 0, 2))):
        people = [PEOPLE[car] for car in cars]
        laps = [
            lap_event(
                race, number, 90_000 + 100 * driver_index + number, car, participant=PEOPLE[driver_index]
            )
            for number in (1, 2, 3)
            for car, driver_index in enumerate(cars)
        ]
        views.append(
            [session_event(race, 0.1 if race is right else 0), participants_event(race, *people), *laps]
        )
    return views


def car_of_lap(entry: Stamped) -> int | None:
    """The car of a lap event; None for any other event."""
    return entry.event.lap.car_index if isinstance(entry.event, LapRecorded) else None


def shuffled(views: list[list[Stamped]], random: Random) -> Iterator[Stamped]:
    """The events of all sessions in a random order, in which each session keeps its own."""
    waiting = [list(reversed(view)) for view in views]
    while remaining := [view for view in waiting if view]:
        yield random.choice(remaining).pop()


@pytest.mark.parametrize("same_uid", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_a_lobby_received_by_two_rigs_counts_each_lap_once_in_any_order_of_events(
    store: Store, same_uid: bool, seed: int
) -> None:
    random = Random(seed)
    acts: list[Callable[[], None]] = [
        lambda: store_records(store, ANN, assignment("ann", LEFT)),
        lambda: store_records(store, BOB, assignment("bob", RIGHT)),
        lambda: store_records(store, driver("Guest", 3), game_name("GUEST", "guest")),
        # Ann sits at the left rig with Bob's usual name in the game: the assignment of the rig decides.
        lambda: store_records(store, game_name("ANN_S", "bob")),
    ]
    entries = list(shuffled(lobby(same_uid), random))
    for act in acts:
        count = random.randrange(len(entries) + 1)
        if count:
            store_events(store, *entries[:count])
        del entries[:count]
        act()
    if entries:
        store_events(store, *entries)
    entries_on_board = store.reads.get_leaderboard(LeaderboardQuery()).entries
    assert [("Ann", 90_001, 3), ("Bob", 90_101, 3), ("Guest", 90_201, 3)] == [
        (entry.name, entry.standing.best.best_lap_ms, entry.standing.best.laps) for entry in entries_on_board
    ]


def test_a_lap_that_is_invalid_at_its_own_rig_does_not_count_from_another_rig(store: Store) -> None:
    store_records(store, BOB, assignment("bob", RIGHT))
    left, right = lobby(True)
    store_events(store, *left, *right)
    bobs_lap = next(entry for entry in right if car_of_lap(entry) == 0)
    event = bobs_lap.event
    assert isinstance(event, LapRecorded)
    invalid = replace(event, lap=replace(event.lap, is_valid=False))
    store_events(store, bobs_lap._replace(event=invalid))
    assert ("Bob", 90_102) in best_laps(store)


def test_two_single_players_on_two_rigs_both_count(store: Store) -> None:
    store_records(store, ANN, assignment("ann", LEFT), assignment("ann", RIGHT))
    for rig in (LEFT, RIGHT):
        trial = session(rig, 7)
        store_events(
            store,
            session_event(trial),
            participants_event(trial, *PEOPLE),
            lap_event(trial, 1, 90_000),
            lap_event(trial, 2, 91_000),
        )
    (entry,) = store.reads.get_leaderboard(LeaderboardQuery()).entries
    assert 4 == entry.standing.best.laps


def test_an_assignment_attributes_laps_of_that_car_which_another_rig_received(store: Store) -> None:
    left, right = lobby(True)
    laps_at_left = [entry for entry in left if car_of_lap(entry) == 1]
    store_events(store, left[0], left[1], *laps_at_left, right[0], right[1], *right[-1:])
    assert ("Rig", 90_101) in best_laps(store)
    store_records(store, BOB, assignment("bob", RIGHT))
    assert ("Bob", 90_101) in best_laps(store)


def test_random_events_and_acts_give_the_same_as_computing_all_again(store: Store) -> None:
    """The fixture compares the results; here many events and acts change the same laps again and again."""
    random = Random(4)
    entries = list(shuffled(lobby(False), random))
    people = [ANN, BOB]
    store_records(store, *people, game_name("GUEST", "ann"))
    written: list[Stamped] = []
    assignments: list[Assignment] = []
    for step in range(40):
        if entries and random.random() < 0.5:
            count = random.randint(1, 3)
            store_events(store, *entries[:count])
            written += entries[:count]
            del entries[:count]
        elif random.random() < 0.5:
            since = random.randint(0, 6)
            stored_assignment = assignment(
                random.choice(["ann", "bob", None]),
                random.choice([LEFT, RIGHT]),
                since,
                random.choice([None, since + 2]),
            )
            store_records(store, replace(stored_assignment, id=f"{step % 5}"))
            assignments.append(stored_assignment)
        elif random.random() < 0.2:
            moment = random.choice([None, instant(ARRIVED + 60 * random.randint(0, 6))])
            store_records(store, replace(ANN, is_deleted=moment is not None, deleted_at=moment))
        else:
            laps = [entry for entry in written if hasattr(entry.event, "lap")]
            if laps:
                stored_lap = random.choice(laps)
                assert isinstance(stored_lap.event, LapRecorded)
                lap = replace(stored_lap.event.lap, is_valid=random.random() < 0.5)
                store_events(
                    store,
                    stored_lap._replace(
                        received_at=stored_lap.received_at + step, event=replace(stored_lap.event, lap=lap)
                    ),
                )
    assert assignments
    assert best_laps(store)
