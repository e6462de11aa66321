"""The rail "On track now" of the TV page: each driver with the own newest lap, and no rig that is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.scripted import CIRCUIT, MEETING, ScriptedServer
from tests.web.world import open_world, serve

pytestmark = pytest.mark.browser

ANA = {"driver_id": "ana", "name": "Ana"}
BEN = {"driver_id": "ben", "name": "Ben"}
SESSION = "a~1~0"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with open_world(tmp_path_factory.mktemp("world")) as world, serve(world.app) as address:
        yield address


@pytest.fixture
def server(page: Page) -> ScriptedServer:
    """Ana drives at rig A; her best lap on the board is 1:20.000."""
    scripted = ScriptedServer(page)
    scripted.rigs = [rig("a"), rig("b", session_id="b~1~0")]
    scripted.board = [board_row("d:ana", "Ana", 80_000), board_row("d:ben", "Ben", 90_000)]
    scripted.cards = [card("a", "Rig 1", ANA), card("b", "Rig 2", None)]
    page.set_viewport_size({"width": 1920, "height": 1080})
    return scripted


def rig(key: str, **facts: Any) -> dict[str, Any]:
    known = {"state": "live", "session_id": SESSION, "car_index": 0, "track": CIRCUIT, "is_ended": False}
    times = {"heard_at_ms": 1, "lap": 4, "last_ms": 79_588, "best_ms": 80_000}
    return {"id": key, "driver": None, **known, **times, **facts}


def card(key: str, label: str, driver: dict[str, str] | None) -> dict[str, Any]:
    return {"rig": key, "label": label, "driver": driver, "place": None, "joined": []}


def board_row(entrant: str, name: str, best_ms: int) -> dict[str, Any]:
    return {
        "id": entrant,
        "position": 1,
        "is_equal": False,
        "name": name,
        "best_lap_ms": best_ms,
        "set_at": 1,
    }


def lap(number: int, time_ms: int, driver: dict[str, str] | None = ANA, **facts: Any) -> dict[str, Any]:
    car = {"session_id": SESSION, "car_index": 0, "rig": "a", "lap_number": number}
    place = {"meeting_id": MEETING, "circuit": CIRCUIT, "driver_id": driver and driver["driver_id"]}
    known = {"id": f"lap {number}", "lap_time_ms": time_ms, "is_valid": True, "state": "completed"}
    return {**car, **place, **known, **facts}


def show(page: Page, address: str) -> Locator:
    """Open the TV page. Returns the card of rig A."""
    page.goto(f"http://{address}/display")
    shown = page.locator("[data-rig=a]")
    expect(shown).to_be_visible()
    return shown


def test_a_lap_is_compared_with_the_best_of_its_driver_on_this_board(
    page: Page, address: str, server: ScriptedServer
) -> None:
    server.laps = [lap(3, 80_500)]
    shown = show(page, address)
    expect(shown.locator(".last")).to_have_text(re.compile(r"^\s*1:20\.500\s*\+0\.500\s*$"))
    server.announce("lap_official", lap(4, 80_000))
    expect(shown.locator(".last .mark-personal")).to_have_text("1:20.000")
    server.announce("lap_official", lap(5, 81_000, circuit="Spa"))
    expect(shown.locator(".last")).to_have_text(re.compile(r"^\s*1:21\.000\s*$"))


def test_an_invalid_lap_is_marked_and_is_no_gain(page: Page, address: str, server: ScriptedServer) -> None:
    server.laps = [lap(3, 79_588, is_valid=False)]
    shown = show(page, address)
    expect(shown.locator(".last")).to_have_text(re.compile(r"^\s*invalid\s*1:19\.588\s*$"))
    expect(shown.locator(".mark-invalid")).to_have_text("1:19.588")
    server.announce("lap_official", lap(3, 79_588, is_valid=True))
    expect(shown.locator(".mark-invalid")).to_have_count(0)
    # Faster than the best on the board: the board does not have it yet.
    expect(shown.locator(".last")).to_have_text(re.compile(r"^\s*1:19\.588\s*$"))


def test_a_new_driver_does_not_get_the_lap_of_the_driver_before(
    page: Page, address: str, server: ScriptedServer
) -> None:
    server.laps = [lap(3, 80_500)]
    shown = show(page, address)
    expect(shown.locator(".last")).to_contain_text("1:20.500")
    server.cards = [card("a", "Rig 1", BEN)]
    server.announce("act_recorded", {"id": "1", "kind": "driver_assigned", "changed": []})
    expect(shown.locator(".name")).to_have_text("Ben")
    expect(shown.locator(".last")).to_have_count(0)
    server.announce("lap_official", lap(4, 90_100, BEN))
    expect(shown.locator(".last")).to_have_text(re.compile(r"^\s*1:30\.100\s*\+0\.100\s*$"))


def test_a_deleted_lap_gives_its_place_to_the_lap_before(
    page: Page, address: str, server: ScriptedServer
) -> None:
    server.laps = [lap(4, 80_100), lap(3, 80_500)]
    shown = show(page, address)
    expect(shown.locator(".last")).to_contain_text("1:20.100")
    server.laps = [lap(3, 80_500)]
    server.announce("lap_official", lap(4, 80_100, state="deleted"))
    expect(shown.locator(".last")).to_contain_text("1:20.500")


def test_a_silent_rig_is_not_on_track_now(page: Page, address: str, server: ScriptedServer) -> None:
    server.rigs = [rig("a", state="stale"), rig("b")]
    shown = show(page, address)
    expect(shown).to_contain_text("Signal lost")
    now = page.evaluate("Date.now()")
    server.rigs = [rig("a", state="offline", heard_at_ms=now), rig("b")]
    server.publish()
    expect(shown).to_have_count(0)
    expect(page.locator("aside")).to_contain_text("Not sending: Rig 1")
    server.rigs = [rig("a", state="offline", heard_at_ms=now - 11 * 60_000), rig("b")]
    server.publish()
    expect(page.locator(".gone")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (1080, 1920), (390, 844)])
def test_no_head_of_a_column_is_cut(
    page: Page, address: str, server: ScriptedServer, language: str, width: int, height: int
) -> None:
    server.rigs = []
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"http://{address}/display?lang={language}")
    expect(page.locator(".line")).to_have_count(2)
    cut = page.locator(".heads span").evaluate_all(
        """(heads) => heads.filter((head) => head.scrollWidth > head.clientWidth)
          .map((head) => head.textContent)"""
    )
    assert cut == []
