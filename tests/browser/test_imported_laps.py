"""A marshal saves a lap as a file, imports it, and compares it; it is marked as imported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from playwright.sync_api import Page, expect

from f1timings.access.roles import Role
from f1timings.traces.blobs import encode
from f1timings.traces.lap_files import read_lap_file, write_lap_file
from tests.browser.checks import content_width, serious_findings
from tests.traces.driven import drive, entries_of
from tests.web.world import World, open_client, open_world, serve

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[World, str]]:
    with open_world(tmp_path) as world:
        world.store.submit(entries_of(drive(2025, rate_hz=20).datagrams))
        world.store.flush()
        with serve(world.app) as address:
            yield world, f"http://{address}"


def test_a_lap_goes_through_a_file_and_is_compared(
    page: Page, served: tuple[World, str], tmp_path: Path
) -> None:
    world, address = served
    token = world.token(Role.MARSHAL)
    page.context.set_extra_http_headers({"Authorization": f"Bearer {token}"})
    with open_client(address) as client:
        own = client.get("/api/v1/laps", params={"has_trace": "true", "state": "completed"}).json()["items"][
            0
        ]
    page.goto(f"{address}/compare?laps={own['id']}")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save lap file").click()
    read = read_lap_file(saving.value.path().read_bytes())
    assert own["lap_time_ms"] == read.head.lap_time_ms

    broken = tmp_path / "broken.f1lap"
    broken.write_bytes(b"no lap")
    page.get_by_label("Import lap file").set_input_files(broken)
    expect(page.get_by_text("This is no lap file")).to_be_visible()
    sent = tmp_path / "sent.f1lap"
    sent.write_bytes(write_lap_file(structs.replace(read.head, is_valid=False), encode(read.trace)))
    page.get_by_label("Import lap file").set_input_files(sent)
    card = page.locator("li.card").nth(1)
    expect(card).to_contain_text("imported")
    expect(page).to_have_url(re.compile("imported~"))
    page.reload()
    expect(card).to_contain_text("imported")
    expect(page.locator("[data-ready=true] canvas").first).to_be_visible()
    assert [] == serious_findings(page)

    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}/laps")
    section = page.get_by_role("region", name="Laps of other servers")
    expect(section.locator(".mark-invalid")).to_contain_text("invalid")
    section.get_by_role("checkbox").check()
    expect(page.get_by_role("link", name="Save lap file")).to_be_visible()
    assert content_width(page) <= 360
    assert [] == serious_findings(page)
    section.get_by_role("button", name="Delete").click()
    expect(section.get_by_role("checkbox")).to_have_count(0)
