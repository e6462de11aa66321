"""The view of a rig's own car: its row, its frames, what a driver keeps private, and a rig that spectates."""

from __future__ import annotations

import math
from typing import Any

import pytest

from f1timings.live.views.own_car.columns import COLUMNS, HIDDEN
from f1timings.live.views.own_car.frame import read_driving_frame
from f1timings.live.views.own_car.records import READERS
from f1timings.packets import FORMATS, decode
from f1timings.simulator import Scenario
from tests.live.rig_setup import RIG, RigSetup

ACTIVE = 2
MEASURED = {"tyres_wear": [21, 22, 23, 24], "front_left_wing_damage": 12, "gear_box_damage": 4}
STATUS = {"fuel_in_tank": 31.5, "fuel_remaining_laps": 1.25, "ers_store_energy": 3e6, "fuel_mix": 2}


def race(setup: RigSetup, **fields: Any) -> None:
    """Send the session packet of a race and the lap data of three cars, car 2 in front."""
    number = 10 if setup.format < 2024 else 15
    track = {"track_id": 11, "track_length": 5793, "total_laps": 14}
    setup.send("session", 0.0, session_type=number, **track, **fields)
    setup.send("participants", 0.0, num_active_cars=3, cars=dict(enumerate(PEOPLE)))
    car = {"current_lap_num": 3, "result_status": ACTIVE, "driver_status": 4}
    setup.send("lap_data", 1.0, cars={at: car | {"car_position": 3 - at} for at in range(3)})


PEOPLE = (
    {"name": b"Anna", "your_telemetry": 1, "race_number": 7},
    {"name": b"Ben", "your_telemetry": 0, "race_number": 8},
    {"name": b"HAMILTON", "your_telemetry": 0, "ai_controlled": 1, "race_number": 44},
)


def send_condition(setup: RigSetup) -> None:
    """Send status and damage of all three cars."""
    in_status = setup.format == 2020
    setup.send("car_status", 1.0, cars=dict.fromkeys(range(3), STATUS | (MEASURED if in_status else {})))
    if not in_status:
        setup.send("car_damage", 1.0, cars=dict.fromkeys(range(3), MEASURED))


@pytest.mark.parametrize("packet_format", FORMATS)
def test_a_frame_has_the_values_of_the_newest_telemetry(packet_format: int) -> None:
    setup = RigSetup(packet_format)
    view = setup.follow("car")
    assert view.frame() is None
    setup.simulate(Scenario("race", packet_format, laps=2, cars=6, seed=4, rate_hz=20, track_id=17), 30.0)
    body = view.frame()
    assert body is not None
    frame = read_driving_frame(body)
    player = setup.pipeline.rigs[RIG].player_car_index
    packet = decode(setup.pipeline.taps.of(RIG)["car_telemetry"])
    car = packet.body.cars[player]
    assert frame._asdict() == {
        "version": 1,
        "cars": 1,
        "channel": 7,
        "number": 3,
        "session_time_ms": round(packet.header.session_time * 1000),
        "reserved": 0,
        "car": player,
        "gear": car.gear,
        "flags": car.drs,
        "speed_kmh": car.speed,
        "rpm": car.engine_rpm,
        "rev_lights_pct": car.rev_lights_percent,
        "clutch_pct": car.clutch,
        "rev_lights": getattr(car, "rev_lights_bit_value", 0),
        "throttle": car.throttle,
        "brake": car.brake,
        "steer": car.steer,
    }
    assert len(body) == 40
    assert view.frame() is None  # no packet since the last frame


def test_a_frame_of_another_version_or_length_is_refused() -> None:
    for body in (bytes([2]) + bytes(39), bytes([1]) + bytes(20)):
        with pytest.raises(ValueError, match="version"):
            read_driving_frame(body)


def test_there_is_no_frame_without_a_car() -> None:
    setup = RigSetup(player=255)
    view = setup.follow("car")
    race(setup)
    setup.send("car_telemetry", 1.0, cars={0: {"speed": 200}})
    assert view.frame() is None
    assert view.rows == {}


def test_what_is_not_finite_is_not_known_in_a_frame() -> None:
    setup = RigSetup()
    view = setup.follow("car")
    race(setup)
    setup.send("car_telemetry", 1.0, cars={0: {"throttle": math.nan, "speed": 200}})
    frame = read_driving_frame(view.frame() or b"")
    assert math.isnan(frame.throttle)
    assert frame.speed_kmh == 200


