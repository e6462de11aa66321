"""A screen whose real server is killed or started anew: it says so, and comes back by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.server.running import RunningServer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("path", "state"), [("/", "live"), ("/display", "waiting")])
def test_a_screen_whose_server_is_killed_says_so_and_comes_back_by_itself(
    page: Page, tmp_path: Path, path: str, state: str
) -> None:
    with RunningServer(tmp_path / "data") as server:
        page.goto(f"http://127.0.0.1:{server.port}{path}")
        expect(page.locator(f"[data-state={state}]")).to_have_count(1)
        server.kill()
        banner = page.locator("main [data-state=offline]")
        expect(banner).to_contain_text(re.compile(r"Reconnecting….*Last data \d\d:\d\d:\d\d"))
        server.start()
        expect(page.locator(f"[data-state={state}]")).to_have_count(1, timeout=20_000)


def test_a_server_that_restarts_announces_it(page: Page, tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        page.goto(f"http://127.0.0.1:{server.port}/display")
        expect(page.locator("[data-state=waiting]")).to_have_count(1)
        server.stop()
        expect(page.locator("[data-state=restarting]")).to_contain_text("Updating…")
        server.start()
        expect(page.locator("[data-state=waiting]")).to_have_count(1, timeout=20_000)
