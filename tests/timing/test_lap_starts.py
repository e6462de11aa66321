"""When laps begin: reported once for each drive, by the lap's clock, and remembered for the newest laps."""

from __future__ import annotations

from dataclasses import replace

from f1timings.timing.engine import REMEMBERED_SESSIONS
from f1timings.timing.events import CountersRead, LapBegan, LapRecorded
from f1timings.timing.lap_starts import LapStarts
from f1timings.timing.records import Lap, lap_id
from f1timings.timing.session_clock import Between, LapStart
from tests.timing.rows import Drive, car, row


class DriveWithStarts(Drive):
    """A drive that records the reported starts."""

    def __init__(self, *known: Lap) -> None:
        super().__init__()
        self._events: list[LapBegan] = []
        self.car = car(None, on_lap_began=self._events.append, known_laps=known)

    @property
    def starts(self) -> list[tuple[str, int]]:
        """(lap number and branch, ms since its start) of each reported start."""
        return [(event.lap_id.removeprefix("s~0~"), event.elapsed_ms) for event in self._events]


def began(
    lap_id: str, session_id: str = "s", elapsed_ms: int = 0, at_s: float = 300.0, epoch: int = 0
) -> LapBegan:
    return LapBegan(
        session_id=session_id,
        epoch=epoch,
        car_index=0,
        lap_id=lap_id,
        elapsed_ms=elapsed_ms,
        session_time_s=at_s,
    )


def test_a_lap_begins_at_the_line_before_its_first_row() -> None:
    drive = DriveWithStarts()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.next_row(row(2, 12, last=90_000, at=90.012))
    assert [("1~0", 5), ("2~0", 12)] == drive.starts


def test_the_clock_gives_the_start_of_a_lap_joined_in_the_middle() -> None:
    drive = DriveWithStarts()
    drive.next_row(row(4, 41_000, s1=30_000))
    assert [("4~0", 41_000)] == drive.starts


def test_a_lap_from_the_grid_begins_when_its_clock_runs() -> None:
    drive = DriveWithStarts()
    drive.next_row(row(1, 0, at=0.0, distance=-20.0))
    drive.next_row(row(1, 30_010, s1=30_000, at=60.0))
    drive.next_row(row(1, 60_010, s1=30_000, s2=30_000, at=90.0))
    assert [("1~0", 0), ("1~0", 30_010)] == drive.starts


def test_a_lap_that_waited_in_the_garage_begins_when_the_car_leaves() -> None:
    drive = DriveWithStarts()
    drive.next_row(row(3, 9, at=0.0))
    drive.next_row(row(3, 40_000, at=40.0)._replace(driver_status=0))
    drive.next_row(row(3, 640_000, at=640.0)._replace(driver_status=3))
    assert [("3~0", 9), ("3~0", 0)] == drive.starts


def test_after_a_flashback_over_the_line_a_branch_begins_at_that_moment() -> None:
    drive = DriveWithStarts()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.next_row(row(2, 12, last=90_000, at=90.012))
    drive.rewind(row(1, 80_000, s1=30_000, s2=31_000, at=80.0))
    drive.next_row(row(2, 6, last=91_000, s1=0, at=91.006))
    assert [("1~0", 5), ("2~0", 12), ("1~1", 0), ("2~0", 6)] == drive.starts


def test_a_flashback_within_a_lap_does_not_change_its_start() -> None:
    drive = DriveWithStarts()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.rewind(row(1, 50_000, s1=30_000, at=50.0))
    assert [("1~0", 5)] == drive.starts


def test_laps_of_an_earlier_process_do_not_begin_again() -> None:
    earlier = Drive()
    known = earlier.lap(1, 0.0, 30_000, 31_000, 29_000)
    known += earlier.next_row(row(2, 12, last=90_000, at=90.012))
    drive = DriveWithStarts(*known)
    drive.next_row(row(1, 20, at=0.02))
    drive.next_row(row(2, 12, last=90_000, at=90.012))
    assert [("2~0", 12)] == drive.starts


