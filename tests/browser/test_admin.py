"""The admin page on a real server: every change by click or keyboard, and its effect on the server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.checks import DRAWN, content_width, serious_findings, undo_last, wait_until_true
from tests.browser.office import TRAP, Office, change_before, choose, hold_answers, open_office

pytestmark = pytest.mark.browser

RIGS = ["127.0.0.2", "127.0.0.3", "127.0.0.4"]


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server with two laps of each of three rigs, all without a driver."""
    with open_office(tmp_path_factory.mktemp("admin"), browser) as opened:
        opened.drive(1, len(RIGS))
        yield opened


@pytest.fixture
def admin(page: Page, office: Office) -> Page:
    """The page, opened by the admin."""
    office.open(page, "/admin")
    expect(page.get_by_role("article")).to_have_count(len(RIGS))
    return page


def panel(page: Page, office: Office, rig: str) -> Locator:
    """Open the panel of a rig."""
    label = office.label(rig)
    page.get_by_role("button", name=re.compile(f"^(Change|Details of) {re.escape(label)}$")).click()
    return page.get_by_role("region", name=f"Settings of {label}")


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def rows(page: Page) -> Locator:
    return region(page, "Laps").locator("tbody tr:not(.more)")


def type_lap(page: Page, name: str, time: str) -> None:
    form = region(page, "Lap typed by hand")
    choose(form.get_by_label("Driver"), name)
    form.get_by_label("Time").fill(time)
    form.get_by_role("button", name="Save the lap").click()


def test_an_anonymous_user_is_sent_to_sign_in(page: Page, office: Office) -> None:
    page.goto(office.address + "/admin")
    expect(page).to_have_url(re.compile(r"/login\?next=%2Fadmin"))


def test_the_page_shows_the_rigs_and_laps_and_what_to_check_in_the_game(
    admin: Page, complaints: list[str], office: Office
) -> None:
    card = admin.get_by_role("article", name=office.label("127.0.0.4"), exact=True)
    expect(card).to_contain_text("No data arrives")
    opened = panel(admin, office, "127.0.0.4")
    expect(opened).to_contain_text("Settings > Telemetry Settings")
    expect(opened).to_contain_text(str(office.server.udp_port))
    expect(rows(admin).filter(has_text=re.compile(r"\d:\d\d\.\d{3}"))).to_have_count(6)
    assert complaints == []


def test_a_driver_is_assigned_to_a_rig_by_keyboard_alone(admin: Page, office: Office) -> None:
    office.driver("Ada Brandt")
    expect(admin.get_by_role("option", name="Ada Brandt").first).to_be_attached()
    admin.get_by_role("button", name=f"Change {office.label('127.0.0.2')}").focus()
    admin.keyboard.press("Enter")
    expect(admin.locator("#rig-panel input").first).to_be_focused()
    admin.keyboard.type("ada")
    admin.keyboard.press("Enter")
    admin.keyboard.press("Enter")
    expect(
        admin.get_by_role("status").filter(has_text=f"Ada Brandt drives at {office.label('127.0.0.2')}")
    ).to_be_visible()
    assert office.driver_at("127.0.0.2") == "Ada Brandt"
    admin.keyboard.press("Escape")
    expect(admin.get_by_role("button", name=f"Change {office.label('127.0.0.2')}")).to_be_focused()


def test_a_new_driver_is_assigned_from_an_earlier_lap_on(admin: Page, office: Office) -> None:
    opened = panel(admin, office, "127.0.0.3")
    choose(opened.get_by_label("Driver", exact=True), "Marta Rossi")
    first = next(lap for lap in office.laps(rig="127.0.0.3", state="completed") if lap["lap_number"] == 1)
    opened.get_by_label("From").select_option(first["id"])
    opened.get_by_role("button", name="Assign").click()
    expect(admin.get_by_role("article", name=office.label("127.0.0.3"))).to_contain_text("Marta Rossi")
    office.server.until(
        lambda: {lap["driver"] for lap in office.laps(rig="127.0.0.3", state="completed")} == {"Marta Rossi"}
    )


