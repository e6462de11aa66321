"""The overlays for a stream, over a picture, while a simulated race is driven."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.venue import Venue, open_venue
from tests.waiting import until

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "own_overlay.html"


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """A server that a race is sent to, at five times the speed of the game."""
    with open_venue(tmp_path_factory.mktemp("venue")) as marshal:
        marshal.meeting()
        marshal.lap("Ana", "1:20.000")
        marshal.lap("Ben", "1:21.500")
        race = marshal.simulate("--kind", "race", "--laps", "60", "--speed", "5", "--seed", "4")
        try:
            until(lambda: order_of(marshal) != [])
            yield marshal
        finally:
            race.kill()
            race.wait()


def rig_of(venue: Venue) -> str:
    rigs = venue.do("GET", "/rigs")["items"]
    return str(rigs[0]["rig"]) if rigs else ""


def order_of(venue: Venue) -> list[str]:
    """The names in the running order."""
    rig = rig_of(venue)
    return [row["participant"] for row in venue.do("GET", f"/rigs/{rig}/order")["items"]] if rig else []


def alpha_of_the_middle(picture: bytes) -> int:
    """The opacity of the pixel in the middle of a PNG with 8 bits and four channels, 0 to 255."""
    width, height, depth, colour = struct.unpack(">IIBB", picture[16:26])
    assert (depth, colour) == (8, 6)
    data, at = b"", 8
    while at < len(picture):
        size, kind = struct.unpack(">I4s", picture[at : at + 8])
        data += picture[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    lines, stride = zlib.decompress(data), 4 * width + 1
    row = bytearray(4 * width)
    for number in range(height // 2 + 1):
        line = lines[number * stride : (number + 1) * stride]
        row = _unfiltered(line[0], line[1:], row)
    return int(row[4 * (width // 2) + 3])


def _unfiltered(kind: int, line: bytes, above: bytearray) -> bytearray:
    row = bytearray(line)
    for at in range(len(row)):
        left, up = row[at - 4] if at >= 4 else 0, above[at]
        corner = above[at - 4] if at >= 4 else 0
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda value: abs(guess - value))
        row[at] = (row[at] + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
    return row


def test_the_tower_shows_the_running_order_over_the_picture(page: Page, venue: Venue) -> None:
    page.set_viewport_size({"width": 640, "height": 360})
    page.goto(f"{venue.address}/overlay/tower")
    expect(page.locator("li")).to_have_count(len(order_of(venue)))
    names = page.locator("li .name").all_inner_texts()
    assert sorted(names) == sorted(order_of(venue))
    assert alpha_of_the_middle(page.screenshot(omit_background=True)) == 0


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (960, 1080)])
def test_an_overlay_scales_with_its_window(page: Page, venue: Venue, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{venue.address}/overlay/tower")
    expect(page.locator("li")).to_have_count(len(order_of(venue)))
    box = page.locator(".panel").bounding_box()
    assert box is not None
    scale = min(size[0] / 1920, size[1] / 1080)
    assert box["width"] == pytest.approx(500 * scale, abs=2)
    assert box["y"] + box["height"] <= 1080 * scale


def test_the_leaderboard_has_as_many_rows_as_wanted(page: Page, venue: Venue) -> None:
    page.goto(f"{venue.address}/overlay/leaderboard?circuit=Monza&top=1")
    expect(page.locator("li")).to_have_count(1)
    expect(page.locator("li")).to_contain_text("Ana")
    expect(page.locator("li")).to_contain_text("1:20.000")


def test_the_driver_is_that_of_the_rig(page: Page, venue: Venue) -> None:
    page.goto(f"{venue.address}/overlay/driver")
    expect(page.locator(".panel .name")).not_to_be_empty()
    name = page.locator(".panel .name").inner_text()
    assert name in order_of(venue)


def test_the_timer_shows_the_lap(page: Page, venue: Venue) -> None:
    page.goto(f"{venue.address}/overlay/timer?lang=en")
    expect(page.locator(".panel")).to_contain_text("of 60")


def test_the_ticker_shows_a_new_message_in_words(page: Page, venue: Venue) -> None:
    page.goto(f"{venue.address}/overlay/ticker?lang=en")
    expect(page.locator(".panel .text")).not_to_be_empty()


@pytest.mark.parametrize("name", ["towr", "constructor", "%E0%A4%A"])
def test_an_unknown_overlay_says_which_exist(page: Page, venue: Venue, name: str) -> None:
    page.goto(f"{venue.address}/overlay/{name}?lang=en")
    expect(page.locator("h1")).to_contain_text("There is no overlay “")
    expect(page.get_by_role("link", name="/overlay/tower")).to_be_visible()


def test_the_code_of_an_overlay_is_loaded_again_if_it_did_not_arrive(page: Page, venue: Venue) -> None:
    chunk = "**/assets/TowerPart-*.js"
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    page.route(chunk, refuse)
    page.goto(f"{venue.address}/overlay/tower")
    venue.server.until(lambda: seen(page, refused))
    page.unroute(chunk)
    expect(page.locator("li").first).to_be_visible()


def seen(page: Page, requests: list[str]) -> bool:
    """Whether there was a request; the page gets a moment for one."""
    page.wait_for_timeout(50)
    return bool(requests)


def test_the_example_of_the_documentation_draws_the_first_five(page: Page, venue: Venue) -> None:
    secret = venue.server.token("viewer", "display")
    server = venue.address.removeprefix("http://")
    page.goto(f"{EXAMPLE.as_uri()}?server={server}&token={secret}&rig={rig_of(venue)}")
    expect(page.locator("li")).to_have_count(5)
    assert set(page.locator("li").all_inner_texts()) <= set(order_of(venue))
