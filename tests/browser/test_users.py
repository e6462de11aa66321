"""The drivers' page on a real server: every change, and its effect on the server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.checks import DRAWN, content_width, serious_findings, undo_last, wait_until_true
from tests.browser.office import TRAP, Office, change_before, choose, open_office

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server with laps of two rigs, under the names used in the game."""
    with open_office(tmp_path_factory.mktemp("users"), browser) as opened:
        opened.drive(1, 2)
        yield opened


@pytest.fixture
def users(page: Page, office: Office) -> Page:
    """The page, opened by the admin."""
    office.open(page, "/admin/users")
    expect(page.get_by_role("heading", name="Add a driver")).to_be_visible()
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator("tbody tr:not(.more)").filter(has_text=name)


def open_panel(page: Page, name: str) -> Locator:
    """Open the panel of a driver."""
    page.get_by_role("button", name=f"Edit {name}", exact=True).click()
    return page.get_by_role("region", name=f"Driver {name}")


def test_a_driver_is_added_by_keyboard_alone(users: Page, complaints: list[str], office: Office) -> None:
    add = users.get_by_role("region", name="Add a driver")
    add.get_by_label("Name", exact=True).focus()
    for text in ("Ada Brandt", "Night Shift", "44", "Flash"):
        users.keyboard.type(text)
        users.keyboard.press("Tab")
    users.keyboard.type("4711")
    users.keyboard.press("Enter")
    expect(row(users, "Ada Brandt")).to_contain_text("Night Shift")
    created = office.find_driver("Ada Brandt")
    assert created is not None
    facts = ("team", "race_number", "nickname", "pin", "shows_name")
    assert [created[fact] for fact in facts] == ["Night Shift", 44, "Flash", "4711", True]
    assert complaints == []


def test_what_the_server_refuses_is_an_error_at_its_field(users: Page, office: Office) -> None:
    office.driver("Taken Name")
    add = users.get_by_role("region", name="Add a driver")
    add.get_by_label("Name", exact=True).fill("Somebody")
    add.get_by_label("PIN").fill("12")
    add.get_by_label("PIN").press("Enter")
    expect(add.get_by_label("PIN")).to_have_attribute("aria-invalid", "true")
    add.get_by_label("PIN").fill("")
    add.get_by_label("Name", exact=True).fill("Taken Name")
    add.get_by_label("Name", exact=True).press("Enter")
    expect(add.locator(".wrong")).to_be_visible()
    expect(add.get_by_label("Name", exact=True)).to_have_value("Taken Name")


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("en", "Name", "There is a driver Known Name already; choose that driver, or another name."),
        ("it", "Nome", "C’è già un pilota Known Name; scegli quello, oppure un altro nome."),
    ],
)
def test_a_conflict_is_explained_in_the_language_of_the_reader(
    page: Page, office: Office, language: str, name: str, text: str
) -> None:
    if office.find_driver("Known Name") is None:
        office.driver("Known Name")
    office.open(page, f"/admin/users?lang={language}")
    field = page.get_by_label(name, exact=True).first
    field.fill("Known Name")
    field.press("Enter")
    expect(page.locator(".wrong").first).to_have_text(text)


def test_a_driver_is_edited(users: Page, office: Office) -> None:
    office.driver("Old Name")
    panel = open_panel(users, "Old Name")
    panel.get_by_label("Name", exact=True).fill("New Name")
    panel.get_by_label("Team").fill("Day Shift")
    panel.get_by_label("Number").fill("7")
    panel.get_by_label("Colour").fill("#ff8000")
    panel.get_by_label("Screens may show the name").uncheck()
    users.get_by_role("button", name="Save", exact=True).first.click()
    expect(row(users, "New Name")).to_contain_text("Day Shift")
    changed = office.find_driver("New Name")
    assert changed is not None
    assert (changed["race_number"], changed["colour"], changed["shows_name"]) == (7, "#ff8000", False)
    assert changed["shown_name"] != "New Name"


def test_a_change_by_another_user_is_shown_and_can_be_overwritten(users: Page, office: Office) -> None:
    driver_id = office.driver("Edited Twice")
    panel = open_panel(users, "Edited Twice")

    def edit() -> None:
        version = office.request("GET", f"/api/v1/drivers/{driver_id}")["version"]
        office.request("PATCH", f"/api/v1/drivers/{driver_id}", {"version": version, "team": "Theirs"})

    change_before(users, "PATCH", "**/api/v1/drivers/*", edit)
    panel.get_by_label("Team").fill("Ours")
    panel.get_by_label("Team").press("Enter")
    expect(panel).to_contain_text("Someone else has changed this.")
    expect(panel).to_contain_text("Theirs")
    panel.get_by_role("button", name="Do it anyway").click()
    expect(panel).to_contain_text("Edited Twice was saved")
    assert office.request("GET", f"/api/v1/drivers/{driver_id}")["team"] == "Ours"


def test_two_drivers_are_merged_and_the_merge_is_undone(users: Page, office: Office) -> None:
    office.driver("Doubled")
    office.driver("The Real One")
    panel = open_panel(users, "Doubled")
    choose(panel.get_by_label("Merge with"), "The Real One")
    panel.get_by_role("button", name="Merge", exact=True).click()
    expect(row(users, "Doubled")).to_have_count(0)
    assert office.find_driver("Doubled") is None
    undo_last(users, "Doubled was merged into The Real One.")
    expect(row(users, "Doubled")).to_be_visible()
    assert office.find_driver("Doubled") is not None


