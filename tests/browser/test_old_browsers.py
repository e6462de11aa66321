"""The pages of TVs and phones in real old browsers. The oldest supported one is Chromium 79, of webOS 6."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from scripts.install_old_browsers import program

from tests.browser.checks import wait_until_true
from tests.browser.old_browser import OldPage, old_page
from tests.browser.sent_car import SentCar, sending
from tests.browser.venue import Venue, open_venue
from tests.waiting import LONGEST_WAIT_S

pytestmark = pytest.mark.browser

SUPPORTED = (79, 80, 88)
TOO_OLD = 78
TV, PORTRAIT_TV, PHONE = (1920, 1080), (1080, 1920), (390, 844)

ROWS = """[...document.querySelectorAll('.line')].filter((line) => {
  const box = line.getBoundingClientRect();
  const isOnScreen = box.width > 300 && box.height > 20 && box.bottom <= innerHeight;
  return isOnScreen && getComputedStyle(line).opacity === '1';
}).map((line) => [line.querySelector('.rank').textContent, line.querySelector('.driver').textContent]
).sort((row, other) => row[0] - other[0])"""
PHONE_ROWS = """[...document.querySelectorAll('main ol > li')].map(
  (row) => [...row.querySelectorAll('.name, .time, .gap')].map((part) => part.textContent).join(' '))"""
MAP_CARS = """[...document.querySelectorAll('.car')].filter((car) => car.style.visibility === 'visible').map(
  (car) => car.style.transform)"""
IS_TOO_OLD = "document.querySelector('.too-old').getBoundingClientRect().height > 0"
FONTS = "document.fonts.status === 'loaded' && document.fonts.check('16px \"Inter Variable\"')"
# All elements apart from parts of a line of text: tag and classes, left, top, right, bottom in pixels.
# The code of the screen and the time of day are as wide as their letters. A TV hides the cursor and the
# switch for the sound after a while.
BOXES = """(() => {
  for (const element of document.querySelectorAll('.screen, .clock, .sound')) element.style.display = 'none';
  return [...document.querySelectorAll('body *')].filter((element) =>
    getComputedStyle(element).display !== 'inline' && element.getBoundingClientRect().height
    && !element.closest('.unseen, svg')
  ).map((element) => {
    const names = [...element.classList].filter((name) => !/^svelte-|no-cursor/.test(name)).sort();
    const box = element.getBoundingClientRect();
    return [[element.tagName, ...names].join('.'), box.left, box.top, box.right, box.bottom];
  });
})()"""
# Old browsers round the height of each line of text to whole pixels, which adds up down the page.
ACROSS_PX, DOWN_PX = 3, 12


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with open_venue(tmp_path_factory.mktemp("venue")) as marshal:
        yield marshal


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OldPage]:
    """The page of the old browser whose version is the parameter."""
    browser = program(request.param)
    if not browser.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"there is no Chromium {request.param}: make tools")
    assert browser.exists(), "CI must test old browsers: make tools"
    with old_page(browser, tmp_path / "profile") as page:
        yield page


every_supported = pytest.mark.parametrize("old", SUPPORTED, indirect=True)


@every_supported
def test_the_track_map_moves_its_cars(old: OldPage, tmp_path: Path) -> None:
    with open_venue(tmp_path / "venue") as venue:
        rigs = venue.simulate("--kind", "race")
        try:
            old.open(f"{venue.address}/display?scene=map", *TV)
            old.wait_until(f"{MAP_CARS}.length > 1")
            before = old.evaluate(f"{MAP_CARS}.join()")
            old.wait_until(f"{MAP_CARS}.join() !== {before!r}")
            assert [] == old.complaints
        finally:
            rigs.terminate()
            rigs.wait(LONGEST_WAIT_S)


@every_supported
def test_a_tv_shows_the_live_board_and_the_rigs_on_track(old: OldPage, tmp_path: Path) -> None:
    with open_venue(tmp_path / "venue") as venue:
        venue.meeting(circuit="Miami")
        venue.lap("Ana", "1:20.000")
        ada = venue.driver("Ada Brandt")
        old.open(f"{venue.address}/display", *TV)
        old.wait_until(f"{ROWS}.join() === '1,Ana'")
        rigs = venue.simulate("--speed", "10")
        try:
            venue.server.until(lambda: bool(venue.server.get("/api/v1/rigs")["items"]))
            rig = venue.server.get("/api/v1/rigs")["items"][0]["rig"]
            venue.do("POST", f"/rigs/{rig}/assign", {"driver_id": ada["id"]})
            old.wait_until(f"document.querySelector(`[data-rig='{rig}']`).innerText.includes('Ada Brandt')")
            # A lap that the rig has driven. One that it began before she sat down there stays the rig's own.
            old.wait_until(f"{ROWS}.flat().includes('Ada Brandt')")
        finally:
            rigs.terminate()
            rigs.wait(LONGEST_WAIT_S)
        venue.lap("Ben", "1:19.000")
        old.wait_until("document.querySelector('.over').innerText.includes('1:19.000')")
        old.wait_until(f"{ROWS}.join().startsWith('1,Ben,2,Ana,3,')")
        assert not old.evaluate(IS_TOO_OLD)
        assert old.complaints == []


@every_supported
def test_a_tv_shows_the_live_car(old: OldPage, venue: Venue) -> None:
    with sending(SentCar(), venue.server.udp_port):
        old.open(f"{venue.address}/display/car", *TV)
        old.wait_until("document.body.textContent.includes('gear 7, 287 km/h')")
        old.wait_until("document.querySelector('[data-key=ers]').innerText.includes('75')")
        assert old.complaints == []


@every_supported
def test_a_phone_shows_the_board_and_its_rows_move(old: OldPage, venue: Venue) -> None:
    venue.meeting()
    first = venue.lap("Ana", "1:21.000")
    venue.lap("Ben", "1:22.000")
    old.open(f"{venue.address}/me", *PHONE)
    old.wait_until(f"{PHONE_ROWS}.join() === 'Ana 1:21.000 leader,Ben 1:22.000 +1.000'")
    venue.lap("Ben", "1:20.000")
    old.wait_until(f"{PHONE_ROWS}.join() === 'Ben 1:20.000 leader,Ana 1:21.000 +1.000'")
    venue.delete_lap(first)
    old.wait_until(f"{PHONE_ROWS}.join() === 'Ben 1:20.000 leader'")
    assert not old.evaluate(IS_TOO_OLD)
    assert old.complaints == []


@every_supported
@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/display", TV),
        ("/display?rows=3&rail=1", TV),
        ("/display", PORTRAIT_TV),
        ("/overlay/leaderboard", TV),
        ("/me", PHONE),
    ],
)
def test_the_layout_is_that_of_a_new_browser(
    old: OldPage, page: Page, venue: Venue, path: str, size: tuple[int, int]
) -> None:
    venue.meeting()
    for number, name in enumerate(("Ana", "Ben Müller", "Zoë", "W" * 60, "Łukasz Nowak")):
        venue.lap(name, f"1:2{number}.000")
    address = f"{venue.address}{path}{'&' if '?' in path else '?'}motion=off"
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address)
    expect(page.get_by_text("Ana").first).to_be_visible()
    wait_until_true(page, FONTS)
    old.open(address, *size)
    old.wait_until(f"document.body.innerText.includes('Ana') && {FONTS}")
    assert displaced(page.evaluate(BOXES), old.evaluate(BOXES)) == []
    assert old.complaints == []


@every_supported
def test_the_scene_of_a_race_shows_every_car(old: OldPage, venue: Venue) -> None:
    race = venue.simulate("--kind", "race", "--laps", "20", "--speed", "3", "--seed", "4")
    try:
        venue.server.until(lambda: racing_rigs(venue) != [])
        rig, cars_of_race = racing_rigs(venue)[0]
        old.open(f"{venue.address}/display?scene=race&rig={rig}", *TV)
        cars = "document.querySelectorAll('[role=row][data-car]').length"
        old.wait_until(f"{cars} === {cars_of_race}")
    finally:
        race.kill()
        race.wait()
    assert old.complaints == []


def racing_rigs(venue: Venue) -> list[tuple[str, int]]:
    """The rigs that drive against others, with the number of cars."""
    rigs = [entry["rig"] for entry in venue.do("GET", "/rigs")["items"]]
    orders = [(rig, len(venue.do("GET", f"/rigs/{rig}/order")["items"])) for rig in rigs]
    return [(rig, cars) for rig, cars in orders if cars > 1]


def displaced(expected: list[Any], actual: list[Any]) -> list[tuple[Any, Any]]:
    """The elements that have another place or size, with both."""
    assert [box[0] for box in expected] == [box[0] for box in actual]
    limits = (ACROSS_PX, DOWN_PX, ACROSS_PX, DOWN_PX)
    return [
        (box, other)
        for box, other in zip(expected, actual, strict=True)
        if any(abs(a - b) > limit for a, b, limit in zip(box[1:], other[1:], limits, strict=True))
    ]


@pytest.mark.parametrize("old", [TOO_OLD], indirect=True)
@pytest.mark.parametrize("path", ["/display", "/overlay/leaderboard", "/me"])
def test_an_older_browser_shows_a_sentence_that_says_so(old: OldPage, venue: Venue, path: str) -> None:
    old.open(f"{venue.address}{path}", *TV)
    old.wait_until(IS_TOO_OLD)
    assert "This browser is too old" in old.evaluate("document.body.innerText")
