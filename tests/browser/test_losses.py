"""The admin page says whether anything was lost, in a real browser on a real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from f1timings.web.observed.bodies import LOSSES
from tests.browser.checks import serious_findings
from tests.browser.office import open_office

pytestmark = pytest.mark.browser


def test_a_marshal_reads_that_nothing_was_lost_and_else_what_and_why(
    page: Page, browser: Browser, complaints: list[str], tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    with open_office(tmp_path, browser) as office:
        office.open_as(page, "marshal", "/admin")
        page.get_by_role("tab", name="Status").click()
        report = page.get_by_role("region", name="Nothing lost")
        expect(report.locator("[data-state=nothing-lost]")).to_contain_text("✓ Nothing was lost.")
        assert [] == serious_findings(page)

        def lose(route: Route) -> None:
            causes = [{"name": "kernel", "count": 9}, {"name": "captures", "count": None}]
            route.fulfill(json={**LOSSES, "causes": causes})

        page.route("**/api/v1/losses", lose)
        expect(report.locator("[data-state=lost]")).to_contain_text("Something was lost")
        expect(report.locator("[data-cause=kernel]")).to_contain_text("receive buffer is too small")
        expect(report.locator("[data-cause=captures]")).to_contain_text("Only Linux counts them.")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert [] == complaints


def test_a_viewer_has_no_report(page: Page, browser: Browser, tmp_path: Path) -> None:
    with open_office(tmp_path, browser) as office:
        office.open_as(page, "viewer", "/admin")
        page.get_by_role("tab", name="Status").click()
        expect(page.get_by_text("Database and disk")).to_be_visible()
        expect(page.get_by_role("region", name="Nothing lost")).to_have_count(0)
