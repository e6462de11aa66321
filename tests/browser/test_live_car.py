"""The live car: its values are those that the game sends, and what is not known is a dash."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from tests.browser.checks import DRAWN, content_width, serious_findings, wait_until_true
from tests.browser.office import Office, open_office
from tests.browser.sent_car import SentCar, sending
from tests.browser.venue import Venue, open_venue

pytestmark = pytest.mark.browser

SIZES = [(1920, 1080), (1280, 720), (3840, 2160), (1080, 1920), (390, 844)]
PLAIN = ("fuel", "mix", "ers", "deployed", "harvested", "bias")


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    with open_venue(tmp_path / "venue") as marshal:
        yield marshal


@pytest.fixture
def car() -> SentCar:
    return SentCar()


def shown(page: Page, key: str) -> Locator:
    """One value of the panel."""
    return page.locator(f"[data-key={key}]")


def tyres(page: Page) -> Locator:
    """The table of tyres for screen readers, a row per wheel."""
    return page.locator(".car-panel table tbody tr")


@pytest.mark.usefixtures("moving")
def test_the_values_are_those_that_the_game_sends(
    page: Page, venue: Venue, car: SentCar, complaints: list[str]
) -> None:
    with sending(car, venue.server.udp_port):
        page.goto(f"{venue.address}/display/car")
        expect(shown(page, "now")).to_have_text(
            "Now: gear 7, 287 km/h, throttle 73 %, brake 8 %, steering -25 %"
        )
        expect(shown(page, "tyre")).to_have_text(re.compile(r"Medium\s+C3\s+12 laps"))
        expect(tyres(page)).to_have_text(
            [
                re.compile(r"Front left\s*33 %\s*93°\s*113°\s*530°"),
                re.compile(r"Front right\s*34 %\s*94°\s*74°\s*540°"),
                re.compile(r"Rear left\s*21 %\s*81°\s*101°\s*410°"),
                re.compile(r"Rear right\s*22 %\s*82°\s*102°\s*420°"),
            ]
        )
        expect(page.locator("[data-wheel=fl] .wear")).to_have_text("33 %")
        expect(shown(page, "damage")).to_have_text(re.compile(r"Front wing left 12 %\s*Gearbox 60 %"))
        expect(shown(page, "ers")).to_have_text(re.compile(r"ERS\s*75 %\s*hot lap"))
        expect(shown(page, "deployed")).to_have_text("25 %")
        expect(shown(page, "harvested")).to_have_text("10 %")
        expect(shown(page, "fuel")).to_have_text(re.compile(r"\+1\.5\s*laps"))
        expect(shown(page, "mix")).to_have_text("rich")
        expect(shown(page, "bias")).to_have_text("57 %")
        expect(shown(page, "drs")).to_have_text(re.compile(r"DRS\s*ready"))
        expect(shown(page, "position")).to_have_text("P1")
        expect(shown(page, "name")).to_have_text("Anna")
        expect(shown(page, "clock")).to_have_text(re.compile(r"^(\d:)?\d+\.\d$"))
        car.driving |= {"speed": 91, "gear": -1, "throttle": 0.0, "drs": 1}
        expect(shown(page, "now")).to_have_text(re.compile("gear R, 91 km/h, throttle 0 %"))
        expect(shown(page, "drs")).to_have_text(re.compile(r"DRS\s*on"))
        assert serious_findings(page) == []
    assert complaints == []


def test_cars_of_2026_have_active_aero_and_no_drs(page: Page, venue: Venue) -> None:
    car = SentCar(2026)
    with sending(car, venue.server.udp_port):
        page.goto(f"{venue.address}/display/car")
        expect(shown(page, "now")).to_contain_text("287 km/h")
        expect(shown(page, "drs")).to_be_visible()
        car.aero = {"regulations_2026": 1, "active_aero_mode": 1, "overtake_available": 1}
        expect(shown(page, "aero")).to_have_text(re.compile(r"Straight\s*on"))
        expect(shown(page, "overtake")).to_have_text(re.compile(r"Overtake\s*ready"))
        expect(shown(page, "drs")).to_have_count(0)


@pytest.mark.usefixtures("moving")
def test_a_rig_that_falls_silent_is_marked_and_keeps_its_last_values(
    page: Page, venue: Venue, car: SentCar
) -> None:
    with sending(car, venue.server.udp_port) as sender:
        page.goto(f"{venue.address}/display/car")
        panel = page.locator(".car-panel")
        expect(panel).to_have_attribute("data-state", "live")
        expect(shown(page, "now")).to_contain_text("287 km/h")
        sender.stop()
        expect(panel).to_have_attribute("data-state", "stale")
        expect(page.locator("[data-state=stale][role=status]")).to_contain_text("Signal lost")
        expect(panel).to_have_class(re.compile(r"\bold\b"))
        expect(shown(page, "now")).to_contain_text("287 km/h")
        expect(page.get_by_text("P1")).to_be_visible()


def test_what_a_watched_driver_keeps_private_is_a_dash(page: Page, venue: Venue, car: SentCar) -> None:
    car.watched, car.shares = 1, False
    car.status = dict.fromkeys(car.status, 0) | {"visual_tyre_compound": 17, "max_rpm": 13_000}
    car.damage = {}
    with sending(car, venue.server.udp_port):
        page.goto(f"{venue.address}/display/car")
        expect(shown(page, "private")).to_be_visible()
        expect(page.get_by_text("Spectating")).to_be_visible()
        expect(shown(page, "name")).to_have_text("Ben")
        expect(shown(page, "now")).to_contain_text("287 km/h")
        for key in PLAIN:
            expect(shown(page, key)).to_contain_text("–")
            expect(shown(page, key)).not_to_contain_text("0")
        expect(shown(page, "damage")).to_have_text("Damage –")
        expect(page.locator("[data-wheel=rr] .wear")).to_have_text("–")


def test_a_rig_without_a_car_says_so(page: Page, venue: Venue, car: SentCar) -> None:
    car.player = 255
    with sending(car, venue.server.udp_port):
        page.goto(f"{venue.address}/display/car?rig=Rig%201")
        expect(page.get_by_text("No car on track")).to_be_visible()
        car.player = 2
        expect(shown(page, "name")).to_have_text("Carla")


def test_a_rig_is_chosen_by_its_name_or_its_key(page: Page, venue: Venue, car: SentCar) -> None:
    with sending(car, venue.server.udp_port):
        venue.server.until(lambda: bool(venue.server.get("/api/v1/rigs")["items"]))
        (rig,) = venue.server.get("/api/v1/rigs")["items"]
        for name in (rig["rig"], "rig 1"):
            page.goto(f"{venue.address}/display/car?rig={name}")
            expect(page.locator(".car-panel")).to_have_attribute("data-rig", rig["rig"])
        page.goto(f"{venue.address}/display/car?rig=Nowhere")
        expect(page.get_by_text("No rig is called Nowhere")).to_be_visible()
        expect(page.get_by_text("The rigs are: Rig 1")).to_be_visible()


def test_a_tv_shows_the_car_as_a_scene(page: Page, venue: Venue, car: SentCar) -> None:
    with sending(car, venue.server.udp_port):
        page.goto(f"{venue.address}/display?scene=car")
        for width, height in SIZES[:4]:
            page.set_viewport_size({"width": width, "height": height})
            expect(shown(page, "now")).to_contain_text("287 km/h")
            wait_until_true(page, DRAWN)
            box = page.locator(".car-panel").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height


def test_the_difference_to_the_best_lap_is_shown_after_each_sector(
    page: Page, venue: Venue, car: SentCar
) -> None:
    with sending(car, venue.server.udp_port):
        page.goto(f"{venue.address}/display/car")
        expect(shown(page, "delta")).to_contain_text("–")
        expect(shown(page, "sector1")).to_contain_text("–")
        car.lap |= {"sector": 1, "sector1_time_ms": 27_250}
        expect(shown(page, "sector1")).to_contain_text("27.250")
        # Nobody has a lap on the board.
        expect(shown(page, "delta")).to_contain_text("–")


@pytest.mark.parametrize("language", ["en", "it"])
def test_nothing_is_cut_in_any_size(page: Page, venue: Venue, car: SentCar, language: str) -> None:
    car.lap |= {"sector": 2, "sector1_time_ms": 27_250, "sector2_time_ms": 28_250, "last_lap_time_ms": 83_456}
    with sending(car, venue.server.udp_port):
        page.goto(f"{venue.address}/display/car?lang={language}")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            expect(shown(page, "sector2")).to_contain_text("28.250")
            # The panel follows a new size of its window in the next frame.
            venue.server.until(lambda: cut_boxes(page) == [])
            assert content_width(page) == width


def cut_boxes(page: Page) -> list[str]:
    """The parts of the panel that are too small for what they contain."""
    boxes = page.locator("[data-key]:not(.unseen, [data-key=private], [data-key=name]), .block, .energy dt")
    cut: list[str] = boxes.evaluate_all(
        """(boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1
          || (box.matches(".block") && box.scrollHeight > box.clientHeight + 1)
        ).map((box) => box.dataset.key ?? box.className)"""
    )
    return cut


# On the admin page -------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, browser: Browser) -> Iterator[Office]:
    with open_office(tmp_path, browser) as opened:
        yield opened


def newest(page: Page, followed: list[list[str]]) -> list[str]:
    """The newest subscription, after the page had a moment for another one."""
    page.wait_for_timeout(50)
    return followed[-1]


def test_the_admin_page_loads_and_follows_the_car_only_while_it_is_open(
    page: Page, office: Office, car: SentCar
) -> None:
    loaded: list[str] = []
    followed: list[list[str]] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda text: followed.append(json.loads(text)["subscribe"]))

    page.on("request", lambda request: loaded.append(request.url))
    page.on("websocket", listen)
    with sending(car, office.server.udp_port):
        office.open(page, "/admin")
        page.get_by_role("button", name="Change Rig 1").click()
        opener = page.get_by_role("button", name="Live car")
        expect(opener).to_be_visible()
        assert not [url for url in loaded if "CarPanel" in url]
        opener.click()
        expect(shown(page, "now")).to_contain_text("287 km/h")
        expect(shown(page, "ers")).to_contain_text("75 %")
        opener.click()
        expect(page.locator(".car-panel")).to_have_count(0)
        follows_car = [any(view.startswith("car:") for view in views) for views in followed]
        assert (follows_car[0], True in follows_car) == (False, True)
        # The page ends the subscription a moment after the panel has disappeared.
        office.server.until(lambda: not any(view.startswith("car:") for view in newest(page, followed)))
