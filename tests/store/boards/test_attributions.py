"""Whose laps are whose follows every batch and every act, and is what working it all out anew would say."""

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
    board,
    derived,
    driven,
    driver,
    forget_derived,
    named,
    opened,
    put,
    seated,
    session,
    sits,
    take_away,
    write,
)
from tests.store.events import ARRIVED

ANN, BOB = driver("Ann", 1), driver("Bob", 2)


@pytest.fixture
def acted() -> list[CommittedAct]:
    return []


@pytest.fixture
def store(open_store: OpenStore, acted: list[CommittedAct]) -> Iterator[Store]:
    """A store that, at the end of each test, says the same after it has worked everything out anew."""
    one = open_store(on_acted=acted.append, clock=lambda: ARRIVED)
    yield one
    kept = derived(one)
    forget_derived(one)
    one.close()
    again = open_store(clock=lambda: ARRIVED)
    assert kept == derived(again)


def three_laps(store: Store) -> None:
    write(
        store,
        opened(session()),
        seated(session(), "RACER", "FRIEND"),
        *(driven(session(), number, 90_000 + number) for number in (1, 2, 3)),
    )


def test_a_newcomers_laps_stand_under_the_rigs_name_at_once(store: Store) -> None:
    three_laps(store)
    assert [(LEFT, 90_001)] == board(store)


def test_an_assignment_before_the_laps_names_them_as_they_come(store: Store) -> None:
    put(store, ANN, sits("ann"))
    three_laps(store)
    assert [("Ann", 90_001)] == board(store)


def test_an_assignment_of_the_past_names_its_laps_and_no_others(
    store: Store, acted: list[CommittedAct]
) -> None:
    three_laps(store)
    put(store, ANN, sits("ann", since=2))
    assert [(LEFT, 90_001), ("Ann", 90_002)] == board(store)
    assert {driven(session(), number, 1).event.lap.id for number in (2, 3)} == set(acted[-1].lap_ids)  # type: ignore[union-attr]


def test_an_assignment_that_is_cut_short_gives_the_later_laps_back(store: Store) -> None:
    put(store, ANN, sits("ann"))
    three_laps(store)
    put(store, sits("ann", until=2))
    assert [("Ann", 90_001), (LEFT, 90_002)] == board(store)


def test_an_assignment_that_is_taken_away_names_nothing_any_more(store: Store) -> None:
    put(store, ANN, sits("ann"))
    three_laps(store)
    take_away(store, sits("ann"))
    assert [(LEFT, 90_001)] == board(store)


def test_an_act_taken_back_puts_the_laps_back(store: Store, acted: list[CommittedAct]) -> None:
    three_laps(store)

    def action(desk: Desk) -> None:
        desk.store_record(ANN)
        desk.store_record(sits("ann"))
        desk.describe("assigned", LEFT, "Ann drives.")

    store.act("Marta", action)
    store.act("Marta", lambda desk: undo_act(desk, acted[-1].act.id))
    assert [(LEFT, 90_001)] == board(store)
    assert 3 == len(acted[-1].lap_ids)


def test_the_usual_driver_of_a_rig(store: Store) -> None:
    three_laps(store)
    put(store, ANN, BOB, sits("ann", is_default=True), sits("bob", since=4))
    assert [("Ann", 90_001), ("Bob", 90_003)] == board(store)


def test_a_name_in_the_game_maps_every_lap_of_it(store: Store, acted: list[CommittedAct]) -> None:
    write(store, opened(session()), seated(session(), "RACER", "FRIEND"))
    write(store, *(driven(session(), n, 91_000 + n, car=1, participant="FRIEND") for n in (1, 2)))
    assert [] == board(store)
    put(store, BOB, named("FRIEND", "bob"))
    assert ([("Bob", 91_001)], 2) == (board(store), len(acted[-1].lap_ids))
    write(store, driven(session(), 3, 90_500, car=1, participant="FRIEND"))
    assert [("Bob", 90_500)] == board(store)
    put(store, named("FRIEND", None))
    assert [] == board(store)


