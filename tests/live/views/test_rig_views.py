"""The views of a rig show what its packets say, and whether that is still true."""

from __future__ import annotations

import math
from typing import Any

import pytest

from f1timings.live.views.flags import BIT, names_of
from f1timings.live.views.map import read_frame
from f1timings.packets import FORMATS, decode
from f1timings.simulator import Scenario
from tests.live.rooms import RIG, UID, Room

ACTIVE = 2


def race(room: Room, at: float = 0.0, **fields: Any) -> None:
    """The session packet of a race."""
    number = 10 if room.format < 2024 else 15
    told = {"session_type": number, "track_id": 11, "track_length": 5793, "total_laps": 14, **fields}
    room.send("session", at, **told)


def drive(room: Room, at: float, lap_ms: int, **more: Any) -> None:
    """Lap data of two cars."""
    clock = {"current_lap_time": lap_ms / 1000} if room.format == 2020 else {"current_lap_time_ms": lap_ms}
    car = {"current_lap_num": 1, "result_status": ACTIVE, "driver_status": 4, **clock, **more}
    cars = {0: car | {"car_position": 2}, 1: car | {"car_position": 1, "grid_position": 3}}
    room.send("lap_data", at, cars=cars)


def newest(room: Room, kind: str) -> Any:
    """The newest packet of a kind, read whole."""
    return decode(room.pipeline.taps.of(RIG)[kind]).body


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_views_show_what_the_packets_of_every_format_say(packet_format: int) -> None:
    room = Room(packet_format)
    tower, the_map, car, rigs = (room.follow(kind) for kind in ("tower", "map", "car", "rigs"))
    assert (tower.rows, the_map.rows, car.rows, rigs.rows) == ({}, {}, {}, {})
    room.simulate(Scenario("race", packet_format, laps=2, cars=6, seed=4, rate_hz=20, track_id=17), 90.0)

    order = room.pipeline.order(RIG)
    laps = newest(room, "lap_data").cars
    player = room.pipeline.rigs[RIG].player_car_index
    assert order is not None
    rows = tower.rows
    assert {str(row.car_index): (row.position, row.gap_ms) for row in order.rows} == {
        id_: (row["position"], row["gap_ms"]) for id_, row in rows.items()
    }
    assert {id_: row["lap"] for id_, row in rows.items()} == {
        id_: laps[int(id_)].current_lap_num for id_ in rows
    }
    assert {row["tyre"] for row in rows.values()} <= {"soft", "medium", "hard", "intermediate", "wet"}
    assert [id_ for id_, row in rows.items() if row["flags"] & BIT["own"]] == [str(player)]
    assert sum(bool(row["flags"] & BIT["leader"]) for row in rows.values()) == 1

    telemetry, (shown,) = newest(room, "car_telemetry").cars[player], car.rows.values()
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
    assert shown["driver"] == f"who sits at {RIG}"

    assert the_map.rows[str(player)]["participant"] == rows[str(player)]["participant"]
    assert rigs.rows[RIG]["lap_start_ms"] == rows[str(player)]["lap_start_ms"] is not None


@pytest.mark.parametrize("name", ["tower", "map", "car", "rigs"])
@pytest.mark.parametrize("packet_format", FORMATS)
def test_values_are_of_the_types_that_their_columns_have(packet_format: int, name: str) -> None:
    room = Room(packet_format)
    view = room.follow(name)
    room.simulate(Scenario("race", packet_format, laps=2, cars=3, seed=4, rate_hz=20, track_id=17), 20.0)
    kind = room.hub.kinds[name]
    told = [(column, row[column.name]) for row in view.rows.values() for column in kind.columns]
    told += [(fact, view.facts[fact.name]) for fact in kind.facts]
    types = {"text": str, "int": int, "float": float, "bool": bool, "flags": int, "list": list}
    assert [] == [
        (column.name, value)
        for column, value in told
        if value is not None and type(value) is not types[column.type]
    ]
    assert sum(value is not None for _column, value in told) > len(kind.columns) / 2


@pytest.mark.parametrize("packet_format", FORMATS)
def test_a_frame_of_the_map_says_what_the_packets_say(packet_format: int) -> None:
    room = Room(packet_format)
    the_map = room.follow("map")
    assert the_map.frame() is None
    room.simulate(Scenario("race", packet_format, laps=2, cars=6, seed=4, rate_hz=20, track_id=17), 30.0)
    body = the_map.frame()
    assert body is not None
    frame = read_frame(body)
    motion, laps = newest(room, "motion").cars, newest(room, "lap_data").cars
    assert (frame.version, frame.channel, frame.number) == (1, 7, 3)
    assert [(one.car, one.x, one.z, one.lap_distance_m, one.position) for one in frame.cars] == [
        (at, motion[at].world_position_x, motion[at].world_position_z, lap.lap_distance, lap.car_position)
        for at, lap in enumerate(laps)
        if lap.result_status >= ACTIVE
    ]
    assert {one.car for one in frame.cars if one.flags & BIT["own"]} == {
        room.pipeline.rigs[RIG].player_car_index
    }
    assert len(body) == 16 + 16 * len(frame.cars)
    assert the_map.frame() is None  # nothing has come since


