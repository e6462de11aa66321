"""The running order: gaps and intervals are measured at the same points of the track, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from f1timings.packets import FORMATS
from f1timings.simulator import TIMING_KINDS
from f1timings.timing.records import LapState
from f1timings.timing.running_order import OrderRow, RunningOrder
from tests.timing.stories import Game, Story, play, scenario

LENGTH_M = 5000.0
RATE_HZ = 20
FINISHED, DISQUALIFIED, RETIRED = 3, 5, 7


class Race:
    """Cars at constant speeds on a track of 5 km; each is some seconds behind the first."""

    def __init__(self, **behind_s: float) -> None:
        self.game = Game()
        self.behind = dict(enumerate(behind_s.values()))
        self.speed = dict.fromkeys(self.behind, 50.0)
        self.facts: dict[int, dict[str, Any]] = {slot: {} for slot in self.behind}
        self.game.feed(self.game.session(self.game.header(0.0, frame=1)))

    def drive(self, from_s: float, to_s: float, hz: int = 20) -> Race:
        for tick in range(round(from_s * hz), round(to_s * hz) + 1):
            at_s = tick / hz
            cars = {slot: self._car(slot, at_s) | self.facts[slot] for slot in self.behind}
            self.game.feed(self.game.laps(self.game.header(at_s), cars))
        self.game.at_s = to_s
        return self

    def _car(self, slot: int, at_s: float) -> dict[str, Any]:
        driven_m = (at_s - self.behind[slot]) * self.speed[slot]
        laps, distance = divmod(driven_m, LENGTH_M)
        if laps < 0:
            return {"current_lap_num": 1, "lap_distance": driven_m, "current_lap_time_ms": round(at_s * 1000)}
        clock = distance / self.speed[slot] if laps else at_s
        return {
            "current_lap_num": int(laps) + 1,
            "lap_distance": distance,
            "current_lap_time_ms": round(clock * 1000),
        }

    def order(self) -> RunningOrder:
        order = self.game.engine.order()
        assert order is not None
        return order

    def rows(self) -> list[OrderRow]:
        return list(self.order().rows)


def test_a_gap_is_the_time_between_two_cars_at_the_same_point() -> None:
    rows = Race(first=0.0, second=1.5, third=4.25).drive(0.0, 60.0).rows()
    assert [1, 2, 3] == [row.position for row in rows]
    assert [0, 1500, 4250] == [pytest.approx(row.gap_ms, abs=2) for row in rows]
    assert [None, 1500, 2750] == [row.interval_ms and pytest.approx(row.interval_ms, abs=2) for row in rows]
    assert [0, 0, 0] == [row.laps_down for row in rows]


def test_before_the_first_point_there_is_no_gap() -> None:
    rows = Race(first=0.0, second=1.0).drive(0.0, 1.0).rows()
    assert [(None, None, None)] * 2 == [(row.gap_ms, row.interval_ms, row.laps_down) for row in rows]


def test_a_track_of_unknown_length_has_points_too() -> None:
    race = Race(first=0.0, second=2.0)
    race.game.feed(race.game.session(race.game.header(0.0, frame=2), track_length=0))
    assert [0, 2000] == [pytest.approx(row.gap_ms, abs=2) for row in race.drive(0.0, 150.0).rows()]


def test_a_lapped_car_is_a_lap_down_and_its_gap_is_measured_in_its_own_lap() -> None:
    race = Race(first=0.0, second=0.0)
    race.speed[1] = 25.0
    first, second = race.drive(0.0, 250.0).rows()
    assert (0, 1) == (first.laps_down, second.laps_down)
    # The second car passed its newest point, at 6,200 m, after 248 s; the first car after 124 s.
    assert second.gap_ms == pytest.approx(124_000, abs=1_010)


def test_a_retired_car_sinks_to_the_bottom_and_has_no_gap() -> None:
    race = Race(first=0.0, second=1.0, third=3.0).drive(0.0, 30.0)
    race.facts[1] = {"result_status": RETIRED, "car_position": 2}
    first, second, third = race.drive(30.05, 40.0).rows()
    assert [(1, 0), (2, 2), (3, 1)] == [(row.position, row.car_index) for row in (first, second, third)]
    assert (None, None, None, "retired") == (
        third.gap_ms,
        third.interval_ms,
        third.laps_down,
        third.result_status,
    )
    assert [pytest.approx(3000, abs=2)] * 2 == [second.gap_ms, second.interval_ms]
    assert 0 == first.gap_ms


def test_of_two_cars_that_are_out_the_game_decides_which_is_ahead() -> None:
    race = Race(first=0.0, second=1.0, third=3.0).drive(0.0, 30.0)
    race.facts |= {0: {"result_status": DISQUALIFIED}, 1: {"result_status": RETIRED}}
    assert [2, 0, 1] == [row.car_index for row in race.drive(30.05, 31.0).rows()]


def test_a_car_that_has_finished_does_not_sink() -> None:
    race = Race(first=0.0, second=1.0).drive(0.0, 30.0)
    race.facts[0] = {"result_status": FINISHED}
    assert [0, 1] == [row.car_index for row in race.drive(30.05, 31.0).rows()]


def test_after_an_overtake_there_is_no_gap_until_both_cars_pass_a_point() -> None:
    race = Race(first=0.0, second=1.0).drive(0.0, 30.0)
    race.facts = {0: {"car_position": 2}, 1: {"car_position": 1}}
    _, behind = race.drive(30.05, 30.1).rows()
    assert (0, None) == (behind.car_index, behind.gap_ms)


def test_times_that_a_flashback_undid_are_not_used() -> None:
    race = Race(first=0.0, second=2.0).drive(0.0, 60.0)
    race.behind[1] = 5.0
    race.game.rewound_frames = 60 * 60
    rows = race.drive(40.0, 40.5).rows()
    assert 2000 == pytest.approx(rows[1].gap_ms, abs=2)
    assert 5000 == pytest.approx(race.drive(40.55, 60.0).rows()[1].gap_ms, abs=2)


def test_the_time_at_a_point_passed_during_a_loss_is_not_guessed() -> None:
    race = Race(first=0.0, second=2.0).drive(0.0, 30.0)
    race.behind[1] = 6.0
    assert 2000 == pytest.approx(race.drive(44.5, 45.2).rows()[1].gap_ms, abs=2)
    assert 6000 == pytest.approx(race.drive(45.25, 56.0).rows()[1].gap_ms, abs=2)


def test_ghosts_and_empty_slots_are_not_in_the_order() -> None:
    race = Race(first=0.0, ghost=1.0)
    race.facts[1] = {"result_status": 0}
    assert [0] == [row.car_index for row in race.drive(0.0, 5.0).rows()]


def test_before_the_first_session_there_is_no_order_and_before_lap_data_it_is_empty() -> None:
    game = Game()
    before = game.engine.order()
    game.feed(game.session())
    after = game.engine.order()
    assert after is not None
    assert (None, ()) == (before, after.rows)


def true_times(story: Story) -> dict[tuple[int, int], int]:
    """When each car ended each completed lap, in ms since the lights, by car and lap."""
    times: dict[tuple[int, int], int] = {}
    laps = sorted(story.truth["laps"], key=lambda lap: (lap["car_index"], lap["lap_number"]))
    for lap in laps:
        if lap["state"] == "completed":
            key = lap["car_index"], lap["lap_number"]
            times[key] = times.get((key[0], key[1] - 1), 0) + lap["lap_time_ms"]
    return times


@pytest.mark.parametrize("year", FORMATS)
def test_at_the_line_gaps_and_intervals_agree_with_the_lap_times(year: int) -> None:
    story = play(scenario("race", year))
    times = true_times(story)
    compared = 0
    for lap, order in story.orders:
        if story.laps[lap.id].state is not LapState.COMPLETED or lap.state is not LapState.COMPLETED:
            continue
        index = next(at for at, row in enumerate(order.rows) if row.car_index == lap.car_index)
        row, ended = order.rows[index], times[lap.car_index, lap.lap_number]
        if row.gap_ms is not None:
            leader = order.rows[0].car_index
            assert row.gap_ms == pytest.approx(ended - times[leader, lap.lap_number], abs=2)
            compared += 1
        if row.interval_ms is not None:
            ahead = order.rows[index - 1].car_index
            assert row.interval_ms == pytest.approx(ended - times[ahead, lap.lap_number], abs=2)
    assert compared >= 18


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_after_a_race_the_order_and_the_gaps_are_those_of_the_result(year: int) -> None:
    story = play(scenario("race", year))
    assert story.order is not None
    assert story.order.is_final
    entries = story.truth["classification"]
    assert [entry["car_index"] for entry in entries] == [row.car_index for row in story.order.rows]
    totals = [entry["total_time_ms"] + entry["penalties_s"] * 1000 for entry in entries]
    for row, entry, total in zip(story.order.rows, entries, totals, strict=True):
        assert (entry["status"], entry["best_lap_ms"]) == (row.result_status, row.best_lap_ms)
        if row.result_status == "finished" and entry["laps"] == 4:
            assert row.gap_ms == pytest.approx(total - totals[0], abs=2)


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_before_the_result_the_gaps_are_the_gaps_at_the_flag(year: int) -> None:
    kinds = TIMING_KINDS - {"final_classification"}
    story = play(scenario("race", year, kinds=kinds))
    times = true_times(story)
    assert story.order is not None
    assert not story.order.is_final
    winner = story.order.rows[0].car_index
    compared = 0
    for row in story.order.rows:
        last = max(lap for car, lap in times if car == row.car_index)
        if row.result_status == "finished" and last == 4:
            expected = times[row.car_index, 4] - times[winner, 4]
            assert row.gap_ms == pytest.approx(expected, abs=1000 / RATE_HZ)
            compared += 1
    assert compared


@pytest.mark.parametrize("year", [2020, 2024])
def test_a_qualifying_is_ordered_by_best_laps(year: int) -> None:
    story = play(scenario("qualifying", year, laps=2, cars=5))
    assert story.order is not None
    expected = [(entry.car_index, entry.best_lap_ms) for entry in story.result.entries]
    assert expected == [(row.car_index, row.best_lap_ms) for row in story.order.rows]
    best_laps = [row.best_lap_ms for row in story.order.rows if row.best_lap_ms]
    assert [best - best_laps[0] for best in best_laps] == [
        row.gap_ms for row in story.order.rows if row.best_lap_ms
    ]
    assert {None} == {row.laps_down for row in story.order.rows}
