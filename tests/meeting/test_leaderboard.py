"""The one ranking function."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.leaderboard import Best, RankedBest, joined, rank
from f1timings.meeting.people import CLUB_POINTS
from tests.meeting.driving import at


def best(name: str, time: int | None, minute: int = 0, laps: int = 1) -> Best:
    """One entrant's best lap."""
    if time is None:
        return Best(f"d:{name}", laps)
    sectors = (30_000, 30_000, time - 60_000)
    return Best(f"d:{name}", laps, 1, time, at(minute), f"lap of {name} {minute}", *sectors, *sectors)


def shown(standings: tuple[RankedBest, ...]) -> list[tuple[str, str, int, int | None, int]]:
    return [
        (
            ("=" if one.is_equal else "") + str(one.position),
            one.best.entrant.removeprefix("d:"),
            one.gap_ms,
            one.interval_ms,
            one.points,
        )
        for one in standings
    ]


def test_the_fastest_stands_first_with_gaps_and_points() -> None:
    found = rank([best("bob", 91_000), best("ann", 90_000), best("cas", 91_250)], (25, 18))
    expected = [("1", "ann", 0, None, 25), ("2", "bob", 1_000, 1_000, 18), ("3", "cas", 1_250, 250, 0)]
    assert expected == shown(found)
    assert [True, False, False] == [one.is_fastest for one in found]


def test_of_equal_times_whoever_set_it_first_stands_ahead_and_both_are_equal() -> None:
    entries = [
        best("eve", 95_000),
        best("dan", 92_000, 5),
        best("ann", 90_000),
        best("cas", 92_000, 4),
        best("bob", 91_000),
    ]
    places = [(place, name, points) for place, name, _, _, points in shown(rank(entries, CLUB_POINTS))]
    assert [
        ("1", "ann", 25),
        ("2", "bob", 18),
        ("=3", "cas", 15),
        ("=3", "dan", 15),
        ("5", "eve", 10),
    ] == places


def test_of_two_equally_fast_only_the_first_set_the_fastest_lap() -> None:
    found = rank([best("bob", 90_000, 2), best("ann", 90_000, 1)], ())
    assert [("d:ann", True), ("d:bob", False)] == [(one.best.entrant, one.is_fastest) for one in found]


def test_who_has_no_lap_that_counts_is_not_on_the_board() -> None:
    assert () == rank([best("ann", None, laps=9)], (25,))


def test_the_ideal_lap_is_the_best_sectors_of_all_laps() -> None:
    one = best("ann", 90_000)._replace(best_sector1_ms=29_000)
    (found,) = rank([one, best("ann", 91_000, 1)._replace(best_sector2_ms=28_000)], ())
    assert (29_000 + 28_000 + 30_000, 90_000, 2) == (
        found.best.ideal_lap_ms,
        found.best.best_lap_ms,
        found.best.laps,
    )


def test_the_ideal_lap_is_not_known_where_a_sector_never_was() -> None:
    (found,) = rank([best("ann", 90_000)._replace(best_sector2_ms=None)], ())
    assert found.best.ideal_lap_ms is None


ENTRIES = st.lists(
    st.builds(
        best,
        st.sampled_from(["ann", "bob", "cas", "dan"]),
        st.none() | st.integers(90_000, 90_005),
        st.integers(0, 3),
        st.integers(1, 4),
    )
)


@given(entries=ENTRIES, data=st.data())
def test_neither_order_nor_parts_matter(entries: list[Best], data: st.DataObject) -> None:
    found = rank(entries, CLUB_POINTS)
    assert found == rank(data.draw(st.permutations(entries)), CLUB_POINTS)
    names = {one.entrant for one in entries}
    whole = [reduce(joined, (one for one in entries if one.entrant == name)) for name in names]
    assert found == rank(whole, CLUB_POINTS)


@given(entries=ENTRIES)
def test_places_follow_the_times(entries: list[Best]) -> None:
    found = rank(entries, CLUB_POINTS)
    timed = {one.entrant for one in entries if one.best_lap_ms is not None}
    assert timed == {one.best.entrant for one in found}
    assert len(timed) == len(found)
    assert [one.is_fastest for one in found] == [place == 0 for place in range(len(found))]
    for ahead, behind in pairwise(found):
        assert ahead.gap_ms + (behind.interval_ms or 0) == behind.gap_ms
        assert (ahead.position == behind.position) == (ahead.gap_ms == behind.gap_ms)
        assert ahead.points >= behind.points
    for place, one in enumerate(found):
        faster = sum(other.gap_ms < one.gap_ms for other in found)
        assert one.position == faster + 1 <= place + 1
        assert one.is_equal == (sum(other.gap_ms == one.gap_ms for other in found) > 1)
