"""The list of connected screens, and that a marshal can let one load anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from f1timings.access.roles import Role
from f1timings.web.screens import SCREEN, ConnectedScreenBody
from tests.web.world import World, open_world, serve

SAYS = {"name": "TV <img onerror>", "page": "/display", "code": "KXQT"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[World, str]]:
    with open_world(tmp_path) as world, serve(world.app) as address:
        yield world, address


def api(served: tuple[World, str], role: Role = Role.MARSHAL) -> httpx.Client:
    world, address = served
    headers = {"Authorization": f"Bearer {world.token(role)}"}
    return httpx.Client(base_url=f"http://{address}/api/v1", headers=headers, trust_env=False)


def test_a_screen_that_says_who_it_is_is_listed_and_told_to_reload(served: tuple[World, str]) -> None:
    _, address = served
    with connect(f"ws://{address}/ws", proxy=None) as screen, api(served) as client:
        screen.send(json.dumps({"subscribe": ["events"], "screen": SAYS}))
        assert "hello" in json.loads(screen.recv(timeout=5))
        (listed,) = client.get("/screens").json()["items"]
        assert {name: listed[name] for name in SAYS} == SAYS
        assert (listed["address"], listed["views"], listed["skipped"]) == ("127.0.0.1", ["events"], 0)
        told = client.post(f"/screens/{listed['id']}/reload")
        assert (told.status_code, told.json()) == (200, {"id": listed["id"], "command": "reload"})
        heard: list[Any] = [json.loads(screen.recv(timeout=5)) for _ in range(2)]
        assert {"command": "reload"} in heard


def test_a_connection_that_follows_nothing_is_no_screen(served: tuple[World, str]) -> None:
    _, address = served
    with connect(f"ws://{address}/ws", proxy=None), api(served) as client:
        assert client.get("/screens").json() == {"items": [], "next": None}


def test_a_screen_that_is_not_there_cannot_reload(served: tuple[World, str]) -> None:
    with api(served) as client:
        answer = client.post("/screens/nobody/reload")
    assert answer.status_code == 404
    assert "GET /api/v1/screens" in answer.json()["detail"]


def test_a_viewer_sees_no_screens(served: tuple[World, str]) -> None:
    with api(served, Role.VIEWER) as client:
        assert [client.get("/screens").status_code, client.post("/screens/x/reload").status_code] == [
            403,
            403,
        ]


def test_the_example_is_a_screen() -> None:
    assert ConnectedScreenBody.model_validate(SCREEN).model_dump(mode="json") == SCREEN
