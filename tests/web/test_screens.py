"""The list of connected screens, and the command by which a marshal reloads one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from f1timings.access.roles import Role
from f1timings.web.screens import SCREEN, ConnectedScreenBody
from tests.waiting import LONGEST_WAIT_S
from tests.web.world import World, open_client, open_world, serve

REPORTED = {"name": "TV <img onerror>", "page": "/display", "code": "KXQT"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[World, str]]:
    with open_world(tmp_path) as world, serve(world.app) as address:
        yield world, address


def api(served: tuple[World, str], role: Role = Role.MARSHAL) -> httpx.Client:
    world, address = served
    headers = {"Authorization": f"Bearer {world.token(role)}"}
    return open_client(f"http://{address}/api/v1", headers)


def test_a_screen_that_reports_its_name_is_listed_and_can_be_reloaded(served: tuple[World, str]) -> None:
    _, address = served
    with connect(f"ws://{address}/ws", proxy=None) as screen, api(served) as client:
        screen.send(json.dumps({"subscribe": ["events"], "screen": REPORTED}))
        assert "hello" in json.loads(screen.recv(timeout=LONGEST_WAIT_S))
        (listed,) = client.get("/screens").json()["items"]
        assert {name: listed[name] for name in REPORTED} == REPORTED
        assert (listed["address"], listed["views"], listed["skipped"]) == ("127.0.0.1", ["events"], 0)
        answer = client.post(f"/screens/{listed['id']}/reload")
        assert (answer.status_code, answer.json()) == (200, {"id": listed["id"], "command": "reload"})
        while {"command": "reload"} != json.loads(screen.recv(timeout=LONGEST_WAIT_S)):
            pass  # The snapshot and heartbeats come before it.


def test_a_connection_without_a_subscription_is_not_listed(served: tuple[World, str]) -> None:
    _, address = served
    with connect(f"ws://{address}/ws", proxy=None), api(served) as client:
        assert client.get("/screens").json() == {"items": [], "next": None}


def test_reloading_an_unknown_screen_is_not_found(served: tuple[World, str]) -> None:
    with api(served) as client:
        answer = client.post("/screens/unknown/reload")
    assert answer.status_code == 404
    assert "GET /api/v1/screens" in answer.json()["detail"]


def test_a_viewer_may_neither_list_nor_reload_screens(served: tuple[World, str]) -> None:
    with api(served, Role.VIEWER) as client:
        assert [client.get("/screens").status_code, client.post("/screens/x/reload").status_code] == [
            403,
            403,
        ]


def test_the_example_in_the_documentation_is_a_valid_screen() -> None:
    assert ConnectedScreenBody.model_validate(SCREEN).model_dump(mode="json") == SCREEN
