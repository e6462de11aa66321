"""A press acts on what was under the pointer when it began, also if the page moves before it ends."""

from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture
def tab(page: Page, browser: Browser, tmp_path: Path) -> Iterator[Locator]:
    """A tab of the admin page that is not chosen."""
    with open_office(tmp_path, browser) as office:
        page.set_viewport_size({"width": 1280, "height": 2_000})
        office.open(page, "/admin")
        log = page.get_by_role("tab", name="Log of changes")
        expect(log).to_have_attribute("aria-selected", "false")
        yield log


def press(control: Locator) -> tuple[float, float]:
    """Press the mouse button in the middle of a control, and hold it."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    control.page.mouse.move(*middle)
    control.page.mouse.down()
    return middle


def test_a_press_counts_although_something_appears_above_the_button(page: Page, tab: Locator) -> None:
    _, before = press(tab)
    page.evaluate(MOVE_THE_PAGE, 300)
    moved = tab.bounding_box()
    assert moved is not None
    assert moved["y"] > before, "the page has not moved"
    page.mouse.up()
    expect(tab).to_have_attribute("aria-selected", "true")


def test_a_press_from_which_the_pointer_is_drawn_away_counts_as_none(page: Page, tab: Locator) -> None:
    x, y = press(tab)
    page.mouse.move(x, y + 200, steps=3)
    page.mouse.up()
    other = page.get_by_role("tab", name="Send on")
    other.click()
    expect(other).to_have_attribute("aria-selected", "true")
    expect(tab).to_have_attribute("aria-selected", "false")