def test_drivers_swap_rigs_and_are_removed(admin: Page, office: Office) -> None:
    office.request("POST", "/api/v1/rigs/127.0.0.2/assign", {"driver_id": office.driver("Swapper One")})
    office.request("POST", "/api/v1/rigs/127.0.0.3/assign", {"driver_id": office.driver("Swapper Two")})
    opened = panel(admin, office, "127.0.0.2")
    opened.get_by_label("with rig").select_option("127.0.0.3")
    opened.get_by_role("button", name="Swap", exact=True).click()
    expect(opened).to_contain_text("swapped drivers")
    assert [office.driver_at("127.0.0.2"), office.driver_at("127.0.0.3")] == ["Swapper Two", "Swapper One"]
    opened.get_by_role("button", name="Remove the driver").click()
    expect(opened).to_contain_text("The rig has no driver now")
    assert office.driver_at("127.0.0.2") is None


def test_a_rig_gets_a_name_a_place_and_a_usual_driver(admin: Page, office: Office) -> None:
    opened = panel(admin, office, "127.0.0.4")
    opened.get_by_label("Name of the rig").fill("By the bar")
    opened.get_by_label("Name of the rig").press("Enter")
    expect(admin.get_by_role("article", name="By the bar")).to_be_visible()
    opened = region(admin, "Settings of By the bar")
    choose(opened.get_by_label("No usual driver yet"), "Home Driver")
    opened.locator("form", has=admin.get_by_role("heading", name="Usual driver")).get_by_role(
        "button", name="Save"
    ).click()
    expect(opened).to_contain_text("Home Driver is the usual driver at By the bar")
    assert office.rig("127.0.0.4")["default_driver"]["name"] == "Home Driver"
    office.request(
        "PATCH", "/api/v1/rigs/127.0.0.4", {"version": office.rig("127.0.0.4")["version"], "name": None}
    )


def test_what_is_typed_stays_when_the_rigs_are_read_again(admin: Page, office: Office) -> None:
    name = panel(admin, office, "127.0.0.4").get_by_label("Name of the rig")
    name.fill("Half a na")
    for _ in range(2):  # The first answer has been rendered when the second arrives.
        with admin.expect_response(re.compile("/api/v1/rigs\\?")):
            pass
    expect(name).to_have_value("Half a na")


def test_a_change_by_another_user_is_shown_and_can_be_overwritten(admin: Page, office: Office) -> None:
    opened = panel(admin, office, "127.0.0.2")

    def rename() -> None:
        version = office.rig("127.0.0.2")["version"]
        office.request("PATCH", "/api/v1/rigs/127.0.0.2", {"version": version, "name": "Theirs"})

    change_before(admin, "PATCH", "**/api/v1/rigs/*", rename)
    opened.get_by_label("Name of the rig").fill("Ours")
    opened.get_by_label("Name of the rig").press("Enter")
    named = admin.locator("#rig-panel")
    expect(named).to_contain_text("Someone else has changed this.")
    expect(named).to_contain_text("Now: Theirs")
    named.get_by_role("button", name="Do it anyway").click()
    expect(admin.get_by_role("article", name="Ours")).to_be_visible()
    assert office.rig("127.0.0.2")["name"] == "Ours"
    office.request(
        "PATCH", "/api/v1/rigs/127.0.0.2", {"version": office.rig("127.0.0.2")["version"], "name": None}
    )


def test_the_first_driver_of_the_queue_is_called_to_a_rig(admin: Page, office: Office) -> None:
    queue = region(admin, "Queue")
    for name in ("First Waiting", "Second Waiting", "Third Waiting"):
        choose(queue.get_by_label("Add a driver to the queue"), name)
        queue.get_by_role("button", name="Add").click()
        expect(queue.locator("ol li").filter(has_text=name)).to_be_visible()
    queue.get_by_role("button", name="Move Second Waiting up").click()
    expect(queue.locator("ol li").first).to_contain_text("Second Waiting")
    admin.get_by_role(
        "button", name=f"Call the next driver to {office.label('127.0.0.3')}: Second Waiting"
    ).click()
    expect(admin.get_by_role("article", name=office.label("127.0.0.3"))).to_contain_text(
        "Second Waiting was called"
    )
    assert office.driver_at("127.0.0.3") == "Second Waiting"
    queue.get_by_role("button", name="Second Waiting did not come").click()
    expect(queue.locator("ol li").last).to_contain_text("Second Waiting")
    queue.get_by_role("button", name="Remove First Waiting from the queue").click()
    expect(queue.locator("ol li")).to_have_count(2)
    waiting = [
        entry["driver"]
        for entry in office.request("GET", "/api/v1/queue")["items"]
        if entry["state"] == "waiting"
    ]
    assert waiting == ["Third Waiting", "Second Waiting"]


