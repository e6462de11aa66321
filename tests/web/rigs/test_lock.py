"""The lock of the rigs at the API: which addresses it admits by itself, who it names, what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.packets import Header, build, encode
from f1timings.rigs.registry import RigStatus
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

PATH = "/rig-lock"
RIG, GUEST = "192.168.1.23", "192.168.1.77"
Json = dict[str, Any]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path) as world:
        now = world.clock.now()
        world.statuses[RIG] = RigStatus(
            key=RIG,
            address=RIG,
            port=50_000,
            listen_port=20_777,
            first_received_at=now,
            last_received_at=now,
            packet_format=2025,
            session_uid=7,
            player_car_index=0,
        )
        yield world


@pytest.fixture
def marshal(world: World) -> Iterator[httpx.Client]:
    with serve(world.app) as address, client_of(world, address, Role.MARSHAL) as client:
        yield client


def client_of(world: World, address: str, role: Role) -> httpx.Client:
    return open_client(f"http://{address}/api/v1", {"Authorization": f"Bearer {world.token(role)}"})


def lock(client: httpx.Client, **body: Any) -> Json:
    answer = client.put(PATH, json={"version": client.get(PATH).json()["version"], "is_locked": True, **body})
    assert 200 == answer.status_code, answer.text
    locked: Json = answer.json()
    return locked


def test_at_first_every_address_may_send(marshal: httpx.Client) -> None:
    assert {"is_locked": False, "addresses": [], "version": 0, "strangers": []} == marshal.get(PATH).json()


def test_locking_admits_the_rigs_that_were_heard_in_a_day_or_those_that_are_given(
    world: World, marshal: httpx.Client
) -> None:
    now = world.clock.now()
    world.commit(records.rig("192.0.2.5"), at=now - 3600)
    world.commit(records.rig("192.0.2.6"), at=now - 2 * 86_400)
    locked = lock(marshal)
    assert (True, ["192.0.2.5", RIG]) == (locked["is_locked"], locked["addresses"])
    assert ["192.168.1.21"] == lock(marshal, addresses=["192.168.1.21"])["addresses"]
    unlocked = marshal.put(PATH, json={"version": marshal.get(PATH).json()["version"], "is_locked": False})
    assert (False, []) == (unlocked.json()["is_locked"], unlocked.json()["addresses"])


def test_a_stranger_is_named_with_the_rig_that_it_claims_and_is_admitted_by_one_request(
    world: World, marshal: httpx.Client
) -> None:
    lock(marshal)
    world.commit(records.rig(RIG))
    world.lock.admit_only([RIG])
    packet = build(2025, "motion", Header(2025, session_uid=7, frame_identifier=9))
    for _ in range(3):
        world.lock.refuse(encode(packet), GUEST, world.clock.now())
    (stranger,) = marshal.get(PATH).json()["strangers"]
    assert {"address": GUEST, "refused": 3, "is_game": True, "claims": {"rig": RIG, "label": "Rig 1"}} == {
        name: stranger[name] for name in ("address", "refused", "is_game", "claims")
    }
    headers = {"Idempotency-Key": "one"}
    for _ in range(2):
        admitted = marshal.post(f"{PATH}/addresses", json={"address": GUEST}, headers=headers)
        assert [RIG, GUEST] == admitted.json()["addresses"]
    assert 204 == marshal.delete(f"{PATH}/addresses/{GUEST}").status_code
    assert [RIG] == marshal.get(PATH).json()["addresses"]
    acts = marshal.get("/acts").json()["items"]
    undone = marshal.post(f"/acts/{acts[0]['id']}/undo")
    assert 200 == undone.status_code, undone.text
    assert [RIG, GUEST] == marshal.get(PATH).json()["addresses"]


def test_what_is_refused_has_a_reason_in_words(marshal: httpx.Client) -> None:
    def refusal(answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, answer.json()["refusal"]["code"]

    assert (409, "rig-lock-open") == refusal(marshal.post(f"{PATH}/addresses", json={"address": GUEST}))
    version = lock(marshal)["version"]
    older = marshal.put(PATH, json={"version": 0, "is_locked": True, "addresses": [GUEST]})
    assert (409, "changed-since") == refusal(older)
    assert (version, [RIG]) == (older.json()["current"]["version"], older.json()["current"]["addresses"])
    assert (422, "rig-lock-address") == refusal(marshal.post(f"{PATH}/addresses", json={"address": "third"}))
    assert (422, "rig-lock-last") == refusal(marshal.delete(f"{PATH}/addresses/{RIG}"))
    assert (404, "no-such-record") == refusal(marshal.delete(f"{PATH}/addresses/{GUEST}"))


def test_without_a_rig_there_is_nothing_to_lock(world: World, marshal: httpx.Client) -> None:
    world.statuses.clear()
    answer = marshal.put(PATH, json={"version": 0, "is_locked": True})
    assert (422, "rig-lock-empty") == (answer.status_code, answer.json()["refusal"]["code"])


def test_a_viewer_may_neither_read_nor_change_the_lock(world: World) -> None:
    with serve(world.app) as address, client_of(world, address, Role.VIEWER) as viewer:
        assert 403 == viewer.get(PATH).status_code
        assert 403 == viewer.put(PATH, json={"version": 0, "is_locked": False}).status_code
