"""The phone page, in a real browser on a real server: the board, a seat at a rig, a driver's own laps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import content_width, serious_findings
from tests.browser.venue import Venue, open_venue
from tests.waiting import LONGEST_WAIT_S

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=`broken`">'


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """A server with two known rigs."""
    with open_venue(tmp_path_factory.mktemp("venue")) as marshal:
        rigs = marshal.simulate("--rigs", "2")
        try:
            marshal.server.until(lambda: len(marshal.server.get("/api/v1/rigs")["items"]) == 2)
        finally:
            rigs.terminate()
            rigs.wait(LONGEST_WAIT_S)
        yield marshal


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def first_rig(venue: Venue) -> str:
    rig: str = venue.server.get("/api/v1/rigs")["items"][0]["rig"]
    return rig


def driver_at(venue: Venue, rig: str) -> str | None:
    by_key = {rig["rig"]: rig for rig in venue.server.get("/api/v1/rigs")["items"]}
    driver = by_key[rig]["driver"]
    return None if driver is None else str(driver["name"])


@pytest.mark.usefixtures("moving")
def test_the_board_is_a_list_and_shows_new_laps(phone: Page, venue: Venue, complaints: list[str]) -> None:
    venue.meeting()
    venue.lap("Ana", "1:21.000")
    phone.goto(f"{venue.address}/me")
    rows = phone.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_text([re.compile(r"1.*Ana.*1:21\.000")])
    venue.lap("Ben", "1:20.000")
    expect(rows).to_have_text([re.compile(r"1.*Ben.*1:20\.000"), re.compile(r"2.*Ana.*\+1\.000")])
    expect(phone.get_by_text("Scan the code at a rig")).to_be_visible()
    assert complaints == []


def test_a_driver_takes_a_rig_with_the_pin_and_leaves_it(phone: Page, venue: Venue) -> None:
    venue.meeting()
    venue.driver("Marta", pin="4711")
    rig = first_rig(venue)
    phone.goto(f"{venue.address}/me?rig={rig}")
    seat = phone.get_by_label("Your PIN")
    seat.fill("12")
    phone.get_by_role("button", name="Sit down here").click()
    expect(phone.locator(".wrong")).to_contain_text("4 to 8 digits")
    seat.fill("9999")
    phone.get_by_role("button", name="Sit down here").click()
    expect(phone.locator(".wrong")).to_be_visible()
    expect(phone.locator(".wrong")).not_to_contain_text("4 to 8 digits")
    seat.fill("4711")
    phone.get_by_role("button", name="Sit down here").click()
    expect(phone.get_by_text("Marta is sitting here.")).to_be_visible()
    assert driver_at(venue, rig) == "Marta"
    # The PIN has signed the phone in as Marta, also for later.
    own = phone.locator("section.own")
    expect(own.get_by_role("heading")).to_have_text("Marta")
    expect(own).to_contain_text("You are at Rig 1.")
    assert serious_findings(phone) == []
    phone.goto(f"{venue.address}/me?rig={rig}")
    expect(own.get_by_role("heading")).to_have_text("Marta")
    expect(seat).to_have_count(0)
    phone.get_by_role("button", name="Leave the rig").click()
    expect(phone.get_by_text("This rig is free.")).to_be_visible()
    assert driver_at(venue, rig) is None


def test_a_driver_leaves_a_rig_with_the_pin_on_a_phone_that_is_not_theirs(phone: Page, venue: Venue) -> None:
    venue.meeting()
    driver = venue.driver("Nora", pin="4712")
    rig = first_rig(venue)
    venue.do("POST", f"/rigs/{rig}/assign", {"driver_id": driver["id"]})
    phone.goto(f"{venue.address}/me?rig={rig}")
    expect(phone.get_by_text("Nora is sitting here.")).to_be_visible()
    phone.get_by_label("Your PIN").fill("4712")
    phone.get_by_role("button", name="Leave the rig").click()
    expect(phone.get_by_text("This rig is free.")).to_be_visible()
    expect(phone.locator("section.own")).to_have_count(0)


def test_from_the_leaderboard_a_pin_signs_the_phone_in(phone: Page, venue: Venue) -> None:
    venue.meeting()
    venue.driver("Petra", pin="4713")
    venue.lap("Petra", "1:21.000")
    phone.goto(f"{venue.address}/me")
    phone.get_by_role("button", name="This is me").click()
    phone.get_by_label("Your PIN").fill("9999")
    phone.get_by_role("button", name="This is me").click()
    expect(phone.locator(".wrong")).to_contain_text("No driver has this PIN")
    assert serious_findings(phone) == []
    phone.get_by_label("Your PIN").fill("4713")
    phone.get_by_role("button", name="This is me").click()
    own = phone.locator("section.own")
    expect(own.get_by_role("heading")).to_have_text("Petra")
    expect(phone.locator(".laps li")).to_contain_text(["1:21.000"])
    phone.goto(f"{venue.address}/me?rig={first_rig(venue)}")
    expect(phone.get_by_role("button", name="Sit down here as Petra")).to_be_visible()


def test_from_the_leaderboard_a_name_without_a_pin_is_chosen_and_cannot_take_a_seat(
    phone: Page, venue: Venue
) -> None:
    venue.meeting()
    venue.driver("Quin", pin="4714")
    ruth = venue.driver("Ruth")
    venue.lap("Ruth", "1:21.000")
    phone.goto(f"{venue.address}/me")
    phone.get_by_role("button", name="This is me").click()
    name = phone.get_by_label("Your name")
    name.select_option("Quin")
    phone.get_by_role("button", name="This is me").click()
    expect(phone.locator(".wrong")).to_contain_text("Quin has a PIN")
    name.select_option("Ruth")
    phone.get_by_role("button", name="This is me").click()
    own = phone.locator("section.own")
    expect(own.get_by_role("heading")).to_have_text("Ruth")
    expect(phone.locator(".laps li")).to_contain_text(["1:21.000"])
    expect(phone.locator("li.own")).to_contain_text("Ruth")
    # The phone remembers the name, but a seat needs the PIN.
    phone.goto(f"{venue.address}/me?rig={first_rig(venue)}")
    expect(own.get_by_role("heading")).to_have_text("Ruth")
    expect(phone.get_by_label("Your PIN")).to_be_visible()
    # Once the driver has a PIN, the phone must give it.
    venue.do("PATCH", f"/drivers/{ruth['id']}", {"version": ruth["version"], "pin": "4715"})
    expect(phone.get_by_role("main").get_by_role("alert")).to_contain_text("has a PIN now")
    expect(own).to_have_count(0)


def test_a_drivers_code_shows_their_laps_and_takes_a_rig(phone: Page, venue: Venue) -> None:
    venue.meeting()
    driver = venue.driver("Ada Brandt")
    venue.lap("Ben", "1:20.000")
    venue.lap("Ada Brandt", "1:20.500")
    deleted = venue.lap("Ada Brandt", "1:19.000")
    phone.goto(f"{venue.address}/me?token={driver['token']}")
    own = phone.locator("section.own")
    expect(own.get_by_role("heading")).to_have_text("Ada Brandt")
    expect(own.locator("dd").first).to_have_text("1:19.000")
    expect(own).to_contain_text("You are in the lead.")
    venue.delete_lap(deleted)
    expect(own.locator("dl")).to_contain_text(re.compile(r"1:20\.500.*Place.*2/2.*To P1, Ben.*\+0\.500"))
    expect(phone.locator(".laps li").filter(has_text="1:19.000").locator(".struck")).to_have_count(1)
    assert serious_findings(phone) == []
    # The phone has stored its driver: only the code of a rig must be scanned.
    rig = first_rig(venue)
    phone.goto(f"{venue.address}/me?rig={rig}")
    phone.get_by_role("button", name="Sit down here as Ada Brandt").click()
    expect(own).to_contain_text("You are at Rig 1.")
    assert driver_at(venue, rig) == "Ada Brandt"
    phone.get_by_role("button", name="Leave the rig").click()
    expect(own).not_to_contain_text("You are at")
    phone.get_by_role("button", name="forget me").click()
    expect(own).to_have_count(0)
    expect(phone.get_by_text("Scan the code at a rig")).to_be_visible()


def test_an_unknown_code_is_an_error(phone: Page, venue: Venue) -> None:
    phone.goto(f"{venue.address}/me?token=nobody-has-this-code")
    expect(phone.get_by_role("main").get_by_role("alert")).to_contain_text("No driver has this code")


def test_hostile_names_are_text_and_fit(phone: Page, venue: Venue, complaints: list[str]) -> None:
    venue.meeting(name="M" * 80)
    driver = venue.driver("W" * 80)
    for name, time in (("W" * 80, "1:21.000"), (HOSTILE, "1:20.000"), ("محمد العربي", "1:22.000")):
        venue.lap(name, time)
    phone.goto(f"{venue.address}/me?token={driver['token']}&rig={first_rig(venue)}")
    expect(phone.locator("main .name", has_text="onerror")).to_have_text(HOSTILE)
    expect(phone.locator("section.own")).to_be_visible()
    assert phone.locator("img").count() == 0
    assert content_width(phone) == 390
    assert "broken" not in phone.title()
    assert complaints == []


@pytest.mark.parametrize("theme", ["dark", "light", "cvd"])
def test_every_theme_is_accessible_in_italian(phone: Page, venue: Venue, theme: str) -> None:
    venue.meeting()
    venue.lap("Ana", "1:21.000")
    phone.goto(f"{venue.address}/me?rig={first_rig(venue)}&theme={theme}&lang=it")
    expect(phone.get_by_role("button", name="Siediti qui")).to_be_visible()
    expect(phone.get_by_role("heading", name="Classifica")).to_be_visible()
    expect(phone.locator("main").get_by_text("1:21.000")).to_be_visible()
    assert serious_findings(phone) == []
