"""A trace at a constant rate: its own, from 0 s, and a gap is never filled."""

from __future__ import annotations

import numpy as np
import pytest

from f1timings.traces.even_rate import MOST_ROWS, at_even_rate
from f1timings.traces.trace import Trace
from tests.traces.driven import TRACK, drive, traces_of


def trace_of(times_ms: list[int], *, unknown: tuple[int, ...] = (), **channels: list[int]) -> Trace:
    """A trace with gaps in its channels at some samples."""
    gaps = np.isin(np.arange(len(times_ms)), unknown)
    numbers = {"time_ms": times_ms} | channels
    return Trace(
        packet_format=2025,
        ended_ms=0,
        numbers={name: np.array(values, np.int32) for name, values in numbers.items()},
        gaps=dict.fromkeys(channels, gaps) if unknown else {},
    )


def read(trace: Trace, name: str) -> list[float | None]:
    values = at_even_rate(trace).values[name]
    return [None if np.isnan(value) else round(float(value), 6) for value in values]


@pytest.mark.parametrize("rate", [10, 20, 30, 50, 60, 120])
def test_the_rate_is_that_of_the_samples_even_if_some_are_lost(rate: int) -> None:
    times = [round(1000 * number / rate) for number in range(1, 600) if number % 50]
    assert rate == at_even_rate(trace_of(times)).rate_hz


def test_rows_begin_at_0_and_end_with_the_last_sample() -> None:
    even = at_even_rate(trace_of([17, 33, 50, 67], rpm=[1, 2, 3, 4]))
    assert [0.0, 0.0167, 0.0333, 0.05, 0.0667] == [round(time, 4) for time in even.times_s]


def test_values_between_two_samples_lie_between_theirs() -> None:
    trace = trace_of([5, 105, 205, 305], speed_kmh=[1000, 1100, 1200, 1300])
    assert [100.0, 109.5, 119.5, 129.5] == read(trace, "speed_kmh")


def test_a_gear_is_never_between_two_gears() -> None:
    assert [3.0, 3.0, 8.0, 8.0] == read(trace_of([40, 140, 240, 340], gear=[3, 3, 8, 8]), "gear")


def test_a_gap_is_never_filled() -> None:
    trace = trace_of([100, 200, 300, 400, 500], speed_kmh=[10, 20, 30, 40, 50], unknown=(2,))
    assert [None, 1.0, 2.0, None, 4.0, 5.0] == read(trace, "speed_kmh")


def test_lost_samples_are_a_gap() -> None:
    trace = trace_of([100, 200, 300, 600, 700, 800], speed_kmh=[10, 20, 30, 60, 70, 80])
    assert [None, 1.0, 2.0, 3.0, None, None, 6.0, 7.0, 8.0] == read(trace, "speed_kmh")


def test_what_was_not_received_at_the_beginning_is_empty() -> None:
    assert [None, None, None, 3.0, 4.0] == read(trace_of([300, 400], speed_kmh=[30, 40]), "speed_kmh")


def test_samples_without_a_time_count_for_nothing() -> None:
    trace = trace_of([100, 200, 300, 400, 500, 600], speed_kmh=[10, 20, 30, 40, 50, 60])
    no_time = Trace(
        packet_format=2025,
        ended_ms=0,
        numbers=trace.numbers,
        gaps={"time_ms": np.arange(6) == 2},
    )
    assert [None, 1.0, 2.0, None, 4.0, 5.0, 6.0] == read(no_time, "speed_kmh")


def test_an_empty_trace_has_no_rows() -> None:
    even = at_even_rate(Trace(packet_format=2025, ended_ms=0, numbers={}, gaps={}))
    assert (60, 0, {}) == (even.rate_hz, len(even.times_s), even.values)
    assert 0 == len(at_even_rate(trace_of([])).times_s)


def test_a_damaged_clock_asks_for_no_more_rows_than_the_most() -> None:
    assert MOST_ROWS == len(at_even_rate(trace_of([1, 2, 3_600_000])).times_s)


@pytest.mark.parametrize("packet_format", [2020, 2025])
def test_a_simulated_lap_keeps_its_values_at_its_rate(packet_format: int) -> None:
    _, trace = traces_of(drive(packet_format, track_id=TRACK).datagrams)[0]
    even = at_even_rate(trace)
    known = np.isfinite(even.values["distance_m"])
    assert known[1:].all()
    expected = np.interp(even.times_s[1:] * 1000, trace.values("time_ms"), trace.values("distance_m"))
    assert float(np.abs(even.values["distance_m"][1:] - expected).max()) < 1.5
