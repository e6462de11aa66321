"""Every page in a real browser: no errors, accessible, in every language, theme and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from f1timings.access.roles import Role
from f1timings.web.pages import PAGES
from tests.browser.checks import DRAWN, content_width, create_account, serious_findings, wait_until_true
from tests.web.world import World, open_world, serve

pytestmark = pytest.mark.browser

SIZES = [(1920, 1080), (1280, 720), (1024, 768), (390, 844)]
LOADED = "body > :not(noscript, .too-old)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A served world; the tests that share it change nothing there.

    Attributes:
        cookies: of an admin's login; empty in a world without an account.
    """

    address: str
    cookies: list[Any]

    def open(self, page: Page, path: str) -> None:
        """Open a page as the admin."""
        page.context.add_cookies(self.cookies)
        page.goto(f"http://{self.address}{path}")


@contextmanager
def open_site(folder: Path, browser: Browser) -> Iterator[tuple[World, Site]]:
    """A new world, and an admin."""
    with open_world(folder) as world, serve(world.app) as address:
        page = browser.new_page()
        create_account(page, world, address)
        cookies: list[Any] = page.context.cookies()
        page.close()
        yield world, Site(address=address, cookies=cookies)


@pytest.fixture(scope="module")
def raced(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A world with a race and an admin."""
    with open_site(tmp_path_factory.mktemp("raced"), browser) as (world, site):
        world.commit_race()
        yield site


@pytest.fixture(scope="module")
def empty(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A world with an admin, in which nobody has driven."""
    with open_site(tmp_path_factory.mktemp("empty"), browser) as (_world, site):
        yield site


@pytest.fixture(scope="module")
def unclaimed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a world with a race and without any account."""
    with open_world(tmp_path_factory.mktemp("unclaimed")) as world, serve(world.app) as address:
        world.commit_race()
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_without_errors_and_is_accessible(
    page: Page, complaints: list[str], raced: Site, path: str
) -> None:
    raced.open(page, path)
    page.wait_for_load_state("networkidle")
    expect(page.locator(LOADED).first).to_be_visible()
    assert serious_findings(page) == []
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator(".too-old")).to_be_hidden()
    expect(page).to_have_title(re.compile("F1Timings"))
    assert complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_in_italian(page: Page, empty: Site, path: str) -> None:
    empty.open(page, f"{path}?lang=it")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("body")).to_contain_text(
        re.compile(
            "Direzione|Classifica|Gestione|Piloti|I miei giri|Accedi|Configura|In attesa|rafic|Confr|iri"
        )
    )


@pytest.mark.parametrize("theme", ["dark", "light", "cvd"])
@pytest.mark.parametrize("path", ["/", "/login"])
def test_every_theme_is_accessible(page: Page, unclaimed: str, path: str, theme: str) -> None:
    page.goto(f"http://{unclaimed}{path}?theme={theme}")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.wait_for_load_state("networkidle")
    assert serious_findings(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_the_screen(page: Page, raced: Site, path: str) -> None:
    raced.open(page, f"{path}?lang=it")
    page.wait_for_load_state("networkidle")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wait_until_true(page, DRAWN)
        assert (width, content_width(page)) == (width, width)


@pytest.mark.parametrize(
    ("language", "title"), [("en", "There is no page here"), ("it", "Qui non c’è nessuna pagina")]
)
def test_an_address_without_a_page_leads_to_the_pages(
    page: Page, unclaimed: str, language: str, title: str
) -> None:
    answer = page.goto(f"http://{unclaimed}/bigboard?lang={language}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("/bigboard")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wait_until_true(page, DRAWN)
        assert (width, content_width(page)) == (width, width)
        assert serious_findings(page) == []
    page.locator("ul a").nth(1).click()
    expect(page).to_have_url(f"http://{unclaimed}/display?lang={language}")


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "Zoë was added as a driver."), ("it", "Zoë è un nuovo pilota.")]
)
def test_a_change_is_said_in_the_language_of_the_reader(
    page: Page, tmp_path: Path, language: str, sentence: str
) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        create_account(page, world, address)
        page.goto(f"http://{address}/admin?lang={language}")
        headers = {"Authorization": f"Bearer {world.token(Role.MARSHAL)}"}
        added = page.request.post(f"http://{address}/api/v1/drivers", headers=headers, data={"name": "Zoë"})
        assert added.ok, added.text()
        expect(page.locator(".undo .what")).to_contain_text(sentence)


def test_links_keep_language_and_theme(page: Page, unclaimed: str) -> None:
    page.goto(f"http://{unclaimed}/?lang=it&theme=light")
    page.get_by_role("link", name="Classifica").click()
    expect(page).to_have_url(f"http://{unclaimed}/display?lang=it&theme=light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_the_font_is_loaded_and_its_digits_have_equal_width(page: Page, unclaimed: str) -> None:
    page.goto(f"http://{unclaimed}/")
    expect(page.locator(LOADED).first).to_be_visible()
    assert page.evaluate("document.fonts.load('16px \"Inter Variable\"').then((fonts) => fonts.length)") == 1
    widths = page.evaluate(
        """['1111', '8888', '0000'].map((text) => {
          const span = document.body.appendChild(document.createElement('span'));
          span.textContent = text;
          return span.getBoundingClientRect().width;
        })"""
    )
    assert len(set(widths)) == 1


def test_a_page_of_another_build_reloads_once(page: Page, tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.hub.build = "another build"
        with serve(world.app) as address:
            loads: list[str] = []
            page.on("framenavigated", lambda frame: loads.append(frame.url))
            page.goto(f"http://{address}/")
            wait_until_true(page, "sessionStorage.getItem('reloaded-for') === 'another build'")
            expect(page.get_by_role("banner").get_by_role("status")).to_have_text(re.compile("Live"))
            # A second reload would follow the second hello, which has arrived: the page is connected.
            assert len(loads) == 2
