"""The TV shows how far ahead a running lap is, and its predicted place; the board keeps its numbers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from f1timings.live.views.own_car import columns
from tests.browser.checks import DRAWN, wait_until_true
from tests.browser.scripted import CIRCUIT, ScriptedServer
from tests.browser.test_rail import ANA, SESSION, board_row, card, rig
from tests.web.world import open_world, serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with open_world(tmp_path_factory.mktemp("world")) as world, serve(world.app) as address:
        yield address


def running(**facts: Any) -> dict[str, Any]:
    """Ana's rig, in the second sector."""
    known = {"entrant": "d:ana", "sector": 2, "delta_best_ms": -1_210, "delta_first_ms": -210}
    return rig("a", **known | {"predicted_ms": 78_790, "predicted_place": 1} | facts)


@pytest.fixture
def server(page: Page) -> ScriptedServer:
    """Ben leads with 1:19.000; Ana's best is 1:20.000, and her running lap is faster than both."""
    scripted = ScriptedServer(page)
    ben, ana = board_row("d:ben", "Ben", 79_000), board_row("d:ana", "Ana", 80_000) | {"position": 2}
    scripted.board, scripted.rigs, scripted.cards = [ben, ana], [running()], [card("a", "Rig 1", ANA)]
    page.set_viewport_size({"width": 1920, "height": 1080})
    return scripted


def test_a_predicted_place_is_a_row_beside_those_of_the_board(
    page: Page, address: str, server: ScriptedServer
) -> None:
    page.goto(f"http://{address}/display")
    ghost = page.locator("[data-ghost=a]")
    expect(ghost).to_contain_text("Ana")
    expect(ghost).to_contain_text("predicted P1")
    expect(ghost.locator(".lap")).to_have_text("1:18.8")
    expect(page.locator("[data-id='d:ben'] .rank")).to_have_text("1")
    expect(page.locator("[data-id='d:ana'] .rank")).to_have_text("2")
    expect(page.locator("[data-rig=a] .running")).to_contain_text("−1.21")
    server.rigs = [running(predicted_ms=None, predicted_place=None, sector=1)]
    server.publish()
    expect(ghost).to_have_count(0)
    expect(page.locator("[data-rig=a] .running")).to_have_count(0)


def test_the_card_of_a_rig_has_the_difference_and_the_predicted_time(
    page: Page, address: str, server: ScriptedServer
) -> None:
    page.goto(f"http://{address}/display?scene=rigs&lang=it")
    shown = page.locator("[data-rig=a]")
    expect(shown.locator(".delta")).to_have_text("−1.21")
    expect(shown).to_contain_text("Previsto")
    expect(shown.locator(".predicted")).to_contain_text("1:18.8")
    server.rigs = [running(predicted_ms=None, predicted_place=None, delta_best_ms=None, delta_first_ms=None)]
    server.publish()
    expect(shown.locator(".predicted, .delta")).to_have_count(0)
    expect(shown).to_contain_text("1:19.588")


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (390, 844)])
def test_a_difference_of_ten_seconds_fits_beside_a_time_of_minutes(
    page: Page, address: str, server: ScriptedServer, size: tuple[int, int]
) -> None:
    now = int(time.time() * 1000)
    slow = {"delta_best_ms": 12_340, "lap_start_ms": 0, "heard_at_ms": now, "clock_zero_ms": now - 88_800}
    server.rigs = [running(**slow) | {"id": key} for key in "abcdefgh"]
    server.cards = [card(key, f"Rig {key}", ANA) for key in "abcdefgh"]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"http://{address}/display?scene=rigs")
    clocks = page.locator("[data-rig] .clock")
    expect(clocks).to_have_count(8)
    expect(clocks.first).to_have_text(re.compile(r"^\s*1:\d\d\.\d\s*\+12\.34\s*$"))
    assert not clocks.evaluate_all("all => all.filter(each => each.scrollWidth > each.clientWidth).length")


def show_car(server: ScriptedServer) -> None:
    """Ana's car is sent too, and where it is in the running order."""
    now = int(time.time() * 1000)
    facts = {"state": "live", "heard_at_ms": now, "clock_zero_ms": now - 40_000, "track": CIRCUIT}
    facts |= {"session_id": SESSION, "session_type": "Race", "is_race": True, "total_laps": 57}
    driven = {"id": "0", "participant": "ANA", "driver": "Ana", "position": 3, "lap": 14, "lap_start_ms": 0}
    times = {"sector": 2, "sector1_ms": 27_250, "last_ms": 79_588, "best_ms": 80_000}
    unknown = {column.name: None for column in columns.COLUMNS}
    server.views["car:a"] = [unknown | driven | times], facts
    order = {"person": "Anastasia Przybyszewska", "is_fastest": False, "flags": 1, "last_mark": "slower"}
    server.views["tower:a"] = [driven | times | order], facts


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["Predicted 1:18.8 P1", "To best lap to P2 −0.40"]),
        ("it", ["Previsto 1:18.8 P1", "Dal miglior giro da P2 −0.40"]),
    ],
)
def test_the_live_car_has_the_difference_and_the_prediction_in_every_size(
    page: Page, address: str, server: ScriptedServer, language: str, says: list[str]
) -> None:
    show_car(server)
    server.board[1] |= {"sector1_ms": 27_000, "sector2_ms": None}
    server.rigs = [running(delta_next_ms=-400, next_place=2)]
    page.goto(f"http://{address}/display/car?rig=a&lang={language}")
    predicted, difference = page.locator("[data-key=predicted]"), page.locator("[data-key=delta]")
    expect(predicted).to_have_text(says[0])
    expect(difference.locator("strong")).to_have_text(re.compile("−1.21$"))
    expect(difference).to_contain_text(says[1])
    for width, height in [(1920, 1080), (1280, 720), (390, 844)]:
        page.set_viewport_size({"width": width, "height": height})
        wait_until_true(page, DRAWN)
        cut = page.locator(".lap, .delta, .delta span").evaluate_all(
            "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.outerHTML)"
        )
        assert (width, []) == (width, cut)
    server.rigs = [running(predicted_ms=None, predicted_place=None, delta_best_ms=None, delta_first_ms=None)]
    server.publish()
    expect(predicted).to_have_count(0)
    # What was measured after sector 1.
    expect(difference.locator("strong")).to_have_text(re.compile(r"\+0\.250$"))


@pytest.mark.parametrize(("language", "word"), [("en", "Predicted"), ("it", "Previsto")])
def test_the_overlay_of_the_driver_has_the_difference_and_the_prediction(
    page: Page, address: str, server: ScriptedServer, language: str, word: str
) -> None:
    show_car(server)
    page.goto(f"http://{address}/overlay/driver?rig=a&lang={language}")
    panel = page.locator(".panel")
    expect(panel.locator(".delta dd")).to_have_text(re.compile("−1.21$"))
    expect(panel.locator(".predicted")).to_have_text(re.compile(rf"{word}\s*1:18.8\sP1"))
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1920
    assert not panel.evaluate("panel => panel.scrollWidth > panel.clientWidth")
    server.rigs = [running(predicted_ms=None, predicted_place=None, sector=1)]
    server.publish()
    expect(panel.locator(".predicted, .delta")).to_have_count(0)


@pytest.mark.usefixtures("server")
def test_a_board_that_the_address_chooses_shows_no_predictions(page: Page, address: str) -> None:
    page.goto(f"http://{address}/display?rail=1&assists=none")
    expect(page.locator("[data-rig=a]")).to_be_visible()
    expect(page.locator("[data-ghost]")).to_have_count(0)
