"""Predicted lap times are what the sectors of the reference say, and come closer as the lap goes on.

``python -m benchmarks.prediction`` predicts a hundred laps, on several circuits and in all formats.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from benchmarks.prediction import Drive, PredictedLap, errors_of, session_of

from f1timings.live.prediction.board_times import ReferenceLap

# Shown times are rounded, and the first look comes up to 250 ms after a line.
WITHIN_MS = 25


def _drive(driver: int, laps: int, leader: ReferenceLap | None = None) -> Drive:
    return Drive(replace(session_of(0, driver=driver, laps=laps), rate_hz=20), leader)


@cache
def driven() -> tuple[ReferenceLap, list[PredictedLap]]:
    """The leader's lap, and the laps of a driver who has a best already."""
    leading = _drive(1, 1)
    assert list(leading.laps())
    assert leading.best is not None
    laps = [each for each in _drive(2, 4, leading.best).laps() if each.own_best is not None]
    assert len(laps) == 3
    return leading.best, laps


def sectors(lap: PredictedLap) -> tuple[int, int, int]:
    found = (lap.lap.sector1_ms, lap.lap.sector2_ms, lap.lap.sector3_ms)
    assert None not in found
    return found  # type: ignore[return-value]


def test_with_an_own_best_the_sectors_to_come_are_those_of_the_best() -> None:
    for lap in driven()[1]:
        assert lap.own_best is not None
        _, best2, best3 = lap.own_best.sectors
        first, second, _ = sectors(lap)
        assert best2 is not None
        assert best3 is not None
        at_sector1, at_sector2, _ = lap.own
        assert at_sector1 is not None
        assert at_sector2 is not None
        assert abs(at_sector1 - (first + best2 + best3)) < WITHIN_MS
        assert abs(at_sector2 - (first + second + best3)) < WITHIN_MS


def test_with_the_leaders_lap_only_the_sectors_to_come_are_slower_by_the_same_factor() -> None:
    leader, laps = driven()
    leader1, leader2, _ = leader.time.sectors
    assert leader1
    assert leader2
    for lap in laps:
        first, second, _ = sectors(lap)
        at_sector1, at_sector2, _ = lap.leader
        assert at_sector1 is not None
        assert at_sector2 is not None
        # An error of the clock grows by the same factor as the lap.
        assert abs(at_sector1 - leader.time.lap_time_ms * first / leader1) < 2 * WITHIN_MS
        assert abs(at_sector2 - leader.time.lap_time_ms * (first + second) / (leader1 + leader2)) < WITHIN_MS


def test_a_prediction_comes_closer_to_the_lap_as_the_lap_goes_on() -> None:
    laps = driven()[1]
    own, leader = errors_of(laps, "own"), errors_of(laps, "leader")
    assert [3, 3, 3] == [len(errors) for errors in own] == [len(errors) for errors in leader]
    for errors in (own, leader):
        sizes = [sum(map(abs, each)) for each in errors]
        assert sizes[0] > sizes[2]
    for lap, error in zip(laps, own[2], strict=True):
        assert lap.own_best is not None
        best3, third = lap.own_best.sectors[2], sectors(lap)[2]
        assert best3 is not None
        assert abs(error) < abs(third - best3) + WITHIN_MS
