"""The column "When" of every list of laps: when the lap was driven, whatever was decided about it later."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from f1timings.access.roles import Role
from f1timings.timing.events import LapRecorded, SessionChanged
from tests.browser.checks import create_account
from tests.web import records
from tests.web.world import World, open_world, serve

pytestmark = pytest.mark.browser

LAP_IN = {"/": "table", "/admin": "section[aria-labelledby=laps] table"}


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two laps that became official together: of two hours ago and of two minutes ago."""
    with open_world(tmp_path_factory.mktemp("world")) as opened:
        now = time.time()
        session = SessionChanged(records.session())
        opened.commit(records.rig(), session, LapRecorded(records.lap(1, 81_000)), at=now - 7_230)
        opened.commit(LapRecorded(records.lap(2, 82_000)), at=now - 130)
        yield opened


@pytest.mark.parametrize("path", LAP_IN)
def test_a_lap_has_the_time_and_the_place_of_when_it_was_driven(page: Page, world: World, path: str) -> None:
    with serve(world.app) as address:
        create_account(page, world, address)
        page.goto(f"http://{address}{path}")
        rows = page.locator(f"{LAP_IN[path]} tbody tr")
        newest_and_older = [re.compile(r"1:22\.000.*2 min ago"), re.compile(r"1:21\.000.*2 h ago")]
        expect(rows).to_have_text(newest_and_older)
        marshal = {"Authorization": f"Bearer {world.token(Role.MARSHAL)}"}
        lap = f"http://{address}/api/v1/laps/{records.lap(1).id}"
        answer = page.request.patch(lap, headers=marshal, data={"revision": 1, "is_valid": False})
        assert answer.ok, answer.text()
        expect(rows.nth(1)).to_contain_text("invalid")
        expect(rows).to_have_text(newest_and_older)
        page.reload()
        expect(rows).to_have_text(newest_and_older)
