"""Places in the queue."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.waiting import STEP, place_at

places = st.lists(st.integers(-5000, 5000), unique=True, max_size=8).map(sorted)


@given(places, st.none() | st.integers(1, 12))
def test_a_place_has_the_requested_rank(others: list[int], rank: int | None) -> None:
    place = place_at(others, rank)
    expected = len(others) if rank is None else min(rank - 1, len(others))
    if place is None:
        assert 1 == others[expected] - others[expected - 1]
    else:
        assert place not in others
        assert expected == sum(1 for other in others if other < place)


@given(st.integers(0, 8), st.integers(1, 12))
def test_among_renumbered_places_every_rank_has_a_place(count: int, rank: int) -> None:
    assert place_at([STEP * number for number in range(1, count + 1)], rank) is not None
