"""Every scene at every size of a screen: nothing is cut, and the texts are large enough."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from f1timings.simulator import simulate
from tests.browser.sent_race import MIDDLE_S, RACE, RIG, Sender
from tests.browser.venue import Venue, open_venue

pytestmark = pytest.mark.browser

SIZES = ((3840, 2160), (1920, 1080), (1280, 720), (1080, 1920), (390, 844))
SCENES = ("leaderboard", "rigs", "boards", "next", "race", "tower", "map", "positions", "trace", "strategy")
ACROSS_THE_ROOM = SIZES[:3]
#: The names of a room: none is short, and the longest of them has 19 letters.
NAMES = (
    "Francesca Montanari",
    "Alessandro Fontana",
    "Maximilian Bergmann",
    "Giulia Castellani",
    "Jonathan Whitfield",
    "Katarzyna Nowicka",
    "Hugo Martin",
    "Sebastian Lindqvist",
    "Chiara Bortolotti",
    "Bartholomew Jones",
)
# The texts that are wider than their boxes, and how far the scene reaches beyond the screen.
CUT = """() => {
    const main = document.querySelector("main");
    const texts = [...main.querySelectorAll(".name, .driver, .cell, .lap, .time, .gap, dd, h1")];
    return {
        texts: texts
            .filter((text) => getComputedStyle(text).overflow === "hidden")
            .filter((text) => text.scrollWidth > text.clientWidth + 1)
            .map((text) => `${text.className}: ${text.textContent.trim()}`),
        below: Math.max(0, main.scrollHeight - main.clientHeight - 1),
        beside: Math.max(0, main.scrollWidth - main.clientWidth - 1),
    };
}"""
FONT_SIZES = """(selector) =>
    [...document.querySelectorAll(selector)].map((text) => parseFloat(getComputedStyle(text).fontSize))"""
#: What a spectator reads: its least size in thousandths of the shorter side of the screen.
READ = {
    "leaderboard": {".driver": 40, ".line .lap": 40},
    "rigs": {".name": 30, ".clock": 40},
    "boards": {"li .name": 36, "li .time": 36},
    "next": {"li .name": 40},
    "race": {"[data-car] .name": 17},
    "tower": {"[data-car] .name": 26, "[data-car] .last": 26},
    "strategy": {".strips .name": 22},
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """A board, a queue, and a person in the middle of a race of 20 cars."""
    with open_venue(tmp_path_factory.mktemp("room")) as venue:
        venue.meeting(circuit="Austria")
        drivers = {name: venue.driver(name, team="Late Brakers", colour="#ff8000") for name in NAMES}
        for number, name in enumerate(NAMES):
            venue.lap(name, f"1:2{number}.{number}41")
        for name in NAMES[1:6]:
            venue.do("POST", "/queue", {"driver_id": drivers[name]["id"]})
        sender = Sender(simulate(RACE), venue.server.udp_port)
        sender.send_until(1.0)
        venue.server.until(lambda: bool(venue.do("GET", "/rigs")["items"]))
        venue.do("POST", f"/rigs/{RIG}/assign", {"driver_id": drivers[NAMES[0]]["id"]})
        sender.send_until(MIDDLE_S)
        sender.close()
        yield venue


def open_scene(page: Page, room: Venue, scene: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{room.address}/display?scene={scene}&rig={RIG}&motion=off")
    expect(page.locator(f"main[data-scene={scene}]")).to_be_visible()
    if scene in ("race", "tower"):
        expect(page.locator("[data-car]:not(.car)").first).to_be_visible()
    elif scene in READ:
        expect(page.locator(next(iter(READ[scene]))).first).to_be_visible()
    page.evaluate("document.fonts.ready")


def findings(page: Page, scene: str, size: tuple[int, int]) -> dict[str, Any]:
    """What is wrong on the screen, by its kind; empty if nothing is."""
    found = dict(page.evaluate(CUT))
    if size in ACROSS_THE_ROOM:
        least = {
            selector: min(page.evaluate(FONT_SIZES, selector)) * 1000 // min(size)
            for selector in READ.get(scene, {})
        }
        found["small"] = {name: read for name, read in least.items() if read < READ[scene][name]}
    return {kind: what for kind, what in found.items() if what}


# The page opens at the largest size and follows its window through the others.
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_cut_or_beyond_the_screen_and_what_is_read_across_the_room_is_large(
    page: Page, room: Venue, scene: str
) -> None:
    open_scene(page, room, scene, SIZES[0])
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        found: Any = None
        # The layout follows the size of its place a frame later.
        deadline = time.monotonic() + 2
        while found != {} and time.monotonic() < deadline:
            page.wait_for_timeout(50)
            found = findings(page, scene, size)
        assert (size, {}) == (size, found)


@pytest.mark.parametrize("size", SIZES[3:], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_high_screen_shows_tyres_stops_and_penalties_in_a_second_line(
    page: Page, room: Venue, size: tuple[int, int]
) -> None:
    open_scene(page, room, "tower", size)
    for column in ("gap", "interval", "last", "tyre", "stops", "notes"):
        expect(page.locator(f"[data-car] .{column}")).to_have_count(20)
    assert min(page.evaluate(FONT_SIZES, "[data-car] .cell")) >= 11


def test_a_phone_scrolls_to_the_rest_of_the_car(page: Page, room: Venue) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{room.address}/display?scene=car&rig={RIG}&motion=off")
    energy = page.locator(".car-panel .energy")
    expect(energy).to_be_attached()
    for part in (".lap.block", ".energy", ".plan"):
        page.locator(f".car-panel {part}").scroll_into_view_if_needed()
        expect(page.locator(f".car-panel {part}")).to_be_in_viewport(ratio=0.5)
        hidden = page.locator(f".car-panel {part}").evaluate("(box) => box.scrollHeight - box.clientHeight")
        assert hidden <= 1, part
