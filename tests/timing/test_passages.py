"""How far a car is behind another one, from the times at the points that both passed."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from f1timings.timing.passages import Passages

POINTS = 5
steps = st.lists(st.tuples(st.sampled_from((1, 1, 1, 2, POINTS)), st.floats(0, 90)), max_size=30)


def driven(passed: list[tuple[int, float]]) -> Passages:
    """A car that passed these points: how many points on, and the time that it took."""
    car, point, time_s = Passages(POINTS), 0, 0.0
    for points, took_s in passed:
        point, time_s = point + points, time_s + took_s
        car.record(point, time_s)
    return car


def behind_at_newest_common_point(car: Passages, other: Passages) -> float:
    """The rule, point by point: of the points of the last lap, the newest that both passed."""
    for point in range(car.newest, car.newest - POINTS, -1):
        gap_s = car.time(point) - other.time(point)
        if not math.isnan(gap_s):
            return gap_s
    return math.nan


@given(steps, steps, st.floats(0, 1000))
def test_a_car_is_behind_by_the_times_at_its_newest_point_that_the_other_passed_too(
    passed: list[tuple[int, float]], passed_by_other: list[tuple[int, float]], undone_after_s: float
) -> None:
    car, other = driven(passed), driven(passed_by_other)
    car.forget_after(undone_after_s)
    if car.newest >= 0:
        expected, behind_s = behind_at_newest_common_point(car, other), car.behind_s(other)
        assert expected == behind_s or (math.isnan(expected) and math.isnan(behind_s))
