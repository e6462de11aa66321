"""A real Chromium for the tests of the pages; they skip where there is none, except on CI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from f1timings.web import pages
from tests.browser.checks import WATCH_POLICY

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"there is no Chromium at {CHROMIUM}: apt-get install chromium")
    assert pages.build(), "the pages are not built: run 'make install'"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page's console and scripts complain about."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page 1280 wide that notes every script error, dialogue and refused resource."""

    def refuse(dialog: Dialog) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.set_default_timeout(8_000)
    opened.add_init_script(WATCH_POLICY)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", refuse)
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield opened
    opened.close()
