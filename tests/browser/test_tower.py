"""The tower on a TV shows the race that was driven: places, stops, penalties and cars that are out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from f1timings.simulator import simulate
from tests.browser.checks import DRAWN, wait_until_true
from tests.browser.sent_race import MIDDLE_S, RACE, RIG, Sender
from tests.browser.venue import Venue, open_venue

pytestmark = pytest.mark.browser

ACTIVE = 2


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    with open_venue(tmp_path / "venue") as marshal:
        yield marshal


@pytest.fixture
def rig(venue: Venue) -> Iterator[Sender]:
    sender = Sender(simulate(RACE), venue.server.udp_port)
    yield sender
    sender.close()


def order_on(page: Page) -> list[str]:
    """The cars as a spectator reads them, from top to bottom."""
    order: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[data-car]")]
            .sort((one, other) => Number(one.dataset.position) - Number(other.dataset.position))
            .map((row) => row.dataset.car)"""
    )
    return order


def wait_for_order(page: Page, expected: list[str]) -> None:
    wait_until_true(
        page,
        """(expected) => [...document.querySelectorAll("[data-car]")]
            .sort((one, other) => Number(one.dataset.position) - Number(other.dataset.position))
            .map((row) => row.dataset.car).join() === expected""",
        ",".join(expected),
    )


@pytest.mark.usefixtures("moving")
def test_the_tower_shows_the_race_that_was_driven(
    page: Page, venue: Venue, rig: Sender, complaints: list[str]
) -> None:
    page.goto(f"{venue.address}/display?scene=tower&rig={RIG}&motion=off")
    rig.send_until(MIDDLE_S)
    cars = list(enumerate(rig.cars))
    driving = sorted((car.car_position, at) for at, car in cars if car.result_status == ACTIVE)
    out = sorted((car.car_position, at) for at, car in cars if car.result_status > ACTIVE)
    wait_for_order(page, [str(at) for _, at in (*driving, *out)])

    rig.send_until(float("inf"))
    (session,) = rig.simulation.truth["sessions"]
    entries = session["classification"]
    wait_for_order(page, [str(entry["car_index"]) for entry in entries])
    assert len(order_on(page)) == 20
    for entry in entries:
        row = page.locator(f"[data-car='{entry['car_index']}']")
        expect(row.locator(".name")).to_contain_text(entry["name"])
        if entry["penalties_s"]:
            expect(row.locator(".notes")).to_contain_text(f"+{entry['penalties_s']}s")
        if entry["status"] == "retired":
            expect(row.locator(".gap")).to_have_text("OUT")
        else:
            expect(row.locator(".stops")).to_have_text(str(rig.cars[entry["car_index"]].num_pit_stops))
    assert complaints == []


def test_every_car_is_complete_at_every_size(page: Page, venue: Venue, rig: Sender) -> None:
    page.goto(f"{venue.address}/display?scene=tower&rig={RIG}&motion=off")
    rig.send_until(MIDDLE_S)
    expect(page.locator("[data-car]")).to_have_count(20)
    for width, height in ((1280, 720), (1920, 1080), (1080, 1920)):
        page.set_viewport_size({"width": width, "height": height})
        wait_until_true(page, DRAWN)
        boxes = page.evaluate(
            """() => [...document.querySelectorAll("[data-car]")]
                .map((row) => row.getBoundingClientRect().toJSON())"""
        )
        assert all(box["top"] >= 0 and box["bottom"] <= height and box["height"] > 20 for box in boxes)
        cut = page.evaluate(
            """() => [...document.querySelectorAll("[data-car] .cell:not(.name)")]
                .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
                .map((cell) => `${cell.className}: ${cell.textContent}`)"""
        )
        assert (width, []) == (width, cut)


def test_the_scene_of_a_race_has_the_tower_the_map_and_race_control(
    page: Page, venue: Venue, rig: Sender, complaints: list[str]
) -> None:
    page.goto(f"{venue.address}/display?scene=race&rig={RIG}&motion=off&lang=en")
    rig.send_until(MIDDLE_S)
    driver = venue.driver("Anna Bianchi")
    venue.do("POST", f"/rigs/{RIG}/assign", {"driver_id": driver["id"]})
    expect(page.locator("[data-car]")).to_have_count(20)
    expect(page.locator("[data-car] .name", has_text="Anna Bianchi")).to_be_visible()
    expect(page.locator("header")).to_contain_text("of 3")
    # Any message, with its time; which ones there are is the subject of other tests.
    expect(page.get_by_role("log").get_by_role("listitem").first).to_contain_text(re.compile(r"\d:\d\d"))
    assert complaints == []
