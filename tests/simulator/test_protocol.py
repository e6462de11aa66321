"""The simulator sends what the games send: formats, rates, headers, the numbers of each year."""

from __future__ import annotations

from dataclasses import replace

import pytest

from f1timings.packets import FIRST_FORMAT, FORMATS, LATEST_FORMAT
from f1timings.packets.codec import event_details
from f1timings.packets.layouts import Header
from f1timings.simulator import TIMING_KINDS, Scenario, ScenarioKind, scenario_for, simulate
from tests.simulator.reading import Received, counts, decode_all, event_codes

ALL_RATE = ("motion", "lap_data", "car_telemetry", "car_status")


def short(kind: ScenarioKind, packet_format: int, cars: int = 4, seed: int = 3, rigs: int = 1) -> Scenario:
    return Scenario(kind, packet_format, laps=1, cars=cars, seed=seed, rate_hz=20, track_id=17, rigs=rigs)


@pytest.mark.parametrize("packet_format", FORMATS)
@pytest.mark.parametrize("kind", ["time_trial", "qualifying", "race", "lobby"])
def test_every_datagram_decodes_in_every_format(kind: ScenarioKind, packet_format: int) -> None:
    scenario = short(kind, packet_format, rigs=2 if kind == "lobby" else 1)
    for number, datagram in enumerate(decode_all(simulate(scenario))):
        assert packet_format == datagram.packet.layout.packet_format
        if number > 1_500:
            break


def test_equal_scenarios_give_equal_bytes() -> None:
    scenario = scenario_for("race", 2025, seed=11, laps=1, cars=5, rate_hz=20)
    assert list(simulate(scenario)) == list(simulate(scenario))


def test_another_seed_gives_another_session() -> None:
    first, second = (next(iter(simulate(short("race", 2025, seed=seed)))) for seed in (1, 2))
    assert first.data != second.data


def test_sending_fewer_kinds_of_packets_does_not_change_the_session() -> None:
    all_kinds = simulate(replace(short("race", 2024), flashbacks=1))
    one_kind = simulate(replace(all_kinds.scenario, kinds=frozenset({"lap_data"})))
    laps = [datagram.data for datagram in all_kinds if datagram.data[6] == 2]
    assert laps == [datagram.data for datagram in one_kind]
    assert all_kinds.truth == one_kind.truth


def per_second(packet_format: int, rate_hz: int) -> dict[str, float]:
    """Packets per second of an undisturbed race, without the packets at its end."""
    scenario = Scenario("race", packet_format, laps=1, cars=4, seed=5, rate_hz=rate_hz, track_id=17)
    emissions = [emission for emission in simulate(scenario) if emission.at < 59.99]
    return {kind: count / 60.0 for kind, count in counts(emissions).items()}


@pytest.mark.parametrize("rate_hz", [20, 30, 60])
def test_packets_are_sent_at_their_rates(rate_hz: int) -> None:
    expected = dict.fromkeys((*ALL_RATE, "motion_ex", "car_telemetry_2"), float(rate_hz))
    expected |= {"session_history": 20.0, "tyre_sets": 20.0, "car_damage": 10.0}
    expected |= {"session": 2.0, "car_setups": 2.0, "lap_positions": 1.0, "participants": 0.2}
    measured = per_second(2026, rate_hz)
    assert measured.pop("event") > 1.0
    assert expected == pytest.approx(measured, rel=0.01)


@pytest.mark.parametrize(("packet_format", "expected_hz"), [(2021, 2.0), (2022, 2.0), (2023, 10.0)])
def test_damage_is_sent_twice_a_second_up_to_2022(packet_format: int, expected_hz: float) -> None:
    assert expected_hz == pytest.approx(per_second(packet_format, 20)["car_damage"], rel=0.01)


def test_2020_has_neither_history_nor_damage() -> None:
    kinds = {*ALL_RATE, "session", "car_setups", "participants", "event", "final_classification"}
    assert kinds == set(counts(simulate(short("race", 2020))))


def first(kind: str, scenario: Scenario) -> Received:
    return next(decode_all(simulate(scenario), kind))


@pytest.mark.parametrize(
    ("packet_format", "expected"),
    [
        (2020, (0, 10)),
        (2022, (0, 10)),
        (2023, (23, 10)),
        (2024, (24, 15)),
        (2025, (25, 15)),
        (2026, (25, 15)),
    ],
)
def test_game_year_and_race_have_the_numbers_of_the_year(
    packet_format: int, expected: tuple[int, int]
) -> None:
    packet = first("session", short("race", packet_format)).packet
    assert expected == (packet.header.game_year, packet.body.session_type)


