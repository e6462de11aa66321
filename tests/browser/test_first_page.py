"""The first page in a real browser: rigs, newest laps, links, and recovery after a lost connection."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from f1timings.rigs.registry import RigStatus
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.timing.records import LapState
from tests.browser.checks import content_width, create_account, serious_findings
from tests.waiting import LONGEST_WAIT_S
from tests.web import records
from tests.web.world import World, free_port, open_world, serve

pytestmark = pytest.mark.browser

TRAP = "<img src=x onerror=alert(1)>"


def mark_live(world: World, key: str = records.RIG) -> None:
    """Let a rig send, also for as long as a loaded machine needs to open the page."""
    now = time.time()
    world.statuses[key] = RigStatus(
        key=key,
        address=key,
        port=54211,
        listen_port=20777,
        first_received_at=now,
        last_received_at=now + LONGEST_WAIT_S,
        packet_format=2025,
        game_year=25,
        packets=Counter(motion=900),
    )


def connection(page: Page) -> Locator:
    """The state of the connection in the header."""
    return page.get_by_role("banner").get_by_role("status")


def rows(page: Page) -> Locator:
    return page.get_by_role("table", name="Latest laps").locator("tbody tr")


def test_a_server_without_rigs_shows_what_to_set_in_the_game(
    page: Page, complaints: list[str], tmp_path: Path
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/")
        expect(page.locator("[data-state=waiting]")).to_contain_text(
            re.compile(
                r"Waiting for rigs.*Settings > Telemetry Settings\s*UDP Telemetry\s*On\s*"
                r"UDP IP Address\s*127\.0\.0\.1\s*UDP Port\s*20777"
            )
        )
        expect(connection(page)).to_have_text(re.compile("Live"))
    assert complaints == []


def test_the_page_links_to_all_pages(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/")
        links = page.get_by_role("region", name="Open a page").get_by_role("link")
        expect(links).to_have_count(6)
        addresses = [links.nth(at).get_attribute("href") for at in range(6)]
        assert addresses == ["/display", "/admin", "/admin/users", "/me", "/laps", "/docs"]
        expect(page.locator("footer")).to_contain_text("Version 0.1.0")


def test_the_page_shows_the_sending_rigs_and_the_newest_laps(
    page: Page, complaints: list[str], tmp_path: Path
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        mark_live(world)
        page.goto(f"http://{address}/")
        expect(rows(page)).to_have_count(6)
        expect(page.get_by_text("Rigs sending").locator("xpath=following-sibling::dd")).to_have_text("1")
        invalid = rows(page).filter(has_text="LECLERC")
        expect(invalid.locator("td").first).to_have_text(re.compile(r"invalid\s*1:30\.500"))
        expect(invalid).to_contain_text("Monza")
    assert complaints == []


def test_with_laps_of_before_it_shows_what_to_set_until_a_rig_is_heard(
    page: Page, complaints: list[str], tmp_path: Path
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        page.goto(f"http://{address}/")
        expect(rows(page)).to_have_count(6)
        expect(page.get_by_text("UDP IP Address")).to_be_visible()
        mark_live(world)
        expect(page.get_by_text("UDP IP Address")).to_have_count(0)
    assert complaints == []


def test_a_committed_lap_appears_at_the_top(page: Page, complaints: list[str], tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        page.goto(f"http://{address}/")
        expect(rows(page)).to_have_count(6)
        world.commit(LapRecorded(records.lap(6, 81_234)))
        expect(rows(page).first).to_contain_text("1:21.234")
        expect(rows(page)).to_have_count(6)
    assert complaints == []


def test_a_superseded_lap_disappears(page: Page, tmp_path: Path) -> None:
    lap = records.lap(1, 81_234)
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit(SessionChanged(records.session()), LapRecorded(lap))
        page.goto(f"http://{address}/")
        expect(rows(page)).to_have_count(1)
        world.commit(LapRecorded(replace(lap, state=LapState.SUPERSEDED, recovered=True)))
        expect(rows(page)).to_have_count(0)


def test_hostile_names_are_text_and_fit(page: Page, complaints: list[str], tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit(
            records.rig(TRAP, address=TRAP),
            SessionChanged(records.session(track=TRAP)),
            LapRecorded(records.lap(1, participant=TRAP, compound=TRAP)),
        )
        page.goto(f"http://{address}/")
        expect(rows(page).locator("td").nth(1)).to_have_text(TRAP)
        world.commit(LapRecorded(records.lap(2, participant="N" * 200)))
        expect(rows(page).first.locator("td").nth(1)).to_have_text("N" * 200)
        assert page.locator("img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") == 1280
    assert complaints == []


def test_the_page_reconnects_and_then_shows_the_newest_laps(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with open_world(tmp_path) as world:
        world.commit_race()
        with serve(world.app, port) as address:
            page.goto(f"http://{address}/")
            expect(rows(page)).to_have_count(6)
        expect(connection(page)).to_have_text(re.compile("Reconnecting…|Updating…"))
        expect(rows(page)).to_have_count(6)
    with open_world(tmp_path) as world:
        world.commit(LapRecorded(records.lap(6, 81_234)))
        with serve(world.app, port):
            expect(connection(page)).to_have_text(re.compile("Live"))
            expect(rows(page).first).to_contain_text("1:21.234")


def test_a_signed_in_user_is_named_and_can_sign_out(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/")
        expect(page.get_by_role("link", name="Set up this server")).to_be_visible()
        create_account(page, world, address)
        page.reload()
        expect(page.get_by_role("banner")).to_contain_text("Signed in as Race control")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()


def test_the_documentation_is_searched_by_the_words_of_its_routes(
    page: Page, complaints: list[str], tmp_path: Path
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/docs")
        contents = page.get_by_role("navigation", name="Routes")
        page.keyboard.press("/")
        page.keyboard.type("pit_visits car_index")
        expect(contents.get_by_role("status")).to_have_text(re.compile(r"^1 of \d+ routes$"))
        expect(page.locator(".operation:visible")).to_have_attribute("id", "list_pit_visits")
        expect(page.locator(".subject:visible h2")).to_have_text("Sessions")
        expect(contents.locator(".group:visible li:visible")).to_have_count(1)
        page.evaluate("location.hash = '#list_laps'")
        expect(page.locator("#list_laps")).to_be_in_viewport()
        expect(page.get_by_label("Search")).to_have_value("")
        page.get_by_label("Search").fill("ideal_lap_ms")
        expect(page.locator(".operation:visible")).to_have_attribute("id", "get_leaderboard")
        page.get_by_label("Search").fill("no such word")
        expect(contents.get_by_role("status")).to_have_text(re.compile("^0 of"))
        assert serious_findings(page) == []
        page.get_by_label("Search").fill("")
        page.set_viewport_size({"width": 390, "height": 844})
        assert content_width(page) <= 390
    assert complaints == []


def test_the_documentation_page_shows_lists_as_files(
    page: Page, complaints: list[str], tmp_path: Path
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        page.goto(f"http://{address}/docs")
        form = page.locator("#list_laps form")
        form.locator("input[name=format]").fill("csv")
        form.locator("button").click()
        expect(form.locator(".answer")).to_contain_text("id,session_id,session_uid")
        form.locator("input[name=format]").fill("xlsx")
        form.locator("button").click()
        expect(form.locator(".answer")).to_contain_text(re.compile(r"A file of \d+ bytes"))
    assert complaints == []


def test_the_documentation_page_sends_a_request(page: Page, complaints: list[str], tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        page.goto(f"http://{address}/docs")
        form = page.locator("#list_laps form")
        form.locator("input[name=participant]").fill("LECLERC")
        form.locator("button").click()
        expect(form.locator(".answer")).to_contain_text("GET /api/v1/laps?participant=LECLERC")
        expect(form.locator(".answer")).to_contain_text('"lap_time_ms": 90500')
    assert complaints == []
