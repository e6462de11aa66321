"""Rigs' names, who sits there, who waits: over the API, as marshal and as somebody at the rig."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.meeting.people import Driver
from f1timings.rigs.registry import RigStatus
from f1timings.store import Stamped
from f1timings.store.acts import drivers
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.web.rigs.qr import svg
from tests.web import records
from tests.web.world import World, open_world, serve

SIX = "fe80::1%eth0"
WRONG_PIN = "Nobody has this PIN or code; try again, or ask a marshal."
Json = dict[str, Any]


class Room:
    """Two rigs, one of them known by an IPv6 address and not stored yet; Ann and Ben; clients of the API."""

    def __init__(self, world: World, address: str) -> None:
        self.world = world
        self.address = address
        base = f"http://{address}/api/v1"
        token = {"Authorization": f"Bearer {world.token(Role.MARSHAL)}"}
        self.marshal = httpx.Client(base_url=base, trust_env=False, headers=token)
        self.anyone = httpx.Client(base_url=base, trust_env=False)
        world.commit(
            records.rig(),
            SessionChanged(records.session()),
            *(LapRecorded(records.lap(number, 83_000 + number)) for number in range(1, 4)),
        )
        now = time.time()
        world.statuses[SIX] = RigStatus(
            key=SIX,
            address=SIX,
            port=50_000,
            listen_port=20_777,
            first_received_at=now,
            last_received_at=now,
        )
        for name, pin in (("Ann", "1111"), ("Ben", "2222")):
            world.store.act("test", lambda desk, name=name, pin=pin: drivers.add(desk, name=name, pin=pin))  # type: ignore[misc]
        self.ann, self.ben = world.store.reads.list_records(Driver)

    def ask(
        self, method: str, path: str, body: Json | None = None, status: int = 200, key: str | None = None
    ) -> Any:
        """The marshal's request; its answer, which has this status."""
        headers = None if key is None else {"Idempotency-Key": key}
        answer = self.marshal.request(method, path, json=body, headers=headers)
        assert status == answer.status_code, answer.text
        return answer.json() if answer.content else None

    def take(self, rig: str, code: Json, status: int = 200, what: str = "take") -> httpx.Response:
        answer = self.anyone.post(f"/rigs/{quote(rig, safe='')}/{what}", json=code)
        assert status == answer.status_code, answer.text
        return answer

    def rig(self, key: str) -> Json:
        return next(one for one in self.ask("GET", "/rigs")["items"] if one["rig"] == key)

    def close(self) -> None:
        self.marshal.close()
        self.anyone.close()


