"""The sheets of QR codes on the admin page, on the screen and on paper."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from f1timings.store.acts import drivers
from tests.browser.checks import create_account, serious_findings, wait_until_true
from tests.web import records
from tests.web.world import World, open_world, serve

pytestmark = pytest.mark.browser


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two rigs and a driver."""
    with open_world(tmp_path_factory.mktemp("world")) as opened:
        opened.commit(records.rig(), records.rig("192.168.1.22"), at=time.time())
        opened.store.act("Marta", lambda desk: drivers.add(desk, name="Ada"))
        yield opened


def test_the_codes_of_rigs_and_of_drivers_are_alone_on_the_paper(page: Page, world: World) -> None:
    with serve(world.app) as address:
        create_account(page, world, address)
        page.goto(f"http://{address}/admin")
        page.get_by_role("tab", name="QR codes").click()
        codes = page.get_by_role("tabpanel").get_by_role("listitem")
        expect(codes).to_have_text(["Rig 1", "Rig 2"])
        assert serious_findings(page) == []
        page.get_by_role("button", name="Drivers", exact=True).click()
        expect(codes).to_have_text(["Ada"])
        page.evaluate("window.print = () => {}")
        page.get_by_role("button", name="Print", exact=True).click()
        page.emulate_media(media="print")
        expect(page.locator("body > .codes img")).to_be_visible()
        wait_until_true(page, "document.querySelector('body > .codes img').naturalWidth > 0")
        shown: list[Any] = page.evaluate(
            "[...document.body.children].filter((one) => getComputedStyle(one).display !== 'none')"
            ".map((one) => one.innerText.trim())"
        )
        assert shown == ["Ada"]
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(page.locator("body > .codes")).to_have_count(0)
