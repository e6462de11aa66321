"""The tower shows the race as it is: compared with the simulator's truth, and with every look built again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from f1timings.live.fanout import sheet as sheet_module
from f1timings.live.fanout.sheet import Sheet
from f1timings.live.views.flags import names_of
from f1timings.live.views.rows.marks import SessionMarks, TimedCar
from f1timings.packets import CAR_SLOTS, FORMATS, Columns, decode, layout_of
from f1timings.simulator import TIMING_KINDS, Scenario, simulate
from f1timings.timing.car_places import CarPlaces
from f1timings.timing.order_keeper import OrderKeeper
from f1timings.timing.running_order import LapSummary, OrderReader, OrderRow
from tests.live.counting import count_calls
from tests.live.rig_setup import RIG, Followed, RigSetup

LOOK_S = 0.125
ACTIVE, FINISHED, DISQUALIFIED, RETIRED = 2, 3, 5, 7
Rows = dict[str, dict[str, Any]]


def eventful_race(packet_format: int, cars: int, **facts: Any) -> Scenario:
    """A race with everything that a tower shows."""
    defaults: dict[str, Any] = {
        "laps": 4,
        "penalties": 4,
        "retirements": 2,
        "pit_stops": 1,
        "invalid_laps": 3,
        "flashbacks": 1,
        "kinds": TIMING_KINDS | {"car_status"},
    }
    return Scenario("race", packet_format, cars=cars, seed=5, rate_hz=20, track_id=17, **(defaults | facts))


class Look:
    """One look at a tower, and the lap data at that moment."""

    def __init__(self, at: float, rows: Rows, cars: Any) -> None:
        self.at = at
        self.rows = rows
        self.cars = cars

    @property
    def order(self) -> list[str]:
        return sorted(self.rows, key=lambda id_: self.rows[id_]["position"])


def watch(scenario: Scenario, every_s: float = 1.0) -> tuple[list[Look], dict[str, Any]]:
    """Look at the tower of a simulated session again and again; return the looks, and the truth."""
    setup = RigSetup(scenario.format)
    tower = setup.follow("tower")
    simulation = simulate(scenario)
    looks, due = [], 0.0
    for at, _rig, data in simulation:
        setup.now = 1000.0 + at
        setup.receive(data)
        newest = setup.pipeline.taps.of(RIG).get("lap_data")
        if at >= due and newest is not None:
            due = at + every_s
            looks.append(Look(at, tower.rows, decode(newest).body.cars))
    looks.append(Look(due, tower.rows, decode(setup.pipeline.taps.of(RIG)["lap_data"]).body.cars))
    (session,) = simulation.truth["sessions"]
    return looks, session


@pytest.mark.parametrize(("packet_format", "cars"), [(year, 20 if year % 2 else 22) for year in FORMATS])
def test_a_race_on_the_tower_is_the_race_that_was_driven(packet_format: int, cars: int) -> None:
    looks, truth = watch(eventful_race(packet_format, cars))
    entries = truth["classification"]
    final = looks[-1]

    assert [str(entry["car_index"]) for entry in entries] == final.order
    assert len(final.rows) == cars == len(entries)
    names = {str(car["car_index"]): car["name"] for car in truth["participants"]}
    assert {id_: row["participant"] for id_, row in final.rows.items()} == names
    for entry in entries:
        row = final.rows[str(entry["car_index"])]
        flags = names_of(row["flags"])
        assert (row["penalties_s"], row["best_ms"]) == (entry["penalties_s"], entry["best_lap_ms"])
        assert ("retired" in flags, "finished" in flags) == (
            entry["status"] == "retired",
            entry["status"] == "finished",
        )
        if packet_format > 2020 and entry["status"] == "finished":
            assert row["stops"] == final.cars[entry["car_index"]].num_pit_stops >= 1
    assert sum(entry["status"] == "retired" for entry in entries) == 2
    names_of_penalties = ("penalties_s", "drive_throughs", "stop_gos", "warnings")
    assert any(row[name] for look in looks for row in look.rows.values() for name in names_of_penalties)
    assert_laps_are_true(final, truth)
    assert_overtakes_are_seen(looks)


def assert_laps_are_true(final: Look, truth: dict[str, Any]) -> None:
    """Last laps, their sectors and all marks, of the cars that finished."""
    laps = [lap for lap in truth["laps"] if lap["state"] == "completed"]
    sectors = [f"sector{number}_ms" for number in (1, 2, 3)]
    valid = [lap for lap in laps if lap["is_valid"]]
    fastest = {name: min(lap[name] for lap in valid) for name in (*sectors, "lap_time_ms")}
    checked = 0
    for id_, row in final.rows.items():
        own = [lap for lap in laps if str(lap["car_index"]) == id_]
        if not own or "finished" not in names_of(row["flags"]):
            continue
        last = max(own, key=lambda lap: lap["lap_number"])
        counting = [lap for lap in own if lap["is_valid"]]
        assert row["last_ms"] == last["lap_time_ms"]
        assert [row[f"last_{name}"] for name in sectors] == [last[name] for name in sectors]
        shown = [row[f"sector{number}_mark"] for number in (1, 2, 3)]
        expected = [mark_of(last, counting, fastest, name) for name in (*sectors, "lap_time_ms")]
        assert [*shown, row["last_mark"]] == expected
        assert row["is_fastest"] == (row["best_ms"] == fastest["lap_time_ms"])
        checked += 1
    assert checked > 10


def mark_of(last: dict[str, Any], counting: list[dict[str, Any]], fastest: dict[str, int], name: str) -> str:
    if not last["is_valid"]:
        return "invalid"
    if last[name] == fastest[name]:
        return "best"
    return "personal" if last[name] == min(lap[name] for lap in counting) else "slower"


def assert_overtakes_are_seen(looks: list[Look]) -> None:
    """While the race is driven, the order is that of the game, with the cars that are out at the bottom."""
    before: list[str] = []
    overtakes = 0
    for look in looks:
        if any(car.result_status == FINISHED for car in look.cars):
            break
        driving = [
            (car.car_position, str(at)) for at, car in enumerate(look.cars) if car.result_status == ACTIVE
        ]
        order = [id_ for _, id_ in sorted(driving)]
        assert order == look.order[: len(order)]
        assert all("retired" in names_of(look.rows[id_]["flags"]) for id_ in look.order[len(order) :])
        overtakes += bool(before) and before != order
        before = order
    assert overtakes > 5


@pytest.mark.parametrize("packet_format", [2020, 2023, 2026])
def test_a_qualifying_on_the_tower_is_the_one_that_was_driven(packet_format: int) -> None:
    scenario = Scenario("qualifying", packet_format, laps=2, cars=8, seed=3, rate_hz=20, track_id=17)
    looks, truth = watch(scenario, every_s=5.0)
    entries, final = truth["classification"], looks[-1]
    assert [str(entry["car_index"]) for entry in entries] == final.order
    bests = [entry["best_lap_ms"] for entry in entries]
    assert [final.rows[id_]["best_ms"] for id_ in final.order] == bests
    assert [final.rows[id_]["gap_ms"] for id_ in final.order] == [best and best - bests[0] for best in bests]
    assert [id_ for id_ in final.order if final.rows[id_]["is_fastest"]] == final.order[:1]
    assert {row["gained"] for row in final.rows.values()} == {None}
    assert any("out_lap" in names_of(row["flags"]) for look in looks for row in look.rows.values())


def test_a_pit_stop_is_seen_with_its_new_tyres() -> None:
    looks, _ = watch(eventful_race(2025, 6, retirements=0, flashbacks=0, kinds=None))
    seen = {
        id_: [
            (row["stops"], row["tyre_age"], "pitting" in names_of(row["flags"]))
            for look in looks
            for row in [look.rows[id_]]
        ]
        for id_ in looks[0].rows
    }
    assert len(seen) == 6
    for states in seen.values():
        assert any(is_in for _, _, is_in in states)
        first = next(at for at, (stops, _, is_in) in enumerate(states) if stops == 1 and not is_in)
        ages = [age for _, age, _ in states]
        assert ages[first] < max(age for age in ages[:first] if age is not None)


# Built again only where something changed ---------------------------------------------------------------


@pytest.mark.parametrize("packet_format", [2020, 2022, 2025, 2026])
def test_every_look_equals_a_tower_that_is_built_anew(packet_format: int) -> None:
    """After flashbacks, pit stops and retirements, whatever was kept is still right."""
    scenario = eventful_race(packet_format, 6, laps=3, kinds=None, flashbacks=2, pauses=1)
    setup = RigSetup(packet_format)
    tower = setup.follow("tower")
    due, compared = 0.0, 0
    for at, _rig, data in simulate(scenario):
        setup.now = 1000.0 + at
        setup.receive(data)
        if at < due:
            continue
        due = at + LOOK_S * 5
        kept = without_starts(tower.rows)
        forget_order(setup)
        assert kept == without_starts(setup.follow("tower").rows)
        compared += bool(kept)
    assert compared > 200


def without_starts(rows: Rows) -> Rows:
    """The rows without the starts of laps, which follow from two looks."""
    return {id_: row | {"lap_start_ms": None} for id_, row in rows.items()}


def forget_order(setup: RigSetup) -> None:
    """Let the next order be built from nothing."""
    engine: Any = setup.pipeline._engines.get(RIG)
    if engine is None or engine._current is None:
        return
    cars = engine._current.cars
    old: OrderKeeper = cars._order
    cars._order = OrderKeeper(
        cars._reader,
        CarPlaces(cars._reader, OrderReader(layout_of(old._format, "lap_data"))),
        gaps=cars._gaps,
        packet_format=old._format,
        cars=cars._cars,
    )
    cars._summaries.clear()
    source: Any = setup.hub.kinds["tower"].build_source(RIG)
    source.contents.__self__._source._orders._cached.clear()


def driving(setup: RigSetup, tower: Followed, looks: int) -> int:
    """Look at a race of 22 cars that drive; return the rows that were built again."""
    simulation = iter(simulate(Scenario("race", 2025, laps=3, cars=22, seed=1, track_id=17)))
    rebuilt, before, due = 0, dict(tower.contents().rows), 100.0
    for at, _rig, data in simulation:
        setup.now = 1000.0 + at
        setup.receive(data)
        if at >= due:
            due += LOOK_S
            rows = dict(tower.contents().rows)
            if looks and before:
                rebuilt += sum(rows[id_] is not before.get(id_) for id_ in rows)
            before = rows
            looks -= 1
        if not looks:
            return rebuilt
    raise AssertionError("the race is too short")


def test_a_look_decodes_only_columns_that_changed_and_builds_few_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoded = count_calls(monkeypatch, Columns, "rows")
    setup = RigSetup()
    rebuilt = driving(setup, setup.follow("tower"), looks=160)
    # Of 3,520 rows: a car gets another gap about every 1.3 seconds, and a sector time three times a lap.
    assert 100 < rebuilt < 480
    # Lap data and tyres change for some car at every fifth look, the flaps a little more often.
    assert len(decoded) < 160


def test_while_nobody_looks_no_order_and_no_row_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    built = count_calls(monkeypatch, OrderKeeper, "rows")
    setup = RigSetup()
    setup.simulate(Scenario("race", 2025, laps=2, cars=6, seed=4, rate_hz=20, track_id=17), 60.0)
    assert built == []
    setup.follow("tower").contents()
    assert len(built) == 1


def test_a_snapshot_of_a_full_race_stays_small_and_encodes_only_rows_that_changed() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    driving(setup, tower, looks=4)
    sheet = Sheet(f"tower:{RIG}", setup.hub.kinds["tower"].columns, "5f0a91c2.4")
    contents = tower.contents()
    sheet.apply(contents)
    first = sheet.snapshot(1.0).payload
    assert 22 == len(json.loads(first)["snapshot"]["rows"])
    # 240 bytes for each car, the columns and the facts: a further column for each car costs about 100.
    assert len(first) < 5_300
    encoded: list[object] = []
    encode = sheet_module._encode
    with pytest.MonkeyPatch.context() as patch:

        def noted(value: object) -> bytes:
            encoded.append(value)
            return encode(value)

        patch.setattr(sheet_module, "_encode", noted)
        rows = dict(contents.rows)
        rows["3"] = (99, *rows["3"][1:])
        sheet.apply(contents._replace(rows=rows))
        second = json.loads(sheet.snapshot(1.0).payload)
    assert [("3", *rows["3"])] == encoded
    assert rows == {id_: tuple(cells) for id_, *cells in second["snapshot"]["rows"]}
    assert dict(contents.facts) == second["snapshot"]["facts"]


# Marks -------------------------------------------------------------------------------------------------


def order_row(
    car: int, summary: LapSummary, sectors: tuple[int | None, int | None] = (None, None)
) -> OrderRow:
    return OrderRow(
        1, car, None, 2, None, None, None, summary.last_ms, summary.best_ms, None, None, sectors, summary
    )


def marks_of(rows: dict[OrderRow, bool]) -> list[tuple[Any, ...]]:
    """The marks of cars; True for a car whose current lap is invalid."""
    marks = SessionMarks()
    marks.look({row.car_index: TimedCar.of(row, invalid) for row, invalid in rows.items()})
    found = [marks.of(row.car_index)[1] for row in rows]
    return [(*mark.sectors, mark.last, mark.is_fastest) for mark in found]


LAP = LapSummary(
    best_ms=90_000,
    best_sectors_ms=(30_000, 30_000, 30_000),
    last_ms=90_000,
    last_sectors_ms=(30_000, 30_000, 30_000),
    is_last_valid=True,
)
SLOWER_LAP = LapSummary(
    best_ms=91_000,
    best_sectors_ms=(30_000, 30_500, 30_500),
    last_ms=92_000,
    last_sectors_ms=(31_000, 30_500, 30_500),
    is_last_valid=True,
)


def test_the_fastest_time_is_best_the_own_best_is_personal_and_others_are_slower() -> None:
    assert marks_of({order_row(0, LAP): False, order_row(1, SLOWER_LAP): False}) == [
        ("best", "best", "best", "best", True),
        ("slower", "personal", "personal", "slower", False),
    ]


def test_a_faster_sector_of_the_current_lap_takes_the_mark_from_the_car_that_had_it() -> None:
    rows = {order_row(0, LAP): False, order_row(1, SLOWER_LAP, (29_000, None)): False}
    assert [marks[0] for marks in marks_of(rows)] == ["personal", "best"]


def test_no_sector_of_an_invalid_lap_is_best() -> None:
    rows = {order_row(0, LAP): False, order_row(1, SLOWER_LAP, (29_000, None)): True}
    assert [marks[0] for marks in marks_of(rows)] == ["best", "invalid"]


def test_a_last_lap_that_did_not_count_is_invalid() -> None:
    rows = {order_row(0, LAP._replace(is_last_valid=False, best_ms=None)): False}
    assert marks_of(rows)[0][3:] == ("invalid", False)


def test_sectors_of_another_lap_than_the_last_one_are_not_shown() -> None:
    row = order_row(0, LAP)._replace(last_lap_ms=88_000)
    assert marks_of({row: False})[0][:4] == (None, None, None, None)


def test_a_car_that_leaves_gives_its_marks_back() -> None:
    marks = SessionMarks()
    rows = {0: order_row(0, LAP), 1: order_row(1, SLOWER_LAP)}
    marks.look({car: TimedCar.of(row, False) for car, row in rows.items()})
    assert marks.look({0: None}) == {0, 1}
    assert marks.of(1)[1].is_fastest


# Odd sessions ------------------------------------------------------------------------------------------


def race(setup: RigSetup, at: float = 0.0, **fields: Any) -> None:
    """Send the session packet of a race."""
    number = 10 if setup.format < 2024 else 15
    setup.send(
        "session",
        at,
        **({"session_type": number, "track_id": 11, "track_length": 5793, "total_laps": 50} | fields),
    )


def drive(setup: RigSetup, at: float, cars: dict[int, dict[str, Any]], **fields: Any) -> None:
    """Send lap data; the cars are in the order of the dictionary unless they say otherwise."""
    common = {"current_lap_num": 1, "result_status": ACTIVE, "driver_status": 4} | fields
    ranked = {
        slot: {"car_position": place} | common | car for place, (slot, car) in enumerate(cars.items(), 1)
    }
    setup.send("lap_data", at, cars=ranked)


@pytest.mark.parametrize("packet_format", [2020, 2025, 2026])
def test_one_car_and_a_full_grid(packet_format: int) -> None:
    for cars in (1, CAR_SLOTS[packet_format]):
        setup = RigSetup(packet_format)
        tower = setup.follow("tower")
        race(setup)
        drive(setup, 1.0, {slot: {} for slot in range(cars)})
        rows = tower.rows
        assert [row["position"] for row in rows.values()] == list(range(1, cars + 1))
        assert rows["0"]["interval_ms"] is None


def test_after_joining_on_lap_30_nothing_is_known_that_was_not_sent() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    race(setup)
    drive(setup, 2500.0, {0: {}, 1: {}}, current_lap_num=30, last_lap_time_ms=91_234, lap_distance=100.0)
    row = tower.rows["1"]
    assert (row["lap"], row["last_ms"], row["best_ms"], row["is_fastest"]) == (30, 91_234, None, False)
    assert [row[name] for name in ("last_mark", "last_sector1_ms", "sector1_mark", "tyre", "person")] == [
        None
    ] * 5


def test_a_disqualified_and_a_retired_car_are_at_the_bottom_and_a_flashback_brings_them_back() -> None:
    setup = RigSetup(2022)
    tower = setup.follow("tower")
    race(setup)
    drive(setup, 50.0, {0: {}, 1: {}, 2: {}})
    out = {0: {"result_status": DISQUALIFIED}, 1: {}, 2: {"result_status": RETIRED}}
    drive(setup, 60.0, out)
    rows = tower.rows
    assert {id_: row["position"] for id_, row in rows.items()} == {"0": 2, "1": 1, "2": 3}
    assert [names_of(rows[id_]["flags"]) for id_ in "02"] == [("own", "disqualified"), ("retired",)]
    setup.send("event", 60.0, code=b"FLBK", details=(3100).to_bytes(4, "little") + bytes(4))
    drive(setup, 51.7, {0: {}, 1: {}, 2: {}})
    assert [tower.rows[id_]["position"] for id_ in "012"] == [1, 2, 3]


def test_warnings_and_unserved_penalties_are_shown_where_the_format_has_them() -> None:
    fields = {
        "penalties": 5,
        "total_warnings": 3,
        "corner_cutting_warnings": 2,
        "num_unserved_drive_through_pens": 1,
        "num_unserved_stop_go_pens": 0,
    }
    names = ("penalties_s", "warnings", "track_limits", "drive_throughs", "stop_gos")
    lacking = {2020: list(fields)[1:], 2022: ["corner_cutting_warnings"], 2023: []}
    shown = {}
    for packet_format, absent in lacking.items():
        setup = RigSetup(packet_format)
        race(setup)
        drive(setup, 1.0, {0: {name: value for name, value in fields.items() if name not in absent}})
        row = setup.follow("tower").rows["0"]
        shown[packet_format] = [row[name] for name in names]
    assert shown == {2020: [5, None, None, None, None], 2022: [5, 3, None, 1, 0], 2023: [5, 3, 2, 1, 0]}


@pytest.mark.parametrize(
    ("telemetry", "allowed", "expected"),
    [({"drs": 1}, 1, "open"), ({"drs": 0}, 1, "allowed"), ({"drs": 0}, 0, "closed")],
)
def test_the_drs_flap(telemetry: dict[str, int], allowed: int, expected: str) -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    race(setup)
    drive(setup, 1.0, {0: {}})
    assert [None, None] == [tower.rows["0"][name] for name in ("wing", "is_overtaking")]
    setup.send("car_telemetry", 1.0, cars={0: telemetry})
    setup.send("car_status", 1.0, cars={0: {"drs_allowed": allowed}})
    assert [expected, None] == [tower.rows["0"][name] for name in ("wing", "is_overtaking")]


def test_the_active_aero_of_2026_and_the_drs_of_a_car_without_it() -> None:
    setup = RigSetup(2026)
    tower = setup.follow("tower")
    race(setup)
    drive(setup, 1.0, {0: {}, 1: {}})
    setup.send("car_telemetry", 1.0, cars={1: {"drs": 1}})
    setup.send("car_status", 1.0)
    aero = {"active_aero_mode": 1, "overtake_active": 1, "regulations_2026": 1}
    setup.send("car_telemetry_2", 1.0, cars={0: aero})
    shown = [(tower.rows[id_]["wing"], tower.rows[id_]["is_overtaking"]) for id_ in "01"]
    assert shown == [("open", True), ("open", None)]


def test_the_tower_says_what_kind_of_session_it_is() -> None:
    kinds = {}
    for number in (1, 8, 11, 15, 18, 0):
        setup = RigSetup()
        tower = setup.follow("tower")
        race(setup, session_type=number)
        drive(setup, 1.0, {0: {}})
        kinds[number] = tower.facts["session_kind"]
    assert kinds == {
        1: "practice",
        8: "qualifying",
        11: "qualifying",
        15: "race",
        18: "time trial",
        0: None,
    }
