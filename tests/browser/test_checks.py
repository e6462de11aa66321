"""The checks on the admin page, in a real browser on a real server."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import serious_findings
from tests.browser.office import open_office

pytestmark = pytest.mark.browser


def test_a_marshal_without_rigs_reads_what_is_wrong_and_what_to_do(
    page: Page, browser: Browser, complaints: list[str], tmp_path: Path
) -> None:
    with open_office(tmp_path, browser) as office:
        udp_port = office.server.udp_port
        office.open(page, "/admin?lang=it")
        rigs = page.locator("section", has=page.locator("#rigs"))
        expect(rigs.locator("[data-check=datagrams]")).to_contain_text(
            re.compile(
                rf"da sistemare\s*Alla porta UDP {udp_port} non arriva telemetria\.\s*"
                r"Nel gioco: Settings > Telemetry Settings: .*UDP IP Address 127\.0\.0\.1, "
                rf"UDP Port {udp_port}"
            )
        )
        with socket.socket(type=socket.SOCK_DGRAM) as old_game:
            old_game.sendto((2019).to_bytes(2, "little") + bytes(1340), ("127.0.0.1", udp_port))
        expect(rigs.locator("[data-check=old_format]")).to_contain_text("imposta UDP Format a 2020")
        page.get_by_role("tab", name="Stato").click()
        status = page.get_by_role("tabpanel")
        expect(status.locator("[data-check=old_format]")).to_be_visible()
        status.get_by_text("controlli superati").click()
        expect(status.locator("[data-check=disk]")).to_contain_text("GiB sono liberi")
        assert [] == serious_findings(page)
        assert [] == complaints


def test_a_viewer_reads_no_checks(page: Page, browser: Browser, tmp_path: Path) -> None:
    with open_office(tmp_path, browser) as office:
        office.open_as(page, "viewer", "/admin")
        expect(page.get_by_text("Telemetry Settings")).to_be_visible()
        expect(page.locator("[data-check]")).to_have_count(0)
