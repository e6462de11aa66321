"""The track map shows each car where it is, and says in words what is not known."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import serious_findings
from tests.browser.sent_map import ADDRESS, COURSE, SentMap
from tests.browser.venue import Venue, open_venue

pytestmark = pytest.mark.browser

# Cars keep up to 2.5 m beside the middle of the track, which is 2 pixels here; and dots are drawn on tenths.
TOLERANCE_PX = 4.0
# The middle of each dot that is seen, the course as it is drawn, and the box of the map.
READ = """() => {
    const box = document.querySelector(".map").getBoundingClientRect();
    const cars = [...document.querySelectorAll(".car")].filter((car) => car.style.visibility === "visible");
    return {
        width: box.width,
        height: box.height,
        course: document.querySelector(".track").getAttribute("d"),
        cars: Object.fromEntries(cars.map((car) => {
            const dot = car.firstElementChild.getBoundingClientRect();
            const [x, y] = [dot.x + dot.width / 2 - box.x, dot.y + dot.height / 2 - box.y];
            return [car.dataset.car, [x, y]];
        })),
    };
}"""


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with open_venue(tmp_path_factory.mktemp("venue")) as marshal:
        yield marshal


@pytest.fixture
def sent(page: Page) -> SentMap:
    return SentMap(page)


def open_map(page: Page, venue: Venue, sent: SentMap, query: str = "") -> None:
    """Open the map, and wait until it follows the rig."""
    page.goto(f"{venue.address}{ADDRESS}{query}")
    expect(page.locator(".map")).to_be_visible()
    while not sent.is_open():
        page.wait_for_timeout(20)


def shown_cars(page: Page, sent: SentMap, count: int) -> Any:
    """What the page shows of the newest frame, once it shows so many cars."""
    while page.locator('.car[style*="visibility: visible"]').count() != count:
        sent.send_frame()
        page.wait_for_timeout(50)
    return page.evaluate(READ)


def vertices(path: str) -> list[tuple[float, float]]:
    """The points of a drawn course."""
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


@pytest.mark.usefixtures("moving")
@pytest.mark.parametrize("query", ["", "&motion=off"])
@pytest.mark.parametrize("size", [(1280, 720), (640, 720)])
def test_each_car_is_at_its_true_place_on_the_course(
    page: Page, venue: Venue, sent: SentMap, complaints: list[str], *, size: tuple[int, int], query: str
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    sent.know_outline()
    sent.drive(150.0)
    open_map(page, venue, sent, query)
    true_m = sent.send()
    expect(page.locator('.map[data-course="outline"]')).to_be_visible()
    shown = shown_cars(page, sent, 8)
    course = vertices(shown["course"])
    assert set(true_m) == set(shown["cars"])
    for car, lap_m in true_m.items():
        expected = course[round(lap_m / COURSE.length_m * len(course)) % len(course)]
        # The vertices are 11 m apart.
        metres_per_pixel = COURSE.length_m / sum(map(math.dist, course, course[1:]))
        assert math.dist(expected, shown["cars"][car]) < TOLERANCE_PX + 6.0 / metres_per_pixel
    assert [] == serious_findings(page)
    assert [] == complaints


@pytest.mark.usefixtures("moving")
def test_before_the_outline_is_known_cars_are_on_a_circle_by_lap_distance(
    page: Page, venue: Venue, sent: SentMap
) -> None:
    sent.drive(60.0)
    open_map(page, venue, sent)
    true_m = sent.send()
    shown = shown_cars(page, sent, 8)
    expect(page.locator(".note")).to_contain_text("after the first clean lap")
    middle = shown["width"] / 2, shown["height"] / 2
    for car, lap_m in true_m.items():
        x, y = shown["cars"][car]
        angle = math.atan2(x - middle[0], middle[1] - y) % math.tau
        assert abs(math.remainder(angle - math.tau * lap_m / COURSE.length_m, math.tau)) < 0.01


@pytest.mark.usefixtures("moving")
def test_the_course_replaces_the_circle_as_soon_as_it_is_known(
    page: Page, venue: Venue, sent: SentMap
) -> None:
    sent.drive(60.0)
    open_map(page, venue, sent)
    sent.send()
    expect(page.locator('.map[data-course="circle"]')).to_be_visible()
    sent.know_outline()
    sent.send()
    expect(page.locator('.map[data-course="outline"]')).to_be_visible()
    expect(page.locator(".note")).to_have_count(0)
    expect(page.locator(".sector")).to_have_count(2)


def test_the_leader_the_own_car_and_people_are_marked(page: Page, venue: Venue, sent: SentMap) -> None:
    sent.drive(100.0)
    open_map(page, venue, sent)
    sent.send()
    shown_cars(page, sent, 8)
    order = sent.setup.pipeline.order("10.0.0.5")
    assert order is not None
    leader = order.rows[0].car_index
    own = sent.setup.pipeline.rigs["10.0.0.5"].player_car_index
    expect(page.locator(".car.leader")).to_have_attribute("data-car", str(leader))
    expect(page.locator(".car.own")).to_have_attribute("data-car", str(own))
    expect(page.locator(".car.own span")).to_have_text(re.compile("driver"))
    expect(page.locator(".car:has(em)")).to_have_count(1)
    people = {id_ for id_, row in sent.view.rows.items() if not row["is_ai"]}
    assert people == {car.get_attribute("data-car") for car in page.locator(".car.person").element_handles()}


@pytest.mark.parametrize(
    ("flag", "title"),
    [("safety car", "Safety car"), ("yellow", "Yellow flag"), ("red", "Red flag"), ("green", None)],
)
def test_flags_are_shown_in_colour_and_in_words(
    page: Page, venue: Venue, sent: SentMap, flag: str, title: str | None
) -> None:
    sent.know_outline()
    sent.drive(60.0)
    open_map(page, venue, sent)
    sent.send(flag=flag, marshal_zones=[[0.0, "green"], [900.0, "yellow"], [1800.0, None]])
    expect(page.locator(".zone")).to_have_count(1)
    expect(page.locator(".zone-mark")).to_have_text("⚑")
    if title is None:
        expect(page.locator(".flag")).to_have_count(0)
    else:
        expect(page.locator(".flag")).to_contain_text(title)


@pytest.mark.parametrize(("language", "words"), [("en", "No car positions"), ("it", "posizioni delle auto")])
def test_without_motion_the_map_says_so(
    page: Page, venue: Venue, sent: SentMap, language: str, words: str
) -> None:
    open_map(page, venue, sent, f"&lang={language}")
    sent.send()
    expect(page.locator(".empty")).to_contain_text(words)
    expect(page.locator(".car")).to_have_count(0)
