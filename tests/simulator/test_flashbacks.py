"""A flashback moves all cars back in time; laps that were completed after its target are superseded."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from f1timings.packets.codec import event_details
from f1timings.simulator import TIMING_KINDS, Scenario
from tests.simulator.reading import decode_all, laps_by_reader, run_scenario, true_laps

RACE = Scenario(
    "race", 2025, laps=4, cars=4, seed=2, rate_hz=20, track_id=17, flashbacks=4, kinds=TIMING_KINDS
)


class Frame(NamedTuple):
    """One frame of the player's car."""

    frame: int
    overall: int
    time_s: float
    distance: float
    lap: int
    lap_ms: int


def frames_and_targets(scenario: Scenario) -> tuple[list[Frame], list[Any]]:
    """All frames of lap data, and the flashback events among them."""
    frames, targets = [], []
    for datagram in decode_all(scenario, "lap_data", "event"):
        body, header = datagram.packet.body, datagram.packet.header
        if datagram.kind == "event":
            if body.code == b"FLBK":
                targets.append(event_details(datagram.packet))
            continue
        car = body.cars[header.player_car_index]
        clock = getattr(car, "current_lap_time_ms", 0)
        frames.append(
            Frame(header.frame_identifier, header.overall_frame_identifier, header.session_time,
                  car.total_distance, car.current_lap_num, clock)
        )  # fmt: skip
    return frames, targets


def jumps(frames: list[Frame]) -> list[tuple[Frame, Frame]]:
    return [(before, after) for before, after in pairwise(frames) if after.frame < before.frame]


def test_frame_and_session_time_go_back_to_the_values_of_the_event_and_the_overall_frame_does_not() -> None:
    frames, targets = frames_and_targets(RACE)
    assert 4 == len(targets)
    assert [target.flashback_frame_identifier for target in targets] == [
        after.frame for _, after in jumps(frames)
    ]
    assert [target.flashback_session_time for target in targets] == [
        after.time_s for _, after in jumps(frames)
    ]
    assert [1] * (len(frames) - 1) == [after.overall - before.overall for before, after in pairwise(frames)]


def test_the_car_is_where_it_was_at_that_frame() -> None:
    frames, _ = frames_and_targets(RACE)
    frames_by_number: dict[int, Frame] = {}
    for before, after in pairwise(frames):
        frames_by_number[before.frame] = before
        if after.frame < before.frame:
            earlier = frames_by_number[after.frame]
            assert (earlier.lap, earlier.lap_ms) == (after.lap, after.lap_ms)
            assert earlier.distance == pytest.approx(after.distance, abs=0.01)


def test_some_flashbacks_cross_the_finish_line_back() -> None:
    crossings = [
        after.lap - before.lap
        for seed in range(4)
        for before, after in jumps(frames_and_targets(replace(RACE, seed=seed))[0])
    ]
    assert {-1, 0} == set(crossings)


def test_2020_goes_back_without_an_event_or_an_overall_frame() -> None:
    frames, targets = frames_and_targets(replace(RACE, format=2020))
    assert not targets
    assert jumps(frames)
    assert {0} == {frame.overall for frame in frames}


@pytest.mark.parametrize("seed", range(4))
def test_laps_before_a_flashback_are_superseded_and_driven_again_with_other_times(seed: int) -> None:
    found, expected = laps_by_reader(replace(RACE, seed=seed))
    (session,) = expected["sessions"]
    laps = session["laps"]
    repeated = [lap for lap in laps if lap["branch"] > 0]
    for lap in repeated:
        key = (lap["car_index"], lap["lap_number"])
        drives = [other for other in laps if (other["car_index"], other["lap_number"]) == key]
        assert list(range(len(drives))) == sorted(drive["branch"] for drive in drives)
        assert len(drives) == len({drive["lap_time_ms"] for drive in drives})
        assert ["superseded"] * (len(drives) - 1) == [drive["state"] for drive in drives[:-1]]
    assert {(car, number) for car in range(4) for number in range(1, 5)} == set(
        true_laps(session, "completed")
    )
    for key, times in true_laps(session, "completed", "superseded").items():
        assert set(times) <= set(found[key])


def test_some_seeds_supersede_laps() -> None:
    states = {
        lap["state"]
        for seed in range(4)
        for lap in run_scenario(replace(RACE, seed=seed))[1]["sessions"][0]["laps"]
    }
    assert {"completed", "superseded"} == states


def test_an_invalid_lap_may_be_undone() -> None:
    scenario = replace(RACE, kind="qualifying", cars=1, invalid_laps=1, laps=3)
    undone = 0
    for seed in range(3):
        invalid = False
        for datagram in decode_all(replace(scenario, seed=seed), "lap_data", "event"):
            if datagram.kind == "event":
                flashed = datagram.packet.body.code == b"FLBK"
                was_invalid, invalid = invalid and flashed, invalid
                continue
            now = bool(datagram.packet.body.cars[0].current_lap_invalid)
            undone += int(was_invalid and not now)
            invalid, was_invalid = now, False
    assert undone > 0