def test_f1_25_in_format_2023_sends_no_game_year_and_its_own_session_types() -> None:
    scenario = replace(short("time_trial", 2023), legacy_game=True)
    sessions = list(decode_all(scenario, "session"))
    assert {(0, 0, 18)} == {
        (
            datagram.packet.header.game_year,
            datagram.packet.header.overall_frame_identifier,
            datagram.packet.body.session_type,
        )
        for datagram in sessions
    }


@pytest.mark.parametrize(("packet_format", "expected"), [(2020, 12), (2021, 13), (2023, 13), (2024, 18)])
def test_the_time_trial_has_the_number_of_the_year(packet_format: int, expected: int) -> None:
    assert expected == first("session", short("time_trial", packet_format)).packet.body.session_type


def test_the_session_time_waits_for_the_lights_since_2023() -> None:
    headers = [datagram.packet.header for datagram in decode_all(short("race", 2025), "lap_data")]
    waiting = [header for header in headers if header.session_time == 0.0]
    assert len(waiting) > 80
    assert list(range(len(headers))) == [header.frame_identifier for header in headers]


def test_a_race_begins_with_lights_and_ends_with_the_winner() -> None:
    codes = event_codes(short("race", 2024))
    assert ["SSTA", *["STLG"] * 5, "LGOT"] == codes[:7]
    assert ["CHQF", "RCWN"] == [code for code in codes if code in ("CHQF", "RCWN")]
    assert "SEND" == codes[-1]


@pytest.mark.parametrize("packet_format", [2022, 2025])
def test_the_last_packets_have_frame_0(packet_format: int) -> None:
    ends = [
        datagram.packet
        for datagram in decode_all(short("race", packet_format), "event", "final_classification")
    ]
    last: list[Header] = [packet.header for packet in ends[-2:]]
    assert [0, 0] == [header.frame_identifier for header in last]
    assert [packet_format == 2022] * 2 == [header.session_time == 0.0 for header in last]


def test_the_details_of_an_event_are_followed_by_left_over_bytes() -> None:
    buttons = [datagram.packet for datagram in decode_all(short("race", 2025), "event")
               if datagram.packet.body.code == b"BUTN"]  # fmt: skip
    assert buttons
    assert any(any(packet.body.details[4:]) for packet in buttons)
    details = [event_details(packet) for packet in buttons]
    assert all(detail is not None and detail.button_status < 0x10000 for detail in details)


def test_the_last_history_may_have_no_session_uid() -> None:
    uids = {
        datagram.packet.header.session_uid == 0
        for seed in range(6)
        for datagram in decode_all(replace(short("race", 2023, seed=seed), kinds=TIMING_KINDS))
        if datagram.kind == "session_history"
    }
    assert {True, False} == uids


def test_the_result_may_be_sent_twice() -> None:
    scenario = replace(short("race", 2022), doubled_result=True, kinds=TIMING_KINDS)
    results = [datagram.packet.body for datagram in decode_all(scenario, "final_classification")]
    assert 2 == len(results)
    assert results[0] == results[1]


def test_retired_has_another_number_in_2020() -> None:
    for packet_format, expected in ((2020, 6), (2021, 7)):
        scenario = replace(short("race", packet_format), retirements=1, kinds=TIMING_KINDS)
        *_, last = decode_all(scenario, "lap_data")
        assert [3, 3, 3, expected] == sorted(car.result_status for car in last.packet.body.cars[:4])


def test_human_players_have_the_driver_id_of_the_year() -> None:
    for packet_format, expected in ((2020, 100), (2025, 255), (2026, 65535)):
        body = first("participants", short("race", packet_format)).packet.body
        assert [expected] == [car.driver_id for car in body.cars[:4] if not car.ai_controlled]


def test_2026_has_24_slots_and_team_ids_above_255() -> None:
    body = first("participants", short("race", 2026, cars=24)).packet.body
    assert 24 == len(body.cars)
    assert all(car.team_id > 255 for car in body.cars)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"kind": "parade"}, "kind is one of"),
        ({"format": FIRST_FORMAT - 1}, f"format is {FIRST_FORMAT} to {LATEST_FORMAT}"),
        ({"format": LATEST_FORMAT + 1}, f"format is {FIRST_FORMAT} to {LATEST_FORMAT}"),
        ({"cars": 23}, "cars are 1 to 22"),
        ({"laps": 0}, "laps are"),
        ({"rate_hz": 50}, "rate_hz is"),
        ({"legacy_game": True}, "legacy_game is for"),
    ],
)
def test_an_impossible_scenario_is_an_error(changed: dict[str, object], reason: str) -> None:
    settings: dict[str, object] = {"kind": "race", "format": 2025} | changed
    with pytest.raises(ValueError, match=reason):
        Scenario(**settings)  # type: ignore[arg-type]


def test_a_circuit_that_the_format_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="no circuit 42"):
        next(iter(simulate(Scenario("race", 2020, track_id=42))))
