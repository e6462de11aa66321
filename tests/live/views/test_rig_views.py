"""The views of a rig show the contents of its packets and how recent they are."""

from __future__ import annotations

import math
from typing import Any

import pytest

from f1timings.live.views.flags import BIT, names_of
from f1timings.live.views.map import read_frame
from f1timings.packets import FORMATS, decode
from f1timings.simulator import Scenario
from tests.live.rig_setup import RIG, UID, RigSetup

ACTIVE = 2


def race(setup: RigSetup, at: float = 0.0, **fields: Any) -> None:
    """Send the session packet of a race."""
    number = 10 if setup.format < 2024 else 15
    fields = {"session_type": number, "track_id": 11, "track_length": 5793, "total_laps": 14, **fields}
    setup.send("session", at, **fields)


def drive(setup: RigSetup, at: float, lap_ms: int, **fields: Any) -> None:
    """Send lap data of two cars."""
    clock = {"current_lap_time": lap_ms / 1000} if setup.format == 2020 else {"current_lap_time_ms": lap_ms}
    car = {"current_lap_num": 1, "result_status": ACTIVE, "driver_status": 4, **clock, **fields}
    cars = {0: car | {"car_position": 2}, 1: car | {"car_position": 1, "grid_position": 3}}
    setup.send("lap_data", at, cars=cars)


def newest(setup: RigSetup, kind: str) -> Any:
    """The newest packet of a kind, decoded."""
    return decode(setup.pipeline.taps.of(RIG)[kind]).body


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_views_show_the_packets_of_every_format(packet_format: int) -> None:
    setup = RigSetup(packet_format)
    tower, map_view, car, rigs = (setup.follow(kind) for kind in ("tower", "map", "car", "rigs"))
    assert (tower.rows, map_view.rows, car.rows, rigs.rows) == ({}, {}, {}, {})
    setup.simulate(Scenario("race", packet_format, laps=2, cars=6, seed=4, rate_hz=20, track_id=17), 90.0)

    order = setup.pipeline.order(RIG)
    laps = newest(setup, "lap_data").cars
    player = setup.pipeline.rigs[RIG].player_car_index
    assert order is not None
    rows = tower.rows
    assert {str(row.car_index): (row.position, row.gap_ms) for row in order.rows} == {
        id_: (row["position"], row["gap_ms"]) for id_, row in rows.items()
    }
    assert {id_: row["lap"] for id_, row in rows.items()} == {
        id_: laps[int(id_)].current_lap_num for id_ in rows
    }
    fastest = min(order.rows, key=lambda row: row.best_lap_ms or math.inf)
    assert [str(fastest.car_index)] == [id_ for id_, row in map_view.rows.items() if row["has_fastest_lap"]]
    assert {row["tyre"] for row in rows.values()} <= {"soft", "medium", "hard", "intermediate", "wet"}
    assert [id_ for id_, row in rows.items() if row["flags"] & BIT["own"]] == [str(player)]
    assert sum(bool(row["flags"] & BIT["leader"]) for row in rows.values()) == 1

    telemetry, (shown,) = newest(setup, "car_telemetry").cars[player], car.rows.values()
    assert (shown["speed_kmh"], shown["gear"], shown["rpm"], shown["throttle_pct"]) == (
        telemetry.speed,
        telemetry.gear,
        telemetry.engine_rpm,
        round(telemetry.throttle * 100),
    )
    assert (shown["tyre_surface_fl_c"], shown["brake_rl_c"]) == (
        telemetry.tyres_surface_temperature[2],
        telemetry.brakes_temperature[0],
    )
    assert shown["driver"] == f"driver of {RIG}"

    assert map_view.rows[str(player)]["participant"] == rows[str(player)]["participant"]
    assert rigs.rows[RIG]["lap_start_ms"] == rows[str(player)]["lap_start_ms"] is not None


@pytest.mark.parametrize("name", ["tower", "map", "car", "rigs"])
@pytest.mark.parametrize("packet_format", FORMATS)
def test_values_have_the_types_of_their_columns(packet_format: int, name: str) -> None:
    setup = RigSetup(packet_format)
    view = setup.follow(name)
    setup.simulate(Scenario("race", packet_format, laps=2, cars=3, seed=4, rate_hz=20, track_id=17), 20.0)
    kind = setup.hub.kinds[name]
    fields = [(column, row[column.name]) for row in view.rows.values() for column in kind.columns]
    fields += [(fact, view.facts[fact.name]) for fact in kind.facts]
    types = {"text": str, "int": int, "float": float, "bool": bool, "flags": int, "list": list}
    assert [] == [
        (column.name, value)
        for column, value in fields
        if value is not None and type(value) is not types[column.type]
    ]
    assert sum(value is not None for _column, value in fields) > len(kind.columns) / 2


