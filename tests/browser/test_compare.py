"""The page that compares laps: charts, cursor, corners, words, and what it says of laps that do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from f1timings.timing.events import LapRecorded, SessionChanged
from tests.browser.checks import content_width, serious_findings, wait_until_true
from tests.traces.driven import drive, entries_of
from tests.web import records
from tests.web.world import open_client, open_world, serve

pytestmark = pytest.mark.browser

# A lap of another circuit, which has no trace.
BARE = records.lap(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A served world with two simulated laps of one circuit.

    Attributes:
        faster / slower: the laps as the API has them.
        comparison: the slower lap against the faster one, as the API has it.
    """

    address: str
    faster: dict[str, Any]
    slower: dict[str, Any]
    comparison: dict[str, Any]

    def open(self, page: Page, query: str) -> None:
        page.goto(f"http://{self.address}/compare?{query}")

    def open_both(self, page: Page, more: str = "") -> None:
        """The slower lap against the faster one, which is the reference."""
        self.open(page, f"laps={self.faster['id']},{self.slower['id']}{more}")
        expect(page.locator("[data-ready=true] canvas").first).to_be_visible()


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    with open_world(tmp_path_factory.mktemp("compared")) as world:
        world.store.submit(entries_of(drive(2025, rate_hz=20).datagrams))
        world.commit(records.rig(), SessionChanged(records.session()), LapRecorded(BARE))
        with serve(world.app) as address, open_client(f"http://{address}") as client:
            query = {"has_trace": "true", "state": "completed", "sort": "lap_time_ms"}
            faster, slower = client.get("/api/v1/laps", params=query).json()["items"][:2]
            comparison = client.get(
                f"/api/v1/laps/{slower['id']}/comparison", params={"other": faster["id"]}
            ).json()
            yield Evening(address=address, faster=faster, slower=slower, comparison=comparison)


# Counts what the page does: answers that it asks for, drawn charts, and the points of their lines. What the
# page does not await on a slow machine is awaited here, so that the counts do not depend on the speed.
_COUNT = """
window.counted = {draws: 0, points: 0, asked: [], frameWasThere: null};
const count = (owner, name, note) => {
  const original = owner[name];
  owner[name] = function (...given) { note(...given); return original.apply(this, given); };
};
count(CanvasRenderingContext2D.prototype, "clearRect", () => counted.draws++);
count(Path2D.prototype, "lineTo", () => counted.points++);
count(window, "fetch", ({url}) => {
  if (!url.includes("/comparison")) return;
  counted.asked.push(url);
  counted.frameWasThere ??= document.querySelector("header") !== null;
});
const soon = window.setTimeout;
window.setTimeout = (act, ms = 0, ...given) => soon(act, ms * 1000, ...given);
"""


