"""Rigs on several circuits: what the admin page and the TV say, and where a typed lap goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from f1timings.simulator import TIMING_KINDS, Scenario
from tests import sending
from tests.browser.checks import content_width, serious_findings
from tests.browser.office import Office, choose, open_office

pytestmark = pytest.mark.browser

MONZA, SPA = 11, 10


@pytest.fixture
def office(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A server whose room follows its rigs only after a minute."""
    monkeypatch.setenv("F1TIMINGS_CIRCUIT_WAIT_S", "60")
    with open_office(tmp_path, browser) as opened:
        yield opened


def round_of(*rounds: tuple[int, int]) -> list[Scenario]:
    """Rigs at several circuits: (circuit, number of rigs)."""
    return [
        Scenario(
            kind="hot_lap_evening", format=2025, laps=9, cars=1, seed=seed, rate_hz=20, rigs=rigs,
            track_id=track_id, kinds=TIMING_KINDS,
        )
        for seed, (track_id, rigs) in enumerate(rounds)
    ]  # fmt: skip


@contextmanager
def driving(office: Office, *rounds: tuple[int, int]) -> Iterator[None]:
    """Rigs that drive until the end of the block: (circuit, number of rigs)."""
    expected = sum(rigs for _, rigs in rounds)
    with sending.driving(round_of(*rounds), office.server.udp_port, speed=2.0):
        office.server.until(lambda: len(rigs_with_sessions(office)) == expected)
        yield


def rigs_with_sessions(office: Office) -> set[str]:
    return {session["rig"] for session in office.server.everything("/api/v1/sessions")}


def meeting(office: Office) -> Any:
    return office.request("GET", "/api/v1/meeting")


def settle_at_monza(office: Office) -> None:
    """Let two rigs drive at Monza until the room is there."""
    with driving(office, (MONZA, 2)):
        office.server.until(lambda: meeting(office)["current_circuit"] == "Monza")


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Meeting", exact=True)


def banner(page: Page) -> Locator:
    return page.locator(".place[data-state]")


def test_the_organiser_shows_another_circuit_or_stays_with_one_tap_each(
    page: Page, office: Office, complaints: list[str]
) -> None:
    settle_at_monza(office)
    with driving(office, (MONZA, 2), (SPA, 1)):
        office.open(page, "/admin")
        expect(bar(page)).to_contain_text("1 rig drives Spa: show it?")
        assert serious_findings(page) == []
        bar(page).get_by_role("button", name="Stay at Monza").click()
        expect(bar(page)).to_contain_text("The board stays at Monza")
        expect(bar(page)).not_to_contain_text("show it?")
        assert "Monza" == meeting(office)["circuit"]

        bar(page).get_by_role("button", name="Follow the rigs").click()
        bar(page).get_by_role("button", name="Show Spa").click()
        expect(bar(page).get_by_role("button", name="Circuit: Spa. Change it")).to_be_visible()
        assert "Spa" == meeting(office)["circuit"]
        expect(bar(page)).to_contain_text("Held circuit · 2 rigs drive Monza")
    assert complaints == []


def test_the_organiser_holds_the_circuit_while_all_rigs_are_there(page: Page, office: Office) -> None:
    with driving(office, (MONZA, 1)):
        office.open(page, "/admin")
        bar(page).get_by_role("button", name="Hold this circuit").click()
        expect(bar(page)).to_contain_text("Held circuit")
        assert "Monza" == meeting(office)["circuit"]