def test_laps_without_a_driver_are_assigned_together(admin: Page, office: Office) -> None:
    unclaimed = region(admin, "Laps without a driver")
    label = office.label("127.0.0.2")
    unclaimed.get_by_role("checkbox", name=re.compile(f"^{re.escape(label)}")).check()
    choose(unclaimed.get_by_label("Driver of these laps"), "Claimer")
    unclaimed.get_by_role("button", name=re.compile(r"Assign \d laps?")).click()
    expect(unclaimed).to_contain_text(re.compile(r"\d laps? assigned to Claimer"))
    own = [lap for lap in office.laps(rig="127.0.0.2", state="completed") if lap["basis"] == "claim"]
    assert {lap["driver"] for lap in own} == {"Claimer"}


def test_a_lap_is_deleted_with_a_reason_and_restored_by_undo(admin: Page, office: Office) -> None:
    type_lap(admin, "Deleted Driver", "1:31.111")
    row = rows(admin).filter(has_text="1:31.111")
    row.get_by_role("button", name="change, history").click()
    more = admin.locator("tr.more")
    more.get_by_label("Reason").fill("Cut the chicane")
    more.get_by_role("button", name="Delete").click()
    expect(row).to_contain_text("deleted")
    expect(more).to_contain_text("Cut the chicane")
    assert office.laps(state="deleted")[0]["reason"] == "Cut the chicane"
    top = region(admin, "Meeting")
    expect(top).to_contain_text("deleted the lap typed as 1:31.111")
    undo_last(admin, re.compile("the lap typed as 1:31.111"))
    expect(row).not_to_contain_text("deleted")
    assert office.laps(state="deleted") == []


def test_a_reason_that_is_being_typed_is_kept_when_the_laps_are_read_again(admin: Page) -> None:
    held: list[Route] = []
    path = re.compile(r"/api/v1/laps\?")
    is_held = True
    admin.route(path, lambda route: held.append(route) if is_held else route.continue_())
    type_lap(admin, "Slowly Typed", "1:30.303")
    row = rows(admin).filter(has_text="1:30.303")
    row.get_by_role("button", name="change, history").click()
    reason = admin.locator("tr.more").get_by_label("Reason")
    reason.fill("Cut the chicane")

    assert held
    is_held = False
    for route in held:
        with admin.expect_response(route.request.url):
            route.continue_()
    expect(row).to_be_visible()
    expect(reason).to_have_value("Cut the chicane")


def test_a_lap_that_is_typed_while_another_one_is_saved_is_kept(admin: Page) -> None:
    held: list[Route] = []
    admin.route("**/api/v1/laps", lambda route: held.append(route))
    type_lap(admin, "Ada Brandt", "1:30.404")
    form = region(admin, "Lap typed by hand")
    form.get_by_label("Time").fill("1:30.405")
    with admin.expect_response("**/api/v1/laps"):
        held[0].continue_()
    expect(rows(admin).filter(has_text="1:30.404")).to_be_visible()
    expect(form.get_by_label("Time")).to_have_value("1:30.405")
    expect(form.get_by_label("Driver")).to_have_value("Ada Brandt")


def test_a_lap_is_marked_invalid_and_moved(admin: Page, office: Office) -> None:
    type_lap(admin, "Wrong Person", "1:32.222")
    row = rows(admin).filter(has_text="1:32.222")
    row.get_by_role("button", name="change, history").click()
    more = admin.locator("tr.more")
    more.get_by_role("button", name="Mark as invalid").click()
    expect(row).to_contain_text("invalid")
    more.get_by_role("button", name="Mark as valid").click()
    expect(row).not_to_contain_text("invalid")
    choose(more.get_by_label("Move to driver"), "Right Person")
    more.get_by_role("button", name="Move").click()
    expect(row).to_contain_text("Right Person")
    assert office.laps(lap_time_ms=92_222)[0]["driver"] == "Right Person"


def test_what_is_typed_stays_while_the_decision_before_is_being_saved(admin: Page) -> None:
    type_lap(admin, "Slow Network", "1:32.333")
    row = rows(admin).filter(has_text="1:32.333")
    row.get_by_role("button", name="change, history").click()
    more = admin.locator("tr.more")
    release = hold_answers(admin, "**/api/v1/laps/**")
    more.get_by_role("button", name="Mark as invalid").click()
    expect(row).to_contain_text("invalid")
    choose(more.get_by_label("Move to driver"), "Next Person")
    more.get_by_label("Reason").fill("drove for him")
    release()
    expect(more).to_contain_text("Marked as invalid")
    expect(more.get_by_label("Reason")).to_have_value("drove for him")
    more.get_by_role("button", name="Move").click()
    expect(row).to_contain_text("Next Person")