def test_the_row_names_the_cars_ahead_and_behind() -> None:
    setup = RigSetup(player=1)
    view = setup.follow("car")
    race(setup)
    row = view.rows["1"]
    assert (row["participant"], row["position"], row["lap"]) == ("Ben", 2, 3)
    assert (row["ahead"], row["behind"]) == ("HAMILTON", "Anna")
    assert (row["race_number"], row["driving"]) == (8, "on track")
    assert setup.follow("tower").rows["0"]["interval_ms"] == row["behind_ms"]


# Drivers who keep telemetry private --------------------------------------------------------------------


@pytest.mark.parametrize("packet_format", FORMATS)
def test_what_a_watched_driver_keeps_private_is_unknown(packet_format: int) -> None:
    setup = RigSetup(packet_format, player=255)
    view = setup.follow("car")
    race(setup, is_spectating=1, spectator_car_index=1)
    send_condition(setup)
    setup.send("car_telemetry", 1.0, cars={1: {"speed": 287}})
    row = view.rows["1"]
    assert (row["is_watched"], row["is_restricted"], row["speed_kmh"]) == (True, True, 287)
    assert {name: row[name] for name in HIDDEN} == dict.fromkeys(HIDDEN)


@pytest.mark.parametrize(("player", "car"), [(255, "0"), (255, "2"), (1, "1")])
def test_nothing_is_private_of_the_own_car_of_an_ai_and_of_who_shares_it(player: int, car: str) -> None:
    setup = RigSetup(player=player)
    view = setup.follow("car")
    race(setup, is_spectating=int(player == 255), spectator_car_index=int(car))
    send_condition(setup)
    row = view.rows[car]
    assert row["is_restricted"] is False
    assert (row["fuel_kg"], row["fuel_laps"], row["fuel_mix"], row["ers_pct"]) == (31.5, 1.25, "rich", 75.0)
    assert (row["tyre_wear_rl_pct"], row["tyre_wear_fr_pct"]) == (21.0, 24.0)
    assert (row["front_left_wing_pct"], row["gearbox_pct"]) == (12, 4)


def test_before_the_participants_are_known_nothing_is_said_about_them() -> None:
    setup = RigSetup(player=255)
    view = setup.follow("car")
    setup.send("session", 0.0, session_type=15, track_id=11, is_spectating=1, spectator_car_index=1)
    setup.send("lap_data", 1.0, cars={1: {"car_position": 1, "result_status": ACTIVE, "current_lap_num": 1}})
    assert view.rows["1"]["is_restricted"] is None


# Cars of 2026, and what is read again ------------------------------------------------------------------


@pytest.mark.parametrize(("regulations", "aero", "drs"), [(1, "straight", None), (0, None, False)])
def test_active_aero_takes_the_place_of_the_drs_in_cars_of_2026(
    regulations: int, aero: str | None, drs: bool | None
) -> None:
    setup = RigSetup(2026)
    view = setup.follow("car")
    race(setup)
    setup.send("car_telemetry", 1.0, cars={0: {"speed": 320}})
    aero_record = {"active_aero_mode": 1, "active_aero_available": 1, "regulations_2026": regulations}
    setup.send("car_telemetry_2", 1.0, cars={0: aero_record})
    row = view.rows["0"]
    assert (row["aero"], row["aero_available"], row["drs"]) == (aero, aero and True, drs)


def test_a_record_is_read_again_only_after_a_new_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = RigSetup()
    view = setup.follow("car")
    race(setup)
    read = READERS["car_status"]
    reads: list[Any] = []

    def count(record: Any, year: int) -> Any:
        reads.append(record)
        return read(record, year)

    monkeypatch.setitem(READERS, "car_status", count)
    setup.send("car_status", 1.0, cars={0: {"fuel_in_tank": 5.0}})
    assert [view.rows["0"]["fuel_kg"] for _ in range(3)] == [5.0, 5.0, 5.0]
    assert len(reads) == 1
    setup.send("car_status", 1.1, cars={0: {"fuel_in_tank": 4.0}})
    assert view.rows["0"]["fuel_kg"] == 4.0
    assert len(reads) == 2


def test_every_hidden_column_is_a_column() -> None:
    assert {column.name for column in COLUMNS} > HIDDEN > {"fuel_kg", "ers_mode", "tyre_wear_fl_pct"}
