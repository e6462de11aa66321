"""At which moments the game's session clock may have shown a time; readings are seconds of both clocks."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from f1timings.timing.session_clock import STEADY_S, Between, SessionClock

NOW = 9_999.0


def clock(*readings: tuple[float, float]) -> SessionClock:
    read = SessionClock()
    for session_time_s, at in readings:
        read.handle_reading(session_time_s, at)
    return read


def moments(
    read: SessionClock, earliest_s: float, latest_s: float | None = None
) -> tuple[float | None, float]:
    return read.moments(earliest_s, earliest_s if latest_s is None else latest_s, NOW)


def test_while_the_clock_runs_a_session_time_is_one_moment() -> None:
    assert (1_030, 1_030) == moments(clock((10, 1_010), (70, 1_070)), 30)


def test_across_a_pause_it_is_between_two_moments_as_far_apart_as_the_pause_is_long() -> None:
    paused = clock((10, 1_010), (70, 1_370))
    assert (1_030, 1_330) == moments(paused, 30)


def test_bounds_of_the_session_time_widen_the_interval() -> None:
    assert (1_020, 1_340) == moments(clock((10, 1_010), (70, 1_370)), 20, 40)


def test_before_the_first_reading_there_is_a_latest_moment_only() -> None:
    assert (None, 1_005) == moments(clock((10, 1_010)), 5)


def test_in_a_loaded_save_it_may_have_shown_a_time_long_before() -> None:
    assert (None, 905) == moments(clock((100, 1_000)), 5)


def test_after_the_last_reading_it_was_before_now() -> None:
    assert (1_020, NOW) == moments(clock((10, 1_010)), 20)


def test_a_clock_that_stands_shows_the_same_time_from_the_first_to_the_last_moment() -> None:
    assert (1_010, 1_300) == moments(
        clock((0, 1_000), (10, 1_010), (10, 1_200), (10, 1_300), (20, 1_310)), 10
    )


def test_after_a_flashback_later_times_of_before_do_not_count() -> None:
    read = clock((10, 1_010), (100, 1_100), (60, 1_110), (120, 1_170))
    assert (1_120, 1_120) == moments(read, 70)


def test_a_clock_that_is_faster_than_ours_has_the_moments_of_its_readings() -> None:
    fast = clock((0, 1_000), (100, 1_005))
    assert (1_000, 1_005) == moments(fast, 50)


@given(
    intervals=st.lists(
        st.tuples(st.floats(1.0, 60.0), st.floats(0.0, 90.0), st.floats(0.0, 90.0)), min_size=1, max_size=8
    ),
    share=st.floats(0.0, 1.0),
    is_pause_first=st.booleans(),
)
@example(intervals=[(1.0, 0.0, 0.0), (3.2725310135905894, 1.0, 0.0)], share=0.999, is_pause_first=False)
def test_the_moment_is_within_the_bounds_where_our_time_stood_still(
    intervals: list[tuple[float, float, float]], share: float, is_pause_first: bool
) -> None:
    # In each interval the game is paused, and our time stands still for longer than that, or not at all.
    read, session_s, at = clock((0, 1_000)), 0.0, 1_000.0
    asked_s = share * sum(length_s for length_s, _, _ in intervals)
    true_at = math.nan
    for length_s, paused_s, longer_s in intervals:
        stood_s = min(length_s + paused_s, paused_s + longer_s) if longer_s > 1.0 else 0.0
        passed_s = length_s + paused_s - stood_s
        into_s = asked_s - session_s
        # At a reading itself, before and after a pause are both right; sums of fractions are not exact.
        assume(min(abs(into_s), abs(into_s - length_s)) > 1e-6)
        if 0.0 < into_s < length_s:
            # One of them at the beginning of the interval, the other at the end.
            true_at = at + (paused_s + into_s if is_pause_first else into_s - stood_s)
            true_at = min(max(true_at, at), at + passed_s)
        session_s, at = session_s + length_s, at + passed_s
        read.handle_reading(session_s, at)
    assume(not math.isnan(true_at))
    after, before = moments(read, asked_s)
    assert after is not None
    assert after - 2 * STEADY_S <= true_at <= before + 2 * STEADY_S


def test_where_our_time_stood_still_it_is_between_the_readings() -> None:
    assert (1_010, 1_040) == moments(clock((10, 1_010), (70, 1_040)), 30)


def test_of_a_steady_clock_two_readings_are_kept_and_of_others_the_newest_ones() -> None:
    steady, paused = SessionClock(), SessionClock()
    for minute in range(500):
        steady.handle_reading(60.0 * minute, 1_000 + 60.0 * minute)
        paused.handle_reading(60.0 * minute, 1_000 + 90.0 * minute)
    assert (2, 64) == (len(steady._readings), len(paused._readings))
    assert Between(1_006, 1_006) == moments(steady, 6)


@pytest.mark.parametrize("impossible_s", [math.nan, math.inf, -math.inf, 1e30, -1.0])
def test_an_impossible_session_time_is_no_reading(impossible_s: float) -> None:
    readings = ((10, 1_010), (impossible_s, 1_020), (70, 1_370))
    assert ((10, 1_010), (70, 1_370)) == clock(*readings).readings
    assert ((10, 1_010), (70, 1_370)) == SessionClock(readings).readings
    assert (1_030, 1_330) == moments(clock(*readings), 30)