@pytest.mark.parametrize("packet_format", FORMATS)
def test_a_frame_of_map_view_has_the_values_of_the_packets(packet_format: int) -> None:
    setup = RigSetup(packet_format)
    map_view = setup.follow("map")
    assert map_view.frame() is None
    setup.simulate(Scenario("race", packet_format, laps=2, cars=6, seed=4, rate_hz=20, track_id=17), 30.0)
    body = map_view.frame()
    assert body is not None
    frame = read_frame(body)
    motion, laps = newest(setup, "motion").cars, newest(setup, "lap_data").cars
    assert (frame.version, frame.channel, frame.number) == (1, 7, 3)
    assert [(car.car, car.x, car.z, car.lap_distance_m, car.position) for car in frame.cars] == [
        (
            index,
            motion[index].world_position_x,
            motion[index].world_position_z,
            lap.lap_distance,
            lap.car_position,
        )
        for index, lap in enumerate(laps)
        if lap.result_status >= ACTIVE
    ]
    assert {car.car for car in frame.cars if car.flags & BIT["own"]} == {
        setup.pipeline.rigs[RIG].player_car_index
    }
    assert len(body) == 16 + 16 * len(frame.cars)
    assert map_view.frame() is None  # no packet since the last frame


def test_a_frame_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        read_frame(b"\x02" + bytes(15))
    with pytest.raises(ValueError, match="version"):
        read_frame(b"\x01\x01" + bytes(14))


def test_a_car_with_an_unknown_position_has_none_on_map_view() -> None:
    setup = RigSetup()
    map_view = setup.follow("map")
    race(setup)
    drive(setup, 1.0, 900)
    setup.send("motion", 1.0, cars={1: {"world_position_x": 5.0}})
    body = map_view.frame()
    assert body is not None
    first, second = read_frame(body).cars
    assert math.isnan(first.x)
    assert math.isnan(first.z)
    assert (second.x, second.z) == (5.0, 0.0)


@pytest.mark.parametrize(("sent_m", "shown_m"), [(12.5, 12.5), (0.0, 0.0), (math.inf, math.nan)])
def test_a_car_with_an_impossible_distance_has_none_on_map_view(sent_m: float, shown_m: float) -> None:
    setup = RigSetup()
    map_view = setup.follow("map")
    race(setup)
    drive(setup, 1.0, 900, lap_distance=sent_m)
    setup.send("motion", 1.0, cars={0: {"world_position_x": 5.0}})
    body = map_view.frame()
    assert body is not None
    assert pytest.approx(shown_m, nan_ok=True) == read_frame(body).cars[0].lap_distance_m


# Freshness ---------------------------------------------------------------------------------------------


def test_map_view_names_the_outline_and_the_flags_of_the_marshal_zones() -> None:
    setup = RigSetup()
    map_view = setup.follow("map")
    names = ("track_id", "packet_format", "outline_revision", "marshal_zones")
    assert {None} == {map_view.facts[name] for name in names}
    zones = [{"zone_start": 0.25, "zone_flag": 3}, {"zone_start": 0.5, "zone_flag": 0}]
    race(setup, num_marshal_zones=2, marshal_zones=[*zones, {"zone_start": 0.7, "zone_flag": 3}])
    drive(setup, 0.1, 1000)
    assert (11, 2025, None) == tuple(map_view.facts[name] for name in names[:3])
    assert [[1448.2, "yellow"], [2896.5, None]] == map_view.facts["marshal_zones"]
    setup.outlines[11, 2025] = 4
    assert 4 == map_view.facts["outline_revision"]


def test_a_rig_that_never_sent_a_packet_is_waiting() -> None:
    facts = RigSetup().follow("tower").facts
    assert facts.pop("state") == "waiting"
    assert set(facts.values()) == {None}


def test_a_rig_that_falls_silent_is_stale_and_then_offline_and_its_clock_stops() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    race(setup)
    for tenth in range(20):
        drive(setup, tenth / 10, tenth * 100)
    states = []
    for silent_s in (0.0, 1.9, 2.1, 9.9, 10.1):
        setup.now = 1001.9 + silent_s
        facts = tower.facts
        states.append((facts["state"], facts["clock_zero_ms"], facts["clock_stands_at_ms"]))
    assert states == [
        ("live", 1_000_000, None),
        ("live", 1_000_000, None),
        ("stale", None, 1900),
        ("stale", None, 1900),
        ("offline", None, 1900),
    ]
    assert tower.facts["heard_at_ms"] == 1_001_900


