"""How rows of lap data and session histories change one car's laps."""

from __future__ import annotations

import pytest

from f1timings.timing.events import LapBegan
from f1timings.timing.history import CarHistory, HistoryLap
from f1timings.timing.records import Lap, LapState
from tests.timing.rows import FINISHED, GAP_S, RETIRED, Drive, car, row


def times(laps: list[Lap]) -> list[tuple[int, int | None, str]]:
    return [(lap.lap_number, lap.lap_time_ms, lap.state.value) for lap in laps]


def history(*lap_times_ms: int, running: int, is_valid: bool = True) -> CarHistory:
    """A session history of laps with sectors 1 and 2 of 30 s; time 0 is a lap that it does not have."""
    laps = {
        number: HistoryLap(
            lap_number=number,
            lap_time_ms=time_ms,
            sector1_ms=30_000,
            sector2_ms=30_000,
            sector3_ms=time_ms - 60_000,
            is_valid=is_valid,
        )
        for number, time_ms in enumerate(lap_times_ms, 1)
        if time_ms
    }
    return CarHistory(car_index=0, running_lap=running, laps=laps, stints=((255, "medium"),))


def test_a_lap_is_completed_when_the_lap_number_rises() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    (lap,) = drive.next_row(row(2, 10, last=90_000, at=90.005))
    assert (1, 90_000, 30_000, 31_000, 29_000, True, "soft", LapState.COMPLETED, False) == (
        lap.lap_number,
        lap.lap_time_ms,
        lap.sector1_ms,
        lap.sector2_ms,
        lap.sector3_ms,
        lap.is_valid,
        lap.compound,
        lap.state,
        lap.recovered,
    )


def test_the_last_lap_never_increments_the_lap_number() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    laps = drive.next_row(row(1, 89_999, last=90_000, s1=30_000, s2=31_000, at=90.0, status=FINISHED))
    assert [(1, 90_000, "completed")] == times(laps)
    assert [] == drive.next_row(row(1, 90_500, last=90_000, s1=30_000, s2=31_000, at=90.5, status=FINISHED))
    assert [] == drive.car.handle_end(None)


def test_two_equal_lap_times_in_a_row_are_two_laps() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    first = drive.lap(2, 90.0, 30_000, 31_000, 29_000, last=90_000)
    second = drive.next_row(row(3, 10, last=90_000, at=180.01))
    assert [(1, 90_000, "completed"), (2, 90_000, "completed")] == times(first + second)


def test_a_lap_time_that_arrives_after_the_lap_number_belongs_to_that_lap() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.next_row(row(2, 8, last=0, at=90.003))
    laps = drive.next_row(row(2, 24, last=90_000, at=90.02))
    assert [(1, 90_000, "completed")] == times(laps)


def test_a_lap_joined_in_the_middle_is_completed_by_a_time_that_fits_its_clock() -> None:
    drive = Drive()
    drive.next_row(row(4, 50_000, s1=30_000, last=91_000, at=400.0))
    drive.next_row(row(4, 89_990, s1=30_000, s2=31_000, last=91_000, at=439.99))
    assert [(4, 90_000, "completed")] == times(drive.next_row(row(5, 6, last=90_000, at=440.006)))


def test_a_history_completes_a_lap_joined_in_the_middle() -> None:
    drive = Drive()
    drive.next_row(row(2, 50_000, s1=30_000, last=91_000, at=140.0))
    drive.next_row(row(3, 6, last=90_000, at=180.0), lost=True)
    laps = drive.car.handle_history(history(91_000, 90_000, running=3), is_session_over=False)
    assert [(1, 91_000, "completed"), (2, 90_000, "completed")] == times(laps)
    assert all(lap.recovered for lap in laps)


def test_an_out_lap_with_negative_distance_is_not_joined_late() -> None:
    drive = Drive()
    drive.next_row(row(1, 102_000, distance=-3_800.0, at=102.0))
    drive.lap(1, 150.0, 30_000, 31_000, 29_000)
    assert [(1, 90_000, "completed")] == times(drive.next_row(row(2, 10, last=90_000, at=240.01)))


def test_a_lost_finish_is_rebuilt_from_the_next_row_and_marked() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    (lap,) = drive.next_row(row(2, 400, last=90_000, at=90.4), lost=True)
    assert (90_000, True) == (lap.lap_time_ms, lap.recovered)


def test_lost_laps_are_a_gap_until_a_history_supplies_them() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    laps = drive.next_row(row(4, 10, last=92_000, at=272.0), lost=True)
    assert [(1, None, "partial"), (3, 92_000, "completed")] == times(laps)
    supplied = drive.car.handle_history(history(90_000, 90_500, 92_000, running=4), is_session_over=False)
    assert [(1, 90_000, "completed"), (2, 90_500, "completed"), (3, 92_000, "completed")] == times(supplied)


def test_the_history_of_the_lap_under_way_is_not_final() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    assert [] == drive.car.handle_history(history(90_000, running=1), is_session_over=False)
    assert [(1, 90_000, "completed")] == times(
        drive.car.handle_history(history(90_000, running=1), is_session_over=True)
    )


def test_a_history_that_agrees_changes_nothing() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 30_000, 30_000)
    drive.next_row(row(2, 10, last=90_000, at=90.005))
    assert [] == drive.car.handle_history(history(90_000, running=2), is_session_over=False)


def test_a_history_can_invalidate_a_lap_afterwards() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 30_000, 30_000)
    drive.next_row(row(2, 10, last=90_000, at=90.005))
    invalidated = history(90_000, running=2, is_valid=False)
    (lap,) = drive.car.handle_history(invalidated, is_session_over=False)
    assert (False, False) == (lap.is_valid, lap.recovered)


