"""Setting up a server and signing in, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect

from f1timings.web.access.credentials.changes import Requester
from tests.browser.checks import (
    DRAWN,
    NAME,
    PASSWORD,
    create_account,
    serious_findings,
    setup_code,
    wait_until_true,
)
from tests.web.world import open_world, serve

pytestmark = pytest.mark.browser


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_new_server_is_set_up_with_the_code_of_its_console(
    page: Page, complaints: list[str], tmp_path: Path
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.access.setup_code.show()
        page.goto(f"http://{address}/admin")
        expect(page).to_have_url(f"http://{address}/setup")
        page.get_by_label("Setup code").fill(setup_code(world.console).lower())
        page.get_by_label("Your name").fill(NAME)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Create the account").click()
        expect(page).to_have_url(f"http://{address}/admin")
    assert complaints == []


def test_the_setup_code_is_filled_in_from_the_qr_code(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/setup#code=ABCDEFGHJK")
        expect(page.get_by_label("Setup code")).to_have_value("ABCDEFGHJK")


@pytest.mark.parametrize("path", ["/setup", "/login"])
def test_a_page_to_sign_in_opens_no_live_connection(page: Page, tmp_path: Path, path: str) -> None:
    # Where reading is closed, a refused connection sends the reader to this same page, which is loaded again.
    opened: list[WebSocket] = []
    page.on("websocket", lambda socket: opened.append(socket))
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}{path}", wait_until="networkidle")
        wait_until_true(page, DRAWN)
    assert [] == opened


def test_what_the_server_refuses_is_an_error_at_its_field(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/setup#code=ABCDEFGHJK")
        page.get_by_label("Your name").fill(NAME)
        page.get_by_label("Password", exact=True).fill("short")
        page.get_by_role("button", name="Create the account").click()
        password = page.get_by_label("Password", exact=True)
        expect(password).to_have_attribute("aria-invalid", "true")
        expect(password).to_have_accessible_description(re.compile("At least 8 characters.$"))
        assert serious_findings(page) == []


@pytest.mark.parametrize(
    ("language", "too_short", "refused"),
    [
        ("en", "At least 8 characters.", "Wrong code, or it has expired."),
        ("it", "Almeno 8 caratteri.", "Codice sbagliato o scaduto."),
    ],
)
def test_what_is_refused_is_said_in_words_of_the_reader(
    page: Page, tmp_path: Path, language: str, too_short: str, refused: str
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        page.goto(f"http://{address}/setup?lang={language}#code=ABCDEFGHJK")
        name, password = page.locator("input[name=name]"), page.locator("input[name=password]")
        name.fill(NAME)
        password.fill("short")
        page.locator("button.primary").click()
        expect(page.locator("form")).to_contain_text(too_short)
        expect(page.locator("form")).not_to_contain_text(re.compile("String|should|errors|GET"))
        password.fill(PASSWORD)
        page.locator("button.primary").click()
        expect(page.get_by_role("alert")).to_contain_text(refused)


@pytest.mark.parametrize(
    ("language", "refused"), [("en", "Wrong name or password."), ("it", "Credenziali sbagliate.")]
)
def test_a_wrong_password_is_said_in_the_language_of_the_reader(
    page: Page, tmp_path: Path, language: str, refused: str
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        create_account(page, world, address)
        sign_out(page)
        page.goto(f"http://{address}/login?lang={language}")
        page.locator("input[name=name]").fill(NAME)
        page.locator("input[name=password]").fill("not this one")
        page.locator("button.primary").click()
        expect(page.get_by_role("alert")).to_have_text(refused)


def test_signing_in_works_by_keyboard_alone_and_opens_the_wanted_page(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        create_account(page, world, address)
        sign_out(page)
        page.goto(f"http://{address}/admin/users?lang=en")
        expect(page).to_have_url(re.compile(r"/login\?next=%2Fadmin%2Fusers%3Flang%3Den"))
        expect(page.get_by_label("Name")).to_be_visible()
        for _ in range(2):  # past the brand's link
            page.keyboard.press("Tab")
        expect(page.get_by_label("Name")).to_be_focused()
        page.keyboard.type(NAME)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"http://{address}/admin/users?lang=en")


def test_a_wrong_password_is_an_error_and_the_name_stays_in_its_field(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        create_account(page, world, address)
        sign_out(page)
        page.goto(f"http://{address}/login")
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Password", exact=True).fill("not this one")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).not_to_be_empty()
        expect(page.get_by_label("Name")).to_have_value(NAME)
        assert serious_findings(page) == []


def test_a_link_to_another_server_is_not_followed_after_signing_in(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        create_account(page, world, address)
        sign_out(page)
        page.goto(f"http://{address}/login?next=//elsewhere.invalid/")
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"http://{address}/admin")


def test_a_screen_opens_the_sign_in_page_where_reading_is_closed(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        create_account(page, world, address)
        sign_out(page)
        world.access.changes.set_reading("closed", Requester("the test"))
        page.goto(f"http://{address}/display?theme=light")
        expect(page).to_have_url(f"http://{address}/login?next=%2Fdisplay%3Ftheme%3Dlight&theme=light")
