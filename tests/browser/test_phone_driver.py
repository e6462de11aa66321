"""The phone of a driver, in a real browser: place, next place, laps, and why a lap does not count."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from f1timings.live.fanout.sheet import Contents
from f1timings.live.views import room
from f1timings.live.views.board import BoardWatch
from f1timings.meeting.people import Driver
from f1timings.store import Desk
from f1timings.store.acts import assignments, drivers, marks
from f1timings.timing.events import LapRecorded, SessionChanged
from tests.browser.checks import content_width, serious_findings
from tests.browser.scripted import ScriptedServer
from tests.web import records
from tests.web.world import World, open_world, serve

pytestmark = pytest.mark.browser

RIGS = ("192.168.1.21", "192.168.1.22")


class Club:
    """Ada and Ben, each at a rig of their own, and the address of the server."""

    def __init__(self, world: World, address: str, board: BoardWatch) -> None:
        self.world = world
        self.address = address
        self._board = board
        self.ada, self.ben = (self._seated(rig, name) for rig, name in zip(RIGS, ("Ada", "Ben"), strict=True))

    def _seated(self, rig: str, name: str) -> Driver:
        def act(desk: Desk) -> Driver:
            driver = drivers.add(desk, name=name)
            assignments.assign(desk, rig, driver.id)
            return driver

        self.world.commit(records.rig(rig), SessionChanged(records.session(rig_key=rig)), at=time.time())
        return self.world.store.act("Marta", act)

    def drive(self, rig: str, number: int, *sectors: int, **facts: Any) -> str:
        """Commit a lap of a rig; returns its id."""
        session = records.session(rig_key=rig)
        named: dict[str, Any] = {f"sector{at}_ms": sector for at, sector in enumerate(sectors, start=1)}
        lap = records.lap(number, sum(sectors), session=session, **(named | facts))
        self.world.commit(LapRecorded(lap), at=time.time())
        self._board.after_act(None)
        return lap.id


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    with open_world(tmp_path_factory.mktemp("world")) as world:
        board = BoardWatch(world.store.reads.get_leaderboard)
        world.hub.register(board.view())
        world.hub.register(room.view(lambda: Contents({}, {"held": None, "followed": "Monza"})))
        with serve(world.app) as address:
            yield filled_club(world, address, board)


def filled_club(world: World, address: str, board: BoardWatch) -> Club:
    club = Club(world, address, board)
    club.drive(RIGS[1], 1, 27_000, 27_000, 27_000)
    club.drive(RIGS[0], 1, 27_100, 27_400, 26_900)
    return club


@pytest.fixture(scope="module")
def judged(club: Club) -> Club:
    """The same club after a lap that the game calls invalid, and one that a marshal deleted."""
    club.drive(RIGS[0], 2, 20_000, 20_000, 20_000, is_valid=False)
    lap_id = club.drive(RIGS[0], 3, 20_100, 20_100, 20_100)
    ruling: marks.Ruling = {"is_deleted": True, "reason": "cut the chicane"}
    seen = [marks.SeenRevision(lap_id, 1)]
    club.world.store.act("Marta", lambda desk: marks.mark_laps(desk, seen, ruling))
    return club


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    return page


@pytest.mark.parametrize("theme", ["dark", "light", "cvd"])
def test_the_next_place_has_its_cost_and_the_sector_in_which_it_is_lost(
    phone: Page, club: Club, theme: str
) -> None:
    phone.goto(f"http://{club.address}/me?token={club.ada.token}&theme={theme}")
    own = phone.locator("section.own")
    expect(own.locator("dl")).to_contain_text(re.compile(r"1:21\.400.*2/2.*To P1, Ben.*\+0\.400"))
    expect(own).to_contain_text("The time to beat is 1:21.000. You lose the most in sector 2.")
    lost = own.locator(".lost li")
    expect(lost).to_have_text(["Sector 1 +0.100", "Sector 2 +0.400", "Sector 3 −0.100"])
    expect(own.locator(".worst")).to_have_text("Sector 2 +0.400")
    assert serious_findings(phone) == []
    assert content_width(phone) == 390


def test_the_leader_has_no_next_place(phone: Page, club: Club) -> None:
    phone.goto(f"http://{club.address}/me?token={club.ben.token}&lang=it")
    expect(phone.locator("section.own")).to_contain_text("Sei in testa.")
    expect(phone.locator(".lost")).to_have_count(0)


WHY = {
    "en": ("Does not count: track limits, says the game.", "Does not count: a marshal deleted it."),
    "it": ("Non conta: limiti della pista, dice il gioco.", "Non conta: un commissario lo ha eliminato."),
}


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("it", "light"), ("en", "cvd")])
def test_laps_have_the_marks_of_their_sectors_and_the_reason_why_one_does_not_count(
    phone: Page, judged: Club, language: str, theme: str
) -> None:
    phone.goto(f"http://{judged.address}/me?token={judged.ada.token}&lang={language}&theme={theme}")
    laps = phone.locator(".laps li")
    # Ben has the better first two sectors; Ada's only lap has her personal bests.
    marked = [re.compile("mark-personal"), re.compile("mark-personal"), re.compile("mark-best")]
    expect(laps.filter(has_text="1:21.400").locator(".sectors > span")).to_have_class(marked)
    invalid, deleted = WHY[language]
    expect(laps.filter(has_text="1:00.000").locator(".why")).to_have_text(invalid)
    expect(laps.filter(has_text="1:00.300").locator(".why")).to_have_text(f"{deleted} “cut the chicane”")
    expect(laps.locator(".struck")).to_have_text([re.compile("1:00.300"), re.compile("1:00.000")])
    assert serious_findings(phone) == []
    assert content_width(phone) == 390


@pytest.mark.parametrize("theme", ["dark", "light", "cvd"])
def test_the_lap_that_the_driver_drives_now_runs_by_the_servers_clock(
    phone: Page, club: Club, theme: str
) -> None:
    server = ScriptedServer(phone)
    seated = {"driver_id": club.ada.id, "name": "Ada"}
    server.cards = [{"rig": RIGS[0], "label": "Rig 1", "place": None, "driver": seated, "joined": []}]
    # The scripted server has the time of this machine.
    began_ms = round(time.time() * 1000) - 12_000
    row = {
        "id": RIGS[0],
        "state": "live",
        "heard_at_ms": began_ms + 10**9,
        "is_paused": False,
        "clock_zero_ms": began_ms,
        "lap_start_ms": 0,
        "lap": 7,
        "sector1_ms": 9_876,
        "sector2_ms": None,
        "is_invalid": True,
        "driving": "flying lap",
    }
    server.rigs = [row]
    phone.goto(f"http://{club.address}/me?token={club.ada.token}&theme={theme}")
    now = phone.locator("section.now")
    expect(now).to_contain_text(re.compile(r"This lap.*Lap 7", re.S))
    expect(now).to_contain_text(re.compile(r"Sector 1 9\.876.*Sector 2 –", re.S))
    # A scripted server that is silent for some seconds counts as lost.
    server.publish()
    expect(now.locator(".note")).to_have_text("invalid")
    expect(now.locator(".clock")).to_have_text(re.compile(r"^(\d+:)?\d+\.\d$"))
    first = now.locator(".clock").inner_text()
    expect(now.locator(".clock")).not_to_have_text(first)
    assert serious_findings(phone) == []
    assert content_width(phone) == 390
    server.rigs = [row | {"is_paused": True, "clock_zero_ms": None, "clock_stands_at_ms": 12_300}]
    server.publish()
    expect(now.locator(".clock")).to_have_text("12.3")
    expect(now.locator(".note")).to_have_text("Paused")


def test_a_phone_without_a_seat_follows_no_rigs(phone: Page, club: Club) -> None:
    sent: list[str] = []
    phone.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    phone.goto(f"http://{club.address}/me")
    expect(phone.get_by_role("main").get_by_text("Ada")).to_be_visible()
    assert any("board" in frame for frame in sent)
    assert not any('"rigs"' in frame for frame in sent)
