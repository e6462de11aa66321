"""The truth is complete, adds up, and can be read from the datagrams."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from f1timings.packets import FORMATS
from f1timings.simulator import TIMING_KINDS, Scenario, scenario_for, truth
from f1timings.simulator.lap_data import sector_fields
from tests.simulator.reading import decode_all, laps_by_reader, run_scenario, true_laps

RACE = Scenario("race", 2025, laps=3, cars=6, seed=2, rate_hz=20, track_id=17, kinds=TIMING_KINDS)


@pytest.mark.parametrize("packet_format", FORMATS)
def test_a_reader_of_lap_data_alone_finds_all_laps_of_an_undisturbed_race(packet_format: int) -> None:
    found, expected = laps_by_reader(replace(RACE, format=packet_format, pit_stops=1))
    (session,) = expected["sessions"]
    assert true_laps(session, "completed") == found
    assert 18 == len(found)


def test_a_reader_finds_all_laps_of_a_time_trial_and_ghosts_have_none() -> None:
    found, expected = laps_by_reader(replace(RACE, kind="time_trial", cars=4))
    (session,) = expected["sessions"]
    player_laps = {key: laps for key, laps in found.items() if key[0] == 0}
    assert true_laps(session, "completed") == player_laps
    assert {0} == {lap["car_index"] for lap in session["laps"]}
    assert [False, True, True, True] == [participant["is_ghost"] for participant in session["participants"]]


def test_a_reader_finds_all_laps_of_a_qualifying() -> None:
    found, expected = laps_by_reader(replace(RACE, kind="qualifying", laps=2))
    assert true_laps(expected["sessions"][0], "completed") == found


@pytest.mark.parametrize("seed", range(4))
def test_sectors_add_up_to_the_lap(seed: int) -> None:
    expected = truth(scenario_for("race", 2024, seed, laps=3, cars=6, rate_hz=20, kinds=TIMING_KINDS))
    laps = [lap for session in expected["sessions"] for lap in session["laps"] if lap["lap_time_ms"]]
    sums = [lap["sector1_ms"] + lap["sector2_ms"] + lap["sector3_ms"] for lap in laps]
    assert [lap["lap_time_ms"] for lap in laps] == sums
    assert all(isinstance(lap["lap_time_ms"], int) for lap in laps)
    assert expected == json.loads(json.dumps(expected))


def test_laps_are_unique_by_car_number_and_branch() -> None:
    expected = truth(replace(RACE, flashbacks=3, seed=8))
    keys = [(lap["car_index"], lap["lap_number"], lap["branch"]) for lap in expected["sessions"][0]["laps"]]
    assert len(set(keys)) == len(keys)


def histories(scenario: Scenario) -> dict[int, Any]:
    """The last session history of each car."""
    return {
        datagram.packet.body.car_idx: datagram.packet.body
        for datagram in decode_all(scenario, "session_history")
    }


@pytest.mark.parametrize("packet_format", [2022, 2024])
def test_the_last_history_has_all_laps_and_its_sectors_add_up_within_2_ms(packet_format: int) -> None:
    scenario = replace(RACE, format=packet_format, pit_stops=1)
    laps = true_laps(truth(scenario)["sessions"][0], "completed")
    for car_index, body in histories(scenario).items():
        rows = body.lap_history_data[: body.num_laps]
        assert [laps[car_index, lap][0] for lap in (1, 2, 3)] == [row.lap_time_ms for row in rows]
        assert 255 == body.tyre_stints_history_data[body.num_tyre_stints - 1].end_lap
        assert 2 == body.num_tyre_stints
        if packet_format >= 2023:
            sums = [row.sector1_time_ms + row.sector2_time_ms + row.sector3_time_ms for row in rows]
            rests = [row.lap_time_ms - 60_000 * (row.sector1_time_minutes + row.sector2_time_minutes
                     + row.sector3_time_minutes) for row in rows]  # fmt: skip
            assert rests == pytest.approx(sums, abs=2)


def test_a_running_lap_counts_in_the_history() -> None:
    scenario = replace(RACE, cars=2)
    states = {
        (body.num_laps, body.lap_history_data[0].lap_time_ms > 0)
        for body in (datagram.packet.body for datagram in decode_all(scenario, "session_history"))
    }
    assert {(1, False), (2, True), (3, True)} == states


def test_the_lap_number_does_not_increase_at_the_flag() -> None:
    states: list[tuple[int, int]] = []
    for datagram in decode_all(RACE, "lap_data"):
        car = datagram.packet.body.cars[0]
        states.append((car.current_lap_num, car.result_status))
    assert 3 == max(number for number, _ in states)
    changes = [(before, after) for before, after in pairwise(states) if before[1] != after[1]]
    assert [((3, 2), (3, 3))] == changes


def test_the_flag_comes_just_before_the_end() -> None:
    *_, last_finish = [datagram.at for datagram in decode_all(RACE, "lap_data")
                       if any(car.result_status == 2 for car in datagram.packet.body.cars)]  # fmt: skip
    (end,) = [datagram.at for datagram in decode_all(RACE, "event") if datagram.packet.body.code == b"SEND"]
    assert 0.05 <= end - last_finish <= 0.25


@pytest.mark.parametrize("seed", range(3))
def test_a_race_is_classified_by_laps_and_time_with_penalties(seed: int) -> None:
    scenario = replace(RACE, cars=10, penalties=6, retirements=2, pit_stops=1, seed=seed)
    rows = truth(scenario)["sessions"][0]["classification"]
    running = [row for row in rows if row["status"] == "finished"]
    keys = [(-row["laps"], row["total_time_ms"] + 1000 * row["penalties_s"]) for row in running]
    assert sorted(keys) == keys
    assert ["retired"] * 2 == [row["status"] for row in rows[8:]]
    assert list(range(1, 11)) == [row["position"] for row in rows]
    assert [25, 18, 15, 12, 10, 8, 6, 4, 0, 0] == [row["points"] for row in rows]
    assert any(row["penalties_s"] for row in rows)


def test_the_sent_result_agrees_with_the_truth() -> None:
    scenario = replace(RACE, penalties=3, retirements=1)
    *_, sent = decode_all(scenario, "final_classification")
    for row in run_scenario(scenario)[1]["sessions"][0]["classification"]:
        car = sent.packet.body.cars[row["car_index"]]
        assert row["position"] == car.position
        assert row["laps"] == car.num_laps
        assert (row["best_lap_ms"] or 0) == car.best_lap_time_ms
        assert row["total_time_ms"] == round(car.total_race_time * 1000.0)
        assert row["penalties_s"] == car.penalties_time


def test_a_qualifying_is_classified_by_best_laps_without_points() -> None:
    rows = truth(replace(RACE, kind="qualifying", laps=2))["sessions"][0]["classification"]
    best = [row["best_lap_ms"] for row in rows]
    assert sorted(best) == best
    assert best == [row["total_time_ms"] for row in rows]
    assert {None} == {row["points"] for row in rows}


def test_the_lap_of_a_retired_car_stays_partial_and_its_clock_runs_on() -> None:
    scenario = replace(RACE, retirements=1)
    records = list(decode_all(scenario, "lap_data"))
    (partial,) = [
        lap for lap in run_scenario(scenario)[1]["sessions"][0]["laps"] if lap["state"] == "partial"
    ]
    assert partial["lap_time_ms"] is None
    cars = [datagram.packet.body.cars[partial["car_index"]] for datagram in records]
    parked = [car.current_lap_time_ms for car in cars if car.result_status == 7]
    assert len(parked) > 20
    assert all(after > before for before, after in pairwise(parked))


def test_an_invalid_lap_is_invalid_from_some_moment_to_its_end() -> None:
    scenario = replace(RACE, kind="time_trial", cars=1, invalid_laps=1)
    flags: dict[int, list[int]] = {}
    for datagram in decode_all(scenario, "lap_data"):
        car = datagram.packet.body.cars[0]
        flags.setdefault(car.current_lap_num, []).append(car.current_lap_invalid)
    laps = run_scenario(scenario)[1]["sessions"][0]["laps"]
    validity = {lap["lap_number"]: lap["is_valid"] for lap in laps if lap["state"] == "completed"}
    assert {number: not flags[number][-1] for number in validity} == validity
    invalid = [lap_flags for lap_flags in flags.values() if lap_flags[-1]]
    assert 1 == len(invalid)
    assert sorted(invalid[0]) == invalid[0]
    assert 0 == invalid[0][0]


def test_sectors_beyond_a_minute_wrap_up_to_2022_and_have_minutes_since() -> None:
    for packet_format, expected in ((2022, 70_000 & 0xFFFF), (2023, 10_000)):
        assert expected == sector_fields(1, 70_000, packet_format)["sector1_time_ms"]
