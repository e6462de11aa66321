"""The small clock of a finished lap gives the differences that the whole traces give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from f1timings.packets import FORMATS
from f1timings.traces.analysis.lap_line import line_of
from f1timings.traces.analysis.reference_clock import SPACING_M, ReferenceClock
from f1timings.traces.trace import Trace
from tests.traces.analysis.test_analysis import driven_laps, length_of, with_gap

WITHIN_MS = 5.0


def first_lap(packet_format: int = 2025) -> tuple[Trace, float, int]:
    _, trace, time_ms = driven_laps(packet_format)[0]
    return trace, length_of(packet_format), time_ms


@pytest.mark.parametrize("packet_format", FORMATS)
def test_a_lap_has_lost_nothing_to_itself_anywhere(packet_format: int) -> None:
    trace, length_m, time_ms = first_lap(packet_format)
    clock = ReferenceClock.of(trace, length_m, time_ms)
    distances, moments = trace.values("distance_m"), trace.values("time_ms")
    on_lap = [
        (float(at), float(ms)) for at, ms in zip(distances, moments, strict=True) if 0 <= at <= length_m
    ]
    assert len(on_lap) > 2_000
    for at, ms in on_lap:
        then_ms = clock.at_ms(at)
        assert then_ms is not None
        assert abs(ms - then_ms) < WITHIN_MS, at


@pytest.mark.parametrize("factor", [0.97, 1.0, 1.01, 1.2])
def test_a_lap_that_is_slower_by_a_factor_loses_as_much_at_each_place(factor: float) -> None:
    trace, length_m, time_ms = first_lap()
    clock = ReferenceClock.of(trace, length_m, time_ms)
    line = line_of(trace, length_m=length_m, lap_time_ms=time_ms)
    for at, ms in zip(line.places_m, line.time_ms, strict=True):
        then_ms = clock.at_ms(float(at))
        assert then_ms is not None
        assert abs((ms * factor - then_ms) - ms * (factor - 1.0)) < WITHIN_MS, at


def test_at_the_line_it_is_the_lap_time_and_elsewhere_nothing() -> None:
    trace, length_m, time_ms = first_lap()
    clock = ReferenceClock.of(trace, length_m, time_ms)
    assert clock.at_ms(length_m) == time_ms
    assert [None, None, None] == [clock.at_ms(at) for at in (-0.1, length_m + 0.1, float("nan"))]


def test_a_gap_is_not_filled() -> None:
    trace, length_m, time_ms = first_lap()
    begin, end = trace.values("distance_m")[[999, 1_300]]
    clock = ReferenceClock.of(with_gap(trace, 1_000, 1_300), length_m, time_ms)
    known = [clock.at_ms(float(at)) is not None for at in np.arange(0.0, length_m, 1.0)]
    assert not any(known[int(begin + 2 * SPACING_M) : int(end - 2 * SPACING_M)])
    assert all(known[: int(begin - 2 * SPACING_M)])
    assert all(known[int(end + 2 * SPACING_M) :])


def test_a_trace_that_began_late_is_known_from_there_on() -> None:
    trace, length_m, time_ms = first_lap()
    late = with_gap(trace, 0, 1_500)
    clock = ReferenceClock.of(late, length_m, time_ms)
    begins = float(late.values("distance_m")[0])
    assert clock.at_ms(begins - 3 * SPACING_M) is None
    assert clock.at_ms(begins + 2 * SPACING_M) is not None


def test_a_trace_without_distances_knows_nothing() -> None:
    trace, length_m, time_ms = first_lap()
    bare = replace(trace, numbers={"time_ms": trace.numbers["time_ms"]})
    assert ReferenceClock.of(bare, length_m, time_ms).at_ms(500.0) is None


def test_six_kilometres_take_six_kilobytes() -> None:
    trace, _, time_ms = first_lap()
    # The last of them is at the line.
    assert len(ReferenceClock.of(trace, 6_000.0, time_ms)) * 4 == 6_004