def test_a_held_circuit_that_nobody_drives_says_so_on_tv_and_admin_until_the_organiser_follows(
    page: Page, browser: Browser, office: Office, complaints: list[str]
) -> None:
    office.request("PATCH", f"/api/v1/meetings/{meeting(office)['id']}",
                   {"version": meeting(office)["version"], "circuit": "Losail"})  # fmt: skip
    office.request("POST", "/api/v1/laps", {"driver": "Ana", "time": "1:24.000"})
    tv = browser.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    tv.goto(f"{office.address}/display")
    expect(banner(tv)).to_have_attribute("data-state", "live")
    with driving(office, (MONZA, 2)):
        expect(banner(tv)).to_contain_text("Rigs are driving Monza")
        expect(banner(tv)).to_contain_text("These laps are on another board.")
        expect(tv.locator("tbody")).to_contain_text("Ana")
        assert serious_findings(tv) == []

        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{office.address}/me")
        expect(banner(page)).to_contain_text("Rigs are driving Monza")
        office.open(page, "/admin?lang=it")
        notice = page.get_by_text("Le postazioni girano a Monza: questi giri sono su un’altra classifica.")
        expect(notice).to_be_visible()
        assert content_width(page) <= 390
        page.get_by_role("button", name="Segui le postazioni").click()
        expect(notice).to_have_count(0)
        expect(tv.locator("h1")).to_have_text("Monza")
        expect(banner(tv)).not_to_contain_text("another board")
    tv.close()
    assert meeting(office)["circuit"] is None
    assert complaints == []


def hold(office: Office, circuit: str) -> None:
    body = {"version": meeting(office)["version"], "circuit": circuit}
    office.request("PATCH", f"/api/v1/meetings/{meeting(office)['id']}", body)


def test_the_form_takes_the_first_circuit_that_becomes_known_while_a_lap_is_typed(
    page: Page, office: Office
) -> None:
    office.open(page, "/admin")
    form = page.get_by_role("region", name="Lap typed by hand", exact=True)
    choose(form.get_by_label("Driver"), "Anna")
    form.get_by_label("Time").fill("1:23.456")
    hold(office, "Monza")
    expect(form.get_by_label("Circuit")).to_have_value("Monza")
    hold(office, "Imola")
    expect(form).to_contain_text("The board shows Imola now.")
    form.get_by_role("button", name="Save the lap").click()
    expect(form).to_contain_text("1:23.456 of Anna was saved, at Monza")


def test_a_typed_lap_goes_to_the_circuit_that_the_form_showed(page: Page, office: Office) -> None:
    hold(office, "Monza")
    office.open(page, "/admin")
    form = page.get_by_role("region", name="Lap typed by hand", exact=True)
    circuit = form.get_by_label("Circuit")
    expect(circuit).to_have_value("Monza")
    hold(office, "Imola")
    expect(circuit).to_have_value("Imola")
    choose(form.get_by_label("Driver"), "Anna")
    hold(office, "Spa")
    expect(form).to_contain_text("The board shows Spa now.")
    expect(circuit).to_have_value("Imola")
    form.get_by_label("Time").fill("1:23.456")
    form.get_by_role("button", name="Save the lap").click()
    expect(form).to_contain_text("1:23.456 of Anna was saved, at Imola")
    assert ["Imola"] == [lap["circuit"] for lap in office.laps(source="manual")]

    # The next lap is at the circuit of the board again.
    expect(circuit).to_have_value("Spa")
    choose(form.get_by_label("Driver"), "Anna")
    form.get_by_label("Time").fill("1:24.456")
    hold(office, "Monza")
    form.get_by_role("button", name="Use Monza").click()
    form.get_by_role("button", name="Save the lap").click()
    expect(form).to_contain_text("1:24.456 of Anna was saved, at Monza")


def test_a_circuit_that_the_user_chose_stays_for_the_next_typed_lap(page: Page, office: Office) -> None:
    office.open(page, "/admin")
    form = page.get_by_role("region", name="Lap typed by hand", exact=True)
    for time in ("1:23.456", "1:22.456"):
        if time == "1:23.456":
            form.get_by_label("Circuit").fill("Suzuka")
        choose(form.get_by_label("Driver"), "Anna")
        form.get_by_label("Time").fill(time)
        form.get_by_role("button", name="Save the lap").click()
        expect(form).to_contain_text(f"{time} of Anna was saved, at Suzuka")