def test_a_frame_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        read_frame(b"\x02" + bytes(15))
    with pytest.raises(ValueError, match="version"):
        read_frame(b"\x01\x01" + bytes(14))


def test_a_car_whose_place_is_not_known_has_none() -> None:
    room = Room()
    the_map = room.follow("map")
    race(room)
    drive(room, 1.0, 900, lap_distance=12.5)
    room.send("motion", 1.0, cars={1: {"world_position_x": 5.0}})
    body = the_map.frame()
    assert body is not None
    first, second = read_frame(body).cars
    assert math.isnan(first.x)
    assert math.isnan(first.z)
    assert (second.x, second.z, second.lap_distance_m) == (5.0, 0.0, 12.5)


# Whether it is still true ------------------------------------------------------------------------------


def test_a_rig_that_was_never_heard_is_waited_for() -> None:
    facts = Room().follow("tower").facts
    assert facts.pop("state") == "waiting"
    assert set(facts.values()) == {None}


def test_a_rig_that_falls_silent_is_stale_and_then_offline_and_its_clock_stands() -> None:
    room = Room()
    tower = room.follow("tower")
    race(room)
    for tenth in range(20):
        drive(room, tenth / 10, tenth * 100)
    seen = []
    for silent_s in (0.0, 1.9, 2.1, 9.9, 10.1):
        room.now = 1001.9 + silent_s
        facts = tower.facts
        seen.append((facts["state"], facts["clock_zero_ms"], facts["clock_stands_at_ms"]))
    assert seen == [
        ("live", 1_000_000, None),
        ("live", 1_000_000, None),
        ("stale", None, 1900),
        ("stale", None, 1900),
        ("offline", None, 1900),
    ]
    assert tower.facts["heard_at_ms"] == 1_001_900


def test_while_a_rig_sends_the_facts_hardly_change() -> None:
    room = Room()
    tower = room.follow("tower")
    race(room)
    changes = 0
    before: dict[str, Any] = {}
    for tenth in range(100):
        drive(room, tenth / 10 + (tenth % 3) / 100, tenth * 100 + 7)
        changes += (now := tower.facts) != before
        before = now
    assert changes <= 12  # once a second, that it was heard


def test_the_clock_of_a_game_that_sends_but_stands_is_told_to_stand() -> None:
    room = Room()
    tower = room.follow("tower")
    race(room)
    drive(room, 5.0, 900)
    assert tower.facts["clock_zero_ms"] == 1_000_000
    race(room, 5.0, game_paused=1)
    for tenth in range(1, 10):
        room.now = 1005.0 + tenth / 10
        drive(room, 5.0, 900)
        facts = tower.facts
    assert (facts["is_paused"], facts["clock_zero_ms"], facts["clock_stands_at_ms"]) == (True, None, 5000)


def test_a_lap_begins_when_its_clock_says_and_that_stays() -> None:
    room = Room()
    tower = room.follow("tower")
    race(room)
    starts = []
    for tenth in range(10, 40):
        drive(room, tenth / 10, tenth * 100 - 800 + tenth % 3)
        starts.append(tower.rows["0"]["lap_start_ms"])
    assert set(starts) == {starts[0]}
    assert abs(starts[0] - 800) <= 2
    drive(room, 4.5, 100)
    assert tower.rows["0"]["lap_start_ms"] == 4400
    drive(room, 4.6, 100)
    assert tower.rows["0"]["lap_start_ms"] is None  # its clock stands


