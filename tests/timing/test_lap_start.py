"""How laps begin: flying, standing, in the pits, or unknown, from the packets of a game."""

from __future__ import annotations

import math
from typing import Any

import pytest

from f1timings.packets import FORMATS
from f1timings.timing.engine import Engine, KnownSession
from tests.timing.one_game import Game

TRACK_M = 5_278.0
LAP_S = 80.0
SPEED = TRACK_M / LAP_S
GRID_M = -180.0
GARAGE, FLYING_LAP, IN_LAP, OUT_LAP, ON_TRACK = range(5)


class Rig(Game):
    """A game with one car that drives laps of 80 s; each move sends a packet every 0.1 s.

    Attributes:
        at_m: where the car is on its lap, negative before the line.
    """

    def __init__(self, packet_format: int = 2025) -> None:
        super().__init__(packet_format)
        self.number = 1
        self.last_ms = 0
        self.clock_began: float | None = None
        self.at_m = 0.0
        self.status: dict[str, Any] = {}
        self.session(15 if packet_format >= 2024 else 10)

    def show(self, **more: Any) -> None:
        """Send one packet of this moment."""
        clock = 0 if self.clock_began is None else round((self.now - self.clock_began) * 1000)
        s1, s2 = (min(27_000, clock) // 27_000 * 27_000, min(53_000, clock) // 53_000 * 26_000)
        self.drive(
            self.number,
            clock,
            last=self.last_ms,
            sectors=(s1, s2),
            **({"lap_distance": self.at_m} | self.status | more),
        )

    def wait(self, seconds: float) -> None:
        """Stand still."""
        self.move(seconds, speed=0.0)

    def move(self, seconds: float, speed: float = SPEED) -> None:
        """Go on at constant speed."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            self.at_m += speed * 0.1
            self.show()

    def start_clock(self) -> None:
        """The clock of the lap begins to run at this moment."""
        self.clock_began = self.now

    def cross_line(self) -> None:
        """The lap ends at the line a moment ago, and the next one begins there."""
        self.now += 0.05
        assert self.clock_began is not None
        self.last_ms = round((self.now - self.clock_began) * 1000)
        self.number, self.clock_began, self.at_m = self.number + 1, self.now, 0.0
        self.now += 0.05
        self.at_m = SPEED * 0.05
        self.show()

    def drive_to_line(self) -> None:
        """Drive the rest of the lap."""
        self.move((TRACK_M - self.at_m) / SPEED - 0.1)
        self.cross_line()

    def start_race(self, grid_m: float = GRID_M) -> None:
        """Stand on the grid for three seconds; then the lights go out."""
        self.at_m = grid_m
        self.show()
        self.wait(3.0)
        self.start_clock()
        self.move(0.3, speed=2.0)

    def leave_garage(self) -> None:
        """From the garage through the pit lane to the end of an out lap, just before the line."""
        self.at_m = 300.0 - TRACK_M
        self.status = {"driver_status": GARAGE, "pit_status": 2}
        self.start_clock()
        self.show()
        self.wait(3.0)
        self.status = {"driver_status": OUT_LAP, "pit_status": 1}
        self.move(5.0, speed=22.0)
        self.status = {"driver_status": OUT_LAP}
        self.move(-self.at_m / SPEED - 0.1)

    def begin_timed_lap(self, status: int = FLYING_LAP) -> None:
        """Cross the line at the end of an out lap or a rolling start: the lap number stays."""
        self.now += 0.1
        self.start_clock()
        self.now += 0.05
        self.at_m = 4.0
        self.status = {"driver_status": status}
        self.show()

    @property
    def starts(self) -> dict[int, str | None]:
        """How the laps of the car began, by lap number; of a lap in several branches the newest."""
        return {lap.lap_number: lap.start for lap in sorted(self.laps.values(), key=lambda lap: lap.branch)}


# Standing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", FORMATS)
@pytest.mark.parametrize("grid_m", [GRID_M, -12.0, 0.0, 8.0, 298.0])
def test_the_first_lap_of_a_race_is_standing_wherever_the_grid_is(year: int, grid_m: float) -> None:
    rig = Rig(year)
    rig.start_race(grid_m)
    rig.drive_to_line()
    rig.drive_to_line()
    assert {1: "standing", 2: "flying"} == rig.starts


@pytest.mark.parametrize("creeps_m", [0.0, 0.02, -0.02])
def test_a_car_that_settles_by_centimetres_on_the_grid_stands(creeps_m: float) -> None:
    rig = Rig()
    rig.at_m = 0.0
    rig.show()
    for _ in range(5):
        rig.now, rig.at_m = rig.now + 0.1, rig.at_m + creeps_m
        rig.show()
    rig.start_clock()
    rig.drive_to_line()
    assert {1: "standing"} == rig.starts


def test_the_grid_counts_although_the_session_time_stands_at_zero_there() -> None:
    rig = Rig()
    rig.at_m = GRID_M
    for frame in range(150):
        rig.send("lap_data", frame=frame, cars={0: grid_row(rig)})
    rig.now = 2.5
    rig.start_clock()
    rig.drive_to_line()
    assert {1: "standing"} == rig.starts


def grid_row(rig: Rig) -> dict[str, Any]:
    return {"current_lap_num": 1, "result_status": 2, "driver_status": ON_TRACK, "lap_distance": rig.at_m}


def test_one_packet_on_the_grid_is_enough_if_the_car_has_hardly_moved_in_the_next_one() -> None:
    rig = Rig()
    rig.at_m = GRID_M
    rig.show()
    rig.start_clock()
    rig.move(0.1, speed=2.0)
    rig.drive_to_line()
    assert {1: "standing"} == rig.starts


def test_a_restart_from_the_grid_after_a_red_flag_is_standing() -> None:
    rig = Rig()
    rig.start_race()
    rig.drive_to_line()
    rig.move(30.0)
    rig.at_m, rig.clock_began = 298.0, None
    rig.status = {}
    rig.wait(5.0)
    rig.start_clock()
    rig.drive_to_line()
    rig.drive_to_line()
    assert {1: "standing", 2: "standing", 3: "flying"} == rig.starts


def test_a_restart_from_the_grid_in_the_next_lap_is_standing() -> None:
    rig = Rig()
    rig.start_race()
    rig.move(78.0)
    rig.now += 0.1
    rig.number, rig.last_ms, rig.clock_began, rig.at_m = 2, 0, None, 20.0
    rig.show()
    rig.wait(5.0)
    rig.start_clock()
    rig.drive_to_line()
    assert "standing" == rig.starts[2]


# Flying -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", FORMATS)
def test_the_timed_lap_after_an_out_lap_is_flying(year: int) -> None:
    rig = Rig(year)
    rig.leave_garage()
    rig.begin_timed_lap()
    rig.drive_to_line()
    assert {1: "flying"} == rig.starts


def test_the_timed_lap_is_flying_also_if_its_clock_waits_during_the_out_lap() -> None:
    rig = Rig()
    rig.at_m, rig.status = -1_300.0, {"driver_status": GARAGE, "pit_status": 2}
    rig.show()
    rig.wait(1.0)
    rig.status = {"driver_status": OUT_LAP, "pit_status": 1}
    rig.move(5.0, speed=22.0)
    rig.status = {"driver_status": OUT_LAP}
    rig.move(-rig.at_m / SPEED - 0.1)
    rig.begin_timed_lap(OUT_LAP)
    rig.status = {"driver_status": FLYING_LAP}
    rig.drive_to_line()
    assert {1: "flying"} == rig.starts


def test_a_status_that_says_out_lap_a_little_after_the_line_changes_nothing() -> None:
    rig = Rig()
    rig.leave_garage()
    rig.begin_timed_lap(OUT_LAP)
    rig.move(0.1)
    rig.status = {"driver_status": FLYING_LAP}
    rig.drive_to_line()
    assert {1: "flying"} == rig.starts


@pytest.mark.parametrize("from_m", [-600.0, -33.0])
def test_a_rolling_start_over_the_line_is_flying(from_m: float) -> None:
    rig = Rig()
    rig.at_m = from_m
    rig.show()
    rig.move(-from_m / SPEED)
    rig.begin_timed_lap()
    rig.drive_to_line()
    assert {1: "flying"} == rig.starts


def test_a_rolling_start_of_a_race_is_flying_also_where_the_clock_begins_before_the_line() -> None:
    rig = Rig()
    rig.at_m = -400.0
    rig.show()
    rig.move(3.0, speed=30.0)
    rig.start_clock()
    rig.drive_to_line()
    assert {1: "flying"} == rig.starts


def test_a_car_whose_distance_is_unknown_for_a_moment_has_not_stood() -> None:
    rig = Rig()
    rig.at_m = -400.0
    rig.show()
    rig.move(3.0, speed=30.0)
    rig.now, rig.at_m = rig.now + 0.1, rig.at_m + 3.0
    rig.show(lap_distance=math.nan)
    rig.start_clock()
    rig.drive_to_line()
    assert {1: "flying"} == rig.starts


def test_a_lap_whose_first_row_has_a_clock_of_zero_on_the_line_is_flying() -> None:
    rig = Rig()
    rig.start_race()
    rig.move((TRACK_M - rig.at_m) / SPEED - 0.1)
    rig.now += 0.1
    assert rig.clock_began is not None
    rig.last_ms = round((rig.now - rig.clock_began) * 1000)
    rig.number, rig.at_m, rig.clock_began = 2, 0.0, rig.now
    rig.show()
    rig.drive_to_line()
    assert {1: "standing", 2: "flying"} == rig.starts


# In the pits ------------------------------------------------------------------------------------------


def test_a_lap_that_begins_in_the_pit_lane_is_a_pit_lap() -> None:
    rig = Rig()
    rig.start_race()
    rig.move((TRACK_M - rig.at_m) / SPEED - 1.0)
    rig.status = {"pit_status": 1}
    rig.drive_to_line()
    rig.move(3.0)
    rig.status = {}
    rig.drive_to_line()
    rig.drive_to_line()
    assert {1: "standing", 2: "pit", 3: "flying"} == rig.starts


def test_a_lap_before_which_the_car_left_the_pit_lane_just_before_the_line_is_a_pit_lap() -> None:
    rig = Rig()
    rig.start_race()
    rig.move((TRACK_M - rig.at_m) / SPEED - 0.1)
    rig.status = {"pit_status": 1}
    rig.move(0.1, speed=0.1)
    rig.status = {}
    rig.cross_line()
    rig.drive_to_line()
    assert "pit" == rig.starts[2]


def test_a_lap_that_the_game_calls_an_out_lap_from_its_line_on_is_a_pit_lap() -> None:
    rig = Rig()
    rig.status = {"driver_status": IN_LAP}
    rig.start_race()
    rig.move((TRACK_M - rig.at_m) / SPEED - 0.1)
    rig.status = {"driver_status": OUT_LAP}
    rig.cross_line()
    rig.drive_to_line()
    assert "pit" == rig.starts[2]


def test_a_lap_that_is_an_out_lap_with_a_number_of_its_own_is_a_pit_lap() -> None:
    rig = Rig()
    rig.at_m, rig.status = 300.0, {"driver_status": GARAGE, "pit_status": 2}
    rig.show()
    rig.wait(2.0)
    rig.status = {"driver_status": OUT_LAP, "pit_status": 1}
    rig.start_clock()
    rig.move(3.0, speed=22.0)
    rig.status = {"driver_status": OUT_LAP}
    rig.drive_to_line()
    rig.status = {"driver_status": FLYING_LAP}
    rig.drive_to_line()
    assert {1: "pit", 2: "flying"} == rig.starts


def test_an_out_lap_whose_clock_begins_behind_the_pit_lane_is_a_pit_lap() -> None:
    rig = Rig()
    rig.at_m, rig.status = 200.0, {"driver_status": GARAGE}
    rig.show()
    rig.status = {"driver_status": OUT_LAP}
    rig.move(2.0)
    rig.start_clock()
    rig.drive_to_line()
    assert "pit" == rig.starts[1]


def test_a_lap_that_waited_in_the_garage_with_a_running_clock_is_a_pit_lap() -> None:
    rig = Rig()
    rig.at_m, rig.status = 300.0, {"driver_status": GARAGE}
    rig.start_clock()
    rig.now += 40.0
    rig.show()
    rig.wait(5.0)
    rig.status = {"driver_status": OUT_LAP}
    rig.drive_to_line()
    assert "pit" == rig.starts[1]


def test_a_start_from_the_pit_lane_is_a_pit_lap() -> None:
    rig = Rig()
    rig.status = {"pit_status": 2}
    rig.start_race()
    rig.status = {}
    rig.drive_to_line()
    assert {1: "pit"} == rig.starts


def test_an_out_lap_that_is_given_up_is_a_pit_lap_and_the_timed_lap_after_the_next_one_is_flying() -> None:
    rig = Rig()
    rig.at_m, rig.status = 300.0, {"driver_status": GARAGE}
    rig.show()
    rig.start_clock()
    rig.status = {"driver_status": OUT_LAP}
    rig.move(40.0)
    rig.status = {"driver_status": GARAGE}
    rig.at_m, rig.clock_began = -4_900.0, None
    rig.move(0.1, speed=0.0)
    assert {1: "pit"} == rig.starts
    rig.leave_garage()
    rig.begin_timed_lap()
    rig.drive_to_line()
    assert {1: "flying"} == rig.starts


# Unknown ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clock_s", [0.01, 0.5, 30.0])
@pytest.mark.parametrize("at_m", [-100.0, 0.5, 298.0])
def test_a_lap_whose_clock_runs_in_the_first_packet_has_no_start(clock_s: float, at_m: float) -> None:
    rig = Rig()
    rig.now, rig.at_m = clock_s, at_m
    rig.clock_began = 0.0
    rig.show()
    rig.drive_to_line()
    rig.drive_to_line()
    assert {1: None, 2: "flying"} == rig.starts


def test_a_lap_known_from_the_session_history_only_has_no_start() -> None:
    rig = Rig()
    rig.number, rig.clock_began = 3, 0.0
    rig.now = 20.0
    rig.show()
    rig.history(0, 81_000, 82_000, 0)
    assert {1: None, 2: None} == rig.starts


def test_a_session_history_leaves_the_start_as_it_is() -> None:
    rig = Rig()
    rig.start_race()
    rig.drive_to_line()
    rig.history(0, 81_000, 0)
    assert (81_000, "standing") == next(
        (lap.lap_time_ms, lap.start) for lap in rig.laps.values() if lap.lap_number == 1
    )


@pytest.mark.parametrize(("lost_s", "start"), [(0.8, "flying"), (1.2, None)])
def test_a_start_in_more_than_a_second_of_lost_packets_is_unknown(lost_s: float, start: str | None) -> None:
    rig = Rig()
    rig.start_race()
    rig.move((TRACK_M - rig.at_m) / SPEED - lost_s / 2)
    rig.now += lost_s / 2
    assert rig.clock_began is not None
    rig.last_ms = round((rig.now - rig.clock_began) * 1000)
    rig.number, rig.clock_began, rig.at_m = 2, rig.now, SPEED * lost_s / 2
    rig.now += lost_s / 2
    rig.show()
    rig.drive_to_line()
    assert start == rig.starts[2]


def test_a_car_that_one_packet_shows_before_it_is_at_speed_has_no_start() -> None:
    rig = Rig()
    rig.at_m = 150.0
    rig.show()
    rig.start_clock()
    rig.drive_to_line()
    assert {1: None} == rig.starts


def test_a_restart_of_the_server_in_the_middle_of_a_lap_loses_its_start_only() -> None:
    rig = Rig()
    rig.start_race()
    rig.drive_to_line()
    rig.move(20.0)
    (session,) = rig.sessions.values()
    rig.engine = Engine("10.0.0.5", {rig.uid: KnownSession(session, list(rig.laps.values()))})
    rig.session()
    rig.drive_to_line()
    rig.drive_to_line()
    assert {1: "standing", 2: None, 3: "flying"} == rig.starts


# Formation lap ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("runs", [False, True])
def test_a_formation_lap_is_not_a_lap_and_the_lap_after_it_is_standing(number: int, *, runs: bool) -> None:
    rig = Rig()
    rig.number, rig.at_m = number, -TRACK_M
    rig.show()
    if runs:
        rig.start_clock()
    rig.move(70.0)
    rig.number, rig.clock_began = 1, None
    rig.start_race()
    rig.drive_to_line()
    assert {1: "standing"} == rig.starts
    assert 1 == len(rig.laps)


def test_a_rolling_start_after_a_formation_lap_with_the_number_zero_is_flying() -> None:
    rig = Rig()
    rig.number, rig.at_m = 0, -660.0
    rig.show()
    rig.move(9.9)
    rig.number = 1
    rig.begin_timed_lap()
    rig.drive_to_line()
    assert {1: "flying"} == rig.starts


# Flashbacks -------------------------------------------------------------------------------------------


def rewind(
    rig: Rig, *, to_s: float, number: int, at_m: float, clock_began: float | None, last_ms: int
) -> None:
    """A flashback, with the overall frame of the games since 2023 left out: the frames show it."""
    rig.event(b"FLBK", round(to_s * 60).to_bytes(4, "little") + bytes(4))
    rig.now, rig.number, rig.at_m = to_s, number, at_m
    rig.clock_began, rig.last_ms = clock_began, last_ms
    rig.show()


def test_a_flashback_over_the_line_keeps_the_start_of_the_lap_that_goes_on() -> None:
    rig = Rig(2022)
    rig.start_race()
    began = rig.clock_began
    rig.drive_to_line()
    assert began is not None
    rig.move(5.0)
    rewind(rig, to_s=began + 70.0, number=1, at_m=4_600.0, clock_began=began, last_ms=0)
    rig.drive_to_line()
    rig.drive_to_line()
    assert {1: "standing", 2: "flying"} == rig.starts
    assert {"standing"} == {lap.start for lap in rig.laps.values() if lap.lap_number == 1}
    assert 3 == len(rig.laps)


def test_a_flashback_over_two_lines_keeps_the_start_too() -> None:
    rig = Rig(2022)
    rig.start_race()
    began = rig.clock_began
    rig.drive_to_line()
    rig.drive_to_line()
    assert began is not None
    rewind(rig, to_s=began + 70.0, number=1, at_m=4_600.0, clock_began=began, last_ms=0)
    rig.drive_to_line()
    assert "standing" == rig.starts[1]


def test_a_flashback_to_the_grid_keeps_the_start() -> None:
    rig = Rig(2022)
    rig.start_race()
    rig.move(20.0)
    rewind(rig, to_s=2.0, number=1, at_m=GRID_M, clock_began=None, last_ms=0)
    rig.start_clock()
    rig.drive_to_line()
    assert {1: "standing"} == rig.starts


def test_a_flashback_to_a_grid_that_was_not_seen_shows_the_start() -> None:
    rig = Rig(2022)
    rig.now, rig.clock_began, rig.at_m = 25.0, 5.0, 1_200.0
    rig.show()
    rig.move(5.0)
    rewind(rig, to_s=3.0, number=1, at_m=GRID_M, clock_began=None, last_ms=0)
    rig.wait(2.0)
    rig.start_clock()
    rig.drive_to_line()
    assert {1: "standing"} == rig.starts
