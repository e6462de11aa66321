"""The TV page shows one scene at a time: the one in its address, else the one that the server chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import serious_findings
from tests.browser.venue import Venue, open_venue

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with open_venue(tmp_path_factory.mktemp("venue")) as marshal:
        marshal.meeting()
        marshal.lap("Ana", "1:20.000")
        yield marshal


@contextmanager
def tv(browser: Browser, venue: Venue, query: str) -> Iterator[Page]:
    """A TV that shows the page with a query, in a browser of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{venue.address}/display{query}")
    yield page
    context.close()


def direct(venue: Venue, screen: str, **facts: object) -> None:
    venue.do("PATCH", "/screen-cards", {"screen": screen, **facts})


def shows(page: Page, scene: str) -> None:
    expect(page.locator(f"main[data-scene={scene}]")).to_be_visible()


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


def test_two_tvs_follow_what_is_sent_to_all_and_one_what_is_sent_to_it(
    browser: Browser, venue: Venue
) -> None:
    with ExitStack() as tvs:
        pages = [tvs.enter_context(tv(browser, venue, f"?name=TV {number}")) for number in (1, 2)]
        pinned = tvs.enter_context(tv(browser, venue, "?scene=leaderboard"))
        for page in (*pages, pinned):
            shows(page, "leaderboard")
        direct(venue, "*", scene="next")
        for page in pages:
            shows(page, "next")
        direct(venue, "TV 1", scene="leaderboard")
        shows(pages[0], "leaderboard")
        direct(venue, "TV 2", is_blank=True)
        expect(pages[1].locator(".blank")).to_be_visible()
        direct(venue, "*", scene=None, is_blank=False)
        for page in pages:
            shows(page, "leaderboard")
            expect(page.locator(".blank")).to_have_count(0)
        shows(pinned, "leaderboard")


def test_what_was_sent_is_kept_when_the_server_and_the_screen_start_again(
    browser: Browser, tmp_path: Path
) -> None:
    with open_venue(tmp_path) as venue:
        venue.meeting()
        direct(venue, "Bar", scene="next", delay_s=0)
        venue.server.kill()
        venue.server.start()
        with tv(browser, venue, "?name=Bar") as page:
            shows(page, "next")


def test_the_list_of_screens_says_what_each_shows(browser: Browser, venue: Venue) -> None:
    def scene() -> str | None:
        found = {each["screen"]: each["scene"] for each in venue.do("GET", "/screens")["items"]}
        shown: str | None = found.get("Door")
        return shown

    with tv(browser, venue, "?name=Door") as page:
        shows(page, "leaderboard")
        venue.server.until(lambda: scene() == "leaderboard")
        direct(venue, "Door", scene="next")
        venue.server.until(lambda: scene() == "next")
        direct(venue, "Door", is_blank=True)
        venue.server.until(lambda: scene() == "blank")


def test_a_delayed_screen_shows_a_lap_later_than_another_one(browser: Browser, venue: Venue) -> None:
    with ExitStack() as tvs:
        direct(venue, "Stream", delay_s=60)
        live, late = (tvs.enter_context(tv(browser, venue, f"?name={name}")) for name in ("Hall", "Stream"))
        expect(live.locator(".line")).to_contain_text(["Ana"])
        expect(late.locator("main[data-scene=leaderboard]")).to_be_visible()
        venue.lap("Late Larry", "1:19.000")
        expect(live.locator(".line", has_text="Late Larry")).to_be_visible()
        expect(late.locator(".line", has_text="Late Larry")).to_have_count(0)
        direct(venue, "Stream", delay_s=0)
        expect(late.locator(".line", has_text="Late Larry")).to_be_visible()


def test_scenes_take_turns_by_the_address_and_as_a_marshal_sends_them(browser: Browser, venue: Venue) -> None:
    with ExitStack() as tvs:
        pinned = tvs.enter_context(tv(browser, venue, "?scene=leaderboard,next&turn=2"))
        sent = tvs.enter_context(tv(browser, venue, "?name=Turns"))
        direct(venue, "Turns", scene="leaderboard,next", turn_s=5)
        for page in (pinned, sent):
            for scene in ("next", "leaderboard", "next"):
                expect(page.locator(f"main[data-scene={scene}]")).to_be_visible(timeout=60_000)
        direct(venue, "Turns", scene="next")
        shows(sent, "next")


def test_the_scene_of_all_rigs_says_who_sits_there_and_which_rig_is_silent(
    page: Page, tmp_path: Path, complaints: list[str]
) -> None:
    with open_venue(tmp_path) as venue:
        venue.meeting()
        rigs = venue.simulate("--rigs", "2")
        try:
            page.goto(f"{venue.address}/display?scene=rigs")
            cards = page.locator("li[data-rig]")
            expect(cards).to_have_count(2, timeout=60_000)
            expect(cards.first.locator(".clock")).to_have_text(re.compile(r"\d\.\d"), timeout=60_000)
            rig = cards.first.get_attribute("data-rig")
            venue.do("POST", f"/rigs/{rig}/assign", {"driver_id": venue.driver("Ana")["id"]})
            expect(cards.first.locator(".name")).to_have_text("Ana")
        finally:
            rigs.kill()
        expect(cards.first).to_contain_text("No signal, last", timeout=60_000)
        assert [] == serious_findings(page)
        assert [] == complaints


def test_other_boards_are_those_of_this_meeting_and_of_all_time(
    page: Page, tmp_path: Path, complaints: list[str]
) -> None:
    with open_venue(tmp_path) as venue:
        venue.meeting("Last week")
        venue.lap("Ana", "1:20.000")
        venue.meeting("Tonight")
        page.goto(f"{venue.address}/display?scene=boards")
        expect(page.locator("h1")).to_have_text("Monza")
        expect(page.locator("ol li")).to_contain_text(["Ana"])
        venue.lap("Ben", "1:19.000")
        expect(page.locator("ol li")).to_contain_text(["Ben", "Ana"])
        venue.show_circuit("Spa")
        expect(page.locator(".kicker")).to_have_text("Also at this meeting")
        expect(page.locator("ol li")).to_contain_text(["Ben"])
        assert [] == serious_findings(page)
        assert [] == complaints