def test_a_driver_is_deleted_and_restored_by_undo(users: Page, office: Office) -> None:
    office.driver("Gone For Now")
    open_panel(users, "Gone For Now").get_by_role("button", name="Delete").click()
    expect(row(users, "Gone For Now")).to_have_count(0)
    assert office.find_driver("Gone For Now") is None
    undo_last(users, "Driver Gone For Now was deleted.")
    expect(row(users, "Gone For Now")).to_be_visible()


def test_the_code_for_the_phone_is_shown(users: Page, complaints: list[str], office: Office) -> None:
    office.driver("With Phone")
    panel = open_panel(users, "With Phone")
    panel.get_by_role("button", name="Show the code").click()
    code = panel.get_by_role("img", name="QR code: With Phone")
    expect(code).to_be_visible()
    wait_until_true(users, "document.querySelector('img').naturalWidth > 0")
    assert complaints == []


def test_personal_data_is_saved_as_a_file_and_removed(users: Page, office: Office) -> None:
    driver_id = office.driver("Wants Out")
    panel = open_panel(users, "Wants Out")
    with users.expect_download() as download:
        panel.get_by_role("button", name="Save as a file").click()
    assert "Wants Out" in json.dumps(json.loads(Path(download.value.path()).read_text()))
    panel.get_by_label("The driver’s name").fill("Wants Out")
    panel.get_by_role("button", name="Remove for good").click()
    expect(row(users, "Wants Out")).to_have_count(0)
    assert "Wants Out" not in json.dumps(office.request("GET", f"/api/v1/drivers/{driver_id}"))


def test_a_file_that_still_contains_the_name_is_shown_until_it_is_read(users: Page, office: Office) -> None:
    office.driver("Leaves A Note")
    folder = office.server.data_dir / "exports"
    folder.mkdir(exist_ok=True)
    (folder / "notes.txt").write_text("Leaves A Note was fast")
    panel = open_panel(users, "Leaves A Note")
    expect(panel).to_contain_text("Captures (the data that the games sent)")
    panel.get_by_label("The driver’s name").fill("Leaves A Note")
    panel.get_by_role("button", name="Remove for good").click()
    message = users.get_by_role("alert").filter(has_text="may still contain the name")
    expect(message).to_contain_text("exports/notes.txt")
    message.get_by_role("button", name="Done").click()
    expect(message).to_have_count(0)


def test_a_name_used_in_the_game_is_assigned_to_a_driver(users: Page, office: Office) -> None:
    games = users.get_by_role("region", name="Names in the games")
    name = games.locator("li strong").first.inner_text()
    line = games.locator("li").filter(has_text=name)
    # By the keyboard: the list is in the order of the newest laps, so a line may move under the mouse.
    line.get_by_role("button").press("Enter")
    choose(line.get_by_role("combobox", name=f"Driver of the name {name}"), "Ada In The Game")
    line.get_by_role("button", name="Save").click()
    expect(line.get_by_role("button", name=f"Driver of the name {name}: Ada In The Game")).to_be_visible()
    known = office.request("GET", "/api/v1/game-names")["items"]
    assert "Ada In The Game" in [game_name["driver"] for game_name in known]


def test_drivers_are_found_by_a_part_of_their_name(users: Page, office: Office) -> None:
    office.driver("Needle")
    expect(row(users, "Needle")).to_be_visible()
    users.get_by_label("Find").fill("needl")
    expect(users.locator("tbody tr")).to_have_count(1)
    users.get_by_label("Find").fill("nobody is called so")
    expect(users.get_by_role("region", name="Drivers")).to_contain_text("No driver matches.")


def test_hostile_names_are_text_and_fit(users: Page, complaints: list[str], office: Office) -> None:
    office.driver(TRAP)
    office.driver("N" * 80)
    expect(row(users, TRAP)).to_be_visible()
    open_panel(users, "N" * 80)
    assert users.locator("img").count() == 0
    assert content_width(users) == 1280
    assert complaints == []


def test_a_viewer_sees_drivers_and_changes_nothing(page: Page, office: Office) -> None:
    office.driver("Just Looked At")
    office.open_as(page, "viewer", "/admin/users")
    expect(row(page, "Just Looked At")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Edit "))).to_have_count(0)
    expect(page.get_by_role("heading", name="Add a driver")).to_have_count(0)


def test_a_marshal_cannot_remove_personal_data(page: Page, office: Office) -> None:
    office.driver("Stays Here")
    office.open_as(page, "marshal", "/admin/users")
    panel = open_panel(page, "Stays Here")
    expect(panel.get_by_role("button", name="Delete")).to_be_visible()
    expect(panel.get_by_role("button", name="Remove for good")).to_have_count(0)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_page_is_accessible(page: Page, office: Office, theme: str) -> None:
    office.driver(f"Seen in {theme}")
    office.open(page, f"/admin/users?theme={theme}")
    expect(open_panel(page, f"Seen in {theme}")).to_be_visible()
    assert serious_findings(page) == []


def test_it_fits_a_tablet_and_a_phone_in_italian(page: Page, office: Office) -> None:
    office.driver("Seen On A Phone")
    office.open(page, "/admin/users?lang=it")
    expect(page.get_by_role("heading", name="Aggiungi un pilota")).to_be_visible()
    page.get_by_role("button", name="Modifica Seen On A Phone", exact=True).click()
    for width, height in ((1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(DRAWN)
        assert content_width(page) == width
