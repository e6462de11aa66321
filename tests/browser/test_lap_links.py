"""From every time of a stored lap on every page, one press leads to the comparison of the lap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from f1timings.simulator import TIMING_KINDS, Scenario, simulate
from f1timings.web.pages import PAGES
from tests.browser.office import Office, open_office
from tests.browser.sent_race import RIG, Sender
from tests.browser.test_compare import text_of

pytestmark = pytest.mark.browser

QUALIFYING = Scenario(
    "qualifying", 2025, laps=4, cars=4, seed=5, rate_hz=20, track_id=17, kinds=TIMING_KINDS | {"car_status"}
)
# Where laps are chosen and compared, and the overlays, which nobody presses.
EXEMPT = {"/laps", "/compare", "/overlay", "/overlay/{name}"}
SCENES = ("leaderboard", "tower", "race", "result", "rigs", "boards", "car", "positions", "strategy", "next")
# The other pages show no time of a stored lap.
SHOWING = {
    *("/", "/admin", "/display", "/display/car"),
    *(f"/display?scene={scene}" for scene in ("leaderboard", "tower", "rigs", "boards", "car")),
}
# What can be pressed for something else, or is no visible text, is no place for a link.
TIMES_ON = """(times) => {
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = {linked: [], bare: []};
  while (all.nextNode()) {
    const element = all.currentNode.parentElement;
    const shown = all.currentNode.textContent.match(/\\d+:\\d\\d\\.\\d{3}/g) ?? [];
    if (!element.checkVisibility() || element.closest("button, option, .unseen")) continue;
    const kind = element.closest("a[href*='/compare?']") ? "linked" : "bare";
    found[kind].push(...shown.filter((time) => times.includes(time)));
  }
  return found;
}"""


class Driven:
    """A qualifying that goes on while the pages are looked at."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.sent_s = 0.0
        self._rig = Sender(simulate(QUALIFYING), office.server.udp_port)

    def go_on(self, seconds: float) -> None:
        """Send the next seconds, so that the rig is not silent."""
        self.sent_s += seconds
        self._rig.send_until(self.sent_s)

    def times(self) -> list[str]:
        """The times of the stored laps."""
        return [text_of(lap["lap_time_ms"]) for lap in self.office.laps(state="completed")]

    def close(self) -> None:
        self._rig.close()


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Driven]:
    folder: Path = tmp_path_factory.mktemp("driven")
    with open_office(folder, browser) as office:
        qualifying = Driven(office)
        while not qualifying.times():
            qualifying.go_on(10.0)
        yield qualifying
        qualifying.close()


def paths() -> list[str]:
    return [*(page for page in PAGES if page not in EXEMPT), *(f"/display?scene={name}" for name in SCENES)]


def test_no_time_of_a_stored_lap_is_without_a_link(page: Page, driven: Driven) -> None:
    showing, bare = set(), {}
    for path in paths():
        driven.office.open(page, path)
        times = driven.times()

        def look(times: list[str] = times, path: str = path) -> bool:
            driven.go_on(0.2)
            found = page.evaluate(TIMES_ON, times)
            if found["bare"]:
                bare[path] = found["bare"]
            if found["linked"]:
                showing.add(path)
            return path not in SHOWING or path in showing or path in bare

        page.wait_for_load_state("networkidle")
        driven.office.server.until(look)
    assert {} == bare
    assert SHOWING <= showing


def test_a_time_of_the_tower_leads_to_its_lap(page: Page, driven: Driven) -> None:
    driven.go_on(0.2)
    driven.office.open(page, f"/display?scene=tower&rig={RIG}")
    link = page.locator("[data-car] .best a").first
    time = link.inner_text()
    link.click()
    expect(page).to_have_url(re.compile(r"/compare\?laps="))
    expect(page.locator("li.card .time").filter(has_text=time)).to_be_visible()


def test_a_lap_that_is_not_stored_says_so(page: Page, driven: Driven) -> None:
    driven.office.open(page, "/compare?session=unknown&car=0&time=83456")
    expect(page.get_by_text("This lap is not stored")).to_be_visible()