def test_several_laps_are_deleted_at_once(admin: Page, office: Office) -> None:
    for time in ("1:33.331", "1:33.332"):
        type_lap(admin, "Many Laps", time)
        rows(admin).filter(has_text=time).get_by_role("checkbox").check()
    chosen = region(admin, "Laps").locator(".several")
    expect(chosen).to_contain_text("2 laps selected")
    chosen.get_by_role("button", name="Delete").click()
    expect(chosen).to_be_hidden()
    expect(rows(admin).filter(has_text="1:33.331")).to_contain_text("deleted")
    assert {lap["lap_time_ms"] for lap in office.laps(state="deleted")} == {93_331, 93_332}


def test_laps_are_filtered(admin: Page) -> None:
    type_lap(admin, "Filtered Driver", "1:34.444")
    expect(rows(admin).filter(has_text="1:34.444")).to_be_visible()
    region(admin, "Laps").get_by_label("Driver", exact=True).select_option("Filtered Driver")
    expect(rows(admin)).to_have_count(1)
    region(admin, "Laps").get_by_label("Any validity").select_option("invalid")
    expect(region(admin, "Laps")).to_contain_text("No laps.")
    region(admin, "Laps").get_by_role("button", name="Show all").click()
    expect(rows(admin).nth(2)).to_be_visible()
    region(admin, "Laps").get_by_label("All starts").select_option("standing start")
    expect(region(admin, "Laps")).to_contain_text("No laps.")
    region(admin, "Laps").get_by_label("All starts").select_option("flying start")
    expect(rows(admin).first).to_be_visible()
    region(admin, "Laps").get_by_role("button", name="Show all").click()


def test_a_wrong_time_is_an_error_at_its_field_and_a_typed_time_can_be_corrected(
    admin: Page, office: Office
) -> None:
    type_lap(admin, "Typist", "one minute")
    time = region(admin, "Lap typed by hand").get_by_label("Time")
    expect(time).to_have_attribute("aria-invalid", "true")
    expect(time).to_have_accessible_description(re.compile("."))
    time.fill("1.35,5")
    time.press("Enter")
    expect(region(admin, "Lap typed by hand")).to_contain_text("1:35.500 of Typist was saved")
    rows(admin).filter(has_text="1:35.500").get_by_role("button", name="change, history").click()
    more = admin.locator("tr.more")
    more.get_by_label("Time").fill("1:35.6")
    more.get_by_role("button", name="Change the time").click()
    expect(rows(admin).filter(has_text="Typist")).to_contain_text("1:35.600")
    assert office.laps(driver="Typist")[0]["lap_time_ms"] == 95_600


def test_the_board_shows_equal_times_as_equal(admin: Page) -> None:
    for name in ("Equal One", "Equal Two"):
        type_lap(admin, name, "58.321")
        expect(region(admin, "Lap typed by hand")).to_contain_text(f"58.321 of {name} was saved")
    board = region(admin, "Board").locator("tbody tr")
    expect(board.nth(0).locator("td").first).to_have_text("=1")
    expect(board.nth(1).locator("td").first).to_have_text("=1")


def test_the_circuit_is_changed_and_follows_the_rigs_again(admin: Page, office: Office) -> None:
    top = region(admin, "Meeting")
    top.get_by_role("button", name="Circuit: Monza. Change it").click()
    top.get_by_label("Circuit of the board").fill("Club kart track")
    top.get_by_role("button", name="Set the circuit").click()
    expect(top.get_by_role("button", name="Circuit: Club kart track. Change it")).to_be_visible()
    assert office.request("GET", "/api/v1/meeting")["circuit"] == "Club kart track"
    top.get_by_role("button", name="Follow the rigs").click()
    expect(top.get_by_role("button", name="Circuit: Monza. Change it")).to_be_visible()
    assert office.request("GET", "/api/v1/meeting")["circuit"] is None


