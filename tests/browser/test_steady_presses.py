"""A press acts on what was under the pointer when it began, also if the page moves before it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.office import open_office

pytestmark = pytest.mark.browser

MOVE_THE_PAGE = """(height) => {
  const news = document.createElement('div');
  news.style.height = `${height}px`;
  document.body.prepend(news);
}"""


def press(page: Page, control: Locator) -> tuple[float, float]:
    """Press the mouse button in the middle of a control, and hold it."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    return middle


def test_a_press_counts_although_something_appears_above_the_button(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    with open_office(tmp_path, browser) as office:
        page.set_viewport_size({"width": 1280, "height": 2_000})
        office.open(page, "/admin")
        tab = page.get_by_role("tab", name="Log of changes")
        expect(tab).to_have_attribute("aria-selected", "false")
        _, before = press(page, tab)
        page.evaluate(MOVE_THE_PAGE, 300)
        moved = tab.bounding_box()
        assert moved is not None
        assert moved["y"] > before, "the page has not moved"
        page.mouse.up()
        expect(tab).to_have_attribute("aria-selected", "true")


def test_a_press_from_which_the_pointer_is_drawn_away_counts_as_none(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    with open_office(tmp_path, browser) as office:
        page.set_viewport_size({"width": 1280, "height": 2_000})
        office.open(page, "/admin")
        tab = page.get_by_role("tab", name="Log of changes")
        x, y = press(page, tab)
        page.mouse.move(x, y + 200, steps=3)
        page.mouse.up()
        other = page.get_by_role("tab", name="Send on")
        other.click()
        expect(other).to_have_attribute("aria-selected", "true")
        expect(tab).to_have_attribute("aria-selected", "false")
