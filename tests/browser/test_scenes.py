"""The TV page shows one scene at a time: the one in its address, else the one that the server chooses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import serious_findings
from tests.browser.venue import Venue, open_venue

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with open_venue(tmp_path_factory.mktemp("venue")) as marshal:
        marshal.meeting()
        marshal.lap("Ana", "1:20.000")
        yield marshal


@pytest.mark.parametrize("query", ["", "?scene=leaderboard", "?circuit=Monza"])
def test_while_nobody_races_the_board_is_shown(page: Page, venue: Venue, query: str) -> None:
    page.goto(f"{venue.address}/display{query}")
    expect(page.locator("main[data-scene=leaderboard] .line")).to_contain_text("Ana")


@pytest.mark.parametrize(
    ("language", "title"), [("en", "There is no scene “towr”"), ("it", "nessuna scena «towr»")]
)
def test_an_unknown_scene_in_the_address_is_said_in_words(
    page: Page, venue: Venue, complaints: list[str], language: str, title: str
) -> None:
    page.goto(f"{venue.address}/display?scene=towr&lang={language}")
    placard = page.locator(".shape-placard")
    expect(placard).to_contain_text(title)
    expect(placard).to_contain_text("leaderboard")
    expect(page.locator(".line")).to_have_count(0)
    assert [] == serious_findings(page)
    assert [] == complaints


def test_the_code_of_a_scene_is_loaded_again_if_it_did_not_arrive(page: Page, venue: Venue) -> None:
    chunk = "**/assets/Leaderboard-*.js"
    page.route(chunk, lambda route: route.abort())
    page.goto(f"{venue.address}/display?scene=leaderboard")
    expect(page.locator("main")).to_have_attribute("data-scene", "")
    page.unroute(chunk)
    expect(page.locator("main[data-scene=leaderboard] .line")).to_contain_text("Ana")