def test_only_the_lap_under_way_and_the_lap_before_it_are_remembered() -> None:
    starts, drive = LapStarts(), Drive()
    laps: dict[int, Lap] = {}
    for number in range(1, 40):
        completed = drive.next_row(
            row(number, 10, last=89_000 + number if number > 1 else 0, at=90.0 * number)
        )
        laps |= {lap.lap_number: lap for lap in completed}
        starts.handle_lap_began(began(lap_id("s", 0, number, 0), elapsed_ms=10), 1_000.0 + 90 * number)
    assert [None, 1_000.0 + 90 * 38 - 0.01] == [
        starts.began(LapRecorded(laps[number]), 5_000.0).at for number in (37, 38)
    ]


def test_starts_of_old_sessions_are_forgotten() -> None:
    starts = LapStarts()
    for number in range(50):
        starts.handle_lap_began(began(lap_id(f"s{number}", 0, 1, 0), f"s{number}"), 1.0)
    assert 2 == len(starts._starts)


def test_a_session_first_seen_in_the_middle_of_a_lap_may_be_a_loaded_save() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("s", 300.0, 1_000.0)
    starts.handle_lap_began(began(lap.id, elapsed_ms=41_000), 1_000.0)
    assert LapStart(None, Between(959.0, 1_000.0)) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_049.0)


def test_a_save_may_have_been_loaded_since_the_rig_was_last_seen_and_the_game_paused_since() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("another", 500.0, 800.0)
    starts.handle_clock("another", 600.0, 900.0)
    starts.handle_clock("s", 300.0, 1_000.0)
    starts.handle_lap_began(began(lap.id, elapsed_ms=41_000), 1_000.0)
    assert LapStart(None, Between(900.0, 1_000.0)) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_049.0)


def test_short_gaps_close_to_each_other_hide_a_flashback_as_one() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("s", 200.0, 900.0)
    starts.handle_gap("s", Between(905.0, 905.6))
    starts.handle_gap("s", Between(999.0, 999.5))
    starts.handle_gap("s", Between(999.6, 1_000.0))
    starts.handle_lap_began(replace(began(lap.id), is_rewound=True), 1_000.0)
    assert Between(999.0, 1_000.0) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_049.0).between


def test_a_lap_under_way_in_another_run_may_be_of_a_run_to_which_the_game_returned() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("s", 300.0, 1_000.0)
    starts.handle_lap_began(began(lap.id, elapsed_ms=41_000, epoch=1), 1_000.0)
    assert LapStart(None, Between(None, 1_000.0)) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_049.0)


def test_a_session_first_seen_at_the_line_shows_when_the_lap_began() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("s", 300.0, 1_000.0)
    starts.handle_lap_began(began(lap.id, elapsed_ms=200), 1_000.0)
    assert LapStart(999.8) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_300.0)


def test_a_lap_that_was_seen_from_an_earlier_packet_on_began_by_its_clock() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("s", 200.0, 900.0)
    starts.handle_clock("s", 300.0, 1_000.0)
    starts.handle_lap_began(began(lap.id, elapsed_ms=41_000), 1_000.0)
    assert LapStart(959.0) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_300.0)


def test_after_a_restart_a_lap_began_between_its_clock_and_now_for_server_time_may_have_stood() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.resume(
        CountersRead(
            session_id="s", session_time_s=250.0, frame=1, overall_frame=1, readings=((250.0, 950.0),)
        )
    )
    starts.handle_clock("s", 300.0, 1_000.0)
    starts.handle_clock("s", 301.0, 1_001.0)
    starts.handle_lap_began(began(lap.id, elapsed_ms=42_000, at_s=301.0), 1_001.0)
    assert LapStart(None, Between(959.0, 1_000.0)) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_049.0)


def test_a_lap_of_a_loaded_save_may_be_older_than_another_session_of_the_rig() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("another", 500.0, 900.0)
    starts.handle_clock("s", 150.0, 1_000.0)
    assert LapStart(None, Between(None, 880.0)) == starts.began(LapRecorded(lap, (30.0, 30.0)), 1_049.0)


def test_a_lap_that_was_under_way_when_its_session_was_first_seen_may_have_begun_until_then() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("s", 90.0, 1_000.0)
    assert LapStart(None, Between(None, 1_000.0)) == starts.began(LapRecorded(lap, (30.0, 30.0)), 1_049.0)


