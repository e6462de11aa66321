"""Each kind of session: garage, out lap, rolling start, ghosts, pits, restarts, lobbies, evenings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby, pairwise

import pytest

from f1timings.packets import FORMATS, text
from f1timings.simulator import TIMING_KINDS, Scenario, scenario_for, simulate
from tests.simulator.reading import Received, decode_all, event_codes

SHORT = Scenario("race", 2025, laps=2, cars=4, seed=4, rate_hz=20, track_id=17, kinds=TIMING_KINDS)
GARAGE, FLYING, IN_LAP, OUT_LAP = 0, 1, 2, 3


def test_a_qualifying_starts_in_the_garage_and_the_out_lap_has_the_number_of_the_flying_lap() -> None:
    records = [
        datagram.packet.body.cars[0] for datagram in decode_all(replace(SHORT, kind="qualifying"), "lap_data")
    ]
    stage_starts = [
        next(group) for _, group in groupby(records, key=lambda car: (car.driver_status, car.current_lap_num))
    ]
    stages = [(car.driver_status, car.current_lap_num) for car in stage_starts[:4]]
    assert [(GARAGE, 1), (OUT_LAP, 1), (FLYING, 1)] == [stage for stage in stages if stage[0] != 4][:3]
    assert stage_starts[0].lap_distance < -3_000.0
    assert stage_starts[0].pit_status == 2
    flying = next(car for car in records if car.driver_status == FLYING)
    assert 0.0 <= flying.lap_distance < 10.0
    assert flying.current_lap_time_ms < 60


def test_the_clock_of_an_out_lap_runs_from_the_start_of_the_session() -> None:
    for datagram in decode_all(replace(SHORT, kind="qualifying"), "lap_data"):
        car = datagram.packet.body.cars[0]
        if car.driver_status != OUT_LAP:
            assert car.driver_status in (GARAGE, 4) or car.lap_distance >= 0.0
            if car.driver_status == FLYING:
                break
            continue
        assert car.current_lap_time_ms == pytest.approx(datagram.packet.header.session_time * 1000.0, abs=2)


def test_a_time_trial_has_a_rolling_start_and_one_active_car() -> None:
    scenario = replace(SHORT, kind="time_trial")
    participants = next(decode_all(scenario, "participants")).packet.body
    assert 1 == participants.num_active_cars
    assert ["Personal Best", "Default Ghost"] == [text(car.name) for car in participants.cars[1:3]]
    start = next(decode_all(scenario, "lap_data")).packet.body
    assert start.cars[0].lap_distance < -400.0
    assert 1 == start.cars[0].current_lap_num
    assert [2, 0, 0, 0] == [car.result_status for car in start.cars[:4]]
    assert (1, 3) == (start.time_trial_pb_car_idx, start.time_trial_rival_car_idx)


def test_distances_increase_smoothly_in_a_race() -> None:
    for before, after in pairwise(decode_all(SHORT, "lap_data")):
        for old, new in zip(before.packet.body.cars[:4], after.packet.body.cars[:4], strict=True):
            if new.result_status == 2:
                assert -0.01 <= new.total_distance - old.total_distance < 6.0


def test_positions_in_motion_agree_with_the_speed() -> None:
    scenario = replace(SHORT, kinds=frozenset({"motion", "car_telemetry", "lap_data"}), rate_hz=60)
    frames: dict[str, list[Received]] = defaultdict(list)
    for datagram in decode_all(scenario):
        frames[datagram.kind].append(datagram)
        if datagram.at > 40.0:
            break
    agreeing = 0
    for (before, after), telemetry in zip(pairwise(frames["motion"]), frames["car_telemetry"], strict=False):
        old, new = before.packet.body.cars[0], after.packet.body.cars[0]
        step = ((new.world_position_x - old.world_position_x) ** 2
                + (new.world_position_z - old.world_position_z) ** 2) ** 0.5  # fmt: skip
        speed_ms = telemetry.packet.body.cars[0].speed / 3.6
        assert step < 3.5
        agreeing += speed_ms > 20.0 and abs(step * 60.0 - speed_ms) < 15.0
    assert agreeing > 1_000


@pytest.mark.parametrize(("track_id", "expected_lap"), [(0, 1), (17, 2)])
def test_tyres_change_before_or_after_the_line_as_the_circuit_has_it(
    track_id: int, expected_lap: int
) -> None:
    scenario = replace(SHORT, track_id=track_id, pit_stops=1, cars=2)
    stops = {
        car.current_lap_num
        for datagram in decode_all(scenario, "lap_data")
        for car in datagram.packet.body.cars[:2]
        if car.pit_status == 2
    }
    assert {expected_lap} == stops


def test_a_pit_stop_has_timers_and_is_counted() -> None:
    records = [
        datagram.packet.body.cars[0] for datagram in decode_all(replace(SHORT, pit_stops=1), "lap_data")
    ]
    in_lane = [car for car in records if car.pit_lane_timer_active]
    assert all(car.pit_status for car in in_lane)
    assert max(car.pit_stop_timer_ms for car in in_lane) > 1_500
    assert max(car.pit_lane_time_in_lane_ms for car in in_lane) > 15_000
    assert [0, 1] == [key for key, _ in groupby(car.num_pit_stops for car in records)]


def test_a_restart_gives_a_new_uid_and_no_end() -> None:
    scenario = replace(SHORT, restarts=1)
    simulation = simulate(scenario)
    uids = [
        key
        for key, _ in groupby(
            datagram.packet.header.session_uid for datagram in decode_all(simulation, "lap_data")
        )
    ]
    assert 2 == len(uids)
    assert ["SSTA", "SSTA", "SEND"] == [code for code in event_codes(scenario) if code in ("SSTA", "SEND")]
    abandoned, finished = simulation.truth["sessions"]
    assert [str(uid) for uid in uids] == [abandoned["session_uid"], finished["session_uid"]]
    assert abandoned["classification"] is None
    assert "partial" in {lap["state"] for lap in abandoned["laps"]}
    assert {"completed"} == {lap["state"] for lap in finished["laps"]}


def test_uids_use_all_64_bits() -> None:
    sessions = simulate(replace(SHORT, kind="time_trial", laps=1, cars=1, restarts=8))
    uids = {datagram.packet.header.session_uid for datagram in decode_all(sessions, "session")}
    assert 9 == len(uids)
    assert any(uid >= 2**63 for uid in uids)


LOBBY = Scenario("lobby", 2024, laps=1, cars=8, seed=6, rate_hz=20, track_id=17, rigs=3)


def test_the_rigs_of_a_lobby_share_uid_and_cars_and_have_their_own_frames() -> None:
    by_rig: dict[int, list[Received]] = defaultdict(list)
    for datagram in decode_all(LOBBY, "lap_data"):
        by_rig[datagram.rig].append(datagram)
    assert 3 == len(by_rig)
    for datagrams in zip(*by_rig.values(), strict=True):
        headers = [datagram.packet.header for datagram in datagrams]
        assert 1 == len({header.session_uid for header in headers})
        assert 3 == len({header.player_car_index for header in headers})
        assert 3 == len({header.frame_identifier for header in headers})
        assert 1 == len({datagram.packet.body for datagram in datagrams})


def test_a_lobby_has_no_session_and_hides_names() -> None:
    simulation = simulate(replace(LOBBY, kinds=TIMING_KINDS | {"lobby_info"}))
    names: dict[int, list[str]] = {}
    shown: dict[int, list[int]] = {}
    for datagram in decode_all(simulation, "lobby_info", "participants"):
        if datagram.kind == "lobby_info":
            assert 0 == datagram.packet.header.session_uid
            assert 8 == datagram.packet.body.num_players
        else:
            cars = datagram.packet.body.cars[:8]
            names[datagram.rig] = [text(car.name) for car in cars]
            shown[datagram.rig] = [car.show_online_names or car.ai_controlled for car in cars]
    for session in simulation.truth["sessions"]:
        rig = session["rig"]
        assert [participant["name"] for participant in session["participants"]] == names[rig]
    own = {session["rig"]: names[session["rig"]] for session in simulation.truth["sessions"]}
    assert any("Player" in rig_names for rig_names in own.values())
    for rig, shown_names in own.items():
        hidden = [name for name, is_shown in zip(shown_names, shown[rig], strict=True) if not is_shown]
        assert hidden.count("Player") >= len(hidden) - 1


def test_f1_25_sends_online_that_a_session_starts_before_the_result() -> None:
    scenario = replace(LOBBY, format=2025, rigs=1, kinds=TIMING_KINDS)
    assert ["SEND", "SSTA"] == event_codes(scenario)[-2:]


def test_each_rig_of_an_evening_has_its_own_sessions_in_order_of_time() -> None:
    scenario = Scenario(
        "hot_lap_evening",
        2023,
        laps=1,
        cars=2,
        rigs=3,
        sessions=2,
        rate_hz=20,
        track_id=17,
        kinds=TIMING_KINDS,
    )
    simulation = simulate(scenario)
    times = [emission.at for emission in simulation]
    assert sorted(times) == times
    sessions = simulation.truth["sessions"]
    assert [0, 0, 1, 1, 2, 2] == [session["rig"] for session in sessions]
    assert 6 == len({session["session_uid"] for session in sessions})


def test_a_paused_game_sends_nothing() -> None:
    def longest_gap(pauses: int) -> float:
        times = [emission.at for emission in simulate(replace(SHORT, pauses=pauses))]
        return max(after - before for before, after in pairwise(times))

    assert longest_gap(0) < 0.5
    assert longest_gap(1) > 3.9


def test_a_race_with_incidents_sends_their_events() -> None:
    scenario = replace(
        SHORT, format=2024, laps=5, cars=12, penalties=8, retirements=2, safety_car=True, pit_stops=1, seed=9
    )
    codes = set(event_codes(scenario))
    expected = {"FTLP", "RTMT", "PENA", "SPTP", "OVTK", "COLL", "SCAR", "DRSE", "CHQF", "RCWN"}
    assert expected <= codes
    assert codes & {"DTSV", "SGSV"}


@pytest.mark.parametrize("seed", range(6))
def test_a_seed_picks_a_scenario_that_runs(seed: int) -> None:
    scenario = scenario_for("race", FORMATS[seed], seed, laps=2, cars=5, rate_hz=20, kinds=TIMING_KINDS)
    simulation = simulate(scenario)
    assert sum(1 for _ in simulation) > 1_000
    assert simulation.truth["sessions"][-1]["classification"]
