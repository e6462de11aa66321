"""The leaderboard for a TV, in a real browser on a real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.checks import serious_findings, wait_until_true
from tests.browser.venue import Venue, open_venue
from tests.waiting import LONGEST_WAIT_S

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=`broken`">'
RIGHT_TO_LEFT = "محمد العربي"


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with open_venue(tmp_path_factory.mktemp("venue")) as marshal:
        yield marshal


def shown_rows(page: Page) -> list[tuple[str, str]]:
    """Rank and name of each visible row, from the top down."""
    rows: list[list[str]] = page.evaluate(
        """[...document.querySelectorAll('.line')]
          .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
          .map((row) => [row.querySelector('.rank').textContent, row.querySelector('.driver').textContent])"""
    )
    return [(rank, name) for rank, name in rows]


def wait_for_rows(page: Page, *rows: tuple[str, str]) -> None:
    """Wait until these are the rows and none of them moves."""
    expect(page.locator(".line")).to_have_count(len(rows))
    wait_until_true(
        page,
        """(wanted) => {
          const lines = [...document.querySelectorAll('.line')];
          const moves = (line) => line.getAnimations().some((one) => one instanceof CSSTransition);
          if (lines.some(moves)) return false;
          lines.sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top);
          const text = (line, what) => line.querySelector(what).textContent;
          return JSON.stringify(lines.map((line) => [text(line, '.rank'), text(line, '.driver')])) === wanted;
        }""",
        json.dumps(rows, separators=(",", ":"), ensure_ascii=False),
    )


def show(page: Page, venue: Venue, query: str = "") -> None:
    """Open the TV page and wait until it shows a board or a state."""
    page.goto(f"{venue.address}/display{query}")
    expect(page.locator(".line, .shape-placard").first).to_be_visible()


def test_a_board_without_rigs_shows_what_to_type_into_the_game(page: Page, tmp_path: Path) -> None:
    with open_venue(tmp_path) as venue:
        show(page, venue)
        expect(page.locator("[data-state=waiting]")).to_contain_text(
            re.compile(
                r"Waiting for rigs.*Settings > Telemetry Settings\s*UDP Telemetry\s*On\s*"
                rf"UDP IP Address\s*127\.0\.0\.1\s*UDP Port\s*{venue.server.udp_port}"
            )
        )
        rigs = venue.simulate()
        try:
            expect(page.locator("[data-state=no-laps]")).to_be_visible()
            expect(page.get_by_text("UDP IP Address")).to_have_count(0)
        finally:
            rigs.terminate()
            rigs.wait(LONGEST_WAIT_S)


@pytest.mark.usefixtures("moving")
def test_a_better_lap_moves_its_row_and_shows_a_banner(
    page: Page, venue: Venue, complaints: list[str]
) -> None:
    venue.meeting()
    show(page, venue)
    expect(page.get_by_role("status").first).to_contain_text(re.compile("Waiting for rigs|No laps yet"))
    expect(page.locator("h1")).to_have_text("Monza")
    venue.lap("Ana", "1:27.626")
    venue.lap("Ben", "1:27.000")
    venue.lap("Zoë", "1:28.000")
    wait_for_rows(page, ("1", "Ben"), ("2", "Ana"), ("3", "Zoë"))
    expect(page.locator(".line", has_text="Zoë").locator(".gap")).to_have_text("+1.000")
    expect(page.locator(".line", has_text="Ben").locator(".lap")).to_have_class(re.compile("mark-best"))
    page.reload()
    wait_for_rows(page, ("1", "Ben"), ("2", "Ana"), ("3", "Zoë"))
    venue.lap("Zoë", "1:27.412")
    expect(page.locator(".banner")).to_have_text(re.compile(r"NEW P2\s*—\s*Zoë\s*1:27.412\s*\(−0.588\)"))
    expect(page.locator(".line.fresh .driver")).to_have_text("Zoë")
    expect(page.locator("[data-spoken]")).to_have_text("New P2: Zoë, 1:27.412, −0.588")
    wait_for_rows(page, ("1", "Ben"), ("2", "Zoë"), ("3", "Ana"))
    venue.lap("Ana", "1:26.999")
    expect(page.locator(".over")).to_contain_text(re.compile(r"New fastest lap\s*Ana\s*1:26.999\s*−0.627"))
    expect(page.locator(".over")).to_have_count(0)
    assert complaints == []


@pytest.mark.usefixtures("moving")
def test_a_deleted_lap_moves_the_rows_without_a_banner(page: Page, venue: Venue) -> None:
    venue.meeting()
    first = venue.lap("Ana", "1:20.000")
    venue.lap("Ana", "1:25.000")
    venue.lap("Ben", "1:22.000")
    show(page, venue)
    wait_for_rows(page, ("1", "Ana"), ("2", "Ben"))
    venue.delete_lap(first)
    wait_for_rows(page, ("1", "Ben"), ("2", "Ana"))
    expect(page.locator(".banner, .over, .fresh")).to_have_count(0)


def test_equal_times_share_a_rank_and_the_earlier_one_is_first(page: Page, venue: Venue) -> None:
    venue.meeting()
    for name, time in (("Ana", "1:20.000"), ("Zoë", "1:21.000"), ("Ben", "1:21.000"), ("Ida", "1:22.000")):
        venue.lap(name, time)
    show(page, venue)
    wait_for_rows(page, ("1", "Ana"), ("=2", "Zoë"), ("=2", "Ben"), ("4", "Ida"))


def test_screen_readers_get_the_board_in_its_order(page: Page, venue: Venue) -> None:
    venue.meeting()
    venue.lap("Zoë", "1:20.000")
    venue.lap("Ana", "1:21.500")
    show(page, venue)
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_text([re.compile("Place"), "1Zoë1:20.000leader", "2Ana1:21.500+1.500"])
    venue.lap("Ana", "1:19.000")
    expect(rows.nth(1)).to_have_text("1Ana1:19.000leader")


@pytest.mark.usefixtures("moving")
def test_pages_turn_and_a_new_best_on_another_page_is_shown_with_its_neighbours(
    page: Page, venue: Venue
) -> None:
    venue.meeting()
    for number in range(1, 9):
        venue.lap(f"Driver {number}", f"1:2{number}.000")
    show(page, venue, "?rows=3&dwell=3")
    wait_for_rows(page, ("1", "Driver 1"), ("2", "Driver 2"), ("3", "Driver 3"))
    expect(page.locator(".page")).to_contain_text("1–3 of 8")
    venue.lap("Driver 7", "1:26.900")
    expect(page.locator(".strip .own")).to_have_text(re.compile(r"NEW P7\s*Driver 7\s*1:26.900\s*−0.100"))
    expect(page.locator(".strip li")).to_have_count(5)
    wait_for_rows(page, ("4", "Driver 4"), ("5", "Driver 5"), ("6", "Driver 6"))
    # The last page is as full as the others.
    wait_for_rows(page, ("6", "Driver 6"), ("7", "Driver 7"), ("8", "Driver 8"))


def test_the_board_stays_readable_without_a_server_and_recovers_by_itself(page: Page, tmp_path: Path) -> None:
    with open_venue(tmp_path) as marshal:
        marshal.meeting()
        marshal.lap("Ana", "1:20.000")
        show(page, marshal)
        wait_for_rows(page, ("1", "Ana"))
        marshal.server.kill()
        expect(page.get_by_role("status").first).to_contain_text(re.compile(r"Reconnecting….*\d\d:\d\d:\d\d"))
        assert shown_rows(page) == [("1", "Ana")]
        marshal.server.start()
        marshal.lap("Ben", "1:19.000")
        wait_for_rows(page, ("1", "Ben"), ("2", "Ana"))
        expect(page.locator("[data-state=live]")).to_have_count(1)


def test_the_rail_shows_the_driver_and_its_clock_stops_with_the_rig(page: Page, venue: Venue) -> None:
    venue.meeting()
    page.set_viewport_size({"width": 1920, "height": 1080})
    rigs = venue.simulate("--speed", "4")
    try:
        venue.server.until(lambda: bool(venue.server.get("/api/v1/rigs")["items"]))
        rig = venue.server.get("/api/v1/rigs")["items"][0]["rig"]
        driver = venue.driver("Ada Brandt")
        show(page, venue)
        card = page.locator(f"[data-rig='{rig}']")
        expect(card.locator(".name")).to_have_text("Rig 1")
        venue.do("POST", f"/rigs/{rig}/assign", {"driver_id": driver["id"]})
        expect(card.locator(".name")).to_have_text("Ada Brandt")
        expect(card.locator(".clock")).to_have_text(re.compile(r"^(\d+:)?\d{1,2}\.\d$"))
        before = card.locator(".clock").text_content()
        expect(card.locator(".clock")).not_to_have_text(before or "")
    finally:
        rigs.terminate()
        rigs.wait(LONGEST_WAIT_S)
    expect(card).to_have_class(re.compile("stopped"))
    expect(card).to_contain_text("Signal lost")
    stopped_at = card.locator(".clock").text_content()
    page.wait_for_timeout(500)
    assert card.locator(".clock").text_content() == stopped_at


@pytest.mark.parametrize("theme", ["dark", "light", "cvd"])
def test_every_theme_is_accessible(page: Page, venue: Venue, theme: str) -> None:
    venue.meeting()
    venue.lap("Ana", "1:20.000")
    venue.lap("Ben", "1:21.000")
    page.set_viewport_size({"width": 1920, "height": 1080})
    show(page, venue, f"?theme={theme}&motion=off")
    wait_for_rows(page, ("1", "Ana"), ("2", "Ben"))
    assert serious_findings(page) == []
    venue.lap("Ben", "1:20.500")
    expect(page.locator(".banner")).to_be_visible()
    assert serious_findings(page) == []


@pytest.mark.usefixtures("moving")
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (1080, 1920), (390, 844)])
def test_hostile_names_are_text_and_fit(
    page: Page, venue: Venue, complaints: list[str], width: int, height: int
) -> None:
    venue.meeting(name=HOSTILE, circuit="A circuit with a name that is much longer than any in the games")
    for number, name in enumerate((HOSTILE, "W" * 80, RIGHT_TO_LEFT, "a̶̧̢̛̱̲̳͔͙ͭͮͯ̀́")):
        venue.lap(name, f"1:2{number}.000")
    page.set_viewport_size({"width": width, "height": height})
    show(page, venue)
    expect(page.locator(".line")).to_have_count(4)
    expect(page.locator(".line .driver").filter(has_text="onerror")).to_have_text(HOSTILE)
    assert page.locator("img").count() == 0
    assert misplaced(page) == []
    venue.lap("W" * 80, "1:19.000")
    expect(page.locator(".over .who")).to_be_visible()
    assert misplaced(page) == []
    assert "broken" not in page.title()
    assert complaints == []


def misplaced(page: Page) -> list[str]:
    """Elements that reach out of the window or overlap the next column, once all are at their places."""
    wait_until_true(
        page,
        """document.getAnimations().every(
          (one) => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)""",
    )
    elements: list[str] = page.evaluate(
        """() => {
          const bad = [];
          const parts = ['', ' .rank', ' .driver', ' .lap', ' .gap'].map((part) => `.line${part}`);
          for (const one of document.querySelectorAll(`header *, footer *, .over *, aside *, ${parts}`)) {
            const box = one.getBoundingClientRect();
            if (one.closest('bdi, svg')) continue;
            const isOut = box.right > innerWidth + 1 || box.left < -1 || box.bottom > innerHeight + 1;
            if (isOut) bad.push(one.className);
          }
          for (const line of document.querySelectorAll('.line')) {
            const boxOf = (what) => line.querySelector(what).getBoundingClientRect();
            const [name, lap] = [boxOf('.name'), boxOf('.lap')];
            if (name.right > lap.left + 1) bad.push('name over lap');
            if (line.querySelector('.lap').scrollWidth > Math.ceil(lap.width)) bad.push('lap over gap');
          }
          if (document.documentElement.scrollWidth > innerWidth) bad.push('scrolls');
          if (document.documentElement.scrollHeight > innerHeight) bad.push('scrolls down');
          return bad;
        }"""
    )
    return elements


def test_names_of_two_hundred_letters_fit(page: Page, venue: Venue) -> None:
    columns = ["id", "position", "is_equal", "name", "team", "colour", "best_lap_ms", "gap_ms", "set_at"]
    rows = [
        [f"d:{at}", at, False, letters * 200, letters * 200, "red;x:url(//x)", 80_000 + at, at, 1]
        for at, letters in enumerate(("W", "ﷺ", "é̂̃"), 1)
    ]
    facts = {"meeting_id": "m", "meeting": "M" * 200, "circuit": "C" * 200, "fastest": "d:1"}

    def answer(socket: WebSocketRoute, _message: str | bytes) -> None:
        hello = {"protocol": 2, "build": "", "epoch": "1", "server_time": "2026-11-22T16:12:00.250Z"}
        snapshot = {"columns": columns, "rows": rows, "facts": facts}
        socket.send(json.dumps({"hello": hello}))
        socket.send(json.dumps({"view": "board", "epoch": "1.1", "seq": 1, "snapshot": snapshot}))

    page.route_web_socket(
        re.compile("/ws"), lambda socket: socket.on_message(lambda message: answer(socket, message))
    )
    page.set_viewport_size({"width": 1920, "height": 1080})
    show(page, venue, "?rail=1")
    expect(page.locator(".line")).to_have_count(3)
    assert misplaced(page) == []


@pytest.mark.usefixtures("moving")
def test_the_address_chooses_rows_rail_theme_language_motion_and_scale(page: Page, venue: Venue) -> None:
    venue.meeting()
    for number in range(1, 7):
        venue.lap(f"Driver {number}", f"1:2{number}.000")
    show(page, venue, "?rows=4&rail=1&theme=light&lang=it&motion=off&scale=1.5")
    expect(page.locator(".line")).to_have_count(4)
    expect(page.locator("aside")).to_contain_text("In pista adesso")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("header")).to_contain_text("Classifica")
    expect(page.locator(".heads")).to_contain_text("Miglior giro")
    expect(page.locator(".line").first).to_have_css("transition-duration", "0s")
    large = page.locator("h1").evaluate("(title) => parseFloat(getComputedStyle(title).fontSize)")
    show(page, venue, "?rail=0")
    expect(page.locator("aside")).to_have_count(0)
    usual = page.locator("h1").evaluate("(title) => parseFloat(getComputedStyle(title).fontSize)")
    assert large == pytest.approx(1.5 * usual)


def test_nothing_moves_with_reduced_motion(browser: Browser, venue: Venue) -> None:
    venue.meeting()
    venue.lap("Ana", "1:20.000")
    still = browser.new_page(reduced_motion="reduce")
    still.set_default_timeout(LONGEST_WAIT_S * 1000)
    show(still, venue)
    wait_for_rows(still, ("1", "Ana"))
    assert still.evaluate("document.getAnimations().length") == 0
    venue.lap("Ben", "1:19.000")
    wait_for_rows(still, ("1", "Ben"), ("2", "Ana"))
    assert still.evaluate("document.getAnimations().length") == 0
    still.close()


def test_the_address_chooses_another_meeting_circuit_or_filter(page: Page, venue: Venue) -> None:
    past: dict[str, Any] = venue.meeting("Last week", "Spa")
    venue.lap("Ana", "1:45.000")
    venue.meeting("Tonight", "Monza")
    venue.lap("Ben", "1:20.000")
    show(page, venue, f"?meeting={past['id']}")
    wait_for_rows(page, ("1", "Ana"))
    expect(page.locator("h1")).to_have_text("Spa")
    show(page, venue, "?circuit=Imola")
    expect(page.locator("h1")).to_have_text("Imola")
    venue.do("POST", "/laps", {"driver": "Zoë", "time": "1:15.000", "circuit": "Imola"})
    wait_for_rows(page, ("1", "Zoë"))
    show(page, venue, "?format=2025&assists=none&start=pit")
    scope = re.compile(r"Format 2025\s*Assists: none\s*Start: from the pits")
    expect(page.locator(".scope")).to_have_text(scope)
    expect(page.get_by_role("status").first).to_contain_text("No laps yet")


@pytest.mark.parametrize(
    ("query", "english", "italian"),
    [
        ("assists=maybe", "No lap can have assists=maybe.", "Nessun giro può avere assists=maybe."),
        ("format=1999&start=x", "No lap can have format=1999. No lap can have start=x.", "start=x"),
        ("format=csv", "No lap can have format=csv.", "Nessun giro può avere format=csv."),
        ("meeting=x", "There is no meeting “x”.", "Non c’è nessun evento «x»."),
        ("circuit=Monzza", "No game has the circuit “Monzza”", "Nessun gioco ha il circuito «Monzza»"),
    ],
)
def test_a_wrong_address_is_explained_on_the_screen(
    page: Page, venue: Venue, query: str, english: str, italian: str
) -> None:
    for language, sentence in (("en", english), ("it", italian)):
        show(page, venue, f"?{query}&lang={language}")
        expect(page.locator(".shape-placard")).to_contain_text(sentence)
        expect(page.locator(".shape-placard")).not_to_contain_text(re.compile("GET|Input|should|errors"))


def test_a_screen_with_a_token_shows_the_board_where_reading_is_closed(page: Page, venue: Venue) -> None:
    venue.meeting()
    venue.lap("Ana", "1:20.000")
    admin = venue.server.token("admin")
    body = {"name": "TV", "role": "viewer", "kind": "display"}
    token = venue.server.ask("POST", "/api/v1/tokens", body, admin).json["token"]
    assert venue.server.ask("PATCH", "/api/v1/access", {"reading": "closed"}, admin).status == 200
    try:
        page.goto(f"{venue.address}/display")
        expect(page.get_by_role("heading", name="Set up this server")).to_be_visible()
        for query in ("", "&circuit=Monza"):
            show(page, venue, f"?token={token}{query}")
            wait_for_rows(page, ("1", "Ana"))
        screens = venue.do("GET", "/screens")["items"]
        assert [screen for screen in screens if token in json.dumps(screen)] == []
    finally:
        venue.server.ask("PATCH", "/api/v1/access", {"reading": "open"}, admin)
