"""A real Chromium for the tests of the pages; they skip where there is none, except on CI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

from f1timings.web import pages
from tests.browser.checks import WATCH_POLICY
from tests.waiting import LONGEST_WAIT_S

# The headless shell is the same engine without a window, for a third of the processor time.
BROWSERS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
# No test draws with a graphics card. Without its emulation, a page needs a tenth less processor time. The
# pages of a context share a process, see :func:`context`; network and drawing need none of their own.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--enable-features=NetworkServiceInProcess2",
    "--renderer-process-limit=1",
)
# Longer than any single wait, so that the wait fails first and names its condition.
LONGEST_TEST_S = 10 * LONGEST_WAIT_S
# Each page is a new tab, and only that has its own session storage. A frame without an origin has no storage.
_FORGET_EARLIER_TESTS = """
try {
  if (!sessionStorage.getItem("test-has-begun")) localStorage.clear();
  sessionStorage.setItem("test-has-begun", "yes");
} catch {}
"""

expect.set_options(timeout=LONGEST_WAIT_S * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(LONGEST_TEST_S))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = next((path for path in BROWSERS if path.exists()), None)
    if chromium is None and os.environ.get("CI") != "true":
        pytest.skip("there is no Chromium: apt-get install chromium-headless-shell")
    assert chromium is not None, "CI must test the pages: apt-get install chromium-headless-shell"
    assert pages.build(), "the pages are not built: run 'make install'"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium), args=_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """The errors of the page's console and scripts, filled by :func:`page`."""
    return []


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """The memory of the browser, for the tests of one file: it reads and compiles a script only once.

    An empty page keeps the process of the pages running, so that no test starts one: that is a quarter of the
    processor time of opening a page. Nothing else remains from one test to the next, see :func:`page`.
    Nothing moves either, see :func:`moving`.
    """
    opened = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    opened.new_page()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page 1280 pixels wide; it adds script errors, dialogs and refused resources to ``complaints``.

    It begins without the cookies and the storage of earlier tests.
    """

    def dismiss(dialog: Dialog) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    opened = context.new_page()
    opened.set_default_timeout(LONGEST_WAIT_S * 1000)
    opened.add_init_script(_FORGET_EARLIER_TESTS)
    opened.add_init_script(WATCH_POLICY)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", dismiss)
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield opened
    for each in context.pages[1:]:
        each.close()
    context.clear_cookies()


@pytest.fixture
def moving(page: Page) -> None:
    """Let the page move, for tests of movement: elsewhere it would draw 60 times a second for seconds."""
    page.emulate_media(reduced_motion="no-preference")
