"""The cards of rigs on the admin page say only what is so, with and without a connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from f1timings.web.rigs.bodies import RIG
from tests.browser.checks import create_account
from tests.browser.scripted import ScriptedServer
from tests.web.world import World, open_world, serve

pytestmark = pytest.mark.browser

LAP_MS = 42_000


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("world")) as opened:
        yield opened


@pytest.fixture
def card(server: ScriptedServer, world: World) -> Iterator[Locator]:
    """The card of the only rig, on the admin page of an admin."""
    page = server.page
    with serve(world.app) as address:
        create_account(page, world, address)
        page.goto(f"http://{address}/admin")
        yield page.get_by_role("article", name="Rig 1")


@pytest.fixture
def server(page: Page) -> ScriptedServer:
    """Rig 1 is live and in the middle of a lap."""
    scripted = ScriptedServer(page)
    scripted.rigs = [row(page)]
    scripted.cards = [{**RIG, "rig": "a", "label": "Rig 1", "is_live": True, "hints": []}]
    return scripted


def row(page: Page, **facts: Any) -> dict[str, Any]:
    """A row of the view ``rigs``: the lap began 42 s before the newest data."""
    now: int = page.evaluate("Date.now()")
    clock = {"heard_at_ms": now, "clock_zero_ms": now - 100_000, "lap_start_ms": 100_000 - LAP_MS}
    return {"id": "a", "state": "live", "is_paused": False, "lap": 4, **clock, **facts}


def test_without_a_connection_no_card_is_live_and_the_clocks_stop(
    page: Page, card: Locator, server: ScriptedServer
) -> None:
    expect(card.locator(".signal")).to_have_text(re.compile("Live"))
    expect(page.get_by_text("1 of 1 sending")).to_be_visible()
    server.is_reachable = False
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("main [data-state=offline]")).to_contain_text("Reconnecting…")
    expect(card.locator(".signal")).to_have_text(re.compile("no connection"))
    expect(card.locator("dd").first).to_have_text("0:42")
    expect(page.get_by_text("1 of 1 sending")).to_have_count(0)


def test_a_card_is_not_live_and_without_data_at_once(
    page: Page, card: Locator, server: ScriptedServer
) -> None:
    server.cards = [{**server.cards[0], "is_live": False, "hints": ["no_data", "low_rate"]}]
    page.reload()
    expect(card.locator(".signal")).to_have_text(re.compile("Live"))
    expect(card).to_contain_text("The send rate is low")
    expect(card).not_to_contain_text("No data arrives")
    server.rigs = [row(page, state="offline")]
    server.publish()
    expect(card).to_contain_text("No data arrives")
    expect(card).not_to_contain_text("Live")


# Eight cards beside each other on a laptop are so narrow.
NARROW_PX = 205
_OVERFLOWING = """card => [...card.querySelectorAll("dt, dd")]
  .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent.trim())"""


@pytest.mark.parametrize(
    ("facts", "note"),
    [({"delta_best_ms": -1_234}, "\N{MINUS SIGN}1.23"), ({"is_invalid": True}, "invalid")],
    ids=["delta", "invalid"],
)
def test_nothing_overlaps_in_a_narrow_card(
    page: Page, card: Locator, server: ScriptedServer, facts: dict[str, Any], note: str
) -> None:
    lap = {"lap": 12, "sector": 2, "last_ms": 91_328, "best_ms": 90_970, "track": "Miami"}
    server.rigs = [row(page, **lap, **facts)]
    server.publish()
    card.evaluate("(card, width) => { card.style.width = `${width}px`; }", NARROW_PX)
    expect(card).to_contain_text("1:30.970")
    expect(card).to_contain_text(note)
    assert [] == card.evaluate(_OVERFLOWING)


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost"])
def test_the_menu_of_the_game_names_the_addresses_and_the_port_of_the_server(
    page: Page, world: World, server: ScriptedServer, address: str
) -> None:
    server.rigs, server.cards = [], []
    telemetry = {"addresses": ["192.168.1.5", "10.0.0.5"], "port": 30777, "pages": []}
    page.route("**/api/v1/telemetry", lambda route: route.fulfill(json=telemetry))
    with serve(world.app) as served:
        host = served.replace("127.0.0.1", address)
        create_account(page, world, host)
        page.goto(f"http://{host}/admin")
        menu = page.get_by_role("region", name="Rigs")
        expect(menu).to_contain_text(
            re.compile(r"UDP IP Address\s*192\.168\.1\.5 or 10\.0\.0\.5\s*UDP Port\s*30777")
        )
        expect(menu).to_contain_text(re.compile(r"UDP Send Rate\s*60Hz"))
