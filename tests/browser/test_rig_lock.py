"""The admin page locks the rigs, names an address that is refused, and admits it by one tap."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import serious_findings
from tests.browser.office import open_office
from tests.server.test_locked_rigs import GUEST, RIG, hear, send

pytestmark = pytest.mark.browser


def shoot(page: Page, name: str) -> None:
    """Take a picture for people who look at them: ``F1TIMINGS_PICTURES=folder``."""
    folder = os.environ.get("F1TIMINGS_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_marshal_locks_the_rigs_admits_an_address_and_removes_it(
    page: Page, browser: Browser, complaints: list[str], tmp_path: Path
) -> None:
    with open_office(tmp_path, browser) as office:
        hear(office.server, RIG)
        page.set_viewport_size({"width": 1280, "height": 720})
        office.open(page, "/admin")
        rigs = page.get_by_role("region", name="Rigs", exact=True)
        rigs.get_by_text("Only these rigs: off").click()
        shoot(page, "open")
        rigs.get_by_role("switch", name="Only these rigs").check()
        expect(rigs.get_by_text("Only these rigs: 1 address may send")).to_be_visible()
        addresses = rigs.get_by_role("list", name="Addresses that may send")
        expect(addresses).to_contain_text(f"{RIG} {office.label(RIG)}")

        send(office.server, RIG)
        send(office.server, GUEST)
        alarm = rigs.locator(f"[data-stranger='{GUEST}']")
        expect(alarm).to_contain_text(f"{GUEST} sends telemetry and is not one of the rigs;")
        expect(alarm).to_contain_text(f"it claims the session of {office.label(RIG)}.")
        expect(alarm).to_contain_text("1 datagram refused")
        card = rigs.locator(f"[data-rig='{RIG}']").bounding_box()
        first_alarm = alarm.bounding_box()
        assert card
        assert first_alarm
        assert first_alarm["y"] < card["y"], "an alarm stands below the rigs"
        for number in range(5):
            send(office.server, f"127.0.0.{200 + number}", uid=8)
        expect(rigs).to_contain_text("And 3 more addresses that are not among the rigs.")
        expect(rigs.locator("[data-stranger]")).to_have_count(3)
        expect(rigs.locator("[data-stranger]").first).to_have_attribute("data-stranger", GUEST)
        shoot(page, "alarm")
        assert [] == serious_findings(page)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        shoot(page, "alarm-phone")

        alarm.get_by_role("button", name=f"Admit {GUEST}").click()
        expect(alarm).to_have_count(0)
        expect(addresses.get_by_role("listitem")).to_have_count(2)
        addresses.get_by_role("button", name=f"Remove {GUEST}").click()
        expect(addresses.get_by_role("listitem")).to_have_count(1)
        addresses.get_by_role("button", name=f"Remove {RIG}").click()
        expect(rigs).to_contain_text("This is the last address; unlock the rigs instead.")
        rigs.get_by_role("switch", name="Only these rigs").uncheck()
        expect(rigs.get_by_text("Only these rigs: off")).to_be_visible()
        assert [] == [found for found in complaints if "422" not in found]

        office.open(page, "/admin?lang=it")
        page.get_by_text("Solo queste postazioni: no").click()
        expect(page.get_by_role("switch", name="Solo queste postazioni")).not_to_be_checked()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        shoot(page, "phone-it")
