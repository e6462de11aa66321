"""What a marshal does all evening takes few clicks, and few keys; docs/operating.md has the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.office import Office, open_office
from tests.source_code import ROOT

pytestmark = pytest.mark.browser

RIGS = ["127.0.0.2", "127.0.0.3", "127.0.0.4"]
Find = Callable[[Page], Locator]


@dataclass(frozen=True, slots=True)
class Click:
    """A click; a choice in a list of the browser is one more."""

    find: Find
    choice: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    name: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A text; it is not counted, since it is the same however the cursor came there."""

    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A driver's name, typed into a field that lists drivers."""

    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the user sees before the next step."""

    find: Find


Step = Click | Key | Typed | Chosen | Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job of an evening.

    Attributes:
        numbers: clicks by mouse; Tabs and other keys by keyboard.
        prepare: brings the office into the state in which the job is needed.
        is_done: whether the job has had its effect.
    """

    name: str
    numbers: tuple[int, int, int]
    prepare: Callable[[Office], None]
    mouse: Sequence[Step]
    keys: Sequence[Step]
    is_done: Callable[[Office], bool]


def button(name: str, region: str | None = None) -> Click:
    return Click(lambda page: place(page, region).get_by_role("button", name=name).first)


def field(label: str, region: str | None = None) -> Click:
    return Click(lambda page: place(page, region).get_by_label(label).first)


def place(page: Page, region: str | None) -> Page | Locator:
    return page if region is None else page.get_by_role("region", name=region, exact=True)


def option(name: str) -> Click:
    return Click(lambda page: page.get_by_role("option", name=name).filter(visible=True).first)


def newest(time: str) -> Seen:
    return Seen(lambda page: rows(page).first.filter(has_text=time))


def rows(page: Page) -> Locator:
    return page.get_by_role("region", name="Laps", exact=True).locator("tbody tr:not(.more)")


OPEN_LAP = Click(lambda page: rows(page).first.get_by_role("button"))
OPEN_RIG = Click(lambda page: page.get_by_role("article").first.locator(".open"))
LAP_ACTS = Seen(lambda page: page.locator("tr.more").get_by_label("Reason"))
UNDO = Seen(lambda page: page.get_by_role("button", name="Undo", disabled=False).first)
UNCLAIMED = Seen(lambda page: place(page, "Laps without a driver").get_by_role("checkbox").first)
RIG_PANEL = Seen(lambda page: page.locator("#rig-panel").get_by_label("Driver").first)


def rigs(office: Office) -> list[dict[str, Any]]:
    return office.server.everything("/api/v1/rigs")


def drivers_of_rigs(office: Office) -> list[str | None]:
    return [None if rig["driver"] is None else rig["driver"]["name"] for rig in rigs(office)]


def known(office: Office, name: str) -> str:
    found = office.find_driver(name)
    return office.driver(name) if found is None else str(found["id"])


def seat(office: Office, number: int, name: str) -> None:
    body = {"driver_id": known(office, name)}
    office.request("POST", f"/api/v1/rigs/{rigs(office)[number]['rig']}/assign", body)


def seat_two(office: Office) -> None:
    seat(office, 0, "Left One")
    seat(office, 1, "Right One")


def in_queue(office: Office, name: str) -> None:
    office.request("POST", "/api/v1/queue", {"driver_id": known(office, name)})


def typed_lap(office: Office, time: str) -> None:
    office.request("POST", "/api/v1/laps", {"driver_id": known(office, "Typed Lap"), "time": time})


def typed_wrongly(office: Office) -> None:
    no_lap(office, 81_006)
    typed_lap(office, "1:21.005")


def lap_of(office: Office, time_ms: int) -> dict[str, Any]:
    laps = office.laps(source="manual")
    return next((lap for lap in laps if lap["lap_time_ms"] == time_ms), {})


def mark(office: Office, lap: dict[str, Any], **ruling: object) -> None:
    office.request("PATCH", f"/api/v1/laps/{lap['id']}", {"revision": lap["revision"], **ruling})


