"""Pit visits: from the entry of the lane to its exit, with the game's timers."""

from __future__ import annotations

import pytest

from f1timings.packets import FORMATS
from f1timings.timing.events import (
    EngineEvent,
)
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.occurrences import (
    PitVisit,
)
from f1timings.timing.pit_visits import PitLane, PitTimers
from f1timings.timing.statuses import IN_PIT_AREA, NOT_IN_PITS, PITTING
from tests.timing.stories import Game, counting, occurrences, play, scenario

RETIRED = 7


def row(pit: int, at_s: float, lap: int = 5, status: int = 2) -> LapRow:
    return LapRow(
        lap_number=lap,
        sector=0,
        is_invalid=False,
        pit_status=pit,
        driver_status=4,
        result_status=status,
        last_lap_ms=0,
        sector1_ms=0,
        sector2_ms=0,
        current_lap_ms=1000,
        lap_distance_m=100.0,
        session_time_s=at_s,
    )


class Lane:
    """The pit lane with one car, whose pit status changes step by step."""

    def __init__(self, *known: PitVisit, is_race: bool = True) -> None:
        self.fitted: str | None = "soft"
        self.lane = PitLane("s", lambda _car: self.fitted, known)
        self.is_race = is_race

    def go(
        self,
        before: int,
        now: int,
        at_s: float,
        lap: int = 5,
        timers: PitTimers | None = None,
        status: int = 2,
    ) -> list[PitVisit]:
        return self.lane.handle_row(
            3,
            row(before, at_s - 0.02, lap),
            row(now, at_s, lap, status),
            timers=timers,
            is_race=self.is_race,
        )

    def visit(self) -> PitVisit:
        """A whole visit, from 100 s to 123 s."""
        self.go(NOT_IN_PITS, PITTING, 100.0)
        self.go(PITTING, IN_PIT_AREA, 110.0, timers=PitTimers(10_000, 0))
        self.go(IN_PIT_AREA, PITTING, 112.5, 6, PitTimers(12_500, 2_480))
        self.fitted = "hard"
        (visit,) = self.go(PITTING, NOT_IN_PITS, 123.0, 6, PitTimers(22_990, 12_480))
        return visit


def test_a_visit_belongs_to_the_lap_in_which_it_began_and_has_the_games_times() -> None:
    expected = PitVisit(
        id="s~3~100000",
        session_id="s",
        car_index=3,
        lap_number=5,
        entered_ms=100_000,
        left_ms=123_000,
        lane_ms=22_990,
        stop_ms=2_480,
        compound_before="soft",
        compound_after="hard",
    )
    assert expected == Lane().visit()


def test_a_drive_through_has_no_stop() -> None:
    lane = Lane()
    lane.go(NOT_IN_PITS, PITTING, 100.0)
    (visit,) = lane.go(PITTING, NOT_IN_PITS, 118.0, timers=PitTimers(17_980, 0))
    assert (17_980, None) == (visit.lane_ms, visit.stop_ms)


def test_a_timer_of_16_bits_is_unwrapped_with_the_sessions_clock() -> None:
    lane = Lane()
    lane.go(NOT_IN_PITS, PITTING, 100.0)
    (visit,) = lane.go(PITTING, NOT_IN_PITS, 180.0, timers=PitTimers(79_990 - 65_536, 0))
    assert 79_990 == visit.lane_ms


def test_a_car_that_leaves_its_garage_has_no_visit() -> None:
    lane = Lane(is_race=False)
    assert [] == lane.go(IN_PIT_AREA, PITTING, 50.0) + lane.go(PITTING, NOT_IN_PITS, 60.0)


def test_a_car_that_the_game_puts_into_its_garage_outside_a_race_has_no_visit() -> None:
    assert [] == Lane(is_race=False).go(NOT_IN_PITS, IN_PIT_AREA, 100.0)


def test_a_car_that_retires_in_the_pits_has_no_visit() -> None:
    assert [] == Lane().go(NOT_IN_PITS, IN_PIT_AREA, 100.0, status=RETIRED)


def test_a_flashback_to_before_the_entry_undoes_a_visit() -> None:
    lane = Lane()
    visit = lane.visit()
    (undone,) = lane.lane.handle_rewind(3, row(NOT_IN_PITS, 95.0))
    assert (visit.id, True) == (undone.id, undone.is_superseded)


def test_a_flashback_into_the_lane_reopens_the_visit() -> None:
    lane = Lane()
    visit = lane.visit()
    (reopened,) = lane.lane.handle_rewind(3, row(PITTING, 105.0))
    assert (visit.id, None, None, False) == (
        reopened.id,
        reopened.left_ms,
        reopened.stop_ms,
        reopened.is_superseded,
    )
    (left,) = lane.go(PITTING, NOT_IN_PITS, 121.0, 6, PitTimers(20_990, 0))
    assert (visit.id, 121_000) == (left.id, left.left_ms)


def test_a_visit_that_was_open_before_our_restart_ends_after_it() -> None:
    lane = Lane()
    (begun,) = lane.go(NOT_IN_PITS, PITTING, 100.0)
    (visit,) = Lane(begun).go(PITTING, NOT_IN_PITS, 120.0, 6, PitTimers(19_990, 2_000))
    assert (begun.id, 120_000) == (visit.id, visit.left_ms)


def test_an_engine_reads_visits_from_lap_data() -> None:
    game = Game().opened()
    events: list[EngineEvent] = []
    for at_s, pit in ((11.0, 1), (21.0, 2), (24.0, 1), (35.0, 0)):
        events += game.feed(game.laps(game.header(at_s), {0: {"pit_status": pit}}))
    visits = occurrences(events, PitVisit)
    assert (11_000, 35_000) == (visits[-1].entered_ms, visits[-1].left_ms)


@pytest.mark.parametrize("year", FORMATS)
def test_the_stops_of_a_race_agree_with_the_result(year: int) -> None:
    story = play(scenario("race", year))
    visits = counting(story.visits)
    stops = {slot: car.num_pit_stops for slot, car in story.raw_result.items()}
    assert sum(stops.values()) >= 6
    changes = [visit for visit in visits if visit.compound_before != visit.compound_after]
    stints = {slot: car.num_tyre_stints for slot, car in story.raw_result.items()}
    assert {slot: count - 1 for slot, count in stints.items()} == {
        slot: sum(visit.car_index == slot for visit in changes) for slot in stints
    }
    if year > 2020:
        stopped = [visit.car_index for visit in visits if visit.stop_ms]
        assert stops == {slot: stopped.count(slot) for slot in stops}


@pytest.mark.parametrize("year", [2021, 2025])
def test_a_visits_times_agree_with_the_clock(year: int) -> None:
    """The simulated timers change five times a second, so they may be 200 ms and a packet behind."""
    for visit in counting(play(scenario("race", year)).visits):
        assert visit.left_ms is not None
        assert visit.lane_ms == pytest.approx(visit.left_ms - visit.entered_ms, abs=260)
        assert visit.stop_ms is None or 1_900 <= visit.stop_ms <= 10_100
