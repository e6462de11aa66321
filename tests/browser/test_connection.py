"""A screen whose real server is killed or restarted: it shows that, and reconnects by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.server.running import RunningServer
from tests.web.world import open_world, serve

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("path", "state"), [("/", "live"), ("/display", "waiting")])
def test_a_screen_shows_that_its_server_is_gone_and_reconnects_by_itself(
    page: Page, tmp_path: Path, path: str, state: str
) -> None:
    with RunningServer(tmp_path / "data") as server:
        page.goto(f"http://127.0.0.1:{server.port}{path}")
        expect(page.locator(f"[data-state={state}]")).to_have_count(1)
        server.kill()
        banner = page.locator("main [data-state=offline]")
        expect(banner).to_contain_text(re.compile(r"Reconnecting….*Last data at \d\d:\d\d:\d\d"))
        server.start()
        expect(page.locator(f"[data-state={state}]")).to_have_count(1)


def test_a_screen_shows_an_announced_restart(page: Page, tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        page.goto(f"http://127.0.0.1:{server.port}/display")
        expect(page.locator("[data-state=waiting]")).to_have_count(1)
        server.stop()
        expect(page.locator("[data-state=restarting]")).to_contain_text("Updating…")
        server.start()
        expect(page.locator("[data-state=waiting]")).to_have_count(1)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "The server’s disk is full. Laps are timed, but not official yet."),
        ("/me?lang=it", "Il disco del server è pieno. I giri sono cronometrati"),
        ("/display", "The server’s disk is full."),
        ("/display/car", "The server’s disk is full."),
    ],
)
def test_pages_show_that_nothing_can_be_stored_until_it_can_again(
    page: Page, tmp_path: Path, path: str, text: str
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}{path}")
        notice = page.locator(".storage[role=alert]")
        expect(notice).to_have_text("")
        world.hub._call_in_loop(world.hub.report_storage, "full")
        expect(notice).to_contain_text(text)
        expect(notice).to_be_in_viewport()
        world.hub._call_in_loop(world.hub.report_storage, None)
        expect(notice).to_have_text("")
