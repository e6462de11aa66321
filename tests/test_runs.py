"""Runs of a game and restarts of the server: each lap counts once, in its run, for who drove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from f1timings.store import Store
from f1timings.timing.records import LapState
from tests.evening_of_one_rig import OneRig, Run, laps_of, summary
from tests.sql_statements import statements

FORMATS = [2022, 2025]


@pytest.fixture(params=FORMATS)
def rig(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OneRig]:
    opened = OneRig(tmp_path, Run(format=request.param))
    yield opened
    opened.settle()
    live = summary(opened.laps())
    opened.kill()
    with opened.rebuilt() as rebuilt:
        again = summary(laps_of(rebuilt))
    assert [lap[:3] for lap in live] == [lap[:3] for lap in again], "a rebuild gives other laps"
    # A rebuild may know who drove a lap that is unclaimed, because a killed server forgot its last seconds.
    assert all(lap in (other, (*other[:3], None)) for lap, other in zip(live, again, strict=True))


def another_run(rig: OneRig) -> Run:
    """The game begins again under the same UID."""
    return Run(rig.run.uid, rig.run.format)


def restart(rig: OneRig) -> None:
    rig.restart()


def rest(rig: OneRig) -> None:
    rig.rest(30)


@pytest.mark.parametrize("pause", [restart, rest])
def test_a_run_goes_on_after_a_pause_or_a_restart_of_the_server(
    rig: OneRig, pause: Callable[[OneRig], None]
) -> None:
    rig.seat("Anna")
    rig.lap(20)
    rig.drive(5)
    pause(rig)
    rig.lap(16)
    rig.lap(22)
    rig.settle()
    assert [(0, 1, 20_000, "Anna"), (0, 2, 21_400, "Anna"), (0, 3, 22_400, "Anna")] == summary(rig.laps())


def test_another_run_under_the_same_uid_after_a_restart_is_another_session(rig: OneRig) -> None:
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    rig.kill()
    rig.seat("Bodo")
    rig.rest(60)
    rig.run = another_run(rig)
    rig.start()
    rig.store_seats(rig.store)
    rig.lap(18)
    rig.lap(19)
    rig.settle()
    assert [
        (0, 1, 20_000, "Anna"),
        (0, 2, 21_400, "Anna"),
        (1, 1, 18_000, "Bodo"),
        (1, 2, 19_400, "Bodo"),
    ] == summary(rig.laps())


def test_another_run_without_session_histories_is_another_session_too(rig: OneRig) -> None:
    rig.has_history = False
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    rig.kill()
    rig.seat("Bodo")
    rig.run = another_run(rig)
    rig.start()
    rig.store_seats(rig.store)
    rig.lap(18)
    rig.lap(19)
    rig.settle()
    assert [(0, 20_000), (0, 21_400), (1, 18_000), (1, 19_400)] == [
        (epoch, time_ms) for epoch, _, time_ms, _ in summary(rig.laps())
    ]


@pytest.mark.parametrize("joined_s", [4, 30, 100])
def test_another_run_that_is_joined_late_does_not_correct_the_laps_before(
    rig: OneRig, joined_s: float
) -> None:
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    rig.kill()
    rig.seat("Bodo")
    rig.run = another_run(rig)
    while rig.run.time_s < joined_s:
        rig.lap(17)
    rig.start()
    rig.store_seats(rig.store)
    rig.lap(18)  # under way at the start: the game may have returned to this run
    rig.lap(19)
    rig.settle()
    laps = summary(rig.laps())
    assert [(0, 1, 20_000, "Anna"), (0, 2, 21_400, "Anna")] == laps[:2]
    assert {(1, None), (1, "Bodo")} >= {(epoch, name) for epoch, _, _, name in laps[2:]}
    assert "Bodo" == laps[-1][3]


def test_a_flashback_while_the_server_was_down_supersedes_the_laps_that_are_driven_again(
    tmp_path: Path,
) -> None:
    rig = OneRig(tmp_path)
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    rig.drive(3)
    rig.kill()
    rig.run.flashback(8)
    rig.start()
    rig.lap(9)
    rig.lap(22)
    rig.settle()
    assert [1, 2, 3] == [number for _, number, _, _ in summary(rig.laps())]
    assert {0} == {epoch for epoch, _, _, _ in summary(rig.laps())}
    branches = {(stored.lap.lap_number, stored.lap.branch) for stored in rig.store.reads.list_laps().items}
    assert (2, 1) in branches
    rig.kill()


def test_a_session_that_returns_after_many_others_is_the_same_session(rig: OneRig) -> None:
    rig.seat("Anna")
    rig.lap(20)
    first = rig.run
    for uid in range(100, 112):
        rig.run = Run(uid, first.format)
        rig.lap(15)
    rig.restart()
    rig.run = first
    rig.lap(22)
    rig.settle()
    times = [stored.lap.lap_time_ms for stored in rig.laps() if stored.lap.session_uid == first.uid]
    assert [20_000, 22_400] == times


def test_another_run_after_many_other_sessions_is_another_session(rig: OneRig) -> None:
    rig.seat("Anna")
    rig.lap(20)
    first = rig.run
    for uid in range(100, 112):
        rig.run = Run(uid, first.format)
        rig.lap(15)
    rig.run = Run(first.uid, first.format)
    rig.lap(18)
    rig.settle()
    laps = [stored for stored in rig.laps() if stored.lap.session_uid == first.uid]
    assert [(0, 1, 20_000, "Anna"), (1, 1, 18_000, "Anna")] == summary(laps)


def test_a_save_that_is_loaded_after_many_sessions_continues_the_session_of_before(rig: OneRig) -> None:
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    first, saved = rig.run, deepcopy(rig.run)
    rig.settle()
    for uid in range(100, 112):
        rig.run = Run(uid, first.format)
        rig.lap(15)
    rig.restart()
    rig.run = replace(saved, uid=999)
    rig.lap(23)
    rig.restart()
    rig.lap(24)
    rig.settle()
    laps = [stored for stored in rig.laps() if stored.lap.session_uid == 999]
    assert [3, 4] == [stored.lap.lap_number for stored in laps]
    session = rig.store.reads.get_session(laps[0].lap.session_id)
    assert session is not None
    assert f"{first.uid}~0" in str(session.session.continues)


def test_a_save_of_which_the_circuit_is_never_known_repeats_no_lap_that_the_store_has(rig: OneRig) -> None:
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    saved = deepcopy(rig.run)
    rig.restart()
    for uid, track in ((998, -1), (999, saved.track)):
        rig.run = replace(deepcopy(saved), uid=uid, track=track)
        rig.lap(uid - 970)
        rig.restart()
    rig.lap(30)
    rig.settle()
    times = [time_ms for _, _, time_ms, _ in summary(rig.laps())]
    assert [20_000, 21_400, 28_400, 29_400, 30_400] == sorted(time_ms for time_ms in times if time_ms)


def test_a_history_of_a_loaded_save_takes_one_query(tmp_path: Path) -> None:
    rig = OneRig(tmp_path)
    for seconds in (20, 21, 22):
        rig.lap(seconds)
    saved = deepcopy(rig.run)
    rig.settle()
    for uid in range(100, 112):
        rig.run = Run(uid)
        rig.lap(15)
    rig.restart()
    rig.run = replace(saved, uid=999)
    with statements(rig.store._reader_engine) as executed:
        rig.lap(23)
        rig.lap(24)
    assert 1 == sum("lap_time_ms IN" in statement for statement in executed)
    rig.settle()
    laps = [stored.lap.lap_number for stored in rig.laps() if stored.lap.session_uid == 999]
    assert [4, 5] == laps
    rig.kill()


def laps_by_run(rig: OneRig) -> dict[int, list[int | None]]:
    """The times of the completed laps of each run."""
    runs: dict[int, list[int | None]] = {}
    for epoch, _, time_ms, _ in summary(rig.laps()):
        runs.setdefault(epoch, []).append(time_ms)
    return runs


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_longer_run_with_a_flashback_is_another_run_if_its_laps_are_others(
    tmp_path: Path, is_killed: bool
) -> None:
    rig = OneRig(tmp_path)
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    if is_killed:
        rig.kill()
    rig.is_cut = True
    rig.run = another_run(rig)
    rig.lap(40)
    rig.lap(41)
    rig.run.flashback(5)
    rig.drive(2)
    rig.is_cut = False
    if is_killed:
        rig.start()
    rig.lap(18)
    rig.settle()
    runs = laps_by_run(rig)
    assert [20_000, 21_400] == runs[0]
    assert rig.run.times == runs[1]
    rig.kill()


def test_a_flashback_while_the_server_was_down_after_which_laps_were_driven_again_is_of_the_same_run(
    tmp_path: Path,
) -> None:
    rig = OneRig(tmp_path)
    rig.seat("Anna")
    for seconds in (20, 21, 22, 23):
        rig.lap(seconds)
    rig.kill()
    rig.run.flashback(60)
    rig.lap(25)
    rig.drive(8)
    rig.start()
    rig.lap(9)
    rig.lap(24)
    rig.settle()
    assert {0: rig.run.times} == laps_by_run(rig)
    rig.kill()


@pytest.mark.parametrize("laps_before", [1, 2, 3])
@pytest.mark.parametrize("is_killed", [True, False])
def test_a_lap_that_is_undone_and_driven_again_unseen_stays_superseded(
    tmp_path: Path, laps_before: int, is_killed: bool
) -> None:
    rig = OneRig(tmp_path)
    rig.seat("Anna")
    for number in range(laps_before):
        rig.lap(20 + number)
    rig.drive(5)
    rig.store.flush()
    undone_ms = rig.run.times[-1]
    if is_killed:
        rig.kill()
    rig.is_cut = True
    rig.drive(1)
    rig.run.flashback(15)
    rig.lap(12)
    rig.drive(3)
    rig.is_cut = False
    if is_killed:
        rig.start()
    rig.lap(19)
    rig.settle()
    assert {0: rig.run.times} == laps_by_run(rig)
    superseded = [
        stored.lap.lap_time_ms
        for stored in rig.store.reads.list_laps().items
        if stored.lap.state is LapState.SUPERSEDED
    ]
    assert [undone_ms] == superseded
    rig.kill()


def test_after_a_pause_in_the_first_lap_no_earlier_run_is_looked_for(tmp_path: Path) -> None:
    rig = OneRig(tmp_path)
    rig.lap(20)
    rig.drive(3)
    rig.rest(20)
    rig.run = another_run(rig)
    rig.drive(12)
    rig.rest(10)
    with statements(rig.store._reader_engine) as executed:
        rig.lap(8)
    assert [] == executed
    rig.settle()
    assert {0: [20_000], 1: [20_000]} == laps_by_run(rig)
    rig.kill()


@pytest.mark.parametrize("joined_s", [4, 12])
def test_without_session_histories_another_run_supersedes_no_lap(tmp_path: Path, joined_s: float) -> None:
    rig = OneRig(tmp_path, Run(format=2022))
    rig.has_history = False
    rig.seat("Anna")
    rig.lap(20)
    rig.drive(15)
    rig.kill()
    rig.run = another_run(rig)
    rig.drive(joined_s)
    rig.start()
    rig.lap(18)
    rig.lap(19)
    rig.store.flush()
    runs = laps_by_run(rig)
    assert [20_000] == runs[0]
    assert rig.run.times == runs[1]
    rig.kill()


@pytest.mark.parametrize("has_history", [True, False])
def test_a_flashback_in_a_gap_without_an_overall_frame_is_found_by_the_laps(
    tmp_path: Path, has_history: bool
) -> None:
    rig = OneRig(tmp_path, Run(format=2022))
    rig.has_history = has_history
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    rig.drive(3)
    rig.kill()
    rig.run.flashback(8)
    rig.start()
    rig.lap(9)
    rig.lap(22)
    rig.store.flush()
    assert {0: rig.run.times} == laps_by_run(rig)
    rig.kill()


def test_a_flashback_to_the_first_lap_after_a_long_pause_is_of_the_same_run(tmp_path: Path) -> None:
    rig = OneRig(tmp_path, Run(format=2022))
    rig.seat("Anna")
    rig.run.time_s, rig.run._starts = 10.0, [10.0]
    rig.lap(20)
    rig.drive(3)
    rig.rest(20)
    rig.run.flashback(8)
    rig.lap(9)
    rig.settle()
    assert {0: rig.run.times} == laps_by_run(rig)
    rig.kill()


@pytest.mark.parametrize("pause", [restart, rest])
def test_a_game_that_returns_to_an_earlier_run_goes_on_with_it(
    rig: OneRig, pause: Callable[[OneRig], None]
) -> None:
    rig.seat("Anna")
    rig.lap(20)
    rig.lap(21)
    first = rig.run
    pause(rig)
    rig.rest(20)
    rig.run = second = another_run(rig)
    rig.lap(18)
    rig.lap(19)
    rig.settle()
    pause(rig)
    rig.rest(20)
    rig.run = first
    rig.lap(22)
    rig.lap(23)
    rig.settle()
    pause(rig)
    rig.rest(20)
    rig.run = third = another_run(rig)
    rig.lap(24)
    rig.lap(25)
    rig.settle()
    assert {0: first.times, 1: second.times, 2: third.times} == laps_by_run(rig)


@pytest.mark.parametrize("laps_before", [1, 2])
def test_a_game_that_returns_to_an_earlier_run_without_a_pause_goes_on_with_it(
    rig: OneRig, laps_before: int
) -> None:
    rig.seat("Anna")
    for seconds in range(20, 20 + laps_before):
        rig.lap(seconds)
    first = rig.run
    rig.run = second = another_run(rig)
    for seconds in range(12, 12 + laps_before):
        rig.lap(seconds)
    rig.store.flush()  # the run was left long ago
    rig.run = first
    rig.lap(22)
    rig.lap(23)
    rig.settle()
    assert {0: first.times, 1: second.times} == laps_by_run(rig)


@pytest.mark.parametrize("pause_s", [0, 6])
@pytest.mark.parametrize("restarts", [False, True])
def test_a_game_that_leaves_a_run_without_a_lap_goes_on_with_the_run_before(
    rig: OneRig, pause_s: float, restarts: bool
) -> None:
    rig.seat("Anna")
    rig.lap(20)
    rig.store.flush()
    first = rig.run
    rig.run = another_run(rig)
    rig.drive(0.8)  # the time of the first lap fits a lap that began here, too
    rig.store.flush()
    if restarts:
        rig.restart()
    rig.rest(pause_s)
    rig.run = first
    rig.lap(22)
    rig.lap(23)
    rig.settle()
    assert {0: first.times} == laps_by_run(rig)


def test_a_restarted_server_goes_on_with_the_run_to_which_the_game_had_returned(tmp_path: Path) -> None:
    rig = OneRig(tmp_path)
    rig.seat("Anna")
    rig.lap(20)
    rig.store.flush()
    first = rig.run
    rig.run = second = another_run(rig)
    rig.drive(3)
    rig.store.flush()
    rig.rest(6)
    rig.run = first
    rig.drive(1)
    rig.is_cut = True
    rig.lap(18)
    rig.is_cut = False
    rig.store.flush()
    rig.restart()
    rig.lap(22)
    rig.settle()
    assert {0: first.times} == laps_by_run(rig)
    rig.run = third = another_run(rig)
    rig.lap(24)
    rig.settle()
    assert {0: first.times, 2: third.times} == laps_by_run(rig)
    assert [] == second.times
    rig.kill()


@pytest.mark.parametrize("restarts", [False, True])
def test_of_several_runs_the_one_that_was_driven_last_goes_on_after_many_other_sessions(
    rig: OneRig, restarts: bool
) -> None:
    rig.seat("Anna")
    rig.lap(20)
    first = rig.run
    rig.run = another_run(rig)
    rig.drive(3)  # no lap shows it
    rig.store.flush()
    rig.rest(6)
    rig.run = first
    rig.lap(21)
    for uid in range(100, 112):
        rig.run = Run(uid, first.format)
        rig.lap(15)
    rig.settle()
    if restarts:
        rig.restart()
    rig.run = first
    rig.is_cut = True
    rig.lap(17)
    rig.is_cut = False
    rig.lap(22)
    rig.settle()
    laps = [stored for stored in rig.laps() if stored.lap.session_uid == first.uid]
    assert [(0, time_ms) for time_ms in first.times] == [lap[::2] for lap in summary(laps)]


def test_only_a_gap_after_another_run_asks_the_database_which_run_goes_on(tmp_path: Path) -> None:
    rig = OneRig(tmp_path)
    rig.drive(3)
    with statements(rig.store._reader_engine) as executed:
        rig.is_cut = True
        rig.drive(6)
        rig.is_cut = False
        rig.lap(20)
        rig.rest(30)
        rig.lap(21)
    assert [] == executed
    rig.kill()


@pytest.mark.parametrize("is_killed", [True, False])
@pytest.mark.parametrize("paused", ["before the line", "after the line"])
def test_a_lap_that_begins_unseen_beside_a_pause_and_a_change_of_driver_is_nobodys(
    rig: OneRig, paused: str, is_killed: bool
) -> None:
    rig.seat("Anna")
    rig.lap(20)
    rig.drive(10)
    rig.settle()
    if is_killed:
        rig.kill()
    rig.is_cut = True
    if paused == "before the line":
        rig.rest(40)
        rig.seat("Bodo")
    rig.lap(8)
    if paused == "after the line":
        rig.drive(1)
        rig.seat("Bodo")
        rig.rest(40)
    rig.drive(3)
    rig.is_cut = False
    if is_killed:
        rig.start()
        rig.store_seats(rig.store)
    rig.lap(10)
    rig.lap(18)
    rig.settle()
    drivers = {number: name for _, number, _, name in summary(rig.laps())}
    assert {1: "Anna", 2: "Anna", 3: None, 4: "Bodo"} == drivers


@pytest.mark.parametrize("pause", [restart, rest])
def test_the_first_lap_is_nobodys_if_the_driver_changed_in_a_pause_that_may_hide_another_run(
    rig: OneRig, pause: Callable[[OneRig], None]
) -> None:
    rig.seat("Anna")
    rig.rest(1)
    rig.drive(1)
    rig.seat("Bodo")
    rig.rest(25)
    pause(rig)
    rig.lap(15)
    rig.lap(16)
    rig.settle()
    assert [(0, 1, 16_000, None), (0, 2, 16_400, "Bodo")] == summary(rig.laps())


@pytest.mark.parametrize("joined_s", [1, 17])
def test_another_run_that_shows_almost_the_same_clock_gives_no_lap_to_the_driver_of_before(
    rig: OneRig, joined_s: float
) -> None:
    rig.seat("Anna")
    rig.rest(1)
    rig.drive(0.4)
    rig.is_cut = True
    rig.lap(14)
    rig.seat("Bodo")
    rig.rest(20)
    rig.run = another_run(rig)
    rig.drive(0.4)
    if joined_s > 15:
        rig.lap(15)
    rig.is_cut = False
    rig.lap(16)
    rig.lap(17)
    rig.settle()
    drivers = [name for _, _, _, name in summary(rig.laps())]
    assert drivers[0] is None
    assert "Anna" not in drivers
    assert "Bodo" == drivers[-1]


def test_a_first_lap_with_a_pause_is_its_drivers_if_nobody_else_sat_down_meanwhile(rig: OneRig) -> None:
    rig.seat("Anna")
    rig.rest(1)
    rig.drive(10)
    rig.rest(5)
    rig.lap(15)
    rig.seat("Bodo")
    rig.lap(16)
    rig.settle()
    assert [(0, 1, 25_000, "Anna"), (0, 2, 16_400, "Anna")] == summary(rig.laps())


def test_another_run_that_begins_soon_after_the_first_is_another_session_though_the_server_was_killed(
    rig: OneRig,
) -> None:
    rig.seat("Anna")
    rig.drive(4)
    rig.restart()
    rig.run = another_run(rig)
    rig.lap(16)
    rig.settle()
    assert [(1, 1, 16_000, "Anna")] == summary(rig.laps())


def drivers_of(store: Store) -> dict[int, str | None]:
    """The driver of each completed lap, by number."""
    return {stored.lap.lap_number: stored.driver for stored in laps_of(store)}


@pytest.mark.parametrize("packet_format", [2022, 2023, 2025])
@pytest.mark.parametrize("cut_s", [0.6, 0.9, 1.5, 4.0])
def test_a_lap_begun_again_in_a_gap_in_which_the_driver_changed_belongs_to_nobody(
    tmp_path: Path, packet_format: int, cut_s: float
) -> None:
    """Who went back over the line cannot be known."""
    rig = OneRig(tmp_path, Run(format=packet_format))
    rig.seat("Anna")
    rig.rest(0.4)
    rig.drive(0.4)
    rig.lap(20)
    rig.is_cut = True
    rig.flashback(8)
    rig.drive(cut_s - 0.4)
    rig.seat("Bodo")
    rig.drive(0.4)
    rig.is_cut = False
    rig.lap(9)
    rig.lap(23)
    rig.settle()
    with rig.rebuilt() as rebuilt:
        assert [{1: None, 2: "Bodo"}] * 2 == [drivers_of(store) for store in (rig.store, rebuilt)]
    rig.kill()


@pytest.mark.parametrize("packet_format", [2022, 2023, 2025])
def test_a_lap_begun_again_before_the_eyes_of_the_server_belongs_to_who_sat_there(
    tmp_path: Path, packet_format: int
) -> None:
    """Also if the driver had changed less than a second before."""
    rig = OneRig(tmp_path, Run(format=packet_format))
    rig.seat("Anna")
    rig.rest(0.4)
    rig.drive(0.4)
    rig.lap(20)
    rig.seat("Bodo")
    rig.drive(0.4)
    rig.flashback(8)
    rig.lap(9)
    rig.seat("Anna")
    rig.lap(22)
    rig.settle()
    first, second = rig.laps()
    assert ("Bodo", None, "Bodo") == (first.driver, first.began_before, second.driver)
    rig.kill()


@pytest.mark.parametrize("packet_format", FORMATS)
@pytest.mark.parametrize("is_killed", [True, False])
def test_a_lap_of_a_save_that_was_loaded_unseen_before_the_driver_changed_is_not_the_new_drivers(
    tmp_path: Path, packet_format: int, is_killed: bool
) -> None:
    """The game pauses after it: the clock of the lap shows a beginning after the change."""
    rig = OneRig(tmp_path, Run(format=packet_format))
    rig.seat("Anna")
    rig.rest(0.4)
    rig.drive(0.4)
    rig.lap(20)
    rig.drive(4)
    rig.store.flush()
    rig.is_cut = True
    if is_killed:
        rig.kill()
    rig.rest(3)
    rig.load(deepcopy(rig.run), uid=8)
    rig.drive(1)
    rig.seat("Bodo")
    rig.rest(25)
    rig.is_cut = False
    if is_killed:
        rig.start()
        rig.store_seats(rig.store)
    rig.lap(12)
    rig.lap(22)
    rig.settle()
    loaded = [stored for stored in rig.laps() if stored.lap.session_uid == 8]
    assert {2: None, 3: "Bodo"} == {stored.lap.lap_number: stored.driver for stored in loaded}
    rig.kill()


def test_a_lap_begun_again_in_a_gap_belongs_to_who_sat_there_all_the_time_and_has_its_start(
    tmp_path: Path,
) -> None:
    rig = OneRig(tmp_path)
    rig.seat("Anna")
    rig.rest(0.4)
    rig.drive(0.4)
    rig.lap(20)
    rig.is_cut = True
    rig.flashback(8)
    rig.drive(1.8)
    rig.is_cut = False
    rig.drive(2)
    rig.seat("Bodo")
    rig.lap(9)
    rig.lap(22)
    rig.settle()
    assert {1: "Anna", 2: "Bodo"} == drivers_of(rig.store)
    assert all(stored.began_at for stored in rig.laps())
    rig.kill()


def test_a_lap_begun_again_while_the_server_was_down_belongs_to_nobody_if_the_driver_changed_then(
    tmp_path: Path,
) -> None:
    rig = OneRig(tmp_path)
    rig.seat("Anna")
    rig.rest(0.4)
    rig.drive(0.4)
    rig.lap(20)
    rig.store.flush()
    rig.kill()
    rig.flashback(8)
    rig.drive(3)
    rig.seat("Bodo")
    rig.drive(0.4)
    rig.start()
    rig.store_seats(rig.store)
    rig.lap(9)
    rig.lap(22)
    rig.settle()
    assert {1: None, 2: "Bodo"} == drivers_of(rig.store)
    rig.kill()
