"""Small captures that showed faults, made from the facts about the packets, with the right answers."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from f1timings.commands.capture_report import build_report

CASES = Path(__file__).parent / "cases"


def report_on(name: str, folder: Path) -> dict[str, Any]:
    """What ``inspect --json`` says about a capture; ``folder`` is for the unpacked file."""
    capture = folder / f"{name}.pcap"
    capture.write_bytes(gzip.decompress((CASES / f"{name}.pcap.gz").read_bytes()))
    return build_report(capture).as_json()


def session_of(report: dict[str, Any]) -> dict[str, Any]:
    """The only session of a report."""
    (session,) = report["sessions"]
    return dict(session)


def lap_times(session: dict[str, Any]) -> dict[int, int | None]:
    """The lap times of the laps of a session with one car."""
    return {lap["lap_number"]: lap["lap_time_ms"] for lap in session["laps"]}


def implausible(report: dict[str, Any]) -> dict[str, int]:
    """How many implausible values the only source of a report sent, by name."""
    (source,) = report["sources"]
    return dict(source["implausible"])


def test_a_session_packet_of_zeros_changes_nothing(tmp_path: Path) -> None:
    report = report_on("e3_empty_session_2024", tmp_path)
    session = session_of(report)
    assert ("Monza", "Race") == (session["track"], session["session_type"])
    assert {"session.track_length": 1} == implausible(report)


def test_a_best_lap_that_nobody_drives_is_unknown(tmp_path: Path) -> None:
    report = report_on("e5_nonsense_best_lap", tmp_path)
    assert {None} == {entry["best_lap_ms"] for entry in session_of(report)["classification"]}
    assert {"final_classification.best_lap": 2} == implausible(report)


def test_the_greatest_number_in_a_session_history_is_no_lap_time(tmp_path: Path) -> None:
    report = report_on("e6_sentinel_max31", tmp_path)
    assert {1: None, 2: 80_123, 3: None} == lap_times(session_of(report))
    assert implausible(report).keys() == {"lap_data.last_lap", "session_history.lap"}


def test_a_lap_of_two_sectors_has_no_lap_time(tmp_path: Path) -> None:
    session = session_of(report_on("e7_lap_of_two_sectors", tmp_path))
    assert {1: 120_000, 2: None, 3: 80_123, 4: None} == lap_times(session)


def test_four_equal_laps_without_a_history_are_four_laps(tmp_path: Path) -> None:
    session = session_of(report_on("e8_equal_laps_2022_nohist", tmp_path))
    assert dict.fromkeys((1, 2, 3, 4), 80_123) == lap_times(session)
    assert {"completed"} == {lap["state"] for lap in session["laps"]}


def test_a_lap_given_up_near_the_line_does_not_get_the_time_of_the_lap_before(tmp_path: Path) -> None:
    session = session_of(report_on("e9_garage_near_line", tmp_path))
    assert {1: 140_000, 2: 80_123, 3: None, 4: 150_000, 5: None} == lap_times(session)


def test_a_lap_from_the_grid_has_a_standing_start_also_where_the_grid_is_past_the_line(
    tmp_path: Path,
) -> None:
    session = session_of(report_on("e10_grid_lap", tmp_path))
    starts = {lap["lap_number"]: lap["start"] for lap in session["laps"]}
    assert {1: "standing", 2: "flying", 3: "flying"} == starts
    assert {1: 81_000, 2: 82_000, 3: None} == lap_times(session)


def test_the_laps_that_a_loaded_save_lists_again_count_once(tmp_path: Path) -> None:
    sessions = report_on("e1_reload_save", tmp_path)["sessions"]
    times = [lap["lap_time_ms"] for session in sessions for lap in session["laps"] if lap["car_index"] == 21]
    assert [83_000, 84_500, 91_359] == sorted(time for time in times if time is not None)
    assert [None, sessions[0]["id"]] == [session["continues"] for session in sessions]


def laps_by_run(report: dict[str, Any]) -> list[list[int]]:
    """The lap times that count in each session, by session and lap."""
    return [
        [lap["lap_time_ms"] for lap in session["laps"] if lap["state"] == "completed"]
        for session in report["sessions"]
    ]


def test_a_second_run_under_one_uid_that_is_joined_late_is_a_session_of_its_own(tmp_path: Path) -> None:
    report = report_on("r1_second_run_joined_late", tmp_path)
    assert [[20_000, 21_400], [25_000, 18_400]] == laps_by_run(report)


def test_a_second_run_without_a_history_or_an_overall_frame_undoes_no_lap(tmp_path: Path) -> None:
    report = report_on("r2_second_run_2022_nohist", tmp_path)
    assert [[20_000], [25_000, 18_400]] == laps_by_run(report)


def test_a_game_that_returns_to_its_first_run_goes_on_with_that_session(tmp_path: Path) -> None:
    report = report_on("r3_return_to_first_run", tmp_path)
    assert [[20_000, 21_400, 25_400], [18_000, 19_400]] == laps_by_run(report)