def test_a_lap_whose_line_was_lost_began_at_any_moment_of_a_pause_in_the_gap() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    starts.handle_clock("s", 200.0, 900.0)
    starts.handle_clock("s", 300.0, 1_600.0)
    starts.handle_lap_began(began(lap.id, elapsed_ms=41_000), 1_600.0)
    assert LapStart(None, Between(959.0, 1_559.0)) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_649.0)


def test_an_out_lap_that_reached_the_line_in_a_gap_began_again_there() -> None:
    drive = DriveWithStarts()
    drive.next_row(row(1, 50, at=0.05, distance=-590.0))
    drive.next_row(row(1, 5_000, at=5.0, distance=-250.0))
    drive.next_row(row(1, 16_000, s1=6_000, at=25.0, distance=1_000.0), lost=True)
    assert [("1~0", 50), ("1~0", 16_000)] == drive.starts


def test_after_a_flashback_a_lap_whose_line_was_not_seen_has_begun_again() -> None:
    drive = DriveWithStarts()
    drive.next_row(row(1, 50, at=0.05, distance=-590.0))
    drive.next_row(row(1, 50_000, at=50.0, distance=-250.0))
    drive.rewind(row(1, 8_000, s1=6_000, at=68.0, distance=500.0))
    assert [("1~0", 50), ("1~0", 8_000)] == drive.starts


def test_a_lap_whose_clock_stands_in_a_gap_does_not_begin_again() -> None:
    drive = DriveWithStarts()
    drive.next_row(row(1, 50, at=0.05))
    drive.next_row(row(1, 50_000, at=50.0))
    drive.next_row(row(1, 50_000, s1=30_000, at=70.0), lost=True)
    assert [("1~0", 50)] == drive.starts


def counters(session_id: str) -> CountersRead:
    return CountersRead(
        session_id=session_id, session_time_s=250.0, frame=1, overall_frame=1, readings=((250.0, 950.0),)
    )


def test_a_session_that_moves_to_another_rig_was_first_read_by_its_first_rig() -> None:
    starts, other, drive = LapStarts(), LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    lap = replace(lap, id=lap.id.replace("s~", "rig~7~0~"), session_id="rig~7~0")
    starts.handle_clock("rig~7~0", 300.0, 1_000.0)
    starts.hand_over(7, other)
    other.handle_clock("rig~7~0", 500.0, 1_200.0)
    other.handle_lap_began(began(lap.id, "rig~7~0", elapsed_ms=41_000, at_s=500.0), 1_200.0)
    assert LapStart(1_159.0) == other.began(LapRecorded(lap, (259.0, 259.0)), 1_300.0)
    assert () == starts.readings("rig~7~0")


def test_clocks_of_old_sessions_are_forgotten_wherever_they_come_from() -> None:
    starts = LapStarts()
    for number in range(50):
        starts.resume(counters(f"resumed~{number}~0"))
        moved = LapStarts()
        moved.handle_clock(f"moved~{number}~0", 1.0, 1.0)
        moved.handle_lap_began(began("lap", f"moved~{number}~0"), 1.0)
        moved.hand_over(number, starts)
    assert (REMEMBERED_SESSIONS, 2) == (len(starts._clocks), len(starts._starts))


def test_the_clock_that_is_read_is_not_the_one_that_is_forgotten() -> None:
    starts = LapStarts()
    for number in range(50):
        starts.handle_clock("read", 60.0 * number, 1_000.0 + 90.0 * number)
        starts.resume(counters(f"resumed{number}"))
    assert 50 == len(starts.readings("read"))


def test_the_starts_of_the_session_that_is_driven_are_not_those_that_are_forgotten() -> None:
    starts, drive = LapStarts(), Drive()
    (lap,) = drive.lap(4, 0.0, 30_000, 31_000, 29_000) or drive.next_row(row(5, 10, last=90_000, at=90.01))
    for session_id in ("s", "another", "s", "a third one"):
        starts.handle_lap_began(began(lap.id if session_id == "s" else "lap", session_id), 1_000.0)
    assert LapStart(1_000.0) == starts.began(LapRecorded(lap, (259.0, 259.0)), 1_300.0)
