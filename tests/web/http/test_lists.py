"""Lists: their rows, filters, sort order, pages and CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from f1timings.web.laps.bodies import LAP, LapBody
from f1timings.web.sessions.bodies import PARTICIPANT
from tests.web import records
from tests.web.tables.headers import with_time_texts


def items(api: httpx.Client, path: str, **query: object) -> list[dict[str, Any]]:
    answer = api.get(f"/api/v1/{path}", params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def test_a_list_has_each_lap_as_the_lap_itself_is_answered(api: httpx.Client) -> None:
    laps = items(api, "laps", limit=1000)
    assert len(laps) > 1
    assert laps == [api.get(f"/api/v1/laps/{lap['id']}").json() for lap in laps]
    assert [list(LapBody.model_fields)] * len(laps) == [list(lap) for lap in laps]


def test_a_lap_has_exactly_the_documented_fields(api: httpx.Client) -> None:
    (lap,) = items(api, "laps", lap_number=1, car_index=19)
    official_at, recorded_at = lap.pop("official_at"), lap.pop("recorded_at")
    assert api.get("/api/v1/meeting").json()["id"] == lap.pop("meeting_id")
    assert lap == {
        "id": f"{records.SESSION_ID}~19~1~0",
        "session_id": records.SESSION_ID,
        "session_uid": "14061966829349171242",
        "rig": "192.168.1.21",
        "car_index": 19,
        "participant": "VERSTAPPEN",
        "driver": None,
        "driver_id": None,
        "basis": None,
        "circuit": "Monza",
        "source": "telemetry",
        "typed": None,
        "game_state": None,
        "game_is_valid": None,
        "marked_by": None,
        "reason": None,
        "lap_number": 1,
        "lap_time_ms": 83001,
        "sector1_ms": 27667,
        "sector2_ms": 27667,
        "sector3_ms": 27667,
        "is_valid": True,
        "compound": "soft",
        "assists": None,
        "weather": None,
        "start": None,
        "began_at": None,
        "state": "completed",
        "recovered": False,
        "branch": 0,
        "revision": 1,
    }
    assert official_at.endswith("Z")
    assert recorded_at == "2026-11-18T11:06:40.000000Z"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"participant": "LECLERC"}, [90500]),
        ({"is_valid": "false"}, [90500]),
        ({"is_valid_ne": "true"}, [90500]),
        ({"lap_time_ms_lt": 83002}, [83001]),
        ({"lap_time_ms_lte": 83002}, [83001, 83002]),
        ({"lap_time_ms_gt": 83004}, [83005, 90500]),
        ({"lap_time_ms_gte": 83005}, [83005, 90500]),
        ({"lap_number_ne": 1}, [83002, 83003, 83004, 83005]),
        ({"lap_number_gte": 2, "lap_number_lt": 4}, [83002, 83003]),
        ({"session_uid": records.UID, "car_index": 3}, [90500]),
        ({"official_at_lt": "2000-01-01T00:00:00Z"}, []),
        ({"state": "superseded"}, []),
        ({"start": "standing"}, [90500]),
        ({"start": "flying"}, []),
    ],
)
def test_laps_can_be_filtered(api: httpx.Client, query: dict[str, object], expected: list[int]) -> None:
    assert [lap["lap_time_ms"] for lap in items(api, "laps", sort="lap_time_ms", **query)] == expected


def test_a_list_can_be_sorted_both_ways(api: httpx.Client) -> None:
    ascending = [lap["lap_time_ms"] for lap in items(api, "laps", sort="lap_time_ms")]
    descending = [lap["lap_time_ms"] for lap in items(api, "laps", sort="-lap_time_ms")]
    assert ascending == [83001, 83002, 83003, 83004, 83005, 90500]
    assert descending == ascending[::-1]


def test_pages_follow_each_other_without_gap_or_overlap(api: httpx.Client) -> None:
    lap_times: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": "4", "sort": "lap_time_ms"} | ({"cursor": cursor} if cursor else {})
        page = api.get("/api/v1/laps", params=query).json()
        lap_times += [lap["lap_time_ms"] for lap in page["items"]]
        cursor = page["next"]
    assert lap_times == [83001, 83002, 83003, 83004, 83005, 90500]


def test_the_link_header_is_the_next_page_with_the_same_filters(api: httpx.Client) -> None:
    first = api.get("/api/v1/laps?limit=2&sort=-lap_time_ms&car_index=19", headers={"Accept": "text/csv"})
    second = api.get(first.links["next"]["url"])
    assert [lap["lap_time_ms"] for lap in second.json()["items"]] == [83003, 83002]


def test_csv_has_the_same_rows_as_json(api: httpx.Client) -> None:
    rows = items(api, "laps", sort="lap_time_ms")
    answer = api.get("/api/v1/laps?sort=lap_time_ms", headers={"Accept": "text/csv"})
    table = list(csv.DictReader(io.StringIO(answer.text, newline="")))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["lap_time_ms"] for row in table] == [str(lap["lap_time_ms"]) for lap in rows]
    assert list(table[0]) == with_time_texts(LAP)
    assert table[0] | {"lap_time": "1:23.001", "lap_time_ms": "83001", "sector1": "0:27.667"} == table[0]
    assert table[0] | {"is_valid": "true", "driver": ""} == table[0]
    assert answer.text.count("\r\n") == len(rows) + 1


@pytest.mark.parametrize(
    "path",
    [
        "rigs",
        "sessions",
        "laps",
        f"laps/{records.SESSION_ID}~19~1~0/revisions",
        f"sessions/{records.SESSION_ID}/classification",
    ],
)
def test_every_list_is_also_csv(api: httpx.Client, path: str) -> None:
    table = api.get(f"/api/v1/{path}", headers={"Accept": "text/csv"})
    first = api.get(f"/api/v1/{path}").json()["items"][0]

    assert table.status_code == 200
    assert table.text.splitlines()[0].split(",") == with_time_texts(first)
    assert table.headers["vary"] == "Accept"


def test_a_session_can_be_filtered_by_format_and_has_its_facts(api: httpx.Client) -> None:
    (session,) = items(api, "sessions", format=2025, session_uid=records.UID)
    facts = {name: session[name] for name in ("format", "track", "session_type", "session_uid", "lap_count")}
    assert facts == {
        "format": 2025,
        "track": "Monza",
        "session_type": "Race",
        "session_uid": "14061966829349171242",
        "lap_count": 6,
    }


def test_a_single_session_has_its_participants(api: httpx.Client) -> None:
    session = api.get(f"/api/v1/sessions/{records.SESSION_ID}").json()
    assert [(participant["car_index"], participant["name"]) for participant in session["participants"]] == [
        (0, None),
        (3, "LECLERC"),
        (19, "VERSTAPPEN"),
    ]
    assert set(session["participants"][0]) == set(PARTICIPANT)


def test_a_classification_is_ordered_by_position(api: httpx.Client) -> None:
    answer = api.get(f"/api/v1/sessions/{records.SESSION_ID}/classification").json()
    assert answer["next"] is None
    assert answer["session_id"] == records.SESSION_ID
    assert [(row["position"], row["name"], row["points"]) for row in answer["items"]] == [
        (1, "VERSTAPPEN", 25),
        (2, "LECLERC", 18),
    ]


def test_a_lap_is_read_by_its_id(api: httpx.Client) -> None:
    lap_id = f"{records.SESSION_ID}~3~1~0"
    assert api.get(f"/api/v1/laps/{lap_id}").json()["lap_time_ms"] == 90500
