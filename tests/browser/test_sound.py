"""The sound of a screen: off at first; each event is said once, and nothing old after a reconnect."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.checks import wait_until_true
from tests.browser.scripted import ScriptedServer
from tests.web.world import open_world, serve

pytestmark = pytest.mark.browser

# Records what is said; each sentence ends at once.
RECORDER = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", { value: {
  speak(utterance) { said.push([utterance.lang, utterance.text]); setTimeout(() => utterance.onend()); },
  cancel() {},
} });
"""
ANNA = {"id": "d:anna", "position": 2, "is_equal": False, "name": "Anna", "best_lap_ms": 90_000, "set_at": 1}
BEN = {"id": "d:ben", "position": 1, "is_equal": False, "name": "Ben", "best_lap_ms": 80_000, "set_at": 1}
# Later than the time after a reconnect in which nothing is said that may be old.
SETTLED_MS = 60_000
# Said last, so that everything before it has been said.
LAST = "The session is over"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with open_world(tmp_path_factory.mktemp("world")) as world, serve(world.app) as address:
        yield address


@pytest.fixture
def server(page: Page) -> ScriptedServer:
    """Anna and Ben are on the board, and one rig drives."""
    page.add_init_script(RECORDER)
    scripted = ScriptedServer(page)
    scripted.board = [ANNA, BEN]
    scripted.rigs = [rig()]
    scripted.cards = [{"rig": "a", "label": "Rig 1", "driver": None, "place": None, "joined": []}]
    return scripted


def milliseconds() -> int:
    """The time now, since 1970."""
    return round(time.time() * 1000)


def rig(**facts: Any) -> dict[str, Any]:
    known = {"id": "a", "state": "live", "session_id": "s", "flag": "green", "is_ended": False}
    return known | facts