# At the moment at which the page says that it is ready: are all charts on the screen drawn?
_WHEN_READY = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-ready=true]")) return;
  observer.disconnect();
  const charts = [...document.querySelectorAll("figure[data-chart]")];
  const onScreen = charts.filter((chart) => chart.getBoundingClientRect().top < innerHeight - 40);
  const isDrawn = (canvas) => {
    const pixels = canvas?.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return pixels !== undefined && pixels.data.some(Boolean);
  };
  window.whenReady = {
    onScreen: onScreen.length > 0,
    drawn: onScreen.every((chart) => isDrawn(chart.querySelector("canvas"))),
  };
}).observe(document, {subtree: true, childList: true, attributes: true});
"""


def text_of(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def difference_of(evening: Evening) -> str:
    return f"{(evening.slower['lap_time_ms'] - evening.faster['lap_time_ms']) / 1000:.3f}"


def test_two_laps_are_compared(page: Page, complaints: list[str], evening: Evening) -> None:
    evening.open_both(page)
    cards = page.locator("li.card")
    expect(cards.nth(0)).to_contain_text(text_of(evening.faster["lap_time_ms"]))
    expect(cards.nth(1)).to_contain_text(text_of(evening.slower["lap_time_ms"]))
    expect(cards.nth(1)).to_contain_text(f"+{difference_of(evening)}")
    expect(page.locator("canvas")).to_have_count(6)
    assert evening.comparison["sentences"]
    for sentence in evening.comparison["sentences"]:
        expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.locator("tbody")).to_have_count(len(evening.comparison["corners"]))
    expect(
        page.get_by_role("img", name=re.compile("^Map: who is faster in each of 40 parts"))
    ).to_be_visible()
    assert complaints == []


def test_the_cursor_follows_keys_and_mouse_and_the_address_keeps_it(page: Page, evening: Evening) -> None:
    evening.open_both(page)
    cursor = page.get_by_role("slider")
    cursor.press("PageUp")
    apex = round(evening.comparison["corners"][0]["apex_m"])
    expect(cursor).to_have_attribute("aria-valuenow", str(apex))
    cursor.press("ArrowRight")
    expect(cursor).to_have_attribute("aria-valuenow", str(apex + 10))
    expect(page.locator("circle.dot")).to_have_count(2)
    cursor.press("+")
    expect(page).to_have_url(re.compile(rf"[?&]at={apex + 10}&from=\d+&to=\d+"))
    page.reload()
    expect(page.locator("canvas").first).to_be_visible()
    expect(cursor).to_have_attribute("aria-valuenow", str(apex + 10))
    cursor.press("0")
    expect(page).not_to_have_url(re.compile("from="))

    speed = page.locator("[data-chart=speed]")
    box = speed.locator(".u-over").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    middle = evening.comparison["track_length_m"] / 2
    wait_until_true(page, f"Math.abs(document.querySelector('[role=slider]').ariaValueNow - {middle}) < 20")
    at = len(evening.comparison["places_m"]) // 2
    near = [round(value) for value in evening.comparison["other"]["speed_kmh"][at - 10 : at + 10]]
    shown = int(speed.locator(".number").first.inner_text().removesuffix(" km/h"))
    assert min(near) <= shown <= max(near)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    expect(page.get_by_role("button", name="Whole lap")).to_be_enabled()
    expect(page).to_have_url(re.compile("from="))


def test_another_reference_turns_the_comparison_round(page: Page, evening: Evening) -> None:
    evening.open_both(page)
    page.get_by_role("radio").nth(1).check()
    expect(page.locator("li.card").nth(0)).to_contain_text(f"−{difference_of(evening)}")
    expect(page).to_have_url(re.compile("reference=2"))
    page.get_by_role("button", name=re.compile("^Remove the lap")).first.click()
    expect(page.get_by_text("This is one lap.")).to_be_visible()
    expect(page.locator("canvas")).to_have_count(5)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (390, 844)])
def test_nothing_is_done_twice_until_the_charts_are_there(
    page: Page, evening: Evening, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script(_COUNT)
    evening.open_both(page)
    expect(page.locator("canvas")).to_have_count(6)
    expect(page.locator("tbody").first).to_be_attached()
    expect(page.locator("circle.tag").first).to_be_attached()
    counted = page.evaluate("counted")
    assert len(counted["asked"]) == 1
    assert counted["frameWasThere"] is False
    assert counted["draws"] == 6
    pixels = sum(page.locator("canvas").evaluate_all("all => all.map(canvas => canvas.width)"))
    assert counted["points"] <= 4 * 2 * pixels


def test_the_mark_of_an_invalid_lap_stays_beside_its_time_in_the_list_of_a_phone(
    page: Page, evening: Evening
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"http://{evening.address}/laps")
    time = page.locator(".laps .time").first
    expect(time).to_be_visible()
    height = time.evaluate("time => time.offsetHeight")
    time.evaluate("time => time.classList.add('mark-invalid')")
    assert time.evaluate("time => time.offsetHeight") == height


def test_charts_on_the_screen_are_drawn_before_the_page_is_ready(page: Page, evening: Evening) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.add_init_script(_WHEN_READY)
    evening.open_both(page)
    wait_until_true(page, "window.whenReady !== undefined")
    assert page.evaluate("whenReady") == {"onScreen": True, "drawn": True}


def test_a_picture_is_saved(page: Page, evening: Evening) -> None:
    evening.open_both(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save picture").click()
    assert re.fullmatch(r"Austria - .+ - .+\.png", saving.value.suggested_filename)
    header = saving.value.path().read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    width, height = (int.from_bytes(header[at : at + 4], "big") for at in (16, 20))
    assert (width, height > 600) == (1200, True)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["This lap does not exist.", "There is no trace of this lap"]),
        ("it", ["Questo giro non esiste.", "Di questo giro non c’è la traccia"]),
    ],
)
def test_a_lap_that_cannot_be_compared_says_why(
    page: Page, evening: Evening, language: str, says: list[str]
) -> None:
    evening.open(page, f"laps=unknown,{BARE.id},{evening.faster['id']}&lang={language}")
    cards = page.locator("li.card")
    for index, sentence in enumerate(says):
        expect(cards.nth(index)).to_contain_text(sentence)
    # The reference cannot be shown, so that another lap takes its place.
    expect(page.locator("canvas")).to_have_count(5)
    expect(page).to_have_url(re.compile("reference=3"))


@pytest.mark.parametrize("ask", ["lap", "entrant"])
def test_a_link_asks_for_the_lap_to_compare_with(page: Page, evening: Evening, ask: str) -> None:
    lap = evening.slower
    circuit = lap["circuit"]
    evening.open(page, f"lap={lap['id']}" if ask == "lap" else f"entrant=r:{lap['rig']}&circuit={circuit}")
    count = 2 if ask == "lap" else 1
    expect(page.locator("li.card")).to_have_count(count)
    expect(page).to_have_url(re.compile(rf"laps={re.escape(evening.faster['id'])}"))


@pytest.mark.parametrize("width", [320, 390, 900, 1280, 1920])
def test_where_and_when_a_lap_was_driven_takes_at_most_two_lines(
    page: Page, evening: Evening, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    evening.open_both(page)
    lines = page.evaluate(
        """() => [...document.querySelectorAll(".about")]
            .map((text) => text.clientHeight / parseFloat(getComputedStyle(text).lineHeight))"""
    )
    assert len(lines) == 2
    assert max(lines) < 2.5


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1280, "dark")])
def test_the_page_is_accessible_and_no_wider_than_the_screen(
    page: Page, evening: Evening, width: int, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    evening.open_both(page, f"&at=500&theme={theme}&lang=it")
    assert serious_findings(page) == []
    assert content_width(page) == width


def test_laps_are_chosen_from_the_list_by_keys(page: Page, complaints: list[str], evening: Evening) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"http://{evening.address}/laps?order=fastest")
    boxes = page.get_by_role("checkbox")
    expect(boxes.nth(1)).to_be_visible()
    boxes.nth(0).press("Space")
    expect(page.get_by_text("1 lap chosen. Choose one more.")).to_be_visible()
    boxes.nth(1).press("Space")
    expect(page).to_have_url(re.compile(rf"with={re.escape(evening.faster['id'])},"))
    assert serious_findings(page) == []
    assert content_width(page) == 360
    page.reload()
    page.get_by_role("link", name="Compare").click()
    expect(page.locator("li.card").nth(0)).to_contain_text(text_of(evening.faster["lap_time_ms"]))
    expect(page.locator("li.card").nth(1)).to_contain_text(text_of(evening.slower["lap_time_ms"]))
    page.go_back()
    page.get_by_label("Circuit").select_option(index=1)
    expect(page).to_have_url(re.compile("circuit="))
    page.get_by_label("Session").select_option("Race")
    expect(page.get_by_text("There is no such lap with a trace.")).to_be_visible()
    page.get_by_label("Session").select_option("Time trial")
    expect(boxes.nth(1)).to_be_visible()
    expect(page).to_have_url(re.compile("session=time%20trial"))
    assert complaints == []


def test_a_lap_time_on_the_first_page_leads_to_its_comparison(page: Page, evening: Evening) -> None:
    page.goto(f"http://{evening.address}/")
    page.get_by_role("link", name=text_of(evening.slower["lap_time_ms"])).click()
    expect(page.locator("li.card")).to_have_count(2)
    expect(page.get_by_role("heading", name="In words")).to_be_visible()
