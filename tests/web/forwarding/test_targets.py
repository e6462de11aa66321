"""The targets of forwarding in the API: stored, refused in words, in the log of acts, for admins only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.meeting.room.forwarding import MOST_TARGETS
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

PATH = "/forward-targets"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path) as world:
        yield world


@pytest.fixture
def admin(world: World) -> Iterator[httpx.Client]:
    with serve(world.app) as address, client_of(world, address, Role.ADMIN) as client:
        yield client


def client_of(world: World, address: str, role: Role) -> httpx.Client:
    headers = {"Authorization": f"Bearer {world.token(role)}"}
    return open_client(f"http://{address}/api/v1", headers)


def add(client: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = client.post(PATH, json={"host": "192.168.1.31", "port": 20778, **body})
    assert 201 == answer.status_code, answer.text
    added: dict[str, Any] = answer.json()
    return added


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["refusal"]["code"]


def test_a_target_is_added_changed_and_removed_and_the_log_of_acts_says_so(
    world: World, admin: httpx.Client
) -> None:
    world.commit(records.rig())
    rig = records.rig().key
    added = add(admin, rig=rig)
    assert ("192.168.1.31", 20778, rig, True, "looking") == tuple(
        added[name] for name in ("host", "port", "rig", "is_on", "state")
    )
    path, version = f"{PATH}/{added['id']}", added["version"]
    off = admin.patch(path, json={"version": version, "is_on": False}).json()
    assert (False, "off") == (off["is_on"], off["state"])
    moved = admin.patch(path, json={"version": off["version"], "rig": None, "host": "Tool-PC"}).json()
    assert (None, "tool-pc", [moved]) == (moved["rig"], moved["host"], admin.get(PATH).json()["items"])
    assert 204 == admin.delete(path).status_code
    assert [] == admin.get(PATH).json()["items"]
    acts = admin.get("/acts").json()["items"]
    assert [
        "Telemetry is no longer sent on to tool-pc:20778.",
        "Sending on to tool-pc:20778 was changed.",
        "Sending on to 192.168.1.31:20778 was switched off.",
        "Telemetry of Rig 1 is sent on to 192.168.1.31:20778.",
    ] == [act["summary"] for act in acts]
    assert not any(act["can_undo"] for act in acts)


def test_what_would_go_in_a_circle_or_to_many_or_out_of_the_house_is_refused(
    world: World, admin: httpx.Client
) -> None:
    own = world.forwarding_port
    for body, code in (
        ({"host": "127.0.0.1", "port": own}, "forward-own-port"),
        ({"host": "localhost", "port": own}, "forward-own-port"),
        ({"host": "239.1.1.1"}, "forward-no-single-receiver"),
        ({"host": "255.255.255.255"}, "forward-no-single-receiver"),
        ({"host": "8.8.8.8"}, "forward-internet"),
        ({"host": "http://example.org"}, "forward-host"),
        ({"host": "a b"}, "forward-host"),
    ):
        answer = admin.post(PATH, json={"port": 20778, **body})
        assert (422, code) == refusal(answer), body
    assert [] == admin.get(PATH).json()["items"]
    add(admin, host="8.8.8.8", allows_internet=True)
    kept = add(admin)
    answer = admin.patch(f"{PATH}/{kept['id']}", json={"version": kept["version"], "host": "8.8.4.4"})
    assert (422, "forward-internet") == refusal(answer)


def test_nobody_gets_a_datagram_twice_and_the_number_of_targets_is_bounded(
    world: World, admin: httpx.Client
) -> None:
    world.commit(records.rig())
    add(admin)
    again = admin.post(PATH, json={"host": "192.168.1.31", "port": 20778, "rig": records.rig().key})
    assert (422, "forward-target-exists") == refusal(again)
    for number in range(MOST_TARGETS - 1):
        add(admin, port=30_000 + number)
    assert (409, "forward-targets-full") == refusal(admin.post(PATH, json={"host": "10.0.0.1", "port": 1}))


def test_an_edit_of_a_target_that_has_changed_gets_it_as_it_is(admin: httpx.Client) -> None:
    added = add(admin)
    path = f"{PATH}/{added['id']}"
    admin.patch(path, json={"version": added["version"], "port": 20779})
    answer = admin.patch(path, json={"version": added["version"], "port": 20780})
    assert (409, 20779) == (answer.status_code, answer.json()["current"]["port"])


def test_unknown_rigs_and_targets_are_not_found(admin: httpx.Client) -> None:
    assert 404 == admin.post(PATH, json={"host": "10.0.0.1", "port": 1, "rig": "10.9.9.9"}).status_code
    assert 404 == admin.patch(f"{PATH}/none", json={"version": 1}).status_code
    assert 404 == admin.delete(f"{PATH}/none").status_code


def test_a_marshal_may_neither_see_nor_change_targets(world: World) -> None:
    with serve(world.app) as address, client_of(world, address, Role.MARSHAL) as marshal:
        assert 403 == marshal.get(PATH).status_code
        assert 403 == marshal.post(PATH, json={"host": "10.0.0.1", "port": 1}).status_code
