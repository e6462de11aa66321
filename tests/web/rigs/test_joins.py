"""Joining rigs at the API: who may, what it answers and refuses, and what it announces."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from f1timings.access.roles import Role
from f1timings.rigs.registry import RigStatus
from f1timings.timing.events import LapRecorded, SessionChanged
from tests.waiting import LONGEST_WAIT_S
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

OLD, NEW, UNKNOWN = "192.0.2.21", "192.0.2.34", "192.0.2.99"
Json = dict[str, Any]


class Office:
    """Two rigs with a lap each, a marshal and an anonymous client."""

    def __init__(self, world: World, address: str) -> None:
        self.world = world
        self.socket = f"ws://{address}/ws"
        base = f"http://{address}/api/v1"
        token = {"Authorization": f"Bearer {world.token(Role.MARSHAL)}"}
        self.marshal = open_client(base, token)
        self.anonymous = open_client(base)
        for uid, key in enumerate((OLD, NEW), 1):
            session = records.session(uid, key)
            lap = records.lap(1, 80_000 + uid, session=session)
            world.commit(records.rig(key), SessionChanged(session), LapRecorded(lap))

    def heard(self, key: str, seconds_ago: float) -> None:
        now = time.time()
        self.world.statuses[key] = RigStatus(
            key=key,
            address=key,
            port=50_000,
            listen_port=20_777,
            first_received_at=now - 1000,
            last_received_at=now - seconds_ago,
        )

    def join(self, rig: str = NEW, into: str = OLD, version: int = 0) -> httpx.Response:
        return self.marshal.post(f"/rigs/{rig}/join", json={"into": into, "version": version})

    def rigs(self) -> list[Json]:
        items: list[Json] = self.anonymous.get("/rigs").json()["items"]
        return items


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_world(tmp_path) as world, serve(world.app) as address:
        opened = Office(world, address)
        yield opened
        opened.marshal.close()
        opened.anonymous.close()


def test_the_answer_is_the_rig_that_remains_with_the_joined_rig_and_the_act_to_undo(office: Office) -> None:
    joined = office.join()

    act = office.marshal.get("/acts").json()["items"][0]
    assert (200, OLD) == (joined.status_code, joined.json()["rig"])
    assert [{"rig": NEW, "label": "Rig 2", "act_id": act["id"]}] == joined.json()["joined"]
    assert ("rigs_joined", NEW) == (act["kind"], act["subject"])
    assert [OLD] == [rig["rig"] for rig in office.rigs()]


def test_the_key_of_the_joined_rig_means_the_rig_that_remains(office: Office) -> None:
    driver = office.marshal.post("/drivers", json={"name": "Ann"}).json()["id"]
    office.join()

    seat = office.marshal.post(f"/rigs/{NEW}/assign", json={"driver_id": driver}).json()

    assert OLD == seat["rig"]
    assert [OLD] == [each["rig"] for each in office.anonymous.get(f"/rigs/{NEW}/assignments").json()["items"]]
    assert 2 == len(office.anonymous.get("/laps", params={"rig": NEW}).json()["items"])
    assert [OLD] * 2 == [lap["rig"] for lap in office.anonymous.get("/laps").json()["items"]]
    csv = office.anonymous.get("/laps", headers={"Accept": "text/csv"}).text
    assert 2 == csv.count(f",{OLD},")
    assert OLD == office.marshal.patch(f"/rigs/{NEW}", json={"version": 0, "name": "Left"}).json()["rig"]


def test_undoing_it_gives_both_rigs_again(office: Office) -> None:
    act_id = office.join().json()["joined"][0]["act_id"]

    undone = office.marshal.post(f"/acts/{act_id}/undo")

    assert 200 == undone.status_code
    assert [(OLD, []), (NEW, [])] == [(rig["rig"], rig["joined"]) for rig in office.rigs()]


def test_the_status_is_that_of_the_key_that_sends(office: Office) -> None:
    office.heard(OLD, 500)
    office.heard(NEW, -60)
    office.join()

    (rig,) = office.rigs()

    assert (OLD, NEW, True) == (rig["rig"], rig["address"], rig["is_live"])
    assert "sends_twice" not in rig["hints"]


def test_rigs_that_send_at_the_same_time_are_refused(office: Office) -> None:
    office.heard(OLD, -60)
    office.heard(NEW, -60)

    refused = office.join()

    assert 409 == refused.status_code
    assert "Rig 2 and Rig 1 send at the same time, so they are two rigs." == refused.json()["detail"]


def test_joined_rigs_that_both_send_later_have_a_hint(office: Office) -> None:
    office.join()
    office.heard(OLD, -60)
    office.heard(NEW, -60)

    (rig,) = office.rigs()

    assert "sends_twice" in rig["hints"]


def test_a_request_that_is_sent_twice_joins_once(office: Office) -> None:
    body, headers = {"into": OLD, "version": 0}, {"Idempotency-Key": "4f0c1e"}
    answers = [office.marshal.post(f"/rigs/{NEW}/join", json=body, headers=headers) for _ in range(2)]

    assert [(200, OLD)] * 2 == [(answer.status_code, answer.json()["rig"]) for answer in answers]
    assert 1 == len(office.marshal.get("/acts", params={"kind": "rigs_joined"}).json()["items"])


def test_unknown_rigs_older_versions_and_anonymous_users_are_refused(office: Office) -> None:
    office.marshal.patch(f"/rigs/{NEW}", json={"version": 0, "name": "Bar"})

    assert 404 == office.join(rig=UNKNOWN).status_code
    assert 404 == office.join(into=UNKNOWN).status_code
    assert 422 == office.join(rig=OLD, into=OLD).status_code
    older = office.join()
    assert (409, NEW) == (older.status_code, older.json()["current"]["rig"])
    assert 401 == office.anonymous.post(f"/rigs/{NEW}/join", json={"into": OLD, "version": 0}).status_code


def test_screens_receive_the_act_and_the_laps(office: Office) -> None:
    with connect(office.socket, proxy=None) as connection:
        connection.send('{"subscribe": ["events"]}')
        received = [json.loads(connection.recv(timeout=LONGEST_WAIT_S)) for _ in range(2)]
        office.join()
        while not any("lap_official" == message.get("event") for message in received):
            received.append(json.loads(connection.recv(timeout=LONGEST_WAIT_S)))
    events = [message for message in received if "event" in message]

    assert ("act_recorded", "rigs_joined") == (events[0]["event"], events[0]["data"]["kind"])
    assert [{"kind": "rig", "id": NEW}] == events[0]["data"]["changed"]
    assert ("lap_official", OLD) == (events[1]["event"], events[1]["data"]["rig"])
