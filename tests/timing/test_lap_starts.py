"""When laps begin: told once a drive, by the lap's own clock, and kept for the laps under way alone."""

from __future__ import annotations

from f1timings.timing.car import CarLaps
from f1timings.timing.events import LapBegan
from f1timings.timing.lap_starts import LapStarts
from f1timings.timing.records import Lap, lap_id
from tests.timing.rows import Drive, row


class Started(Drive):
    """A drive that keeps what is said of the starts."""

    def __init__(self, *known: Lap) -> None:
        super().__init__()
        self.starts: list[LapBegan] = []
        self.car = CarLaps(
            "s", 7, "rig", 0, compound_now=lambda _car: None, began=self.starts.append, known_laps=known
        )

    @property
    def told(self) -> list[tuple[str, int]]:
        """(lap number and branch, ms since its start) as told."""
        return [(start.lap_id.removeprefix("s~0~"), start.elapsed_ms) for start in self.starts]


def test_a_lap_begins_at_the_line_before_its_first_row() -> None:
    drive = Started()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.see(row(2, 12, last=90_000, at=90.012))
    assert [("1~0", 5), ("2~0", 12)] == drive.told


def test_a_lap_joined_in_the_middle_began_as_long_ago_as_its_clock_says() -> None:
    drive = Started()
    drive.see(row(4, 41_000, s1=30_000))
    assert [("4~0", 41_000)] == drive.told


def test_a_lap_begins_when_its_clock_runs_not_when_the_car_stands_on_the_grid() -> None:
    drive = Started()
    drive.see(row(1, 0, at=0.0, distance=-20.0))
    drive.see(row(1, 30_010, s1=30_000, at=60.0))
    drive.see(row(1, 60_010, s1=30_000, s2=30_000, at=90.0))
    assert [("1~0", 0), ("1~0", 30_010)] == drive.told


def test_a_lap_that_waited_in_the_garage_begins_when_the_car_leaves() -> None:
    drive = Started()
    drive.see(row(3, 9, at=0.0))
    drive.see(row(3, 40_000, at=40.0)._replace(driver_status=0))
    drive.see(row(3, 640_000, at=640.0)._replace(driver_status=3))
    assert [("3~0", 9), ("3~0", 0)] == drive.told


def test_a_flashback_over_the_line_begins_a_branch_at_that_moment() -> None:
    drive = Started()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.see(row(2, 12, last=90_000, at=90.012))
    drive.rewind(row(1, 80_000, s1=30_000, s2=31_000, at=80.0))
    drive.see(row(2, 6, last=91_000, s1=0, at=91.006))
    assert [("1~0", 5), ("2~0", 12), ("1~1", 0), ("2~0", 6)] == drive.told


def test_a_flashback_within_a_lap_leaves_its_start() -> None:
    drive = Started()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.rewind(row(1, 50_000, s1=30_000, at=50.0))
    assert [("1~0", 5)] == drive.told


def test_laps_of_an_earlier_process_do_not_begin_again() -> None:
    earlier = Drive()
    known = earlier.lap(1, 0.0, 30_000, 31_000, 29_000)
    known += earlier.see(row(2, 12, last=90_000, at=90.012))
    drive = Started(*known)
    drive.see(row(1, 20, at=0.02))
    drive.see(row(2, 12, last=90_000, at=90.012))
    assert [("2~0", 12)] == drive.told


def test_only_the_running_lap_and_the_one_before_are_remembered() -> None:
    starts, drive = LapStarts(), Drive()
    laps: dict[int, Lap] = {}
    for number in range(1, 40):
        done = drive.see(row(number, 10, last=89_000 + number if number > 1 else 0, at=90.0 * number))
        laps |= {lap.lap_number: lap for lap in done}
        starts.note(LapBegan("s", 0, lap_id("s", 0, number, 0), 10), 1_000.0 + 90 * number)
    assert [None, 1_000.0 + 90 * 38 - 0.01] == [starts.of(laps[number]) for number in (37, 38)]


def test_starts_of_old_sessions_are_forgotten() -> None:
    starts = LapStarts()
    for number in range(50):
        starts.note(LapBegan(f"s{number}", 0, lap_id(f"s{number}", 0, 1, 0), 0), 1.0)
    assert 2 == len(starts._starts)
