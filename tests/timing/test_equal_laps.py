"""A lap as long as the lap before counts; a lap that is given up never gets the time of the lap before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from f1timings.timing.lap_rows import LapRow
from f1timings.timing.lap_steps import Step, step_of
from tests.timing.rows import row

LAPS = st.integers(10_000, 200_000)
GAPS = st.sampled_from((8, 16, 17, 33, 50, 100, 300))


@given(lap_ms=LAPS, gap_ms=GAPS, share=st.floats(0.0, 1.0), start_s=st.floats(0.0, 10_000.0))
def test_an_equal_lap_is_completed_wherever_the_packets_fall(
    lap_ms: int, gap_ms: int, share: float, start_s: float
) -> None:
    left_ms = round(gap_ms * share)
    before = row(3, lap_ms - left_ms, last=lap_ms, s1=4_000, s2=3_000, at=start_s)
    after = row(4, gap_ms - left_ms, last=lap_ms, at=start_s + gap_ms / 1000)
    assert Step.CROSSED is step_of(before, after)


@given(lap_ms=LAPS, gap_ms=GAPS, missing_ms=st.integers(-200, 200), clock_ms=st.sampled_from((0, 1, 50)))
def test_a_lap_given_up_near_the_line_is_untimed(
    lap_ms: int, gap_ms: int, missing_ms: int, clock_ms: int
) -> None:
    before = row(3, lap_ms + missing_ms, last=lap_ms, s1=4_000, s2=3_000, at=100.0)
    after = row(4, clock_ms, last=lap_ms, at=100.0 + gap_ms / 1000)
    assert Step.UNTIMED is step_of(before, after._replace(driver_status=0, lap_distance_m=20.0))
    assert Step.UNTIMED is step_of(before, after._replace(lap_distance_m=-300.0))


@given(lap_ms=LAPS, gap_ms=GAPS, given_up_ms=st.integers(60, 5_000))
def test_a_lap_that_ends_far_from_the_time_of_the_lap_before_is_untimed(
    lap_ms: int, gap_ms: int, given_up_ms: int
) -> None:
    before = row(3, lap_ms - given_up_ms - gap_ms, last=lap_ms, s1=4_000, s2=3_000, at=100.0)
    after = row(4, 0, last=lap_ms, at=100.0 + gap_ms / 1000)
    assert Step.UNTIMED is step_of(before, after)


@given(
    lap_ms=LAPS,
    gap_ms=st.sampled_from((8, 16, 17, 33, 50, 100, 300, 2_000, 5_000)),
    share=st.floats(0.0, 1.0),
    line_speed_m_s=st.floats(0.0, 100.0),
    length_m=st.integers(2_000, 7_500),
)
def test_an_equal_lap_is_completed_however_fast_the_car_crosses_the_line(
    lap_ms: int, gap_ms: int, share: float, line_speed_m_s: float, length_m: int
) -> None:
    left_ms = round(gap_ms * share)
    before, after = over_the_line(
        lap_ms, gap_ms, left_ms, length_m=length_m, m_ms=min(line_speed_m_s / 1000, length_m / lap_ms)
    )
    assert Step.CROSSED is step_of(before, after, length_m)


@given(
    lap_ms=LAPS,
    missing_ms=st.integers(0, 50),
    gap_ms=st.sampled_from((8, 16, 17, 33, 50)),
    length_m=st.integers(3_000, 7_500),
    given_up_at_m=st.floats(100.0, 2_800.0),
    away=st.sampled_from(("ahead", "put to the line")),
)
def test_a_lap_given_up_far_from_the_line_is_untimed_whatever_its_clock(
    *, lap_ms: int, missing_ms: int, gap_ms: int, length_m: int, given_up_at_m: float, away: str
) -> None:
    before, after = over_the_line(lap_ms, gap_ms, min(missing_ms, gap_ms), length_m=length_m, m_ms=0.05)
    before = before._replace(lap_distance_m=given_up_at_m)
    # Some games leave the car where it is, others put it to the line.
    distance_m = given_up_at_m if away == "ahead" else 0.0
    after = after._replace(lap_distance_m=distance_m, driver_status=3)
    assert Step.UNTIMED is step_of(before, after, length_m)


def over_the_line(
    lap_ms: int, gap_ms: int, left_ms: int, *, length_m: float, m_ms: float
) -> tuple[LapRow, LapRow]:
    """The rows around the line, ``left_ms`` before it and the rest of the gap after it, at one speed."""
    left_ms = min(left_ms, lap_ms)
    past_ms = min(gap_ms - left_ms, lap_ms - left_ms - 1)
    before = row(
        3, lap_ms - left_ms, last=lap_ms, s1=4_000, s2=3_000, at=100.0, distance=length_m - m_ms * left_ms
    )
    at = 100.0 + (left_ms + past_ms) / 1000
    return before, row(4, past_ms, last=lap_ms, at=at, distance=m_ms * past_ms)