def no_lap(office: Office, time_ms: int) -> None:
    """Delete the typed laps of this time."""
    for lap in office.laps(source="manual", state="completed", lap_time_ms=time_ms):
        mark(office, lap, is_deleted=True)


def nobody_waits(office: Office) -> None:
    for entry in office.server.get("/api/v1/queue")["items"]:
        if entry["state"] == "waiting":
            office.request("DELETE", f"/api/v1/queue/{entry['id']}")


def unclaimed(office: Office) -> None:
    for lap in office.laps(driver="Claims Them"):
        mark(office, lap, driver_id=None)


def next_one(office: Office) -> None:
    nobody_waits(office)
    in_queue(office, "Next One")
    seat(office, 0, "Somebody Else")


def waits(office: Office, name: str) -> bool:
    entries = office.server.get("/api/v1/queue")["items"]
    return any(entry["driver"] == name and entry["state"] == "waiting" for entry in entries)


def meeting(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = office.request("GET", "/api/v1/meeting")
    return found


def follow_rigs(office: Office) -> None:
    opened = meeting(office)
    if opened["circuit"] is not None:
        body = {"version": opened["version"], "circuit": None}
        office.request("PATCH", f"/api/v1/meetings/{opened['id']}", body)


JOBS = (
    Job(
        name="Call the next driver of the queue to a rig",
        numbers=(1, 0, 1),
        prepare=next_one,
        mouse=[Seen(lambda page: page.get_by_text("next: Next One")), button("Call the next driver to")],
        keys=[Seen(lambda page: page.get_by_text("next: Next One")), Key("Shift+1")],
        is_done=lambda office: "Next One" in drivers_of_rigs(office),
    ),
    Job(
        name="Add a driver to the queue",
        numbers=(3, 0, 3),
        prepare=nobody_waits,
        mouse=[
            field("Add a driver to the queue"),
            Chosen("Late Comer"),
            option("Late Comer"),
            button("Add", "Queue"),
        ],
        keys=[Key("q"), Chosen("Late Comer"), Key("Enter"), Key("Enter")],
        is_done=lambda office: waits(office, "Late Comer"),
    ),
    Job(
        name="Seat a driver at a rig",
        numbers=(3, 0, 3),
        prepare=seat_two,
        mouse=[OPEN_RIG, RIG_PANEL, Chosen("Sits Here"), option("Sits Here"), button("Assign")],
        keys=[Key("1"), RIG_PANEL, Chosen("Sits Here"), Key("Enter"), Key("Enter")],
        is_done=lambda office: "Sits Here" in drivers_of_rigs(office),
    ),
    Job(
        name="Swap the drivers of two rigs",
        numbers=(4, 4, 3),
        prepare=seat_two,
        mouse=[
            OPEN_RIG,
            Click(lambda page: page.locator("#rig-panel").get_by_label("with rig"), choice=1),
            button("Swap"),
        ],
        keys=[Key("1"), RIG_PANEL, *[Key("Tab")] * 3, Key("ArrowDown"), Key("Tab"), Key("Enter")],
        is_done=lambda office: drivers_of_rigs(office)[:2] == ["Right One", "Left One"],
    ),
    Job(
        name="Take a driver off a rig",
        numbers=(2, 2, 2),
        prepare=lambda office: seat(office, 0, "Goes Home"),
        mouse=[OPEN_RIG, RIG_PANEL, button("Remove the driver")],
        keys=[Key("1"), RIG_PANEL, *[Key("Tab")] * 2, Key("Enter")],
        is_done=lambda office: drivers_of_rigs(office)[0] is None,
    ),
    Job(
        name="Give laps without a driver to a driver",
        numbers=(4, 0, 4),
        prepare=unclaimed,
        mouse=[
            Click(lambda page: place(page, "Laps without a driver").get_by_role("checkbox").first),
            Click(lambda page: place(page, "Laps without a driver").get_by_role("combobox")),
            Chosen("Claims Them"),
            option("Claims Them"),
            Click(lambda page: place(page, "Laps without a driver").locator("form button").first),
        ],
        keys=[UNCLAIMED, Key("u"), Key("a"), Chosen("Claims Them"), Key("Enter"), Key("Enter")],
        is_done=lambda office: bool(office.laps(driver="Claims Them")),
    ),
    Job(
        name="Declare a lap invalid",
        numbers=(2, 0, 2),
        prepare=lambda office: typed_lap(office, "1:21.001"),
        mouse=[newest("1:21.001"), OPEN_LAP, button("Mark as invalid")],
        keys=[newest("1:21.001"), Key("l"), LAP_ACTS, Key("v")],
        is_done=lambda office: lap_of(office, 81_001)["is_valid"] is False,
    ),
    Job(
        name="Delete a lap",
        numbers=(2, 0, 2),
        prepare=lambda office: typed_lap(office, "1:21.002"),
        mouse=[newest("1:21.002"), OPEN_LAP, button("Delete")],
        keys=[newest("1:21.002"), Key("l"), LAP_ACTS, Key("d")],
        is_done=lambda office: lap_of(office, 81_002)["state"] == "deleted",
    ),
    Job(
        name="Move a lap to another driver",
        numbers=(4, 0, 4),
        prepare=lambda office: typed_lap(office, "1:21.003"),
        mouse=[
            newest("1:21.003"),
            OPEN_LAP,
            field("Move to driver"),
            Chosen("Real Driver"),
            option("Real Driver"),
            button("Move", "Laps"),
        ],
        keys=[
            newest("1:21.003"),
            Key("l"),
            LAP_ACTS,
            Key("m"),
            Chosen("Real Driver"),
            Key("Enter"),
            Key("Enter"),
        ],
        is_done=lambda office: lap_of(office, 81_003)["driver"] == "Real Driver",
    ),
    Job(
        name="Type a lap",
        numbers=(4, 1, 3),
        prepare=lambda office: no_lap(office, 81_004),
        mouse=[
            field("Driver", "Lap typed by hand"),
            Chosen("By Stopwatch"),
            option("By Stopwatch"),
            field("Time", "Lap typed by hand"),
            Typed("1:21.004"),
            button("Save the lap"),
        ],
        keys=[Key("t"), Chosen("By Stopwatch"), Key("Enter"), Key("Tab"), Typed("1:21.004"), Key("Enter")],
        is_done=lambda office: lap_of(office, 81_004).get("state") == "completed",
    ),
    Job(
        name="Correct a typed lap",
        numbers=(3, 0, 4),
        prepare=typed_wrongly,
        mouse=[
            newest("1:21.005"),
            OPEN_LAP,
            Click(lambda page: page.locator("tr.more").get_by_label("Time", exact=True)),
            Key("ControlOrMeta+a"),
            Typed("1:21.006"),
            button("Change the time"),
        ],
        keys=[
            newest("1:21.005"),
            Key("l"),
            LAP_ACTS,
            Key("r"),
            Key("ControlOrMeta+a"),
            Typed("1:21.006"),
            Key("Enter"),
        ],
        is_done=lambda office: lap_of(office, 81_006).get("state") == "completed",
    ),
    Job(
        name="Undo the last change",
        numbers=(1, 0, 1),
        prepare=lambda office: typed_lap(office, "1:21.007"),
        mouse=[newest("1:21.007"), button("Undo")],
        keys=[newest("1:21.007"), UNDO, Key("z")],
        is_done=lambda office: lap_of(office, 81_007).get("state") != "completed",
    ),
    Job(
        name="Hold the circuit of the board",
        numbers=(1, 0, 1),
        prepare=follow_rigs,
        mouse=[button("Hold this circuit")],
        keys=[Seen(lambda page: page.get_by_role("button", name="Hold this circuit").first), Key("h")],
        is_done=lambda office: meeting(office)["circuit"] is not None,
    ),
    Job(
        name="Show another circuit",
        numbers=(2, 0, 3),
        prepare=follow_rigs,
        mouse=[
            button("Circuit:"),
            Key("ControlOrMeta+a"),
            Typed("Club track"),
            button("Set the circuit"),
        ],
        keys=[
            Seen(lambda page: page.get_by_role("button", name="Hold this circuit").first),
            Key("c"),
            Seen(lambda page: page.get_by_label("Circuit of the board")),
            Key("ControlOrMeta+a"),
            Typed("Club track"),
            Key("Enter"),
        ],
        is_done=lambda office: meeting(office)["circuit"] == "Club track",
    ),
)


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server with two laps of each of three rigs, all without a driver."""
    with open_office(tmp_path_factory.mktemp("jobs"), browser) as opened:
        opened.drive(1, len(RIGS))
        yield opened


class Hands:
    """Do the steps of a job, and count them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.clicks = 0
        self.tabs = 0
        self.keys = 0

    def do(self, step: Step) -> None:
        match step:
            case Click(find, choice):
                self._click(find(self._page), choice)
            case Key(name):
                self._press(name)
            case Typed(text):
                self._page.keyboard.type(text)
            case Chosen(name):
                self._page.keyboard.type(name)
                listed = self._page.get_by_role("option").filter(visible=True).first
                expect(listed).to_contain_text(name)
            case Seen(find):
                expect(find(self._page)).to_be_visible()

    def _click(self, target: Locator, choice: int | None) -> None:
        self.clicks += 1 if choice is None else 2
        if choice is None:
            target.click()
        else:
            target.select_option(index=choice)

    def _press(self, name: str) -> None:
        self.tabs += name == "Tab"
        self.keys += name != "Tab"
        self._page.keyboard.press(name)


def open_admin(page: Page, office: Office) -> None:
    """Open the page with the laps that are stored now, on a screen of 1920 by 1080 pixels."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    office.open(page, "/admin")
    expect(page.get_by_role("article")).to_have_count(len(RIGS))
    expect(rows(page).first).to_be_visible()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_job_takes_no_more_clicks_than_the_documentation_says(page: Page, office: Office, job: Job) -> None:
    job.prepare(office)
    open_admin(page, office)
    hands = Hands(page)
    for step in job.mouse:
        hands.do(step)
    office.server.until(lambda: job.is_done(office))
    assert job.numbers[0] == hands.clicks


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_job_takes_no_more_keys_than_the_documentation_says(page: Page, office: Office, job: Job) -> None:
    job.prepare(office)
    open_admin(page, office)
    hands = Hands(page)
    for step in job.keys:
        hands.do(step)
    office.server.until(lambda: job.is_done(office))
    assert job.numbers[1:] == (hands.tabs, hands.keys)


def test_the_board_is_exported_as_csv_by_keyboard(page: Page, office: Office) -> None:
    open_admin(page, office)
    hands = Hands(page)
    for name in ("e", *["Tab"] * 2):
        hands.do(Key(name))
    page.keyboard.type("CSV")
    hands.do(Key("Tab"))
    with page.expect_download() as download:
        hands.do(Key("Enter"))
    assert download.value.suggested_filename.endswith(".csv")
    assert (3, 2) == (hands.tabs, hands.keys)


def test_the_keys_can_be_switched_off_and_what_is_typed_into_a_field_is_no_key(
    page: Page, office: Office
) -> None:
    open_admin(page, office)
    page.get_by_role("checkbox", name="Keys").uncheck()
    page.keyboard.press("q")
    queue = page.get_by_label("Add a driver to the queue")
    expect(queue).not_to_be_focused()
    page.get_by_role("checkbox", name="Keys").check()
    page.keyboard.press("q")
    expect(queue).to_be_focused()
    page.keyboard.type("lz1")
    expect(queue).to_have_value("lz1")


def test_the_documentation_has_the_numbers_of_every_job() -> None:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    lines = [f"| {job.name} | {' | '.join(map(str, job.numbers))} |" for job in JOBS]
    assert [] == [line for line in lines if line not in text]
