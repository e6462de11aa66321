"""What traces say agrees with the simulator: deltas, corners, the ideal lap, and a planted slow corner."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from f1timings.packets import FORMATS
from f1timings.simulator.circuits import circuits_of
from f1timings.traces.analysis.comparison import (
    consistency_ms,
    delta_ms,
    full_throttle_share,
    ideal_lap,
    mini_sectors_ms,
)
from f1timings.traces.analysis.corners import Corner, find_corners, take_corner
from f1timings.traces.analysis.lap_line import LapLine, line_of
from f1timings.traces.analysis.words import losses, sentences
from f1timings.traces.trace import Floats, Trace
from tests.traces.driven import TRACK, drive, traces_of


def length_of(packet_format: int) -> float:
    return next(
        float(circuit.length_m) for circuit in circuits_of(packet_format) if circuit.track_id == TRACK
    )


@cache
def driven_laps(packet_format: int = 2025) -> tuple[tuple[int, Trace, int], ...]:
    """The number, trace and time of each timed lap."""
    return tuple(
        (lap.lap_number, trace, lap.lap_time_ms)
        for lap, trace in traces_of(drive(packet_format).datagrams)
        if lap.lap_time_ms is not None
    )


def line(number: int = 1, packet_format: int = 2025) -> LapLine:
    trace, time_ms = next((trace, ms) for at, trace, ms in driven_laps(packet_format) if at == number)
    return line_of(trace, length_m=length_of(packet_format), lap_time_ms=time_ms)


def true_clock(packet_format: int, number: int, places: Floats) -> Floats:
    """The true clock of a lap at places, from the plan of the simulated car."""
    phases = [phase for phase in drive(packet_format).phases if phase.lap == number]
    began = max(phase.lap_began for phase in phases)
    moments = np.concatenate(
        [np.arange(phase.begins, phase.ends + 1) for phase in phases if phase.begins >= began]
    )
    distance = np.concatenate(
        [
            [phase.distance_at(int(at)) for at in range(phase.begins, phase.ends + 1)]
            for phase in phases
            if phase.begins >= began
        ]
    )
    clock: Floats = np.interp(places, distance, moments - began)
    return clock


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_delta_is_right_within_five_ms_at_every_distance(packet_format: int) -> None:
    first, second = line(1, packet_format), line(2, packet_format)
    truth = true_clock(packet_format, 2, first.places_m) - true_clock(packet_format, 1, first.places_m)
    delta = delta_ms(second, first)
    assert np.isfinite(delta).all()
    assert np.abs(delta - truth).max() < 5.0


def test_laps_of_circuits_of_different_lengths_are_not_compared() -> None:
    trace, time_ms = driven_laps()[0][1:]
    with pytest.raises(ValueError, match="m and"):
        delta_ms(line(), line_of(trace, length_m=5_000.0, lap_time_ms=time_ms))


def with_gap(trace: Trace, begin: int, end: int) -> Trace:
    """The trace without some of its samples."""
    kept = np.r_[0:begin, end : len(trace)]
    return replace(trace, numbers={name: column[kept] for name, column in trace.numbers.items()})


def test_a_gap_is_a_gap_in_the_delta() -> None:
    _, trace, time_ms = driven_laps()[1]
    broken = line_of(with_gap(trace, 1_000, 1_300), length_m=length_of(2025), lap_time_ms=time_ms)
    delta = delta_ms(broken, line())
    begin, end = trace.values("distance_m")[[999, 1_300]]
    inside = (broken.places_m > begin + 2) & (broken.places_m < end - 2)
    assert np.isnan(delta[inside]).all()
    assert np.isfinite(delta[(broken.places_m < begin) | (broken.places_m > end)]).all()


@pytest.mark.parametrize("samples", [0, 1, 2])
def test_a_lap_of_almost_no_samples_says_nothing(samples: int) -> None:
    trace = with_gap(driven_laps()[0][1], samples, 10**9)
    short = line_of(trace, length_m=length_of(2025), lap_time_ms=None)
    assert np.isnan(short.time_ms[50:]).all()
    assert () == find_corners(short)
    assert [] == sentences(short, line(), find_corners(line()))
    assert None is ideal_lap([short]).time_ms
    assert None is take_corner(short, find_corners(line())[-1]).apex_kmh


def test_a_car_that_reverses_is_read_forwards() -> None:
    _, trace, time_ms = driven_laps()[0]
    distance = trace.numbers["distance_m"].copy()
    distance[2_000:2_060] -= (np.arange(60) * 30).astype(np.int32)
    spun = line_of(
        replace(trace, numbers={**trace.numbers, "distance_m": distance}),
        length_m=length_of(2025),
        lap_time_ms=time_ms,
    )
    assert (np.diff(spun.time_ms[np.isfinite(spun.time_ms)]) > 0).all()


def test_the_corners_are_the_slow_places_of_the_circuit() -> None:
    corners = find_corners(line())
    assert list(range(1, len(corners) + 1)) == [corner.number for corner in corners]
    assert 3 <= len(corners) <= 30
    speed, places = line().channel("speed_kmh"), line().places_m
    for corner in corners:
        assert corner.begins_m < corner.apex_m < corner.ends_m
        taken = take_corner(line(), corner)
        assert taken.apex_kmh is not None
        assert taken.apex_kmh <= float(np.interp(corner.begins_m, places, speed)) - 8
        assert taken.exit_kmh is not None
        assert taken.exit_kmh >= taken.apex_kmh
        assert taken.apex_gear in range(1, 9)


def test_both_laps_have_the_same_corners() -> None:
    first, second = find_corners(line(1)), find_corners(line(2))
    assert len(first) == len(second)
    assert max(abs(a.apex_m - b.apex_m) for a, b in zip(first, second, strict=True)) < 25


def slowed(corner: Corner) -> LapLine:
    """The first lap with one slow corner, 15 % slower from before the braking to the exit."""
    _, trace, time_ms = driven_laps()[0]
    distance, clock = trace.values("distance_m"), trace.values("time_ms")
    inside = (distance > corner.begins_m) & (distance < corner.ends_m)
    added = np.cumsum(np.diff(clock, prepend=0.0) * inside * 0.15)
    speed = trace.numbers["speed_kmh"] * np.where(inside, 1 / 1.15, 1.0)
    numbers = {
        **trace.numbers,
        "time_ms": np.rint(clock + added).astype(np.int32),
        "speed_kmh": np.rint(speed).astype(np.int32),
    }
    brake, ahead = trace.numbers["brake_pct"], 12
    braking = np.interp(distance + ahead, distance, brake)
    numbers["brake_pct"] = np.where(inside, np.rint(braking), brake).astype(np.int32)
    return line_of(
        replace(trace, numbers=numbers),
        length_m=length_of(2025),
        lap_time_ms=round(time_ms + float(added[-1])),
    )


def braked_corner() -> Corner:
    return next(
        corner for corner in find_corners(line())[1:] if take_corner(line(), corner).braking_m is not None
    )


def test_a_planted_slow_corner_is_found_and_named() -> None:
    corner = braked_corner()
    slow, corners = slowed(corner), find_corners(line())
    found = losses(slow, line(), corners)[0]
    assert (corner,) == found.corners
    truth = 0.15 * (line().time_at(corner.ends_m) - line().time_at(corner.begins_m))
    assert truth == pytest.approx(found.lost_ms, abs=25)
    (english,) = sentences(slow, line(), corners)
    assert english.startswith(f"{found.lost_ms / 1000:.2f} s lost in turn {corner.number}: braked ")
    assert "m earlier" in english
    assert "km/h slower at the apex." in english
    (italian,) = sentences(slow, line(), corners, language="it")
    seconds = f"{found.lost_ms / 1000:.2f}".replace(".", ",")
    assert italian.startswith(f"{seconds} s persi nella curva {corner.number}: frenata ")
    assert "m prima" in italian
    assert "km/h in meno al punto di corda." in italian


def test_the_faster_lap_gained_in_the_same_corner() -> None:
    corner = braked_corner()
    (sentence,) = sentences(line(), slowed(corner), find_corners(line()))
    assert f"s gained in turn {corner.number}: braked " in sentence
    assert "m later" in sentence


def test_a_lap_compared_with_itself_says_nothing() -> None:
    assert [] == sentences(line(), line(), find_corners(line()))


def test_neighbouring_corners_are_told_together() -> None:
    first, second = find_corners(line())[1:3]
    both = Corner(number=0, begins_m=first.begins_m, apex_m=first.apex_m, ends_m=second.ends_m)
    found = losses(slowed(both), line(), find_corners(line()))[0]
    assert found.corners[0] in (first, second)
    words = sentences(slowed(both), line(), find_corners(line()))[0]
    if found.corners == (first, second):
        assert f"turns {first.number} and {second.number}" in words


def test_the_ideal_lap_has_the_best_of_each_mini_sector() -> None:
    slow = slowed(braked_corner())
    ideal = ideal_lap([slow, line()])
    times = [mini_sectors_ms(lap) for lap in (slow, line())]
    assert ideal.time_ms == round(float(np.minimum(*times).sum()))
    assert line().time_ms[-1] == pytest.approx(mini_sectors_ms(line()).sum())
    assert 1 in ideal.best


def test_consistency_is_the_spread_of_the_slow_corner() -> None:
    corner = braked_corner()
    spread = consistency_ms([line(), slowed(corner)])
    worst = int(np.nanargmax(spread))
    borders = np.linspace(0, line().length_m, len(spread) + 1)
    assert borders[worst] < corner.ends_m
    assert borders[worst + 1] > corner.begins_m
    assert np.isnan(consistency_ms([line()])).all()


def test_the_share_of_full_throttle_is_a_share_of_the_time() -> None:
    share = full_throttle_share(line())
    throttle = driven_laps()[0][1].values("throttle_pct")
    assert share == pytest.approx(float((throttle >= 98).mean()), abs=0.01)