def test_a_new_meeting_opens_and_the_previous_one_is_opened_again(admin: Page, office: Office) -> None:
    before = office.request("GET", "/api/v1/meeting")["name"]
    top = region(admin, "Meeting")
    top.get_by_role("button", name=before).click()
    top.get_by_label("Name of the new meeting").fill("Friday final")
    top.get_by_role("button", name="Open a new meeting").click()
    expect(top.get_by_role("button", name="Friday final").first).to_be_visible()
    assert office.request("GET", "/api/v1/meeting")["name"] == "Friday final"
    top.get_by_role("button", name=f"Open {before} again").click()
    expect(top).to_contain_text(f"{before} is open again")
    assert office.request("GET", "/api/v1/meeting")["name"] == before


def test_drivers_leave_their_rigs_with_a_new_meeting_unless_they_are_kept(
    admin: Page, office: Office
) -> None:
    before = office.request("GET", "/api/v1/meeting")["name"]
    driver = {"driver_id": office.driver("Keep Seated")}
    office.request("POST", "/api/v1/rigs/127.0.0.3/assign", driver)
    card = admin.get_by_role("article", name=office.label("127.0.0.3"))
    expect(card).to_contain_text("Keep Seated")
    top = region(admin, "Meeting")
    top.get_by_role("button", name=before).click()

    top.get_by_label("Name of the new meeting").fill("Saturday")
    top.get_by_label("Leave everyone at their rigs (otherwise only usual drivers stay)").check()
    top.get_by_role("button", name="Open a new meeting").click()
    expect(top).to_contain_text("Saturday is open")
    expect(
        top.get_by_label("Leave everyone at their rigs (otherwise only usual drivers stay)")
    ).not_to_be_checked()
    assert office.driver_at("127.0.0.3") == "Keep Seated"

    top.get_by_label("Open again with the drivers who sit at the rigs now").check()
    top.get_by_role("button", name=f"Open {before} again").click()
    expect(top).to_contain_text(f"{before} is open again")
    assert office.driver_at("127.0.0.3") == "Keep Seated"

    top.get_by_label("Name of the new meeting").fill("Sunday")
    top.get_by_role("button", name="Open a new meeting").click()
    expect(top).to_contain_text("Sunday is open")
    expect(card).not_to_contain_text("Keep Seated")
    assert office.driver_at("127.0.0.3") is None

    undo_last(admin, re.compile("Sunday"))
    expect(card).to_contain_text("Keep Seated")
    assert office.request("GET", "/api/v1/meeting")["name"] == before


def test_two_changes_of_one_record_are_undone_in_a_row_and_restored(admin: Page, office: Office) -> None:
    rig = office.label("127.0.0.2")
    card = admin.get_by_role("article", name=rig)
    for name in ("First Seated", "Second Seated", "Third Seated"):
        office.request("POST", "/api/v1/rigs/127.0.0.2/assign", {"driver_id": office.driver(name)})
        expect(card).to_contain_text(name)

    for undone, now in (("Third Seated", "Second Seated"), ("Second Seated", "First Seated")):
        # Each driver was added just before; that is the next older change.
        for what in (f"{undone} was assigned to {rig}.", f"{undone} was added as a driver."):
            undo_last(admin, what)
        expect(card).to_contain_text(now)
        assert office.driver_at("127.0.0.2") == now

    # The log restores the last one, and it can be undone once more.
    more = region(admin, "More")
    more.get_by_role("tab", name="Log of changes").click()
    more.get_by_role("button", name="Undo: Undone: Second Seated was added as a driver.").click()
    expect(more.get_by_role("button", name="Undo: Second Seated was added as a driver.")).to_be_visible()
    assert office.find_driver("Second Seated") is not None
    undo_last(admin, "Second Seated was added as a driver.")
    # The same undo was said above, so what is said does not show that the server has answered.
    office.server.until(lambda: office.find_driver("Second Seated") is None)


def test_undo_waits_for_the_list_of_changes_and_never_undoes_another_change(
    admin: Page, office: Office
) -> None:
    held: list[Route] = []
    acts, is_held = re.compile(r"/api/v1/acts\?"), True
    office.driver("Seen First")
    button = admin.locator(".undo button")
    expect(button).to_have_attribute("title", "Seen First was added as a driver.")

    admin.route(acts, lambda route: held.append(route) if is_held else route.continue_())
    with admin.expect_request(acts):
        office.driver("Came Between")
    button.click()
    expect(button).to_be_disabled()
    is_held = False
    for route in held:
        route.continue_()

    expect(region(admin, "Meeting")).to_contain_text("Another change came first, so nothing was undone.")
    assert all(office.find_driver(name) for name in ("Seen First", "Came Between"))
    undo_last(admin, "Came Between was added as a driver.")
    assert office.find_driver("Came Between") is None


