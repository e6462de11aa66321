"""A screen whose real server is killed or restarted: it shows that, and reconnects by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.server.running import RunningServer

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