def test_while_a_rig_sends_packets_its_facts_change_about_once_a_second() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    race(setup)
    changes = 0
    before: dict[str, Any] = {}
    for tenth in range(100):
        drive(setup, tenth / 10 + (tenth % 3) / 100, tenth * 100 + 7)
        changes += (facts := tower.facts) != before
        before = facts
    assert changes <= 12  # once a second, the time of the last packet


def test_the_clock_stops_when_the_game_sends_the_same_time_again_and_again() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    race(setup)
    drive(setup, 5.0, 900)
    assert tower.facts["clock_zero_ms"] == 1_000_000
    race(setup, 5.0, game_paused=1)
    for tenth in range(1, 10):
        setup.now = 1005.0 + tenth / 10
        drive(setup, 5.0, 900)
        facts = tower.facts
    assert (facts["is_paused"], facts["clock_zero_ms"], facts["clock_stands_at_ms"]) == (True, None, 5000)


def test_the_start_of_a_lap_follows_its_clock_and_does_not_jitter() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    race(setup)
    starts = []
    for tenth in range(10, 40):
        drive(setup, tenth / 10, tenth * 100 - 800 + tenth % 3)
        starts.append(tower.rows["0"]["lap_start_ms"])
    assert set(starts) == {starts[0]}
    assert abs(starts[0] - 800) <= 2
    drive(setup, 4.5, 100)
    assert tower.rows["0"]["lap_start_ms"] == 4400
    drive(setup, 4.6, 100)
    assert tower.rows["0"]["lap_start_ms"] is None  # its clock has stopped


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "green"),
        ({"safety_car_status": 1}, "safety car"),
        ({"safety_car_status": 2}, "virtual safety car"),
        ({"safety_car_status": 3}, "formation lap"),
        ({"num_marshal_zones": 2, "marshal_zones": {1: {"zone_flag": 3}}}, "yellow"),
        ({"num_marshal_zones": 1, "marshal_zones": {1: {"zone_flag": 3}}}, "green"),
        ({"num_marshal_zones": 2, "marshal_zones": {0: {"zone_flag": 4}, 1: {"zone_flag": 3}}}, "red"),
    ],
)
def test_the_most_important_flag_is_shown(fields: dict[str, Any], expected: str) -> None:
    setup = RigSetup()
    race(setup, **fields)
    drive(setup, 1.0, 900)
    assert setup.follow("tower").facts["flag"] == expected


def test_events_show_red_and_chequered_flags_and_a_start_ends_them() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    race(setup)
    drive(setup, 1.0, 900)
    flags = []
    for second, code in enumerate((b"RDFL", b"LGOT", b"CHQF", b"SSTA"), 2):
        setup.send("event", second, code=code)
        drive(setup, second, 900)
        flags.append(tower.facts["flag"])
    assert flags == ["red", "green", "chequered", "green"]


def test_the_session_facts_use_the_words_of_the_api() -> None:
    setup = RigSetup()
    race(setup, session_time_left=4012, weather=3)
    drive(setup, 1.0, 900)
    facts = setup.follow("car").facts
    assert {
        name: facts[name] for name in ("session_type", "track", "total_laps", "time_left_s", "weather")
    } == {
        "session_type": "Race",
        "track": "Monza",
        "total_laps": 14,
        "time_left_s": 4012,
        "weather": "light rain",
    }
    assert (facts["track_length_m"], facts["is_race"], facts["is_ended"]) == (5793, True, False)
    assert facts["session_id"] == f"{RIG}~{UID}~0"


def test_while_a_rig_spectates_its_car_is_the_watched_car() -> None:
    setup = RigSetup()
    car, tower = setup.follow("car"), setup.follow("tower")
    race(setup, is_spectating=1, spectator_car_index=1)
    drive(setup, 1.0, 900)
    assert list(car.rows) == ["1"]
    assert [id_ for id_, row in tower.rows.items() if "own" in names_of(row["flags"])] == ["1"]
    race(setup, 2.0, is_spectating=1, spectator_car_index=255)
    assert car.rows == {}


