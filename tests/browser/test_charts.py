"""The charts of a race show what really happened in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from f1timings.simulator import TIMING_KINDS, Scenario
from tests.browser.checks import serious_findings
from tests.browser.raced import Race, open_race

pytestmark = pytest.mark.browser

KINDS = TIMING_KINDS | {"car_status"}
SCENARIO = Scenario(
    "race", 2025, laps=5, cars=10, seed=7, rate_hz=20, flashbacks=1, retirements=1, pit_stops=1, kinds=KINDS
)


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Race]:
    with open_race(tmp_path_factory.mktemp("race"), SCENARIO) as race:
        yield race


def lines_of(page: Page) -> dict[int, list[str]]:
    """The values of each line by lap, by car; empty where unknown."""
    lines = page.locator("path.line").all()
    values = {line.get_attribute("data-car"): line.get_attribute("data-values") for line in lines}
    return {int(car or -1): (text or "").split(" ") for car, text in values.items()}


def test_the_positions_are_those_of_the_simulator(page: Page, race: Race, complaints: list[str]) -> None:
    page.goto(f"{race.url}/display?scene=positions")
    expect(page.locator("main[data-scene=positions] path.line")).to_have_count(10)
    truth = race.positions()
    assert any(len(set(places)) > 1 for places in truth.values())
    assert min(map(len, truth.values())) < 5 == max(map(len, truth.values()))
    shown = {car: [int(value) for value in values[1:]] for car, values in lines_of(page).items()}
    assert truth == {car: places for car, places in shown.items() if places}
    assert [] == serious_findings(page)
    assert [] == complaints


def test_the_gaps_are_those_of_the_simulator(page: Page, race: Race, complaints: list[str]) -> None:
    page.goto(f"{race.url}/display?scene=trace")
    expect(page.locator("main[data-scene=trace] path.line")).to_have_count(10)
    elapsed = race.elapsed_ms()
    first_ms = [min(row[lap] for row in elapsed.values() if lap < len(row)) for lap in range(5)]
    truth = {
        car: [(time_ms - first_ms[lap]) / 1000 for lap, time_ms in enumerate(row)]
        for car, row in elapsed.items()
    }
    shown = {car: [float(value) for value in values[1:]] for car, values in lines_of(page).items()}
    assert truth == {car: gaps for car, gaps in shown.items() if gaps}
    assert [] == serious_findings(page)
    assert [] == complaints


def test_the_tyres_are_those_of_the_simulator(page: Page, race: Race, complaints: list[str]) -> None:
    page.goto(f"{race.url}/display?scene=strategy")
    expect(page.locator("main[data-scene=strategy] [data-car]")).to_have_count(10)
    truth = race.compounds()
    assert any(len(compounds) > 1 for compounds in truth.values())
    rows = {
        int(row.get_attribute("data-car") or -1): row.locator(".letter").all_inner_texts()
        for row in page.locator("[data-car]").all()
    }
    shown = {car: letters for car, letters in rows.items() if letters}
    assert {car: [name[0].upper() for name in names] for car, names in truth.items()} == shown
    assert [] == serious_findings(page)
    assert [] == complaints
