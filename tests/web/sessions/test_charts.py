"""What the charts of a session are drawn from: its laps, stints and pit visits as columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from f1timings.timing.events import LapRecorded, OccurrenceRecorded, ParticipantsChanged, SessionChanged
from f1timings.timing.records import LapState
from tests.web import records
from tests.web.world import open_client, open_world, serve

CHART = f"/api/v1/sessions/{records.SESSION_ID}/chart"


def read(api: httpx.Client) -> dict[str, Any]:
    answer = api.get(CHART)
    assert answer.status_code == 200, answer.text
    chart: dict[str, Any] = answer.json()
    return chart


def test_it_has_the_laps_stints_and_pit_visits_of_all_cars(api: httpx.Client) -> None:
    chart = read(api)
    assert [3, 19, 19, 19, 19, 19] == chart["laps"]["car_index"]
    assert [1, 1, 2, 3, 4, 5] == chart["laps"]["lap_number"]
    assert [90_500, 83_001, 83_002, 83_003, 83_004, 83_005] == chart["laps"]["lap_time_ms"]
    assert {
        "car_index": [19, 19],
        "first_lap": [1, 4],
        "last_lap": [3, None],
        "compound": ["soft", "hard"],
    } == chart["stints"]
    assert {"car_index": [19], "lap_number": [3]} == chart["pit_visits"]


def test_its_cars_have_their_result(api: httpx.Client) -> None:
    cars = {car["car_index"]: (car["name"], car["position"], car["status"]) for car in read(api)["cars"]}
    assert {0: (None, None, None), 3: ("LECLERC", 2, "finished"), 19: ("VERSTAPPEN", 1, "finished")} == cars


def test_it_is_not_sent_again_while_nothing_has_changed(api: httpx.Client) -> None:
    first = api.get(CHART)
    again = api.get(CHART, headers={"If-None-Match": first.headers["ETag"]})
    assert (304, b"") == (again.status_code, again.content)


def test_what_a_flashback_undid_is_left_out_and_what_was_lost_has_no_moment(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.commit(
            records.rig(),
            SessionChanged(records.session()),
            ParticipantsChanged(records.SESSION_ID, (records.participant(19, "VERSTAPPEN"),)),
            LapRecorded(records.lap(1, 83_000)),
            LapRecorded(records.lap(2, 84_000, state=LapState.SUPERSEDED)),
            OccurrenceRecorded(records.pit_visit(is_superseded=True)),
        )
        world.commit(LapRecorded(records.lap(2, 82_000, branch=1)), at=1_795_000_082.5)
        world.commit(LapRecorded(records.lap(3, 81_000, recovered=True)), at=1_795_000_163.5)
        with serve(world.app) as address, open_client(f"http://{address}") as api:
            chart = read(api)
    assert {
        "car_index": [19, 19, 19],
        "lap_number": [1, 2, 3],
        "lap_time_ms": [83_000, 82_000, 81_000],
        "crossed_ms": [0, 82_500, None],
    } == chart["laps"]
    assert {"car_index": [], "lap_number": []} == chart["pit_visits"]
