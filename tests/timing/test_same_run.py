"""Whether the game goes on with the same run after a gap, and how stored counters show it."""

from __future__ import annotations

from dataclasses import replace

from f1timings.timing.events import CountersRead
from f1timings.timing.history import CarHistory, HistoryLap
from f1timings.timing.packet_order import PacketOrder, Verdict
from f1timings.timing.records import Lap, LapState, lap_id
from f1timings.timing.same_run import drives_same_laps, lists_other_laps, lists_same_laps
from tests.timing.rows import FINISHED, row
from tests.timing.test_packet_order import header, verdicts


def lap(number: int, lap_time_ms: int | None) -> Lap:
    return Lap(
        id=lap_id("s", 0, number, 0),
        session_id="s",
        session_uid=7,
        rig="rig",
        car_index=0,
        participant=None,
        lap_number=number,
        branch=0,
        lap_time_ms=lap_time_ms,
        sector1_ms=None,
        sector2_ms=None,
        sector3_ms=None,
        is_valid=True,
        compound=None,
        state=LapState.COMPLETED if lap_time_ms else LapState.PARTIAL,
        recovered=False,
    )


LAPS = {1: lap(1, 90_000), 2: lap(2, 91_000)}


def history(*lap_times: int) -> CarHistory:
    laps = {
        number: HistoryLap(
            lap_number=number,
            lap_time_ms=time_ms,
            sector1_ms=None,
            sector2_ms=None,
            sector3_ms=None,
            is_valid=True,
        )
        for number, time_ms in enumerate(lap_times, 1)
    }
    return CarHistory(car_index=0, running_lap=len(lap_times) + 1, laps=laps, stints=())


def resumed(frame: int, *, overall: int = 0) -> PacketOrder:
    order = PacketOrder()
    order.resume(CountersRead(session_id="s", session_time_s=frame / 60, frame=frame, overall_frame=overall))
    return order


def test_a_car_on_its_next_lap_with_the_recorded_last_lap_is_of_the_same_run() -> None:
    assert drives_same_laps([row(3, 5_000, last=91_000)], (), {0: LAPS})


def test_a_car_with_another_last_lap_is_of_another_run() -> None:
    assert False is drives_same_laps([row(3, 5_000, last=88_000)], (), {0: LAPS})


def test_a_car_on_a_lap_that_is_recorded_is_of_another_run() -> None:
    assert False is drives_same_laps([row(2, 5_000, last=90_000)], (), {0: LAPS})


def test_a_car_on_a_recorded_lap_is_of_the_same_run_if_a_flashback_may_have_led_there() -> None:
    assert drives_same_laps([row(2, 5_000, last=90_000)], (), {0: LAPS}, is_rewound=True)


def test_a_car_two_laps_back_is_of_another_run_since_no_flashback_crosses_two_lines() -> None:
    assert False is drives_same_laps([row(1, 5_000)], (), {0: LAPS}, is_rewound=True)


def test_a_car_far_beyond_its_recorded_laps_says_nothing() -> None:
    assert None is drives_same_laps([row(9, 5_000, last=77_000)], (), {0: LAPS})


def test_a_car_that_has_finished_says_nothing() -> None:
    assert None is drives_same_laps([row(2, 91_000, last=91_000, status=FINISHED)], (), {0: LAPS})


def test_a_car_on_the_same_lap_with_a_later_clock_is_of_the_same_run() -> None:
    before, after = row(3, 5_000, last=91_000, at=200.0), row(3, 35_000, last=91_001, at=230.0)
    assert drives_same_laps([after], [before], {0: LAPS})


def test_a_lap_clock_that_went_back_with_the_session_clock_is_of_the_same_run() -> None:
    before = row(3, 5_000, last=91_000, at=196.0)
    within, over_the_line = row(3, 1_000, last=91_000, at=192.0), row(2, 85_000, last=90_000, at=185.0)
    assert drives_same_laps([within], [before], {0: LAPS}, is_rewound=True)
    assert drives_same_laps([over_the_line], [before], {0: {2: LAPS[2]}}, is_rewound=True)