def test_a_flashback_within_a_lap_gives_one_lap() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    assert [] == drive.rewind(row(1, 20_000, at=20.0))
    drive.next_row(row(1, 32_016, s1=32_000, at=32.016))
    drive.next_row(row(1, 91_990, s1=32_000, s2=30_000, at=91.99))
    (lap,) = drive.next_row(row(2, 6, last=92_000, at=92.006))
    assert (92_000, 32_000, 30_000, 0) == (lap.lap_time_ms, lap.sector1_ms, lap.sector2_ms, lap.branch)


def test_a_flashback_over_the_line_supersedes_the_lap_and_begins_a_branch() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.next_row(row(2, 2_000, last=90_000, at=92.0), lost=True)
    (old,) = drive.rewind(row(1, 80_000, s1=30_000, s2=31_000, at=80.0))
    drive.next_row(row(1, 90_490, s1=30_000, s2=31_000, at=90.49))
    (new,) = drive.next_row(row(2, 6, last=90_500, at=90.506))
    assert [(1, 90_000, "superseded"), (1, 90_500, "completed")] == times([old, new])
    assert (0, 1) == (old.branch, new.branch)
    assert old.id != new.id


def test_a_flashback_undoes_an_invalid_lap() -> None:
    drive = Drive()
    drive.next_row(row(1, 10, at=0.01))
    drive.next_row(row(1, 40_000, s1=30_000, invalid=True, at=40.0))
    drive.rewind(row(1, 35_000, s1=30_000, at=35.0))
    drive.next_row(row(1, 89_990, s1=30_000, s2=31_000, at=89.99))
    (lap,) = drive.next_row(row(2, 6, last=90_000, at=90.006))
    assert lap.is_valid is True


def test_a_retired_car_s_last_lap_is_partial() -> None:
    drive = Drive()
    drive.next_row(row(1, 10, at=0.01))
    drive.next_row(row(1, 40_000, s1=30_000, at=40.0))
    drive.next_row(row(1, 90_000, s1=30_000, at=90.0, status=RETIRED))
    assert [(1, None, "partial")] == times(drive.car.handle_end(None))


def test_ghosts_and_empty_slots_have_no_laps() -> None:
    drive = Drive()
    drive.next_row(row(1, 10, at=0.01, status=0))
    assert [] == drive.next_row(row(2, 10, last=90_000, at=90.01, status=0))
    assert [] == drive.car.handle_end(None)


def test_a_sector_beyond_sixteen_bits_is_unwrapped_by_the_clock() -> None:
    drive = Drive()
    drive.car = car(None, year=2022)
    drive.next_row(row(1, 10, at=0.01))
    drive.next_row(row(1, 70_010, s1=70_000 - 65_536, at=70.01))
    drive.next_row(row(1, 140_020, s1=70_000 - 65_536, s2=70_000 - 65_536, at=140.02))
    drive.next_row(row(1, 209_990, s1=70_000 - 65_536, s2=70_000 - 65_536, at=209.99))
    (lap,) = drive.next_row(row(2, 6, last=210_000, at=210.006))
    assert (70_000, 70_000, 70_000) == (lap.sector1_ms, lap.sector2_ms, lap.sector3_ms)


def test_since_2023_a_wrong_clock_does_not_lengthen_a_sector() -> None:
    drive = Drive()
    drive.next_row(row(1, 10, at=0.01))
    drive.next_row(row(1, 8_000_000, s1=30_000, at=30.0))
    drive.next_row(row(1, 89_990, s1=30_000, s2=30_000, at=89.99))
    (lap,) = drive.next_row(row(2, 6, last=90_000, at=90.006))
    assert (30_000, 30_000, 30_000) == (lap.sector1_ms, lap.sector2_ms, lap.sector3_ms)


def test_since_2023_a_long_lap_without_a_first_sector_has_no_time() -> None:
    drive = Drive()
    drive.next_row(row(1, 10, at=0.01))
    drive.next_row(row(1, 99_990, s2=31_000, at=99.99))
    (lap,) = drive.next_row(row(2, 6, last=100_000, at=100.006))
    assert (None, "partial") == (lap.lap_time_ms, lap.state)


def test_a_lap_recorded_by_an_earlier_process_is_not_recorded_again() -> None:
    first = Drive()
    first.lap(1, 0.0, 30_000, 30_000, 30_000)
    (lap,) = first.next_row(row(2, 10, last=90_000, at=90.005))
    again = Drive()
    again.car = car(None, known_laps=[lap])
    again.next_row(row(2, 40_000, s1=30_000, last=90_000, at=130.0))
    assert [] == again.car.handle_history(history(90_000, running=2), is_session_over=False)


def test_a_flashback_to_after_a_car_s_finish_does_not_change_its_last_lap() -> None:
    drive = Drive()
    drive.lap(1, 0.0, 30_000, 31_000, 29_000)
    drive.next_row(row(1, 90_000, last=90_000, s1=30_000, s2=31_000, at=90.0, status=FINISHED))
    back = row(1, 90_000, last=90_000, s1=30_000, s2=31_000, at=92.0, status=FINISHED)
    assert [] == drive.rewind(back)
    assert [] == drive.car.handle_end(None)


@pytest.mark.parametrize(("clock", "begins"), [(13_000, [45, 47]), (15_000, [45])])
def test_a_lap_that_was_begun_again_after_a_flashback_in_a_gap_begins_when_its_clock_says(
    clock: int, begins: list[float]
) -> None:
    began: list[LapBegan] = []
    laps = car(on_lap_began=began.append)
    laps.handle_row(row(3, 5_000, at=50.0), None, usual_gap_s=GAP_S)
    laps.handle_rewind(row(3, clock, at=60.0))
    assert begins == [event.session_time_s - event.elapsed_ms / 1000 for event in began]