def test_who_turns_out_to_be_driven_by_the_game_is_nobody(store: Store) -> None:
    put(store, BOB, named("FRIEND", "bob"))
    write(store, opened(session()), driven(session(), 1, 91_000, car=1, participant="FRIEND"))
    assert [("Bob", 91_000)] == board(store)
    people = seated(session(), "RACER", "FRIEND")
    cars = tuple(replace(one, is_ai=True, driver_id=9) for one in people.event.participants)  # type: ignore[union-attr]
    write(store, people._replace(event=replace(people.event, participants=cars)))  # type: ignore[arg-type]
    assert [] == board(store)


def test_a_claim_and_a_struck_lap(store: Store, acted: list[CommittedAct]) -> None:
    three_laps(store)
    ids = [driven(session(), number, 1).event.lap.id for number in (1, 2)]  # type: ignore[union-attr]
    moment = instant(ARRIVED)
    put(
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
    assert [("Ann", 90_002), (LEFT, 90_003)] == board(store)
    assert set(ids) == set(acted[-1].lap_ids)


def test_a_lap_that_the_game_corrects_counts_as_it_is_now(store: Store) -> None:
    three_laps(store)
    write(store, driven(session(), 1, 90_001, is_valid=False))
    write(store, driven(session(), 2, 90_002, state=LapState.SUPERSEDED))
    assert [(LEFT, 90_003)] == board(store)
    (entry,) = store.reads.get_leaderboard(LeaderboardQuery()).entries
    assert (2, 1) == (entry.standing.best.laps, entry.standing.best.valid_laps)


def test_laps_from_before_the_circuit_was_known_move_to_its_board(store: Store) -> None:
    write(store, opened(session(track=None)), driven(session(), 1, 90_000))
    assert [(LEFT, 90_000)] == board(store, circuit="")
    write(store, opened(session()))
    assert ([], [(LEFT, 90_000)]) == (board(store, circuit=""), board(store, circuit="MONZA"))


def test_while_the_rig_spectates_no_car_is_its_own(store: Store) -> None:
    three_laps(store)
    write(store, opened(session(player_car_index=None)))
    assert [] == board(store)


def test_another_meeting_takes_the_laps_of_its_time(store: Store, acted: list[CommittedAct]) -> None:
    (first,) = store.reads.list_records(Meeting)
    three_laps(store)
    put(store, MeetingPeriod(id="later", meeting_id="another", since=instant(ARRIVED + 130)))
    assert [1, 2] == [len(acted[-1].lap_ids), store.reads.list_boards(first.id)[0].laps]
    take_away(store, MeetingPeriod(id="later", meeting_id="another", since=instant(ARRIVED + 130)))
    assert 3 == store.reads.list_boards(first.id)[0].laps


def test_a_cleared_board_is_empty_until_somebody_drives_again(store: Store) -> None:
    (meeting,) = store.reads.list_records(Meeting)
    three_laps(store)
    clearing = Clearing(
        id="c", meeting_id=meeting.id, circuit_key="monza", at=instant(ARRIVED + 300), by="Marta"
    )
    put(store, clearing)
    assert [(LEFT, 90_003)] == board(store)
    write(store, driven(session(), 4, 90_002))
    assert [(LEFT, 90_002)] == board(store)
    put(store, ANN, sits("ann"))
    assert [("Ann", 90_002)] == board(store)
    take_away(store, clearing)
    assert [("Ann", 90_001)] == board(store)


def test_laps_of_an_earlier_program_are_on_the_board_after_the_upgrade(open_store: OpenStore) -> None:
    earlier = open_store()
    put(earlier, ANN, sits("ann"))
    three_laps(earlier)
    forget_derived(earlier)
    earlier.close()
    assert [("Ann", 90_001)] == board(open_store())


# Lobbies ------------------------------------------------------------------------------------------------

PEOPLE = ("ANN_S", "BOB_S", "GUEST")


def lobby(same_uid: bool) -> list[list[Stamped]]:
    """A race of three, seen from two rigs: what each session brings, in its own order."""
    left = session(LEFT, 7, is_online=True, session_type="Race")
    right = session(RIGHT, 7 if same_uid else 8, is_online=True, session_type="Race")
    views = []
    for of, cars in ((left, (0, 1, 2)), (right, (1, 0, 2))):
        people = [PEOPLE[car] for car in cars]
        laps = [
            driven(of, number, 90_000 + 100 * who + number, car, participant=PEOPLE[who])
            for number in (1, 2, 3)
            for car, who in enumerate(cars)
        ]
        views.append([opened(of, 0.1 if of is right else 0), seated(of, *people), *laps])
    return views


def shuffled(views: list[list[Stamped]], random: Random) -> Iterator[Stamped]:
    """One after the other, each session in its own order."""
    waiting = [list(reversed(view)) for view in views]
    while remaining := [view for view in waiting if view]:
        yield random.choice(remaining).pop()


@pytest.mark.parametrize("same_uid", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_one_lobby_seen_by_two_rigs_counts_each_lap_once_whatever_comes_first(
    store: Store, same_uid: bool, seed: int
) -> None:
    random = Random(seed)
    acts: list[Callable[[], None]] = [
        lambda: put(store, ANN, sits("ann", LEFT)),
        lambda: put(store, BOB, sits("bob", RIGHT)),
        lambda: put(store, driver("Guest", 3), named("GUEST", "guest")),
        # Ann sits at the left rig with Bob's usual name in the game: what the rig says is right.
        lambda: put(store, named("ANN_S", "bob")),
    ]
    entries = list(shuffled(lobby(same_uid), random))
    for act in acts:
        count = random.randrange(len(entries) + 1)
        if count:
            write(store, *entries[:count])
        del entries[:count]
        act()
    if entries:
        write(store, *entries)
    found = store.reads.get_leaderboard(LeaderboardQuery()).entries
    assert [("Ann", 90_001, 3), ("Bob", 90_101, 3), ("Guest", 90_201, 3)] == [
        (one.name, one.standing.best.best_lap_ms, one.standing.best.laps) for one in found
    ]


def test_what_the_rigs_view_says_is_invalid_does_not_count_from_the_other(store: Store) -> None:
    put(store, BOB, sits("bob", RIGHT))
    left, right = lobby(True)
    write(store, *left, *right)
    bobs = next(one for one in right if getattr(getattr(one.event, "lap", None), "car_index", None) == 0)
    write(store, bobs._replace(event=replace(bobs.event, lap=replace(bobs.event.lap, is_valid=False))))  # type: ignore[union-attr,arg-type]
    assert ("Bob", 90_102) in board(store)


def test_two_single_players_on_two_rigs_both_count(store: Store) -> None:
    put(store, ANN, sits("ann", LEFT), sits("ann", RIGHT))
    for rig in (LEFT, RIGHT):
        of = session(rig, 7)
        write(store, opened(of), seated(of, *PEOPLE), driven(of, 1, 90_000), driven(of, 2, 91_000))
    (found,) = store.reads.get_leaderboard(LeaderboardQuery()).entries
    assert 4 == found.standing.best.laps


def test_an_assignment_reaches_what_another_rig_saw_of_that_car(store: Store) -> None:
    left, right = lobby(True)
    seen_by_left = [one for one in left if getattr(getattr(one.event, "lap", None), "car_index", 0) == 1]
    write(store, left[0], left[1], *seen_by_left, right[0], right[1], *right[-1:])
    assert (RIGHT, 90_101) in board(store)
    put(store, BOB, sits("bob", RIGHT))
    assert ("Bob", 90_101) in board(store)


def test_a_random_evening_is_what_working_it_out_anew_says(store: Store) -> None:
    """The fixture compares; here much happens that touches the same laps again and again."""
    random = Random(4)
    entries = list(shuffled(lobby(False), random))
    people = [ANN, BOB]
    put(store, *people, named("GUEST", "ann"))
    written: list[Stamped] = []
    sitting: list[Assignment] = []
    for step in range(40):
        if entries and random.random() < 0.5:
            count = random.randint(1, 3)
            write(store, *entries[:count])
            written += entries[:count]
            del entries[:count]
        elif random.random() < 0.5:
            since = random.randint(0, 6)
            one = sits(
                random.choice(["ann", "bob", None]),
                random.choice([LEFT, RIGHT]),
                since,
                random.choice([None, since + 2]),
            )
            put(store, replace(one, id=f"{step % 5}"))
            sitting.append(one)
        else:
            laps = [one for one in written if hasattr(one.event, "lap")]
            if laps:
                old = random.choice(laps)
                assert isinstance(old.event, LapRecorded)
                lap = replace(old.event.lap, is_valid=random.random() < 0.5)
                write(
                    store, old._replace(received_at=old.received_at + step, event=replace(old.event, lap=lap))
                )
    assert sitting
    assert board(store)