def test_the_state_of_a_car_is_sent_as_bits() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    race(setup)
    flags = {}
    states = {
        "driven": {},
        "invalid": {"current_lap_invalid": 1},
        "pits": {"pit_status": 2, "driver_status": 2},
        "garage": {"driver_status": 0},
        "out": {"result_status": 7},
        "disqualified": {"result_status": 5},
        "finished": {"result_status": 3},
    }
    for at, (name, fields) in enumerate(states.items(), 1):
        drive(setup, at, 900, **fields)
        flags[name] = set(names_of(tower.rows["1"]["flags"])) - {"leader", "ai"}
    assert flags == {
        "driven": set(),
        "invalid": {"invalid"},
        "pits": {"pitting", "in_box", "in_lap"},
        "garage": {"in_garage"},
        "out": {"retired"},
        "disqualified": {"disqualified"},
        "finished": {"finished"},
    }
    assert tower.rows["1"]["gained"] == 2


def test_packets_of_another_session_are_not_shown() -> None:
    setup = RigSetup()
    car = setup.follow("car")
    race(setup)
    drive(setup, 1.0, 900)
    setup.send("car_telemetry", 1.0, cars={0: {"speed": 321}})
    assert car.rows["0"]["speed_kmh"] == 321
    setup.uid += 1
    race(setup)
    drive(setup, 1.0, 900)
    assert "0" not in car.rows or car.rows["0"]["speed_kmh"] is None


def test_numbers_that_are_not_finite_are_shown_as_unknown() -> None:
    setup = RigSetup()
    car = setup.follow("car")
    race(setup)
    drive(setup, 1.0, 900, lap_distance=math.nan)
    setup.send("car_telemetry", 1.0, cars={0: {"throttle": math.inf, "tyres_pressure": [math.nan] * 4}})
    row = car.rows["0"]
    assert (row["lap_distance_m"], row["throttle_pct"], row["tyre_pressure_fl_psi"]) == (None, None, None)


def test_a_driver_who_keeps_telemetry_private_has_no_known_tyres() -> None:
    setup = RigSetup()
    race(setup)
    drive(setup, 1.0, 900)
    setup.send("car_status", 1.0, cars={0: {"visual_tyre_compound": 16, "tyres_age_laps": 4}})
    rows = setup.follow("tower").rows
    assert [(rows[id_]["tyre"], rows[id_]["tyre_age"]) for id_ in "01"] == [("soft", 4), (None, None)]


# All rigs ----------------------------------------------------------------------------------------------


def test_the_rigs_view_has_the_rates_and_the_addresses_that_send_no_packets() -> None:
    setup = RigSetup()
    rigs = setup.follow("rigs")
    race(setup)
    for sixtieth in range(180):
        drive(setup, sixtieth / 60, 900)
        if sixtieth % 15 == 0:
            row = rigs.rows[RIG]
    setup.pipeline.feed(b"nonsense that is no packet", RIG, 5000, 20777, setup.now)
    setup.pipeline.feed(b"nonsense that is no packet", "10.0.0.9", 1, 20777, setup.now)
    assert abs(row["datagrams_per_s"] - 60) <= 3
    assert (rigs.rows[RIG]["rejected"], rigs.rows[RIG]["state"]) == (1, "live")
    assert rigs.facts == {"strays": [["10.0.0.9", 1, "unknown_format"]]}


def test_the_view_of_one_rig_has_only_its_row() -> None:
    setup = RigSetup()
    rigs, own = setup.follow("rigs"), setup.follow("rig")
    race(setup)
    setup.uid += 1
    setup.receive = lambda data: setup.pipeline.feed(data, "10.0.0.9", 5000, 20777, setup.now)  # type: ignore[assignment,method-assign]
    race(setup)
    assert {RIG, "10.0.0.9"} == set(rigs.rows)
    assert {RIG: rigs.rows[RIG]} == own.rows
    assert {} == own.facts


def test_datagrams_are_stored_only_while_a_view_needs_them() -> None:
    setup = RigSetup()
    race(setup)
    setup.send("motion", 1.0)
    assert set(setup.pipeline.taps.of(RIG)) == {"session"}
    map_view, car = setup.follow("map"), setup.follow("car")
    setup.send("motion", 1.1)
    assert set(setup.pipeline.taps.of(RIG)) == {"session", "motion"}
    map_view.leave()
    setup.send("motion", 1.2)
    assert set(setup.pipeline.taps.of(RIG)) == {"session", "motion"}
    car.leave()
    assert set(setup.pipeline.taps.of(RIG)) == {"session"}
    assert setup.pipeline.taps.watched == {}