@contextmanager
def open_room(folder: Path) -> Iterator[Room]:
    with open_world(folder) as world, serve(world.app) as address:
        room = Room(world, address)
        yield room
        room.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with open_room(tmp_path) as room:
        yield room


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room for those who are refused."""
    with open_room(tmp_path_factory.mktemp("unchanged")) as room:
        yield room


def assign(rig: str) -> str:
    return f"/rigs/{quote(rig, safe='')}/assign"


# Cards -------------------------------------------------------------------------------------------------


def test_a_newly_heard_rig_is_there_at_once_without_a_name_and_can_be_named(room: Room) -> None:
    assert (None, 0) == (room.rig(SIX)["name"], room.rig(SIX)["version"])

    named = room.ask("PATCH", f"/rigs/{quote(SIX, safe='')}", {"version": 0, "name": "Left", "place": 1})

    assert named == room.rig(SIX)
    assert ("Left", 1) == (named["name"], named["place"])


def test_a_stale_edit_of_a_rig_shows_what_is_there(room: Room) -> None:
    first = room.ask("PATCH", f"/rigs/{records.RIG}", {"version": 0, "name": "Left"})
    refused = room.ask("PATCH", f"/rigs/{records.RIG}", {"version": 0, "name": "Right"}, 409)
    assert ("Left", first["version"]) == (refused["current"]["name"], refused["current"]["version"])
    assert first == room.ask("PATCH", f"/rigs/{records.RIG}", {"version": 0, "name": "Left"})
    unnamed = room.ask("PATCH", f"/rigs/{records.RIG}", {"version": first["version"], "name": None})
    assert unnamed["name"] is None


@pytest.mark.parametrize("rig", ["10.9.9.9", "a:b", "::1", "..", "%00", "x" * 199, "nobody%2Fhere", "%2e%2e"])
def test_a_rig_that_nobody_heard_is_not_found(unchanged: Room, rig: str) -> None:
    body = {"driver_id": None}
    for method, path in (("POST", "assign"), ("PUT", "default-driver")):
        answer = unchanged.marshal.request(method, f"/rigs/{rig}/{path}", json=body)
        assert answer.status_code in (404, 405, 422), answer.text
        assert "application/problem+json" == answer.headers["content-type"]


# Assignments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rig", [records.RIG, SIX])
def test_a_driver_sits_at_a_rig(room: Room, rig: str) -> None:
    made = room.ask("POST", assign(rig), {"driver_id": room.ann.id})

    assert (rig, "Ann", None, False) == (made["rig"], made["driver"], made["until"], made["is_default"])
    driver = {
        "driver_id": room.ann.id,
        "name": "Ann",
        "since": made["since"],
        "assignment_id": made["id"],
        "is_default": False,
    }
    assert driver == room.rig(rig)["driver"]
    listed = room.ask("GET", f"/rigs/{quote(rig, safe='')}/assignments")
    assert {"items": [made], "next": None} == listed


def test_laps_are_renamed_from_the_lap_on_that_was_asked_for_and_else_never(room: Room) -> None:
    def names() -> list[str | None]:
        return [one["driver"] for one in room.ask("GET", "/laps?sort=lap_number&lap_number_gte=10")["items"]]

    began = time.time() - 600
    laps = [records.lap(number) for number in (10, 11, 12)]
    for number, lap in enumerate(laps):
        room.world.store.submit([Stamped(began + 90 * (number + 1), LapRecorded(lap), began + 90 * number)])
    room.world.store.flush()
    room.ask("POST", assign(records.RIG), {"driver_id": room.ann.id})
    assert [None, None, None] == names()

    made = room.ask("POST", assign(records.RIG), {"driver_id": room.ben.id, "from_lap": laps[1].id})

    assert made["driver"] == "Ben"
    assert [None, "Ben", "Ben"] == names()
    act = room.ask("GET", "/acts")["items"][0]
    room.ask("POST", f"/acts/{act['id']}/undo")
    assert [None, None, None] == names()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"driver_id": "none"},
        {"driver_id": ""},
        {"driver_id": "a\0b"},
        {"driver_id": 7},
        {"driver_id": None, "since": 1_795_000_000},
        {"driver_id": None, "since": "1795000000"},
        {"driver_id": None, "since": "2026-11-22T18:00:00"},
        {"driver_id": None, "since": "0001-01-01T00:00:00+14:00"},
        {"driver_id": None, "since": "9999-12-31T23:59:59-14:00"},
        {"driver_id": None, "since": "2026-11-22T18:00:00Z", "from_lap": "x"},
        {"driver_id": None, "unknown": 1},
    ],
)
def test_a_wrong_assignment_is_refused(unchanged: Room, wrong: Json) -> None:
    refused = unchanged.ask("POST", assign(records.RIG), wrong, 422)
    assert refused["errors"]
    assert unchanged.rig(records.RIG)["driver"] is None


def test_an_assignment_from_a_lap_that_is_none_is_not_found(unchanged: Room) -> None:
    for lap in ("none", "a\0b", "x" * 200):
        unchanged.ask("POST", assign(records.RIG), {"driver_id": None, "from_lap": lap}, 404)


def test_a_request_that_is_sent_again_answers_the_same_and_acts_once(room: Room) -> None:
    first = room.ask("POST", assign(records.RIG), {"driver_id": room.ann.id}, key="seat-1")
    room.ask("POST", assign(records.RIG), {"driver_id": room.ben.id})
    again = room.ask("POST", assign(records.RIG), {"driver_id": room.ann.id}, key="seat-1")

    assert first["id"] == again["id"]
    assert "Ben" == room.rig(records.RIG)["driver"]["name"]


def test_two_swap(room: Room) -> None:
    room.ask("POST", assign(records.RIG), {"driver_id": room.ann.id})
    room.ask("POST", assign(SIX), {"driver_id": room.ben.id})

    swapped = room.ask("POST", "/rigs/swap", {"rigs": [records.RIG, SIX]})

    assert ["Ben", "Ann"] == [one["driver"] for one in swapped["items"]]
    assert ["Ben", "Ann"] == [room.rig(rig)["driver"]["name"] for rig in (records.RIG, SIX)]
    room.ask("POST", "/rigs/swap", {"rigs": [SIX, SIX]}, 422)
    room.ask("POST", "/rigs/swap", {"rigs": [SIX]}, 422)
    room.ask("POST", "/rigs/swap", {"rigs": [SIX, "none"]}, 404)


def test_a_default_driver_drives_until_somebody_else_is_assigned(room: Room) -> None:
    rig = room.ask("PUT", f"/rigs/{records.RIG}/default-driver", {"driver_id": room.ann.id})
    assert ("Ann", True) == (rig["driver"]["name"], rig["driver"]["is_default"])
    assert {"driver_id": room.ann.id, "name": "Ann"} == rig["default_driver"]
    (usual,) = room.ask("GET", f"/rigs/{records.RIG}/assignments?is_default=true")["items"]
    first_seen_at = room.world.store.reads.list_rigs().items[0].first_seen_at
    assert first_seen_at == datetime.fromisoformat(usual["since"])
    assert {"Ann"} == {one["driver"] for one in room.ask("GET", "/laps")["items"]}

    room.take(records.RIG, {"pin": "2222"})
    assert "Ben" == room.rig(records.RIG)["driver"]["name"]


# PINs and codes ----------------------------------------------------------------------------------------


def test_anyone_takes_a_rig_with_a_pin_or_a_token_and_leaves_it(room: Room) -> None:
    taken = room.take(SIX, {"pin": "1111"}).json()
    assert ("Ann", "driver's own code") == (taken["driver"], taken["by"])
    room.take(records.RIG, {"token": room.ann.token})
    assert room.rig(SIX)["driver"] is None
    room.take(records.RIG, {"token": room.ann.token}, 204, "leave")
    assert room.rig(records.RIG)["driver"] is None


def test_a_wrong_pin_and_a_wrong_token_are_answered_alike(room: Room) -> None:
    answers = [
        room.take(records.RIG, code, 404, what).json()
        for code in ({"pin": "9999"}, {"token": "x" * 22})
        for what in ("take", "leave")
    ]
    assert {WRONG_PIN} == {one["detail"] for one in answers}


@pytest.mark.parametrize(
    "code",
    [
        {},
        {"pin": "1" * 300},
        {"pin": "١٢٣٤"},
        {"pin": 1111},
        {"pin": "1111", "token": "x" * 22},
        {"token": "a\0bcdefgh"},
    ],
)
def test_what_is_no_pin_is_refused_without_looking(unchanged: Room, code: Json) -> None:
    unchanged.take(records.RIG, code, 422)


def test_whoever_guesses_must_wait_and_others_need_not(room: Room) -> None:
    tries = [
        room.anyone.post(f"/rigs/{records.RIG}/take", json={"pin": f"{n:04}"}) for n in range(3000, 3008)
    ]
    assert [404] * 5 == [one.status_code for one in tries[:5]]
    assert {429} == {one.status_code for one in tries[5:]}
    assert 0 < int(tries[-1].headers["retry-after"]) <= 900
    # Even the right one must wait here, so that guessing tells nothing; at another rig it is taken.
    room.take(records.RIG, {"pin": "1111"}, 429)
    room.take(SIX, {"pin": "1111"})


def test_right_ones_are_never_throttled(room: Room) -> None:
    for _ in range(30):
        room.take(records.RIG, {"pin": "1111"})


# The queue ---------------------------------------------------------------------------------------------


def queue(room: Room) -> list[tuple[str, str, int | None]]:
    return [(one["driver"], one["state"], one["place"]) for one in room.ask("GET", "/queue")["items"]]


def test_the_queue_from_joining_to_being_done(room: Room) -> None:
    ann = room.ask("POST", "/queue", {"driver_id": room.ann.id}, 201)
    ben = room.ask("POST", "/queue", {"driver_id": room.ben.id, "place": 1}, 201)
    assert [("Ben", "waiting", 1), ("Ann", "waiting", 2)] == queue(room)

    called = room.ask("POST", "/queue/next", {"rig": SIX}, key="next-1")
    assert called == room.ask("POST", "/queue/next", {"rig": SIX}, key="next-1")
    assert ("Ben", SIX) == (called["driver"], called["rig"])
    assert "Ben" == room.rig(SIX)["driver"]["name"]

    room.ask("PATCH", f"/queue/{ben['id']}", {"version": called["version"], "state": "waiting"})
    assert [("Ann", "waiting", 1), ("Ben", "waiting", 2)] == queue(room)
    assert room.rig(SIX)["driver"] is None

    stale = room.ask("PATCH", f"/queue/{ben['id']}", {"version": called["version"], "place": 1}, 409)
    assert "Ben" == stale["current"]["driver"]
    done = room.ask("PATCH", f"/queue/{ann['id']}", {"version": ann["version"], "state": "done"})
    assert ("done", None) == (done["state"], done["place"])
    room.ask("DELETE", f"/queue/{ben['id']}?version={stale['current']['version']}", status=204)
    assert [] == queue(room)
    room.ask("POST", "/queue/next", {"rig": SIX}, 409)


def test_a_call_is_undone_with_the_seat(room: Room) -> None:
    room.ask("POST", "/queue", {"driver_id": room.ann.id}, 201)
    room.ask("POST", "/queue/next", {"rig": SIX})
    act = room.ask("GET", "/acts")["items"][0]
    assert "queue_called" == act["kind"]
    room.ask("POST", f"/acts/{act['id']}/undo")
    assert [("Ann", "waiting", 1)] == queue(room)
    assert room.rig(SIX)["driver"] is None


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/queue", {"driver_id": "none"}, 422),
        ("POST", "/queue", {"driver_id": "x", "place": 0}, 422),
        ("POST", "/queue/next", {"rig": "none"}, 404),
        ("POST", "/queue/next", {"rig": "a\0"}, 422),
        ("PATCH", "/queue/none", {"version": 1, "place": 1}, 404),
        ("PATCH", "/queue/%00", {"version": 1, "place": 1}, 422),
        ("PATCH", "/queue/none", {"version": 1, "state": "called"}, 422),
        ("DELETE", "/queue/none", None, 404),
        ("DELETE", "/queue/none?version=x", None, 422),
        ("GET", "/queue?driver=Ann", None, 422),
    ],
)
def test_what_the_queue_does_not_know_is_refused(
    unchanged: Room, method: str, path: str, body: Json | None, status: int
) -> None:
    unchanged.ask(method, path, body, status)


# QR codes ----------------------------------------------------------------------------------------------


def test_the_code_of_a_rig_leads_to_its_page_at_the_address_that_the_client_used(unchanged: Room) -> None:
    answer = unchanged.anyone.get(f"/rigs/{quote(SIX, safe='')}/qr.svg")
    assert (200, "image/svg+xml") == (answer.status_code, answer.headers["content-type"].partition(";")[0])
    assert svg(f"http://{unchanged.address}/me?rig=fe80%3A%3A1%25eth0") == answer.content


def test_the_code_of_a_driver_is_for_marshals(unchanged: Room) -> None:
    answer = unchanged.marshal.get(f"/drivers/{unchanged.ann.id}/qr.svg")
    assert svg(f"http://{unchanged.address}/me?token={unchanged.ann.token}") == answer.content
    assert "no-store" == answer.headers["cache-control"]
    assert 401 == unchanged.anyone.get(f"/drivers/{unchanged.ann.id}/qr.svg").status_code
    assert 404 == unchanged.marshal.get("/drivers/none/qr.svg").status_code
    assert 404 == unchanged.marshal.get("/rigs/none/qr.svg").status_code


def test_a_code_has_neither_style_nor_script_nor_anything_from_elsewhere() -> None:
    drawn = svg("http://192.168.1.5:8080/me?rig=192.168.1.21").decode()
    root = ElementTree.fromstring(drawn)
    names = {name for one in root.iter() for name in one.attrib}
    assert names <= {"viewBox", "d", "fill", "stroke", "transform"}
    assert {"svg", "path"} == {re.sub(r"\{.*\}", "", one.tag) for one in root.iter()}


# Who may ------------------------------------------------------------------------------------------------


def test_who_is_not_known_looks_and_changes_nothing(unchanged: Room) -> None:
    assert 200 == unchanged.anyone.get("/queue").status_code
    assert 200 == unchanged.anyone.get(f"/rigs/{records.RIG}/assignments").status_code
    changes: list[tuple[str, str, Json]] = [
        ("POST", assign(records.RIG), {"driver_id": None}),
        ("PATCH", f"/rigs/{records.RIG}", {"version": 0, "name": "Left"}),
        ("POST", "/queue", {"driver_id": unchanged.ann.id}),
        ("POST", "/queue/next", {"rig": SIX}),
    ]
    for method, path, body in changes:
        assert 401 == unchanged.anyone.request(method, path, json=body).status_code
