"""The occurrences of a session, and the running order of the session that a rig drives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from f1timings.timing.events import (
    OccurrenceRecorded,
    SessionChanged,
)
from f1timings.timing.running_order import RunningOrder
from f1timings.web.rigs.bodies import ORDER_ROW
from f1timings.web.sessions.occurrence_bodies import (
    INCIDENT,
)
from tests.waiting import LONGEST_WAIT_S, receive_events
from tests.web import records
from tests.web.tables.headers import with_time_texts
from tests.web.world import World, open_world, serve

SESSION = f"/api/v1/sessions/{records.SESSION_ID}"


def items(api: httpx.Client, path: str, **query: object) -> list[dict[str, Any]]:
    answer = api.get(path, params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def test_incidents_have_their_details(api: httpx.Client) -> None:
    first, second = items(api, f"{SESSION}/incidents")
    assert set(INCIDENT) == set(first)
    assert first["recorded_at"].endswith("Z")
    assert {"penalty": "Time penalty", "time_s": 5, "places_gained": None} == first["detail"]
    assert [(3, False), (19, True)] == [
        (incident["car_index"], incident["is_superseded"]) for incident in (first, second)
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"is_superseded": "false"}, [598_310]),
        ({"car_index": 19}, [601_000]),
        ({"kind": "overtake"}, []),
        ({"kind_ne": "overtake", "sort": "-session_time_ms"}, [601_000, 598_310]),
        ({"session_time_ms_gt": 600_000}, [601_000]),
        ({"limit": 1}, [598_310]),
    ],
)
def test_incidents_can_be_filtered(api: httpx.Client, query: dict[str, object], expected: list[int]) -> None:
    assert expected == [
        incident["session_time_ms"] for incident in items(api, f"{SESSION}/incidents", **query)
    ]


def test_an_unknown_kind_is_rejected(api: httpx.Client) -> None:
    assert 422 == api.get(f"{SESSION}/incidents", params={"kind": "applause"}).status_code


def test_stints_and_pit_visits_are_lists_too(api: httpx.Client) -> None:
    stints = items(api, f"{SESSION}/stints", car_index=19)
    assert [(1, 3, "soft"), (4, None, "hard")] == [
        (stint["first_lap"], stint["last_lap"], stint["compound"]) for stint in stints
    ]
    (visit,) = items(api, f"{SESSION}/pit_visits")
    expected = {name: visit[name] for name in ("lap_number", "lane_ms", "stop_ms", "compound_after")}
    assert {"lap_number": 3, "lane_ms": 22_814, "stop_ms": 2_350, "compound_after": "hard"} == expected


@pytest.mark.parametrize("name", ["incidents", "stints", "pit_visits"])
def test_each_list_is_csv_too(api: httpx.Client, name: str) -> None:
    table = api.get(f"{SESSION}/{name}", headers={"Accept": "text/csv"})
    first = api.get(f"{SESSION}/{name}").json()["items"][0]
    assert with_time_texts(first) == table.text.splitlines()[0].split(",")


def test_details_in_csv_are_names_and_values_without_unknown_ones(api: httpx.Client) -> None:
    table = api.get(f"{SESSION}/incidents", headers={"Accept": "text/csv"})
    assert ",penalty=Time penalty time_s=5," in table.text


@pytest.mark.parametrize("name", ["incidents", "stints", "pit_visits"])
def test_an_unknown_session_is_not_found(api: httpx.Client, name: str) -> None:
    answer = api.get(f"/api/v1/sessions/unknown~1~0/{name}")
    assert (404, "Not found") == (answer.status_code, answer.json()["title"])


# The running order ---------------------------------------------------------------------------------------


def test_the_order_has_the_cars_of_the_session_by_position(race: World, api: httpx.Client) -> None:
    rows = (records.order_row(1, 19, 0, interval_ms=None), records.order_row(2, 3, 1824))
    race.orders[records.RIG] = RunningOrder(session_id=records.SESSION_ID, session_time_ms=598_310, rows=rows)
    answer = api.get(f"/api/v1/rigs/{records.RIG}/order").json()
    assert (records.SESSION_ID, 598_310, None) == (
        answer["session_id"],
        answer["session_time_ms"],
        answer["next"],
    )
    assert set(ORDER_ROW) == set(answer["items"][0])
    assert [(1, 19, 0), (2, 3, 1824)] == [
        (row["position"], row["car_index"], row["gap_ms"]) for row in answer["items"]
    ]


def test_a_rig_without_a_session_has_an_empty_order(tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit(records.rig())
        answer = httpx.get(f"http://{address}/api/v1/rigs/{records.RIG}/order", trust_env=False)
    assert {"items": [], "next": None, "session_id": None, "session_time_ms": None} == answer.json()


def test_the_order_of_an_unknown_rig_is_not_found(api: httpx.Client) -> None:
    answer = api.get("/api/v1/rigs/10.9.9.9/order")
    assert (404, True) == (answer.status_code, "GET /api/v1/rigs" in answer.json()["detail"])


# The socket ----------------------------------------------------------------------------------------------


def test_each_kind_is_announced_to_screens(tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.commit(SessionChanged(records.session()))
        with connect(f"ws://{address}/ws", proxy=None, compression=None) as screen:
            screen.send('{"subscribe": ["events"]}')
            for _ in ("hello", "snapshot"):
                screen.recv(timeout=LONGEST_WAIT_S)
            world.commit(
                OccurrenceRecorded(records.incident()),
                OccurrenceRecorded(records.stint(1, 1, None, "soft")),
                OccurrenceRecorded(records.pit_visit()),
            )
            messages = receive_events(screen, 3)
    assert ["incident_recorded", "stint_recorded", "pit_visit_recorded"] == [
        message["event"] for message in messages
    ]
    assert set(INCIDENT) == set(messages[0]["data"])
