"""The admin page sends telemetry on to another program, in a real browser on a real server."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.checks import serious_findings
from tests.browser.office import open_office

pytestmark = pytest.mark.browser


def fill(form: Locator, host: str, port: int) -> None:
    form.get_by_label("Address or name").fill(host)
    form.get_by_label("UDP port").fill(str(port))
    form.get_by_role("button", name="Send on").click()


def test_an_admin_sends_telemetry_on_switches_it_off_and_removes_it(
    page: Page, browser: Browser, complaints: list[str], tmp_path: Path
) -> None:
    with open_office(tmp_path, browser) as office, socket.socket(type=socket.SOCK_DGRAM) as tool:
        tool.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        tool.bind(("127.0.0.1", 0))
        tool.settimeout(10)
        port = tool.getsockname()[1]
        place = f"127.0.0.1:{port}"
        office.open(page, "/admin")
        page.get_by_role("tab", name="Send on").click()
        panel = page.get_by_role("tabpanel")
        expect(panel).to_contain_text("Telemetry is not sent on.")
        fill(panel, "127.0.0.1", office.server.udp_port)
        expect(panel).to_contain_text("This is the port of F1Timings itself")
        fill(panel, "8.8.8.8", 20_778)
        expect(panel).to_contain_text("This address is outside of your network")
        expect(panel.get_by_label("Send it over the internet")).not_to_be_checked()
        fill(panel, "127.0.0.1", port)
        row = panel.get_by_role("listitem").filter(has_text=place)
        expect(row.locator("[data-state=on]")).to_contain_text("Sending")
        office.drive(3, 1)
        assert tool.recv(65_536)
        expect(row).not_to_contain_text("0 datagrams sent")
        row.get_by_role("button", name=f"Switch off {place}").click()
        expect(row.locator("[data-state=off]")).to_be_visible()
        assert [] == serious_findings(page)
        row.get_by_role("button", name=f"Remove {place}").click()
        row.get_by_role("button", name="Yes, remove it").click()
        expect(panel).to_contain_text("Telemetry is not sent on.")
        page.get_by_role("tab", name="Log of changes").click()
        expect(panel).to_contain_text(f"Telemetry of all rigs is sent on to {place}.")
        assert [] == [text for text in complaints if "422" not in text]


def test_in_italian_the_state_is_in_words_and_fits_a_phone(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    with open_office(tmp_path, browser) as office:
        body = {"host": "no-such-machine.invalid", "port": 20_778}
        answer = office.server.ask("POST", "/api/v1/forward-targets", body, office.server.token("admin"))
        assert 201 == answer.status, answer.json
        office.open(page, "/admin?lang=it")
        page.get_by_role("tab", name="Inoltro").click()
        panel = page.get_by_role("tabpanel")
        expect(panel).to_contain_text("Per questo nome non si trova un indirizzo.")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_marshal_has_no_such_tab(page: Page, browser: Browser, tmp_path: Path) -> None:
    with open_office(tmp_path, browser) as office:
        office.open_as(page, "marshal", "/admin?lang=it")
        expect(page.get_by_role("tab", name="Schermi")).to_be_visible()
        expect(page.get_by_role("tab", name="Inoltro")).to_have_count(0)
