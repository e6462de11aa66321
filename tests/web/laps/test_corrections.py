"""The earlier revision of a corrected lap stays, and names from the game cannot harm a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx

from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.timing.records import LapState
from tests.web import records
from tests.web.world import open_client, open_world, serve


def test_both_revisions_of_a_corrected_lap_are_listed_the_original_first(tmp_path: Path) -> None:
    original = records.lap(1)
    with open_world(tmp_path) as world:
        world.commit(SessionChanged(records.session()), LapRecorded(original))
        world.commit(LapRecorded(replace(original, state=LapState.SUPERSEDED)))
        with serve(world.app) as address:
            answer = httpx.get(f"http://{address}/api/v1/laps/{original.id}/revisions", trust_env=False)
    assert [(lap["revision"], lap["state"]) for lap in answer.json()["items"]] == [
        (1, "completed"),
        (2, "superseded"),
    ]


def test_a_name_that_a_spreadsheet_would_run_is_text_in_csv_and_unchanged_in_json(tmp_path: Path) -> None:
    name = '=HYPERLINK("http://example.com","win")'
    with open_world(tmp_path) as world:
        world.commit(SessionChanged(records.session()), LapRecorded(records.lap(1, participant=name)))
        with serve(world.app) as address, open_client(f"http://{address}") as api:
            table = api.get("/api/v1/laps", headers={"Accept": "text/csv"}).text
            (lap,) = api.get("/api/v1/laps").json()["items"]
    assert """"'=HYPERLINK(""http://example.com"",""win"")\"""" in table
    assert lap["participant"] == name