def test_a_board_is_cleared_after_typing_its_name_and_restored_by_undo(admin: Page, office: Office) -> None:
    entrants = len(office.request("GET", "/api/v1/leaderboard?circuit=Monza")["items"])
    more = region(admin, "More")
    more.get_by_role("button", name=re.compile("^Monza")).click()
    more.get_by_label("To clear it, type its name: Monza").fill("Spa")
    more.get_by_role("button", name="Clear this board").click()
    expect(more.locator(".wrong").first).to_be_visible()
    more.get_by_label("To clear it, type its name: Monza").fill("Monza")
    more.get_by_role("button", name="Clear this board").click()
    expect(region(admin, "Board")).to_contain_text("No laps on the board yet.")
    undo_last(admin, "The board of Monza was cleared.")
    expect(region(admin, "Board").locator("tbody tr").first).to_be_visible()
    assert len(office.request("GET", "/api/v1/leaderboard?circuit=Monza")["items"]) == entrants


def files(page: Page) -> Locator:
    """Open the tab about files."""
    more = region(page, "More")
    more.get_by_role("tab", name="Files").click()
    return more


def download(page: Page, button: str, form: str) -> Path:
    """Choose a form and save a file."""
    region(page, "More").get_by_role("combobox", name="File", exact=True).select_option(label=form)
    with page.expect_download() as saved:
        region(page, "More").get_by_role("button", name=button).click()
    return Path(saved.value.path()).rename(
        Path(saved.value.path()).with_suffix(f".{saved.value.suggested_filename}")
    )


def test_files_are_downloaded_in_each_form(admin: Page, office: Office) -> None:
    files(admin)
    laps = office.laps()
    workbook = download(admin, "Download the laps", "Workbook (XLSX)")
    header, *rows = openpyxl.load_workbook(workbook)["laps"].values
    assert [lap["id"] for lap in laps] == [row[header.index("id")] for row in rows]
    text = download(admin, "Download the laps", "CSV").read_text("utf-8")
    assert ("id,session_id,", len(laps) + 1) == (text[:14], len(text.splitlines()))
    excel = download(admin, "Download the board", "CSV for Excel").read_bytes()
    assert excel.startswith(b"\xef\xbb\xbfposition,is_equal,")
    board = download(admin, "Download the board", "JSON")
    assert board.name.endswith(".json")
    assert all("best_lap_ms" in row for row in json.loads(board.read_text()))


def test_excel_in_italian_gets_semicolons(page: Page, office: Office) -> None:
    office.open(page, "/admin?lang=it")
    more = region(page, "Altro")
    more.get_by_role("tab", name="File").click()
    more.get_by_role("combobox", name="File", exact=True).select_option(label="CSV per Excel")
    with page.expect_download() as saved:
        more.get_by_role("button", name="Scarica la classifica").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\xef\xbb\xbfposition;is_equal;")


def test_the_chosen_circuit_is_exported_on_the_server(admin: Page, office: Office) -> None:
    office.request("POST", "/api/v1/laps", {"driver": "Ida Export", "time": "1:44.000", "circuit": "Spa"})
    more = files(admin)
    more.get_by_role("combobox", name="Circuit", exact=True).select_option(label="Spa")
    more.get_by_role("combobox", name="File", exact=True).select_option(label="CSV")
    more.get_by_role("button", name="Export on the server").click()
    expect(more).to_contain_text(re.compile(r"Saved: exports/Spa_\d+_\d+_laptimes\.csv"))
    (file,) = (office.server.data_dir / "exports").glob("Spa_*.csv")
    assert "1,Ida Export,,1:44.000,104000,25" == file.read_text().splitlines()[1]
    more.get_by_role("combobox", name="Circuit", exact=True).select_option(label="the circuit of the board")
    more.get_by_role("combobox", name="File", exact=True).select_option(label="Workbook (XLSX)")
    more.get_by_role("button", name="Export on the server").click()
    expect(more).to_contain_text(re.compile(r"Saved: exports/Monza_\d+_\d+_laptimes\.xlsx"))


