"""Typed laps and decisions about laps at the API, with what the game reported and who decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from f1timings.access.roles import Role
from f1timings.timing.events import LapRecorded
from f1timings.timing.records import LapState
from tests.waiting import receive_events
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

ID = records.lap(1).id
LAPS = "/api/v1/laps"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path) as world:
        world.commit_race()
        yield world


@pytest.fixture
def marshal(world: World) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {world.token(Role.MARSHAL)}"}
    with (
        serve(world.app) as address,
        open_client(f"http://{address}", headers) as client,
    ):
        yield client


def _listed(api: httpx.Client, **filters: str) -> list[dict[str, Any]]:
    answer = api.get(LAPS, params=filters)
    assert 200 == answer.status_code, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_typed_lap_is_in_the_list_of_laps(marshal: httpx.Client) -> None:
    answer = marshal.post(LAPS, json={"driver": "Anna", "team": "Tigers", "time": "1.23,4", "circuit": "Spa"})
    made = answer.json()
    assert 201 == answer.status_code, answer.text
    names = ("driver", "lap_time_ms", "typed", "source", "circuit", "state", "is_valid", "basis")
    assert ("Anna", 83_400, "1.23,4", "manual", "Spa", "completed", True, "manual") == tuple(
        made[name] for name in names
    )
    assert [made] == _listed(marshal, source="manual")
    assert [made] == _listed(marshal, driver="Anna")
    assert [made] == _listed(marshal, driver_id=made["driver_id"], circuit="Spa")
    assert made == marshal.get(f"{LAPS}/{made['id']}").json()
    again = marshal.post(LAPS, json={"driver_id": made["driver_id"], "time": "82.999"}).json()
    assert ("Anna", "Monza") == (again["driver"], again["circuit"])


def test_the_session_of_typed_laps_is_found_only_by_its_id(marshal: httpx.Client) -> None:
    made = marshal.post(LAPS, json={"driver": "Anna", "time": "83.456"}).json()
    sessions = marshal.get("/api/v1/sessions").json()["items"]
    assert [records.SESSION_ID] == [session["id"] for session in sessions]
    session = marshal.get(f"/api/v1/sessions/{made['session_id']}").json()
    assert (None, "Monza", "0") == (session["format"], session["track"], session["session_uid"])


def test_a_request_that_is_sent_twice_creates_one_lap(marshal: httpx.Client) -> None:
    body = {"driver": "Anna", "time": "83.456"}
    answers = [marshal.post(LAPS, json=body, headers={"Idempotency-Key": "k-1"}) for _ in range(3)]
    assert {201} == {answer.status_code for answer in answers}
    assert 1 == len({answer.json()["id"] for answer in answers})
    assert 1 == len(_listed(marshal, source="manual"))


@pytest.mark.parametrize(
    "time", ["", "abc", "a:b", "nan", "inf", "-5", "0", "1:60.000", "3600", "٨٣", "8 3", "1e2", "4" * 10_000]
)
def test_an_invalid_time_is_refused_with_a_correct_example(marshal: httpx.Client, time: str) -> None:
    answer = marshal.post(LAPS, json={"driver": "Anna", "time": time})
    assert 422 == answer.status_code
    assert "1:23.456" in answer.json()["detail"]
    assert ["body.time"] == [error["where"] for error in answer.json()["errors"]]
    assert [] == marshal.get("/api/v1/drivers").json()["items"]


@pytest.mark.parametrize(
    "body",
    [
        {"time": "83.456"},
        {"driver": "Anna", "driver_id": "x", "time": "83.456"},
        {"driver_id": "nobody", "time": "83.456"},
        {"driver_id": "\x00", "time": "83.456"},
        {"driver": " ", "time": "83.456"},
        {"driver": "A\u202eB", "time": "83.456"},
        {"driver": "Anna", "time": 83.456},
        {"driver": "Anna", "time": "83.456", "circuit": "\x00"},
        {"driver": "Anna", "time": "83.456", "reason": "x" * 301},
        {"driver": "Anna", "time": "83.456", "lap_time_ms": 1},
    ],
)
def test_an_invalid_lap_is_refused(marshal: httpx.Client, body: dict[str, Any]) -> None:
    assert 422 == marshal.post(LAPS, json=body).status_code
    assert [] == _listed(marshal, source="manual")


def test_half_a_surrogate_pair_is_refused(marshal: httpx.Client) -> None:
    text = '{"driver": "\\ud800", "time": "83.456"}'
    answer = marshal.post(LAPS, content=text, headers={"Content-Type": "application/json"})
    assert 422 == answer.status_code


def test_a_deleted_lap_stays_deleted_whatever_the_game_sends(world: World, marshal: httpx.Client) -> None:
    answer = marshal.patch(f"{LAPS}/{ID}", json={"revision": 1, "is_deleted": True, "reason": "Cut"})
    deleted = answer.json()
    assert 200 == answer.status_code, answer.text
    names = ("state", "game_state", "game_is_valid", "reason", "revision")
    assert ("deleted", "completed", True, "Cut", 2) == tuple(deleted[name] for name in names)
    world.commit(LapRecorded(records.lap(1, 83_001, state=LapState.SUPERSEDED)), at=1_795_000_009.0)
    now = marshal.get(f"{LAPS}/{ID}").json()
    assert ("deleted", "superseded", 3) == (now["state"], now["game_state"], now["revision"])
    history = marshal.get(f"{LAPS}/{ID}/revisions").json()["items"]
    assert [("completed", None), ("deleted", "Cut"), ("deleted", "Cut")] == [
        (revision["state"], revision["reason"]) for revision in history
    ]
    assert [ID] == [lap["id"] for lap in _listed(marshal, state="deleted")]


def test_a_decision_is_taken_back(marshal: httpx.Client) -> None:
    marshal.patch(f"{LAPS}/{ID}", json={"revision": 1, "is_valid": False, "is_deleted": True})
    back = marshal.patch(f"{LAPS}/{ID}", json={"revision": 2, "is_valid": None, "is_deleted": False}).json()
    assert ("completed", True, 3) == (back["state"], back["is_valid"], back["revision"])


def test_an_outdated_revision_is_refused_with_the_current_lap_unless_the_decision_is_repeated(
    marshal: httpx.Client,
) -> None:
    decision = {"revision": 1, "is_deleted": True}
    first = marshal.patch(f"{LAPS}/{ID}", json=decision)
    assert first.json() == marshal.patch(f"{LAPS}/{ID}", json=decision).json()
    stale = marshal.patch(f"{LAPS}/{ID}", json={"revision": 1, "is_valid": False})
    assert 409 == stale.status_code
    assert first.json() == stale.json()["current"]


def test_a_lap_is_claimed_for_a_driver_and_for_no_driver(marshal: httpx.Client) -> None:
    anna = marshal.post("/api/v1/drivers", json={"name": "Anna"}).json()["id"]
    claimed = marshal.patch(f"{LAPS}/{ID}", json={"revision": 1, "driver_id": anna}).json()
    assert ("Anna", anna, "claim") == (claimed["driver"], claimed["driver_id"], claimed["basis"])
    assert [ID] == [lap["id"] for lap in _listed(marshal, driver="Anna")]
    unclaimed = marshal.patch(f"{LAPS}/{ID}", json={"revision": 2, "driver_id": ""}).json()
    assert (None, None) == (unclaimed["driver"], unclaimed["driver_id"])


def test_only_the_time_of_a_typed_lap_can_be_changed(marshal: httpx.Client) -> None:
    refused = marshal.patch(f"{LAPS}/{ID}", json={"revision": 1, "time": "1:20.000"})
    assert (422, ["body.time"]) == (
        refused.status_code,
        [error["where"] for error in refused.json()["errors"]],
    )
    made = marshal.post(LAPS, json={"driver": "Anna", "time": "83.456"}).json()
    changed = marshal.patch(f"{LAPS}/{made['id']}", json={"revision": 1, "time": "1:20.000"}).json()
    assert (80_000, "1:20.000", 2) == (changed["lap_time_ms"], changed["typed"], changed["revision"])


def test_several_laps_are_deleted_together_or_not_at_all(marshal: httpx.Client) -> None:
    seen = [{"id": lap["id"], "revision": lap["revision"]} for lap in _listed(marshal)]
    stale = [*seen[:-1], {"id": seen[-1]["id"], "revision": 9}]
    assert 409 == marshal.post(f"{LAPS}/mark", json={"laps": stale, "is_deleted": True}).status_code
    assert [] == _listed(marshal, state="deleted")
    answer = marshal.post(f"{LAPS}/mark", json={"laps": seen, "is_deleted": True, "reason": "Wrong setup"})
    assert 200 == answer.status_code, answer.text
    assert [lap["id"] for lap in seen] == [lap["id"] for lap in answer.json()["items"]]
    assert len(seen) == len(_listed(marshal, state="deleted"))
    act = marshal.get("/api/v1/acts", params={"limit": "1"}).json()["items"][0]
    assert 200 == marshal.post(f"/api/v1/acts/{act['id']}/undo").status_code
    assert [] == _listed(marshal, state="deleted")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"revision": 1}, 422),
        ({"revision": 1, "reason": "Because"}, 422),
        ({"is_deleted": True}, 422),
        ({"revision": 0, "is_deleted": True}, 422),
        ({"revision": 2**40, "is_deleted": True}, 422),
        ({"revision": 1, "is_deleted": "yes"}, 422),
        ({"revision": 1, "driver_id": "nobody"}, 422),
        ({"revision": 1, "is_deleted": True, "state": "deleted"}, 422),
    ],
)
def test_an_invalid_decision_is_refused(marshal: httpx.Client, body: dict[str, Any], status: int) -> None:
    assert status == marshal.patch(f"{LAPS}/{ID}", json=body).status_code
    assert 1 == marshal.get(f"{LAPS}/{ID}").json()["revision"]


@pytest.mark.parametrize("lap_id", ["nothing", "%00", "%2e%2e", "x" * 399])
def test_an_unknown_lap_is_not_found(marshal: httpx.Client, lap_id: str) -> None:
    answer = marshal.patch(f"{LAPS}/{lap_id}", json={"revision": 1, "is_deleted": True})
    assert 404 == answer.status_code


def test_a_viewer_decides_nothing(world: World, marshal: httpx.Client) -> None:
    viewer = {"Authorization": f"Bearer {world.token(Role.VIEWER)}"}
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", LAPS, {"driver": "Anna", "time": "83.456"}),
        ("PATCH", f"{LAPS}/{ID}", {"revision": 1, "is_deleted": True}),
        ("POST", f"{LAPS}/mark", {"laps": [{"id": ID, "revision": 1}], "is_deleted": True}),
    ]
    for method, path, body in requests:
        assert 403 == marshal.request(method, path, json=body, headers=viewer).status_code


def test_screens_receive_a_marked_lap_as_the_list_has_it(marshal: httpx.Client) -> None:
    address = str(marshal.base_url).replace("http", "ws", 1).rstrip("/")
    with connect(f"{address}/ws", proxy=None) as screen:
        screen.send(json.dumps({"subscribe": ["events"]}))
        while "snapshot" not in str(screen.recv(timeout=60)):
            pass
        deleted = marshal.patch(f"{LAPS}/{ID}", json={"revision": 1, "is_deleted": True}).json()
        messages = receive_events(screen, 2)
    assert ["act_recorded", "lap_official"] == [message["event"] for message in messages]
    assert deleted == messages[1]["data"]
