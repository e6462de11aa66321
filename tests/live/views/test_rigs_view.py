"""The view of all rigs shows each own car as its running order has it, but builds no running order."""

from __future__ import annotations

from typing import Any

import pytest

from f1timings.live.views.lap_data import NewestSession, lap_row
from f1timings.packets import Columns, decode, driver_status_name
from f1timings.simulator import TIMING_KINDS, Scenario, simulate
from f1timings.timing.lap_rows import LapReader
from f1timings.timing.order_keeper import OrderKeeper
from tests.live.counting import count_calls
from tests.live.rig_setup import RIG, RigSetup

LOOK_S = 0.25
ACTIVE = 2
# The kinds of packets that a row is read from.
SHOWN = TIMING_KINDS | {"car_status"}


def eventful(kind: Any, packet_format: int) -> Scenario:
    """A session in which every column of a row changes."""
    events: dict[str, Any] = {"pit_stops": 1, "penalties": 2, "retirements": 2} if kind == "race" else {}
    return Scenario(
        kind,
        packet_format,
        laps=2,
        cars=5,
        seed=5,
        rate_hz=20,
        track_id=17,
        flashbacks=1,
        kinds=SHOWN,
        **events,
    )


def newest_ms(setup: RigSetup) -> int:
    """The session time of the newest lap data."""
    return round(decode(setup.pipeline.taps.of(RIG)["lap_data"]).header.session_time * 1000)


def shown_in_order(setup: RigSetup) -> dict[str, Any]:
    """The own car's values in the running order, and in the newest lap data."""
    order, own = setup.pipeline.order(RIG), setup.pipeline.rigs[RIG].player_car_index
    assert order is not None
    (row,) = [row for row in order.rows if row.car_index == own]
    lap = lap_row(setup.pipeline.taps.of(RIG)["lap_data"], own)
    return {
        "session_id": order.session_id,
        "car_index": own,
        "participant": row.participant,
        "position": row.position,
        "lap": row.lap_number,
        "last_ms": row.last_lap_ms,
        "best_ms": row.best_lap_ms,
        "pit": row.pit_status,
        "sector": lap.sector,
        "sector1_ms": lap.sector1_ms,
        "sector2_ms": lap.sector2_ms,
        "is_invalid": lap.is_invalid,
        "driving": driver_status_name(setup.format, lap.driver_status),
    }


@pytest.mark.parametrize(
    ("packet_format", "kind"), [(2020, "race"), (2023, "time_trial"), (2025, "qualifying"), (2026, "race")]
)
def test_the_row_of_a_rig_equals_its_running_order_until_after_the_result(
    packet_format: int, kind: str
) -> None:
    setup = RigSetup(packet_format)
    rigs = setup.follow("rigs")
    due, compared, is_final = 0.0, 0, False
    for at, _rig, data in simulate(eventful(kind, packet_format)):
        setup.now = 1000.0 + at
        setup.receive(data)
        order = setup.pipeline.order(RIG) if at >= due else None
        # Right after a flashback, timing does not use lap data until it is clear what they belong to.
        if order is not None and order.rows and order.session_time_ms == newest_ms(setup):
            due = at + LOOK_S
            expected, row = shown_in_order(setup), rigs.rows[RIG]
            assert expected == {name: row[name] for name in expected}, at
            compared, is_final = compared + 1, is_final or order.is_final
    assert compared > 200
    assert is_final or kind == "time_trial"


def test_a_car_that_is_out_is_last_in_a_race() -> None:
    setup = RigSetup()
    rigs = setup.follow("rigs")
    setup.send("session", 0.0, session_type=15, track_id=11, track_length=5793)
    car = {"current_lap_num": 1, "result_status": ACTIVE}
    setup.send("lap_data", 0.1, cars={at: car | {"car_position": at + 1} for at in range(3)})
    assert 1 == rigs.rows[RIG]["position"]
    cars = {at: car | {"car_position": at + 1, "result_status": ACTIVE if at else 7} for at in range(3)}
    setup.send("lap_data", 0.2, cars=cars)
    assert 3 == rigs.rows[RIG]["position"]


def test_a_look_at_all_rigs_builds_no_order_and_reads_hardly_any_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orders, laps = count_calls(monkeypatch, OrderKeeper, "rows"), count_calls(monkeypatch, LapReader, "row")
    setup = RigSetup()
    rigs = setup.follow("rigs")
    scenario = Scenario("race", 2025, laps=3, cars=20, seed=1, rate_hz=20, track_id=17, kinds=SHOWN)
    looks, read, kept, before, due = 0, 0, 0, None, 100.0
    for at, _rig, data in simulate(scenario):
        setup.now = 1000.0 + at
        setup.receive(data)
        if at >= due:
            due, read_before = at + LOOK_S, len(laps)
            row = rigs.contents().rows[RIG]
            looks, read, kept = looks + 1, read + len(laps) - read_before, kept + (row is before)
            before = row
        if looks == 160:
            break
    assert (160, []) == (looks, orders)
    # The own car passes two sectors and a line in these 40 s; each overtake needs no row.
    assert 0 < read < 12
    # About every fourth row differs: the time left, and the time of the newest datagram.
    assert kept > 80


def test_a_look_without_news_decodes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = RigSetup()
    setup.simulate(
        Scenario("race", 2025, laps=2, cars=20, seed=1, rate_hz=20, track_id=17, kinds=SHOWN), 30.0
    )
    rigs = setup.follow("rigs")
    first = rigs.contents()
    decoded = [
        *(count_calls(monkeypatch, Columns, name) for name in ("rows", "flat")),
        count_calls(monkeypatch, NewestSession, "look"),
        count_calls(monkeypatch, LapReader, "row"),
    ]
    second = rigs.contents()
    assert [[], [], [], []] == decoded
    assert first.rows[RIG] is second.rows[RIG]


def test_the_view_of_all_rigs_lets_no_further_datagrams_be_stored() -> None:
    setup = RigSetup()
    rigs = setup.follow("rigs")
    setup.simulate(Scenario("race", 2025, laps=2, cars=4, seed=1, rate_hz=20, track_id=17), 10.0)
    assert rigs.rows[RIG]["tyre"] is not None
    assert {} == setup.pipeline.taps.watched
    assert "motion" not in setup.pipeline.taps.of(RIG)