@pytest.mark.parametrize(
    ("told", "expected"),
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
def test_the_flag_is_the_one_that_counts_most(told: dict[str, Any], expected: str) -> None:
    room = Room()
    race(room, **told)
    drive(room, 1.0, 900)
    assert room.follow("tower").facts["flag"] == expected


def test_red_and_chequered_flags_come_with_events_and_a_start_takes_them_back() -> None:
    room = Room()
    tower = room.follow("tower")
    race(room)
    drive(room, 1.0, 900)
    seen = []
    for second, code in enumerate((b"RDFL", b"LGOT", b"CHQF", b"SSTA"), 2):
        room.send("event", second, code=code)
        drive(room, second, 900)
        seen.append(tower.facts["flag"])
    assert seen == ["red", "green", "chequered", "green"]


def test_the_session_is_told_in_the_words_of_the_api() -> None:
    room = Room()
    race(room, session_time_left=4012, weather=3)
    drive(room, 1.0, 900)
    facts = room.follow("car").facts
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


def test_while_a_rig_spectates_its_car_is_the_one_that_it_watches() -> None:
    room = Room()
    car, tower = room.follow("car"), room.follow("tower")
    race(room, is_spectating=1, spectator_car_index=1)
    drive(room, 1.0, 900)
    assert list(car.rows) == ["1"]
    assert [id_ for id_, row in tower.rows.items() if "own" in names_of(row["flags"])] == ["1"]
    race(room, 2.0, is_spectating=1, spectator_car_index=255)
    assert car.rows == {}


def test_what_the_game_says_of_a_car_is_told_in_bits() -> None:
    room = Room()
    tower = room.follow("tower")
    race(room)
    seen = {}
    states = {
        "driven": {},
        "invalid": {"current_lap_invalid": 1},
        "pits": {"pit_status": 2, "driver_status": 2},
        "garage": {"driver_status": 0},
        "out": {"result_status": 7},
        "disqualified": {"result_status": 5},
        "finished": {"result_status": 3},
    }
    for at, (name, told) in enumerate(states.items(), 1):
        drive(room, at, 900, **told)
        seen[name] = set(names_of(tower.rows["1"]["flags"])) - {"leader", "ai"}
    assert seen == {
        "driven": set(),
        "invalid": {"invalid"},
        "pits": {"pitting", "in_box", "in_lap"},
        "garage": {"in_garage"},
        "out": {"retired"},
        "disqualified": {"disqualified"},
        "finished": {"finished"},
    }
    assert tower.rows["1"]["gained"] == 2


def test_what_another_session_sent_is_not_shown_with_this_one() -> None:
    room = Room()
    car = room.follow("car")
    race(room)
    drive(room, 1.0, 900)
    room.send("car_telemetry", 1.0, cars={0: {"speed": 321}})
    assert car.rows["0"]["speed_kmh"] == 321
    room.uid += 1
    race(room)
    drive(room, 1.0, 900)
    assert "0" not in car.rows or car.rows["0"]["speed_kmh"] is None


def test_numbers_that_are_none_are_unknown() -> None:
    room = Room()
    car = room.follow("car")
    race(room)
    drive(room, 1.0, 900, lap_distance=math.nan)
    room.send("car_telemetry", 1.0, cars={0: {"throttle": math.inf, "tyres_pressure": [math.nan] * 4}})
    row = car.rows["0"]
    assert (row["lap_distance_m"], row["throttle_pct"], row["tyre_pressure_fl_psi"]) == (None, None, None)


def test_a_driver_who_keeps_telemetry_private_has_no_known_tyres() -> None:
    room = Room()
    race(room)
    drive(room, 1.0, 900)
    room.send("car_status", 1.0, cars={0: {"visual_tyre_compound": 16, "tyres_age_laps": 4}})
    rows = room.follow("tower").rows
    assert [(rows[id_]["tyre"], rows[id_]["tyre_age"]) for id_ in "01"] == [("soft", 4), (None, None)]


# All rigs ----------------------------------------------------------------------------------------------


def test_the_rigs_say_how_fast_they_send_and_who_sends_only_rubbish() -> None:
    room = Room()
    rigs = room.follow("rigs")
    race(room)
    for sixtieth in range(180):
        drive(room, sixtieth / 60, 900)
        if sixtieth % 15 == 0:
            row = rigs.rows[RIG]
    room.pipeline.feed(b"nonsense that is no packet", RIG, 5000, 20777, room.now)
    room.pipeline.feed(b"nonsense that is no packet", "10.0.0.9", 1, 20777, room.now)
    assert abs(row["datagrams_per_s"] - 60) <= 3
    assert (rigs.rows[RIG]["rejected"], rigs.rows[RIG]["state"]) == (1, "live")
    assert rigs.facts == {"strays": [["10.0.0.9", 1, "unknown_format"]]}


def test_datagrams_that_nobody_looks_at_are_not_kept() -> None:
    room = Room()
    race(room)
    room.send("motion", 1.0)
    assert set(room.pipeline.taps.of(RIG)) == {"session"}
    the_map, car = room.follow("map"), room.follow("car")
    room.send("motion", 1.1)
    assert set(room.pipeline.taps.of(RIG)) == {"session", "motion"}
    the_map.leave()
    room.send("motion", 1.2)
    assert set(room.pipeline.taps.of(RIG)) == {"session", "motion"}
    car.leave()
    assert set(room.pipeline.taps.of(RIG)) == {"session"}
    assert room.pipeline.taps.watched == {}
