"""The admin page joins two cards that are one rig, after a confirmation, and separates them again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.office import Office, open_office

OLD, NEW = "127.0.0.2", "127.0.0.3"


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server with two laps of each of two rigs that no longer send, since two rigs that do are two."""
    with open_office(tmp_path_factory.mktemp("joined"), browser) as opened:
        opened.drive(1, 2)
        opened.server.until(lambda: not any(opened.rig(key)["is_live"] for key in (OLD, NEW)))
        yield opened


def cards(page: Page) -> Locator:
    return page.get_by_role("article")


@pytest.mark.parametrize("width", [390, 1280])
def test_two_cards_become_one_and_two_again(
    page: Page, office: Office, complaints: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    office.open(page, "/admin")
    expect(cards(page)).to_have_count(2)
    old, new = office.label(OLD), office.label(NEW)

    page.get_by_role("button", name=f"Change {new}", exact=True).click()
    panel = page.get_by_role("region", name=f"Settings of {new}", exact=True)
    panel.get_by_label(f"{new} is the same rig as").select_option(OLD)
    join = panel.get_by_role("button", name=f"Join {new} into {old}")
    expect(join).to_be_disabled()
    panel.get_by_label(f"Yes, {new} and {old} are one simulator.").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    join.click()

    expect(cards(page)).to_have_count(1)
    expect(page.get_by_role("article", name=old, exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Laps", exact=True)).not_to_contain_text(new)

    page.get_by_role("button", name=f"Change {old}", exact=True).click()
    remaining = page.get_by_role("region", name=f"Settings of {old}", exact=True)
    expect(remaining).to_contain_text(f"{new} was joined into this rig.")
    remaining.get_by_role("button", name=f"Separate {new} again").click()
    expect(cards(page)).to_have_count(2)
    assert complaints == []


def test_the_server_s_reason_is_shown_if_the_join_is_refused(page: Page, office: Office) -> None:
    office.open(page, "/admin")
    page.get_by_role("button", name=f"Change {office.label(NEW)}", exact=True).click()
    panel = page.get_by_role("region", name=re.compile("Settings of"))
    reason = "Rig 2 and Rig 1 send at the same time, so they are two rigs."
    page.route(
        "**/join",
        lambda route: route.fulfill(
            status=409,
            content_type="application/problem+json",
            json={"type": "/docs#problem-conflict", "title": "Conflict", "status": 409, "detail": reason},
        ),
    )

    panel.get_by_label(re.compile("is the same rig as")).select_option(OLD)
    panel.get_by_label(re.compile("are one simulator")).check()
    panel.get_by_role("button", name=re.compile("^Join")).click()

    expect(panel).to_contain_text(reason)


def test_a_screen_reader_reads_the_name_of_a_rig_once(page: Page, office: Office) -> None:
    office.open(page, "/admin")
    expect(cards(page)).to_have_count(2)
    page.get_by_role("button", name=f"Change {office.label(OLD)}", exact=True).click()

    names = page.locator("[aria-label]").evaluate_all("each => each.map((one) => one.ariaLabel)")

    assert [] == [name for name in names if re.search(r"\brig rig\b", name, re.IGNORECASE)]
