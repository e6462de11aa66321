"""The organisers' own slides, from the admin page to the TV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import serious_findings
from tests.browser.office import Office, open_office
from tests.pictures import png

pytestmark = pytest.mark.browser

ATTACK = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office"), browser) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_slides(office: Office) -> None:
    """Begin without slides."""
    for slide in office.request("GET", "/api/v1/slides")["items"]:
        office.request("DELETE", f"/api/v1/slides/{slide['id']}")


def add(office: Office, **facts: object) -> Any:
    return office.request("POST", "/api/v1/slides", facts)


def open_tv(page: Page, office: Office, query: str = "?scene=slides") -> None:
    page.goto(f"{office.address}/display{query}")


def test_a_screen_without_slides_says_so(page: Page, office: Office, complaints: list[str]) -> None:
    open_tv(page, office)
    expect(page.locator("main[data-scene=slides] .missing")).to_contain_text("There are no slides yet")
    open_tv(page, office, "?scene=slides&slide=Rules&lang=it")
    expect(page.locator(".missing")).to_contain_text("«Rules»")
    assert [] == serious_findings(page)
    assert [] == complaints


def test_slides_take_turns_and_one_that_is_deleted_is_gone_at_once(
    page: Page, office: Office, complaints: list[str]
) -> None:
    one, two = (add(office, title=name, body="Line 1\nLine 2", shown_s=3) for name in ("One", "Two"))
    open_tv(page, office)
    for slide in (one, two):
        expect(page.locator(f".scene[data-slide='{slide['id']}'] h1")).to_be_visible(timeout=10_000)
    office.request("PATCH", f"/api/v1/slides/{one['id']}", {"version": one["version"], "is_shown": False})
    expect(page.locator("h1")).to_have_text("Two")
    office.request("DELETE", f"/api/v1/slides/{two['id']}")
    expect(page.locator(".missing")).to_be_visible()
    assert [] == complaints


def test_what_people_type_is_shown_as_text(page: Page, office: Office, complaints: list[str]) -> None:
    add(office, title=ATTACK, body=f"{ATTACK}\nLine 2")
    open_tv(page, office)
    expect(page.locator("h1")).to_have_text(ATTACK)
    expect(page.locator(".scene img")).to_have_count(0)
    assert [] == complaints


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1080, 1920), (390, 844)])
def test_the_longest_text_is_on_the_screen_whole(page: Page, office: Office, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    add(office, title="W" * 60, body="\n".join(["many words of text here and more"] * 10))
    open_tv(page, office)
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_function(
        """() => {
          const text = document.querySelector(".scene .text").getBoundingClientRect();
          return text.left >= 0 && text.top >= 0 && text.right <= innerWidth && text.bottom <= innerHeight;
        }"""
    )


def test_a_slide_in_a_rotation_is_left_out_while_there_is_none(page: Page, office: Office) -> None:
    open_tv(page, office, "?scene=slides,next&turn=2")
    expect(page.locator("main[data-scene=next]")).to_be_visible()
    add(office, title="House rules", shown_s=3)
    expect(page.locator("main[data-scene=slides] h1")).to_have_text("House rules", timeout=10_000)
    expect(page.locator("main[data-scene=next]")).to_be_visible(timeout=10_000)


def test_staff_adds_a_picture_and_a_text_by_the_admin_page_and_the_tv_shows_them_whole(
    page: Page, office: Office, tmp_path: Path, complaints: list[str]
) -> None:
    file = tmp_path / "Our sponsor.png"
    file.write_bytes(png(60, 20))
    office.open(page, "/admin")
    page.get_by_role("tab", name="Screens").click()
    page.get_by_role("textbox", name="Title").fill("House rules")
    page.get_by_role("textbox", name="Text", exact=True).fill("No drinks.\nBe kind.")
    page.get_by_role("button", name="Add a text").click()
    expect(page.get_by_text("1. House rules")).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("")
    page.locator(".drop input[type=file]").set_input_files(file)
    expect(page.get_by_text("2. Our sponsor")).to_be_visible()
    page.get_by_role("button", name="Move Our sponsor up").click()
    expect(page.get_by_text("1. Our sponsor")).to_be_visible()
    page.get_by_role("button", name="On: House rules").click()
    expect(page.get_by_text("off: no screen shows it")).to_be_visible()
    findings = serious_findings(page)
    assert [] == findings, findings
    open_tv(page, office)
    picture = page.locator(".scene img")
    expect(picture).to_have_attribute("alt", "Our sponsor")
    assert [60, 20, "contain"] == picture.evaluate(
        "(image) => [image.naturalWidth, image.naturalHeight, getComputedStyle(image).objectFit]"
    )
    assert [] == complaints


def test_a_file_that_is_no_picture_is_refused_in_words(page: Page, office: Office, tmp_path: Path) -> None:
    file = tmp_path / "Logo.png"
    file.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    office.open(page, "/admin")
    page.get_by_role("tab", name="Screens").click()
    page.locator(".drop input[type=file]").set_input_files(file)
    expect(page.get_by_text("Choose a PNG, JPEG or WebP file")).to_be_visible()


def test_a_picture_that_does_not_load_is_left_out_and_tried_again(page: Page, office: Office) -> None:
    page.route("**/slide-pictures/*", lambda route: route.abort())
    picture = office.request("POST", "/api/v1/slide-pictures", png(30, 20))["picture"]
    add(office, picture=picture, name="Sponsor", shown_s=3)
    open_tv(page, office)
    expect(page.locator(".missing")).to_contain_text("could not be loaded")
    page.unroute("**/slide-pictures/*")
    expect(page.locator(".scene img")).to_be_visible(timeout=15_000)
