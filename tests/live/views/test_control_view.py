"""The view of race control shows messages, flags and the weather, as the game sends them."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from f1timings.packets import FORMATS
from f1timings.simulator import Scenario
from f1timings.timing.occurrences import IncidentKind
from tests.live.rig_setup import RIG, RigSetup

RACE_OLD, RACE = 10, 15


def session(setup: RigSetup, at: float, **fields: Any) -> None:
    number = RACE_OLD if setup.format < 2024 else RACE
    setup.send("session", at, session_type=number, track_id=11, total_laps=14, **fields)


def drive(setup: RigSetup, at: float, distance_m: float) -> None:
    cars = {0: {"current_lap_num": 3, "result_status": 2, "driver_status": 4, "lap_distance": distance_m}}
    setup.send("lap_data", at, cars=cars)


def event(setup: RigSetup, at: float, code: bytes, details: bytes) -> None:
    setup.send("event", at, code=code, details=details.ljust(12, b"\0"))


def retire(setup: RigSetup, at: float, car: int) -> None:
    event(setup, at, b"RTMT", bytes([car, 3]))


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_messages_of_a_simulated_race_are_those_of_the_engine(packet_format: int) -> None:
    setup = RigSetup(packet_format)
    control = setup.follow("control")
    setup.simulate(Scenario("race", packet_format, laps=2, cars=8, seed=7, rate_hz=20), 110.0)
    rows = list(control.rows.values())
    assert [row["number"] for row in rows] == sorted(row["number"] for row in rows)
    assert IncidentKind.FASTEST_LAP in {row["kind"] for row in rows}
    order = setup.pipeline.order(RIG)
    assert order is not None
    names = {str(row.car_index): row.participant for row in order.rows}
    for row in rows:
        assert row["car"] is None or row["participant"] == names[str(row["car"])]
        assert row["kind"] != IncidentKind.FASTEST_LAP or row["time_ms"] > 0


def test_a_message_has_the_lap_and_the_place_of_its_car() -> None:
    setup = RigSetup()
    control = setup.follow("control")
    session(setup, 1.0)
    drive(setup, 2.0, 2310.4)
    retire(setup, 2.1, 0)
    (row,) = [row for row in control.rows.values() if row["kind"] == IncidentKind.RETIREMENT]
    assert (row["lap"], row["lap_distance_m"], row["at_ms"]) == (3, 2310, 2100)


def test_a_flashback_takes_away_what_it_undid() -> None:
    setup = RigSetup(2022)
    control = setup.follow("control")
    session(setup, 1.0)
    for at in (2.0, 29.9):
        drive(setup, at, 10.0 * at)
    retire(setup, 30.0, 0)
    assert "retirement" in {row["kind"] for row in control.rows.values()}
    event(setup, 31.0, b"FLBK", struct.pack("<If", 600, 10.0))
    drive(setup, 10.1, 50.0)
    kinds = {row["kind"] for row in control.rows.values()}
    assert "flashback" in kinds
    assert "retirement" not in kinds


def test_only_the_newest_messages_are_kept() -> None:
    setup = RigSetup()
    control = setup.follow("control")
    session(setup, 1.0)
    for second in range(50):
        retire(setup, 2.0 + second, second % 20)
    numbers = [row["number"] for row in control.rows.values()]
    assert len(numbers) == 30
    assert numbers == list(range(max(numbers) - 29, max(numbers) + 1))


def test_overtakes_do_not_push_a_retirement_from_the_screens() -> None:
    setup = RigSetup()
    control = setup.follow("control")
    session(setup, 1.0)
    retire(setup, 2.0, 0)
    for second in range(40):
        event(setup, 3.0 + second, b"OVTK", bytes([second % 20, (second + 1) % 20]))
    kinds = [row["kind"] for row in control.rows.values()]
    assert kinds.count("retirement") == 1
    assert kinds.count("overtake") == 8


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_weather_and_the_forecast_of_this_session(packet_format: int) -> None:
    setup = RigSetup(packet_format)
    control = setup.follow("control")
    number = RACE_OLD if packet_format < 2024 else RACE
    rain = (
        [{}, {}, {}, {}] if packet_format == 2020 else [{"rain_percentage": part} for part in (5, 40, 70, 90)]
    )
    samples = [
        {"session_type": number, "time_offset": 0, "weather": 0, **rain[0]},
        {"session_type": number, "time_offset": 10, "weather": 4, **rain[2]},
        {"session_type": number, "time_offset": 5, "weather": 3, **rain[1]},
        {"session_type": number - 5, "time_offset": 15, "weather": 5, **rain[3]},
    ]
    session(
        setup,
        1.0,
        weather=0,
        track_temperature=31,
        air_temperature=22,
        num_weather_forecast_samples=len(samples),
        weather_forecast_samples=samples,
    )
    drive(setup, 1.1, 10.0)
    facts = control.facts
    chance = (lambda _percent: None) if packet_format == 2020 else (lambda percent: percent)
    assert (facts["track_temperature_c"], facts["air_temperature_c"]) == (31, 22)
    assert facts["rain_percent"] == chance(5)
    assert facts["forecast"] == [[5, "light rain", chance(40)], [10, "heavy rain", chance(70)]]


def test_an_implausible_temperature_is_unknown() -> None:
    setup = RigSetup()
    control = setup.follow("control")
    session(setup, 1.0, track_temperature=127, air_temperature=-128)
    drive(setup, 1.1, 10.0)
    assert control.facts["track_temperature_c"] is None
    assert control.facts["air_temperature_c"] is None
