"""The first page in a real browser: it shows what the server knows, follows it, and is soon right again."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from f1timings.meeting.rigs import RigStatus
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged
from f1timings.timing.records import LapState
from tests.web import records
from tests.web.world import World, free_port, open_world, serve

pytestmark = pytest.mark.browser

TRAP = "<img src=x onerror=alert(1)>"


def live(world: World, key: str = records.RIG) -> None:
    now = time.time()
    world.statuses[key] = RigStatus(key, key, 54211, 20777, now, now, 2025, 25, Counter(motion=900))


def test_an_empty_server_says_what_to_set_in_the_game(
    page: Page, complaints: list[str], tmp_path: Path
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/")
        expect(page.locator("#rigs-empty")).to_contain_text("Waiting for rigs: in the game set UDP on")
        expect(page.locator("#laps-empty")).to_contain_text("No laps yet")
        expect(page.locator("#sessions-empty")).to_contain_text("No sessions yet")
        expect(page.locator("#connection")).to_contain_text("Live")
    assert complaints == []


def test_the_page_shows_rigs_laps_and_sessions(page: Page, complaints: list[str], tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        live(world)
        page.goto(f"http://{address}/")
        expect(page.locator("#rigs li")).to_contain_text(["192.168.1.21● LiveF1 2025 format"])
        expect(page.locator("#laps tbody tr")).to_have_count(6)
        invalid = page.locator("#laps tbody tr", has_text="LECLERC")
        expect(invalid.locator("td")).to_have_text(
            ["1:30.500", "LECLERC", "Monza", "1", "30.166", "30.166", "30.168", "Soft", "✕ invalid"],
            use_inner_text=True,
        )
        session = page.locator("#sessions > li")
        expect(session).to_contain_text("Monza – Race")
        expect(session).to_contain_text("3 participants · 6 laps · running")
    assert complaints == []


def test_a_classification_opens_with_the_keyboard(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        page.goto(f"http://{address}/")
        page.locator("#sessions summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#sessions tbody tr")).to_have_text(
            ["1VERSTAPPEN141:23.456", "2LECLERC141:23.456"]
        )


def test_a_session_without_classification_says_so(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit(SessionChanged(records.session()))
        page.goto(f"http://{address}/")
        page.locator("#sessions summary").click()
        expect(page.locator("#sessions .result")).to_contain_text("No classification yet")


def test_a_committed_lap_appears_by_itself_on_top(page: Page, complaints: list[str], tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        page.goto(f"http://{address}/")
        expect(page.locator("#connection")).to_contain_text("Live")
        world.commit(LapRecorded(records.lap(6, 81_234)))
        expect(page.locator("#laps tbody tr").first).to_contain_text("1:21.234")
        expect(page.locator("#sessions > li")).to_contain_text("7 laps")
    assert complaints == []


def test_a_corrected_lap_changes_its_row_and_adds_none(page: Page, tmp_path: Path) -> None:
    lap = records.lap(1, 81_234)
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit(SessionChanged(records.session()), LapRecorded(lap))
        page.goto(f"http://{address}/")
        expect(page.locator("#laps tbody tr")).to_have_count(1)
        world.commit(LapRecorded(replace(lap, state=LapState.SUPERSEDED, recovered=True)))
        expect(page.locator("#laps tbody .notes")).to_have_text(["supersededrecovered"])
        expect(page.locator("#laps tbody tr")).to_have_count(1)


def test_a_new_session_and_its_rig_appear_by_themselves(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/")
        expect(page.locator("#connection")).to_contain_text("Live")
        world.commit(
            records.rig(),
            SessionChanged(records.session(track="Spa", session_type="qualifying_1")),
            ParticipantsChanged(records.SESSION_ID, (records.participant(19, "VERSTAPPEN"),)),
        )
        expect(page.locator("#sessions > li")).to_contain_text("Spa – Qualifying 11 participant · 0 laps")
        expect(page.locator("#rigs li")).to_contain_text("Not seen since the start")
        expect(page.locator("#rigs-empty")).to_be_hidden()


def test_a_name_that_is_html_is_shown_as_text(page: Page, complaints: list[str], tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit(
            records.rig(TRAP, address=TRAP),
            SessionChanged(records.session(track=TRAP)),
            LapRecorded(records.lap(1, participant=TRAP, compound=TRAP)),
        )
        page.goto(f"http://{address}/")
        expect(page.locator("#laps tbody .who")).to_have_text(TRAP)
        world.commit(LapRecorded(records.lap(2, participant=TRAP)))
        expect(page.locator("#laps tbody .who")).to_have_text([TRAP, TRAP])
        expect(page.locator("#rigs .name")).to_have_text(TRAP)
        expect(page.locator("#sessions .title")).to_have_text(f"{TRAP} – Race")
        assert page.locator("img").count() == 0
    assert complaints == []


def test_the_page_says_that_it_reconnects_and_then_is_right_again(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with open_world(tmp_path) as world:
        world.commit_race()
        with serve(world.app, port) as address:
            page.goto(f"http://{address}/")
            expect(page.locator("#connection")).to_contain_text("Live")
        expect(page.locator("#connection")).to_contain_text("Reconnecting…")
        expect(page.locator("#connection")).to_contain_text("showing what was known at")
        expect(page.locator("#laps tbody tr")).to_have_count(6)
    with open_world(tmp_path) as world:
        world.commit(LapRecorded(records.lap(6, 81_234)))
        with serve(world.app, port):
            expect(page.locator("#connection")).to_contain_text("Live")
            expect(page.locator("#laps tbody tr")).to_have_count(7)
            expect(page.locator("#laps tbody tr").first).to_contain_text("1:21.234")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (390, 844)])
def test_nothing_is_wider_than_the_screen(page: Page, tmp_path: Path, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        world.commit(LapRecorded(records.lap(7, None, participant="A" * 60, state=LapState.PARTIAL)))
        page.goto(f"http://{address}/")
        expect(page.locator("#laps tbody tr")).to_have_count(7)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_documentation_tries_a_route(page: Page, complaints: list[str], tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit_race()
        page.goto(f"http://{address}/docs")
        form = page.locator("#list_laps form")
        form.locator("input[name=participant]").fill("LECLERC")
        form.locator("button").click()
        expect(form.locator(".answer")).to_contain_text("GET /api/v1/laps?participant=LECLERC")
        expect(form.locator(".answer")).to_contain_text('"lap_time_ms": 90500')
    assert complaints == []