def test_an_export_of_an_empty_board_says_that_there_is_no_lap(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    with open_office(tmp_path, browser) as empty:
        empty.open(page, "/admin")
        more = files(page)
        more.get_by_role("button", name="Export on the server").click()
        expect(more).to_contain_text("This board has no lap yet, so there is nothing to export.")


def test_the_admin_manages_accounts_tokens_and_reading(admin: Page, office: Office) -> None:
    more = region(admin, "More")
    more.get_by_role("tab", name="Access").click()
    accounts = region(admin, "Accounts")
    accounts.get_by_label("Name").fill("Second Marshal")
    accounts.get_by_label(re.compile("^Password,")).fill("gravel trap at turn ten")
    accounts.get_by_role("button", name="Create the account").click()
    expect(accounts).to_contain_text("Second Marshal can sign in")
    accounts.get_by_role("button", name="Change account Second Marshal").click()
    accounts.get_by_role("button", name="Delete").click()
    accounts.get_by_role("button", name="Yes, delete it").click()
    expect(accounts.locator("li")).to_have_count(1)
    tokens = region(admin, "Screens and programs")
    tokens.get_by_label("Name").fill("TV in the hall")
    tokens.get_by_role("button", name="Create a token").click()
    address = tokens.get_by_label("TV in the hall", exact=True).input_value()
    assert address.startswith(f"{office.address}/display?token=")
    expect(tokens.get_by_role("img", name=re.compile("^QR code"))).to_be_visible()
    tokens.get_by_role("button", name="Revoke the token of TV in the hall").click()
    expect(tokens.get_by_role("button", name="Revoke the token of TV in the hall")).to_have_count(0)
    more.get_by_label("Signed-in users, and screens with a token").check()
    expect(more).to_contain_text("Only signed-in users can view the pages")
    assert office.server.ask("GET", "/api/v1/laps").status == 401
    more.get_by_label("Everyone").check()
    expect(more).to_contain_text("Everyone can view the pages")
    assert office.server.ask("GET", "/api/v1/laps").status == 200


def test_a_marshal_lets_scenes_take_turns(admin: Page) -> None:
    more = region(admin, "More")
    more.get_by_role("tab", name="Screens").click()
    more.get_by_role("button", name="What All screens shows in turn").click()
    form = more.get_by_role("form", name="What All screens shows in turn")
    form.get_by_label("Who is next").check()
    expect(form.get_by_role("button")).to_be_disabled()
    form.get_by_label("Leaderboard", exact=True).check()
    form.get_by_label("Seconds for each").fill("30")
    form.get_by_role("button").click()
    expect(form).to_have_count(0)
    expect(more.get_by_label("What All screens shows", exact=True)).to_have_value("next,leaderboard")
    more.get_by_label("What All screens shows", exact=True).select_option("By itself")
    expect(more.get_by_label("What All screens shows", exact=True)).to_have_value("")


def test_screens_status_and_the_log_of_changes_are_shown(admin: Page, office: Office) -> None:
    more = region(admin, "More")
    more.get_by_role("tab", name="Screens").click()
    expect(more).to_contain_text("/admin")
    more.get_by_role("tab", name="Screens").press("ArrowRight")
    expect(more.get_by_role("tab", name="Access")).to_be_focused()
    # While lists above still load, a tab may move before the mouse is released.
    boards = more.get_by_role("tab", name="Boards")
    boards.hover()
    admin.mouse.down()
    expect(boards).to_have_attribute("aria-selected", "true")
    admin.mouse.move(0, 0)
    admin.mouse.up()
    expect(boards).to_have_attribute("aria-selected", "true")
    more.get_by_role("tab", name="Status").click()
    expect(more).to_contain_text("Database and disk")
    office.request("POST", "/api/v1/drivers", {"name": "Written Down"})
    more.get_by_role("tab", name="Log of changes").click()
    more.get_by_role("button", name=re.compile("^Undo:.*Written Down")).click()
    office.server.until(lambda: office.find_driver("Written Down") is None)


def test_a_viewer_changes_nothing_and_a_marshal_manages_no_accounts(page: Page, office: Office) -> None:
    office.open_as(page, "viewer", "/admin")
    expect(page.get_by_role("article")).to_have_count(len(RIGS))
    expect(rows(page).first).to_be_visible()
    for name in ("Next", "Undo", "Add", "Assign", "Save the lap"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    assert rows(page).get_by_role("checkbox").count() == 0
    page.context.clear_cookies()
    office.open_as(page, "marshal", "/admin")
    page.get_by_role("tab", name="Access").click()
    expect(region(page, "Sessions")).to_be_visible()
    expect(page.get_by_role("heading", name="Accounts")).to_have_count(0)


def test_hostile_names_are_text_and_fit(admin: Page, complaints: list[str], office: Office) -> None:
    long = "N" * 80
    for rig, name in (("127.0.0.2", TRAP), ("127.0.0.3", long)):
        office.request("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": office.driver(name)})
        office.request(
            "POST",
            "/api/v1/queue",
            {"driver_id": office.request("GET", "/api/v1/drivers?limit=1000")["items"][-1]["id"]},
        )
        type_lap(admin, name, "1:36.666")
    expect(admin.get_by_role("article", name=office.label("127.0.0.2"))).to_contain_text(TRAP)
    expect(rows(admin).filter(has_text=long)).to_be_visible()
    expect(region(admin, "Queue")).to_contain_text(TRAP)
    assert admin.locator("img").count() == 0
    assert content_width(admin) == 1280
    assert complaints == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_page_is_accessible(page: Page, office: Office, theme: str) -> None:
    office.open(page, f"/admin?theme={theme}")
    panel(page, office, "127.0.0.2")
    rows(page).first.get_by_role("button", name="change, history").click()
    page.get_by_role("tab", name="Access").click()
    expect(region(page, "Accounts")).to_be_visible()
    assert serious_findings(page) == []


def test_it_fits_a_tablet_and_a_phone_in_italian(page: Page, office: Office) -> None:
    office.open(page, "/admin?lang=it")
    page.get_by_role("button", name=f"Cambia {office.label('127.0.0.2')}").click()
    expect(page.get_by_role("heading", name="Pilota", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Giri senza pilota")).to_be_visible()
    for width, height in ((1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for tab in ("Accesso", "File", "Schermi"):
            page.get_by_role("tab", name=tab).click()
        page.evaluate(DRAWN)
        assert content_width(page) == width


def test_a_damaged_database_is_shown_above_everything_else(page: Page, office: Office) -> None:
    damaged = "damaged: page 31 cannot be read.\n    f1timings serve --fresh-database"
    checks = {"database": damaged, "udp": "ok"}
    page.route(
        "**/api/health/ready",
        lambda route: route.fulfill(status=503, json={"status": "not ready", "checks": checks}),
    )
    for captures, text in (
        ("ok", "Telemetry is still recorded."),
        ("switched off", "Recording of telemetry: switched off"),
        ("12 MiB are free", "Recording of telemetry: 12 MiB are free"),
    ):
        checks["captures"] = captures
        office.open(page, "/admin")
        alarm = page.get_by_role("alert").filter(has_text="The database does not work")
        expect(alarm).to_contain_text("f1timings serve --fresh-database")
        expect(alarm.locator("strong")).to_have_text(f"✕ The database does not work. {text}")


def test_the_tab_with_the_state_of_the_server_starts_no_second_timer_for_it(
    page: Page, office: Office
) -> None:
    page.add_init_script(
        """
        const timers = window.startedTimers = [];
        const start = window.setInterval;
        window.setInterval = (run, ms) => (timers.push(ms), start(run, ms));
        """
    )
    office.open(page, "/admin")
    expect(rows(page).first).to_be_visible()
    # The state of the server is read every ten seconds.
    count = "startedTimers.filter((ms) => ms === 10_000).length"
    wait_until_true(page, f"{count} === 1")
    page.get_by_role("tab", name="Status").click()
    expect(page.get_by_text("Telemetry port")).to_be_visible()
    # The checks, which are read only while the tab is open, have a timer of their own.
    assert 2 == page.evaluate(count)


def test_the_page_recovers_by_itself_after_a_restart(page: Page, browser: Browser, tmp_path: Path) -> None:
    with open_office(tmp_path, browser) as office:
        rig, name = RIGS[0], "After The Restart"
        office.drive(1, 1)
        office.request("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": office.driver("Before")})
        office.open(page, "/admin")
        expect(rows(page).first).to_be_visible()
        office.server.kill()
        expect(page.locator("[data-state=offline], [data-state=restarting]").first).to_be_visible()
        expect(rows(page).first).to_be_visible()
        office.server.start()
        office.request("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": office.driver(name)})
        expect(page.get_by_role("article", name=office.label(rig))).to_contain_text(name)
        type_lap(page, name, "1:37.777")
        expect(rows(page).filter(has_text="1:37.777")).to_be_visible()