def listen(page: Page, address: str, query: str = "") -> None:
    """Open the screen and switch its sound on."""
    page.goto(f"http://{address}/display?scene=leaderboard{query}")
    expect(page.locator(".line")).to_have_count(2)
    page.mouse.move(300, 300)
    page.get_by_role("button", name=re.compile("^(Sound|Suono)")).click()
    expect(page.get_by_role("button", name=re.compile("on$|acceso$"))).to_be_visible()


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720)])
def test_the_switch_does_not_cover_the_letters_of_the_screen(
    page: Page, address: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    listen(page, address)
    switch = page.get_by_role("button", name=re.compile("^Sound")).bounding_box()
    letters = page.locator("footer .screen").bounding_box()
    assert switch is not None
    assert letters is not None
    assert switch["y"] + switch["height"] <= letters["y"]


def drive(server: ScriptedServer, **facts: Any) -> None:
    """Anna sets a new best lap now, unless the facts say otherwise."""
    best = {"best_lap_ms": 83_456, "set_at": milliseconds(), **facts}
    server.board = [ANNA | best, BEN]
    server.publish()


def end(server: ScriptedServer) -> None:
    """The session ends, which is said last."""
    server.rigs = [rig(is_ended=True)]
    server.publish()


def said(page: Page) -> list[str]:
    """Everything that was said until the end of the session."""
    wait_until_true(page, f"said.some(([, text]) => text === {LAST!r})")
    texts: list[str] = page.evaluate("said.map(([, text]) => text)")
    return texts[:-1]


def test_a_screen_is_silent_until_its_sound_is_switched_on(
    page: Page, address: str, server: ScriptedServer
) -> None:
    page.goto(f"http://{address}/display?scene=leaderboard")
    expect(page.locator(".line")).to_have_count(2)
    drive(server)
    expect(page.get_by_text("1:23.456").first).to_be_visible()
    assert page.evaluate("said") == []
    listen(page, address)
    drive(server, best_lap_ms=82_005)
    end(server)
    assert said(page) == ["New best: Anna, one twenty-two zero zero five"]


def test_the_address_asks_for_the_sound_and_any_tap_begins_it(
    page: Page, address: str, server: ScriptedServer
) -> None:
    page.goto(f"http://{address}/display?scene=leaderboard&sound=1")
    expect(page.get_by_role("button", name="Tap here for sound")).to_be_visible()
    page.mouse.click(300, 300)
    expect(page.get_by_role("button", name="Sound: on")).to_be_visible()
    drive(server)
    end(server)
    assert said(page) == ["New best: Anna, one twenty-three four five six"]


def test_a_new_best_and_a_new_leader_are_said_once(page: Page, address: str, server: ScriptedServer) -> None:
    listen(page, address)
    drive(server)
    server.publish()
    wait_until_true(page, "said.length === 1")
    # A marshal deletes the lap and restores it.
    drive(server, best_lap_ms=90_000, set_at=1)
    expect(page.locator(".line", has_text="Anna")).to_contain_text("1:30.000")
    drive(server)
    expect(page.locator(".line", has_text="Anna")).to_contain_text("1:23.456")
    server.board = [ANNA, BEN | {"best_lap_ms": 65_010, "set_at": milliseconds()}]
    server.publish()
    end(server)
    assert said(page) == [
        "New best: Anna, one twenty-three four five six",
        "New fastest lap: Ben, one oh five zero one zero",
    ]


def test_the_language_is_that_of_the_screen(page: Page, address: str, server: ScriptedServer) -> None:
    listen(page, address, "&lang=it")
    drive(server)
    wait_until_true(page, "said.length === 1")
    assert page.evaluate("said[0]") == [
        "it-IT",
        "Nuovo miglior giro personale: Anna, uno ventitré quattro cinque sei",
    ]


def test_flags_are_said_when_they_change(page: Page, address: str, server: ScriptedServer) -> None:
    listen(page, address)
    # A flag that is not known for a moment is no change.
    for flag, state in (("safety car", "sc"), (None, "live"), ("safety car", "sc"), ("green", "live")):
        server.rigs = [rig(flag=flag)]
        server.publish()
        expect(page.locator(f"[role=status][data-state={state}]")).to_have_count(1)
    wait_until_true(page, "said.length === 2")
    server.rigs = [rig(flag="safety car", is_ended=True)]
    server.publish()
    assert said(page) == ["Safety car", "Green flag", "Safety car"]


def test_the_next_driver_is_called_once(page: Page, address: str, server: ScriptedServer) -> None:
    listen(page, address)
    entry = {"id": "q1", "driver": "Carla", "rig": "a", "state": "called"}
    old = {**entry, "id": "q0", "driver": "Old", "called_at": "2026-11-22T16:00:00Z"}
    now = page.evaluate("new Date(Date.now() + 1000).toISOString()")

    def answer(route: Route) -> None:
        route.fulfill(json={"items": [old, {**entry, "called_at": now}]})

    page.route(re.compile(r"/api/v1/queue$"), answer)
    for _ in range(2):
        with page.expect_response(re.compile(r"/api/v1/queue$")):
            server.announce("act_recorded", {"id": "1", "kind": "queue_called", "changed": []})
    wait_until_true(page, "said.length > 0")
    end(server)
    assert said(page) == ["Next driver: Carla, Rig 1"]


def test_nothing_that_happened_during_a_cut_is_said_after_it(
    page: Page, address: str, server: ScriptedServer
) -> None:
    listen(page, address)
    server.is_reachable = False
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("[data-state=offline]")).to_be_visible()
    server.board = [ANNA | {"best_lap_ms": 83_456, "set_at": milliseconds()}, BEN]
    server.rigs = [rig(flag="red")]
    server.is_reachable = True
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("1:23.456").first).to_be_visible()
    expect(page.locator("[role=status][data-state=red]")).to_have_count(1)
    drive(server, best_lap_ms=83_000, set_at=milliseconds() + SETTLED_MS)
    server.rigs = [rig(flag="green")]
    server.publish()
    wait_until_true(page, "said.length >= 2")
    server.rigs = [rig(flag="green", is_ended=True)]
    server.publish()
    assert sorted(said(page)) == ["Green flag", "New best: Anna, one twenty-three zero zero zero"]
