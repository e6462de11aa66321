"""The names of each format agree with its specification."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from f1timings import packets
from f1timings.packets.ids import cars, drivers, nationalities, rules, sessions, teams, tracks
from f1timings.packets.ids.names import Names, number
from tests.shared import PUBLISHED, SPEC, needs_shared

TABLES: dict[str, Names[int]] = {
    "team ids": teams.TEAMS,
    "driver ids": drivers.DRIVERS,
    "track ids": tracks.TRACKS,
    "nationality": nationalities.NATIONALITIES,
    "game mode": rules.GAME_MODES,
    "ruleset": rules.RULE_SETS,
    "penalty types": rules.PENALTIES,
    "infringement types": rules.INFRINGEMENTS,
    "session types": sessions.SESSION_TYPES,
    "surface types": cars.SURFACES,
    "button flags": cars.BUTTONS,
}


@needs_shared
@pytest.mark.parametrize("packet_format", PUBLISHED)
@pytest.mark.parametrize("title", TABLES)
def test_a_table_agrees_with_the_specification(title: str, packet_format: int) -> None:
    specified = json.loads((SPEC / "ids.json").read_text())[str(packet_format)].get(title, {})
    expected = {int(key, 0): name for key, name in specified.items()}
    assert expected == dict(TABLES[title].table(packet_format))


@needs_shared
@pytest.mark.parametrize("packet_format", PUBLISHED)
def test_the_event_codes_agree_with_the_specification(packet_format: int) -> None:
    specified = json.loads((SPEC / "ids.json").read_text())[str(packet_format)]["event string codes"]
    assert {code: title for code, (title, _) in specified.items()} == dict(rules.EVENTS.table(packet_format))


NAMED: list[tuple[Callable[..., str | None], int, Any, str | None]] = [
    (packets.track_name, 2025, 3, "Sakhir (Bahrain)"),
    (packets.track_name, 2024, 1, "Paul Ricard"),
    (packets.track_name, 2025, 1, None),
    (packets.track_name, 2026, 42, "Madrid"),
    (packets.track_name, 2025, -1, None),
    (packets.team_name, 2020, 255, "My Team"),
    (packets.team_name, 2021, 255, None),
    (packets.team_name, 2023, 6, "Alpha Tauri"),
    (packets.team_name, 2024, 6, "RB"),
    (packets.driver_name, 2025, 9, "Max Verstappen"),
    (packets.nationality_name, 2020, 61, "Panamanian"),
    (packets.nationality_name, 2021, 60, "Panamanian"),
    (packets.formula_name, 2020, 2, "F2"),
    (packets.formula_name, 2024, 5, None),
    (packets.weather_name, 2020, 5, "storm"),
    (packets.safety_car_status_name, 2025, 2, "virtual"),
    (packets.game_mode_name, 2021, 5, None),
    (packets.rule_set_name, 2025, 12, "Elimination"),
    (packets.penalty_name, 2020, 4, "Time penalty"),
    (packets.infringement_name, 2021, 40, "Retired mechanical failure"),
    (packets.infringement_name, 2022, 40, "Formation lap parking"),
    (packets.event_name, 2024, "COLL", "Collision"),
    (packets.event_name, 2023, "COLL", None),
    (packets.actual_compound_name, 2020, 16, "C5"),
    (packets.actual_compound_name, 2022, 21, None),
    (packets.actual_compound_name, 2023, 21, "C0"),
    (packets.actual_compound_name, 2025, 22, "C6"),
    (packets.visual_compound_name, 2025, 16, "soft"),
    (packets.visual_compound_name, 2025, 17, "medium"),
    (packets.visual_compound_name, 2025, 18, "hard"),
    (packets.visual_compound_name, 2025, 7, "intermediate"),
    (packets.visual_compound_name, 2025, 8, "wet"),
    (packets.visual_compound_name, 2025, 19, "super soft"),
    (packets.visual_compound_name, 2025, 0, None),
    (packets.result_status_name, 2020, 3, "finished"),
    (packets.result_status_name, 2020, 4, "disqualified"),
    (packets.result_status_name, 2020, 5, "not_classified"),
    (packets.result_status_name, 2020, 6, "retired"),
    (packets.result_status_name, 2020, 7, None),
    (packets.result_status_name, 2021, 0, "invalid"),
    (packets.result_status_name, 2021, 1, "inactive"),
    (packets.result_status_name, 2021, 2, "active"),
    (packets.result_status_name, 2021, 4, "did_not_finish"),
    (packets.result_status_name, 2026, 5, "disqualified"),
    (packets.result_status_name, 2026, 6, "not_classified"),
    (packets.result_status_name, 2026, 7, "retired"),
    (packets.result_reason_name, 2024, 1, None),
    (packets.result_reason_name, 2025, 8, "mechanical failure"),
    (packets.driver_status_name, 2025, 4, "on track"),
    (packets.pit_status_name, 2025, 2, "in pit area"),
    (packets.ers_mode_name, 2020, 3, "hotlap"),
    (packets.ers_mode_name, 2021, 3, "overtake"),
    (packets.ers_mode_name, 2026, 3, "boost"),
    (packets.ers_mode_name, 2026, 4, None),
    (packets.fuel_mix_name, 2025, 1, "standard"),
    (packets.ready_status_name, 2025, 1, "ready"),
    (packets.platform_name, 2025, 3, "PlayStation"),
    (packets.flag_name, 2022, 4, "red"),
    (packets.flag_name, 2023, 4, None),
    (packets.flag_name, 2025, -1, "unknown"),
    (packets.surface_name, 2025, 7, "Grass"),
    (packets.track_name, 2019, 3, None),
]


@pytest.mark.parametrize(("name_of", "packet_format", "key", "expected"), NAMED)
def test_a_number_has_its_name_in_its_format(
    name_of: Callable[..., str | None], packet_format: int, key: object, expected: str | None
) -> None:
    assert expected == name_of(packet_format, key)


def test_all_pressed_buttons_are_named() -> None:
    assert ("Cross or A", "UDP Action 12") == packets.button_names(2025, 0x80000001)
    assert ("Cross or A",) == packets.button_names(2021, 0x80000001)
    assert () == packets.button_names(2025, 0)


def test_a_year_renames_adds_and_removes_names() -> None:
    names = Names(number, {2021: "1 one; 2 two", 2023: "2 deux; 3 three; gone: 1"})
    expected = [{}, {1: "one", 2: "two"}, {1: "one", 2: "two"}, {2: "deux", 3: "three"}]
    assert expected == [dict(names.table(year)) for year in (2020, 2021, 2022, 2023)]


def test_a_name_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(KeyError):
        Names(number, {2021: "1 one; gone: 2"})