def test_the_clock_of_the_first_lap_of_a_race_says_nothing_because_every_race_begins_so() -> None:
    before, after = row(2, 5_000, last=90_000, at=95.0), row(1, 80_000, at=80.0)
    assert drives_same_laps([after], [before], {0: {1: LAPS[1]}}, is_rewound=True) is None


def test_a_row_on_a_recorded_lap_says_nothing_if_no_lap_before_it_is_recorded() -> None:
    assert drives_same_laps([row(2, 5_000)], (), {0: {2: LAPS[2]}}, is_rewound=True) is None


def test_the_sectors_show_whether_a_flashback_went_back_to_a_recorded_lap() -> None:
    first = {1: replace(lap(1, 110_000), sector1_ms=70_000, sector2_ms=20_000)}
    before = row(2, 5_000, last=110_000, at=115.0)
    same = [row(1, 80_000, s1=70_000), row(1, 95_000, s1=70_000 - 65_536, s2=20_001)]
    other = [row(1, 80_000, s1=69_000), row(1, 95_000, s1=70_000, s2=19_000)]
    for after, expected in (*((after, True) for after in same), *((after, False) for after in other)):
        assert expected is drives_same_laps([after], [before], {0: first}, is_rewound=True)
        assert expected is drives_same_laps([after], (), {0: first}, is_rewound=True)


def test_a_sector_of_the_first_lap_shows_that_a_flashback_stayed_in_it() -> None:
    before, back = row(1, 80_000, s1=30_000, s2=31_000), row(1, 50_000, s1=30_000)
    assert drives_same_laps([back], [before], {0: {}}, is_rewound=True)
    assert drives_same_laps([row(1, 20_000)], [before], {0: {}}, is_rewound=True) is None


def test_the_majority_of_the_cars_decides() -> None:
    same, other = row(3, 5_000, last=91_000), row(3, 5_000, last=88_000)
    assert drives_same_laps([same, same, other], (), {0: LAPS, 1: LAPS, 2: LAPS})
    assert drives_same_laps([same, other], (), {0: LAPS, 1: LAPS}) is None
    assert False is drives_same_laps([same, other, other], (), {0: LAPS, 1: LAPS, 2: LAPS})


def test_a_history_is_of_another_run_if_no_lap_in_it_is_the_recorded_one() -> None:
    assert lists_other_laps(history(88_000, 89_000), LAPS)
    assert lists_other_laps(history(90_000, 89_000), LAPS) is False


def test_a_history_is_of_a_run_that_was_left_if_every_recorded_lap_in_it_is_the_same() -> None:
    assert lists_same_laps(history(90_000, 91_000, 92_000), LAPS)
    assert not lists_same_laps(history(90_000, 89_000), LAPS)
    assert not lists_same_laps(history(), LAPS)


def test_a_history_that_has_none_of_the_recorded_laps_says_nothing() -> None:
    assert lists_other_laps(history(), LAPS) is None
    assert lists_other_laps(history(88_000), {1: lap(1, None)}) is None


def test_higher_counters_after_a_restart_of_the_server_are_new_packets() -> None:
    assert [Verdict.NEW] == verdicts(resumed(6000, overall=6100), header(9000, overall=9100))


def test_a_flashback_while_the_server_was_down_is_a_rewind() -> None:
    assert [Verdict.REWIND] == verdicts(resumed(6000, overall=6100), header(7000, overall=8000))


def test_lower_counters_after_a_restart_of_the_server_are_another_run() -> None:
    again = [header(frame, overall=frame) for frame in (100, 101, 102)]
    assert [Verdict.LATE, Verdict.LATE, Verdict.RESTART] == verdicts(resumed(6000, overall=6100), *again)
