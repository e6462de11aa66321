"""Names of session types: the numbers changed in 2024, and newer games use the new ones in an old format."""

from __future__ import annotations

import pytest

from f1timings.packets import is_race_type, is_time_trial, session_type_name

OLD = {0: "Unknown", 1: "Practice 1", 9: "One-Shot Qualifying", 10: "Race", 11: "Race 2"}
NEW = {
    9: "One-Shot Qualifying",
    10: "Sprint Shootout 1",
    12: "Sprint Shootout 3",
    13: "Short Sprint Shootout",
    14: "One-Shot Sprint Shootout",
    15: "Race",
    16: "Race 2",
    17: "Race 3",
    18: "Time Trial",
    19: None,
}
CASES: list[tuple[str, int, int, dict[int, str | None]]] = [
    ("F1 2020", 2020, 0, {**OLD, 12: "Time Trial", 13: None}),
    ("F1 2021", 2021, 0, {**OLD, 12: "Race 3", 13: "Time Trial", 14: None}),
    ("F1 22", 2022, 0, {**OLD, 12: "Race 3", 13: "Time Trial"}),
    ("F1 23", 2023, 23, {**OLD, 12: "Race 3", 13: "Time Trial", 15: None, 18: None}),
    ("F1 25 sending format 2023", 2023, 0, NEW),
    ("F1 24 sending format 2023", 2023, 24, NEW),
    ("F1 24", 2024, 24, NEW),
    ("F1 25 sending format 2024", 2024, 25, NEW),
    ("F1 25", 2025, 25, NEW),
    ("F1 25, 2026 season pack", 2026, 25, NEW),
]


@pytest.mark.parametrize(
    ("game", "packet_format", "game_year", "names"), CASES, ids=[case[0] for case in CASES]
)
def test_a_number_has_the_name_of_the_sending_game(
    game: str, packet_format: int, game_year: int, names: dict[int, str | None]
) -> None:
    actual = {number: session_type_name(packet_format, game_year, number) for number in names}
    assert (game, names) == (game, actual)


@pytest.mark.parametrize(
    ("packet_format", "game_year", "races", "time_trials"),
    [
        (2020, 0, [10, 11], [12]),
        (2021, 0, [10, 11, 12], [13]),
        (2022, 0, [10, 11, 12], [13]),
        (2023, 23, [10, 11, 12], [13]),
        (2023, 0, [15, 16, 17], [18]),
        (2024, 24, [15, 16, 17], [18]),
        (2025, 25, [15, 16, 17], [18]),
        (2026, 25, [15, 16, 17], [18]),
    ],
)
def test_races_and_time_trials_have_the_numbers_of_the_sending_game(
    packet_format: int, game_year: int, races: list[int], time_trials: list[int]
) -> None:
    numbers = range(256)
    assert races == [number for number in numbers if is_race_type(packet_format, game_year, number)]
    assert time_trials == [number for number in numbers if is_time_trial(packet_format, game_year, number)]
