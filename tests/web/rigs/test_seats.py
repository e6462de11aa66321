"""Cards, assignments, seats by PIN, the queue and QR codes at the API, as a marshal and anonymously."""

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
from f1timings.web.rigs.qr import build_svg, host_for_devices
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

IPV6_RIG = "fe80::1%eth0"
WRONG_PIN = "No driver has this PIN or code; try again, or ask a marshal."
Json = dict[str, Any]


class Seats:
    """Two rigs, one with an IPv6 address that is not stored yet; two drivers, Ann and Ben; two clients."""

    def __init__(self, world: World, address: str) -> None:
        self.world = world
        self.address = address
        base = f"http://{address}/api/v1"
        token = {"Authorization": f"Bearer {world.token(Role.MARSHAL)}"}
        self.marshal = open_client(base, token)
        self.anonymous = open_client(base)
        world.commit(
            records.rig(),
            SessionChanged(records.session()),
            *(LapRecorded(records.lap(number, 83_000 + number)) for number in range(1, 4)),
        )
        now = time.time()
        world.statuses[IPV6_RIG] = RigStatus(
            key=IPV6_RIG,
            address=IPV6_RIG,
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
        """Send a request as the marshal and return the answer, which must have this status."""
        headers = None if key is None else {"Idempotency-Key": key}
        answer = self.marshal.request(method, path, json=body, headers=headers)
        assert status == answer.status_code, answer.text
        return answer.json() if answer.content else None

    def take(self, rig: str, code: Json, status: int = 200, what: str = "take") -> httpx.Response:
        answer = self.anonymous.post(f"/rigs/{quote(rig, safe='')}/{what}", json=code)
        assert status == answer.status_code, answer.text
        return answer

    def rig(self, key: str) -> Json:
        return next(rig for rig in self.ask("GET", "/rigs")["items"] if rig["rig"] == key)

    def close(self) -> None:
        self.marshal.close()
        self.anonymous.close()


@contextmanager
def open_seats(folder: Path) -> Iterator[Seats]:
    with open_world(folder) as world, serve(world.app) as address:
        seats = Seats(world, address)
        yield seats
        seats.close()


@pytest.fixture
def seats(tmp_path: Path) -> Iterator[Seats]:
    with open_seats(tmp_path) as seats:
        yield seats


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seats]:
    """A server for requests that are refused, so that tests can share it."""
    with open_seats(tmp_path_factory.mktemp("unchanged")) as seats:
        yield seats


def assign(rig: str) -> str:
    return f"/rigs/{quote(rig, safe='')}/assign"


# Cards -------------------------------------------------------------------------------------------------


def test_a_new_rig_is_listed_without_a_name_and_can_be_named(seats: Seats) -> None:
    assert (None, 0) == (seats.rig(IPV6_RIG)["name"], seats.rig(IPV6_RIG)["version"])

    named = seats.ask(
        "PATCH", f"/rigs/{quote(IPV6_RIG, safe='')}", {"version": 0, "name": "Left", "place": 1}
    )

    assert named == seats.rig(IPV6_RIG)
    assert ("Left", 1) == (named["name"], named["place"])


def test_an_outdated_edit_of_a_rig_is_refused_with_the_current_card(seats: Seats) -> None:
    first = seats.ask("PATCH", f"/rigs/{records.RIG}", {"version": 0, "name": "Left"})
    refused = seats.ask("PATCH", f"/rigs/{records.RIG}", {"version": 0, "name": "Right"}, 409)
    assert ("Left", first["version"]) == (refused["current"]["name"], refused["current"]["version"])
    assert first == seats.ask("PATCH", f"/rigs/{records.RIG}", {"version": 0, "name": "Left"})
    unnamed = seats.ask("PATCH", f"/rigs/{records.RIG}", {"version": first["version"], "name": None})
    assert unnamed["name"] is None


@pytest.mark.parametrize("rig", ["10.9.9.9", "a:b", "::1", "..", "%00", "x" * 199, "none%2Fhere", "%2e%2e"])
def test_an_unknown_rig_is_not_found(unchanged: Seats, rig: str) -> None:
    body = {"driver_id": None}
    for method, path in (("POST", "assign"), ("PUT", "default-driver")):
        answer = unchanged.marshal.request(method, f"/rigs/{rig}/{path}", json=body)
        assert answer.status_code in (404, 405, 422), answer.text
        assert "application/problem+json" == answer.headers["content-type"]


# Assignments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rig", [records.RIG, IPV6_RIG])
def test_a_driver_is_assigned_to_a_rig(seats: Seats, rig: str) -> None:
    made = seats.ask("POST", assign(rig), {"driver_id": seats.ann.id})

    assert (rig, "Ann", None, False) == (made["rig"], made["driver"], made["until"], made["is_default"])
    driver = {
        "driver_id": seats.ann.id,
        "name": "Ann",
        "since": made["since"],
        "assignment_id": made["id"],
        "is_default": False,
    }
    assert driver == seats.rig(rig)["driver"]
    listed = seats.ask("GET", f"/rigs/{quote(rig, safe='')}/assignments")
    assert {"items": [made], "next": None} == listed


def test_past_laps_change_only_from_the_requested_lap_on(seats: Seats) -> None:
    def names() -> list[str | None]:
        return [lap["driver"] for lap in seats.ask("GET", "/laps?sort=lap_number&lap_number_gte=10")["items"]]

    began = time.time() - 600
    laps = [records.lap(number) for number in (10, 11, 12)]
    for number, lap in enumerate(laps):
        seats.world.store.submit([Stamped(began + 90 * (number + 1), LapRecorded(lap), began + 90 * number)])
    seats.world.store.flush()
    seats.ask("POST", assign(records.RIG), {"driver_id": seats.ann.id})
    assert [None, None, None] == names()

    made = seats.ask("POST", assign(records.RIG), {"driver_id": seats.ben.id, "from_lap": laps[1].id})

    assert made["driver"] == "Ben"
    assert [None, "Ben", "Ben"] == names()
    act = seats.ask("GET", "/acts")["items"][0]
    seats.ask("POST", f"/acts/{act['id']}/undo")
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
def test_a_wrong_assignment_is_refused(unchanged: Seats, wrong: Json) -> None:
    refused = unchanged.ask("POST", assign(records.RIG), wrong, 422)
    assert refused["errors"]
    assert unchanged.rig(records.RIG)["driver"] is None


def test_an_assignment_from_an_unknown_lap_is_not_found(unchanged: Seats) -> None:
    for lap in ("none", "a\0b", "x" * 200):
        unchanged.ask("POST", assign(records.RIG), {"driver_id": None, "from_lap": lap}, 404)


def test_a_request_that_is_sent_twice_has_the_same_answer_and_acts_once(seats: Seats) -> None:
    first = seats.ask("POST", assign(records.RIG), {"driver_id": seats.ann.id}, key="seat-1")
    seats.ask("POST", assign(records.RIG), {"driver_id": seats.ben.id})
    again = seats.ask("POST", assign(records.RIG), {"driver_id": seats.ann.id}, key="seat-1")

    assert first["id"] == again["id"]
    assert "Ben" == seats.rig(records.RIG)["driver"]["name"]


def test_two_drivers_swap_rigs(seats: Seats) -> None:
    seats.ask("POST", assign(records.RIG), {"driver_id": seats.ann.id})
    seats.ask("POST", assign(IPV6_RIG), {"driver_id": seats.ben.id})

    swapped = seats.ask("POST", "/rigs/swap", {"rigs": [records.RIG, IPV6_RIG]})

    assert ["Ben", "Ann"] == [assignment["driver"] for assignment in swapped["items"]]
    assert ["Ben", "Ann"] == [seats.rig(rig)["driver"]["name"] for rig in (records.RIG, IPV6_RIG)]
    seats.ask("POST", "/rigs/swap", {"rigs": [IPV6_RIG, IPV6_RIG]}, 422)
    seats.ask("POST", "/rigs/swap", {"rigs": [IPV6_RIG]}, 422)
    seats.ask("POST", "/rigs/swap", {"rigs": [IPV6_RIG, "none"]}, 404)


def test_a_default_driver_counts_until_another_driver_is_assigned(seats: Seats) -> None:
    rig = seats.ask("PUT", f"/rigs/{records.RIG}/default-driver", {"driver_id": seats.ann.id})
    assert ("Ann", True) == (rig["driver"]["name"], rig["driver"]["is_default"])
    assert {"driver_id": seats.ann.id, "name": "Ann"} == rig["default_driver"]
    (usual,) = seats.ask("GET", f"/rigs/{records.RIG}/assignments?is_default=true")["items"]
    first_seen_at = seats.world.store.reads.list_rigs().items[0].first_seen_at
    assert first_seen_at == datetime.fromisoformat(usual["since"])
    assert {"Ann"} == {lap["driver"] for lap in seats.ask("GET", "/laps")["items"]}

    seats.take(records.RIG, {"pin": "2222"})
    assert "Ben" == seats.rig(records.RIG)["driver"]["name"]


@pytest.mark.parametrize(("keep", "driver"), [({}, None), ({"keep_seats": True}, "Ann")])
def test_drivers_leave_their_rigs_when_a_meeting_opens_unless_they_are_kept(
    seats: Seats, keep: Json, driver: str | None
) -> None:
    def driver_after(path: str, body: Json, status: int) -> str | None:
        seats.ask("POST", assign(records.RIG), {"driver_id": seats.ann.id})
        seats.ask("POST", path, body | keep, status)
        shown = seats.rig(records.RIG)["driver"]
        return None if shown is None else str(shown["name"])

    first = seats.ask("GET", "/meeting")["id"]
    assert driver == driver_after("/meetings", {"name": "Cup"}, 201)
    version = seats.ask("GET", f"/meetings/{first}")["version"]
    assert driver == driver_after(f"/meetings/{first}/open", {"version": version}, 200)


# PINs and codes ----------------------------------------------------------------------------------------


def test_an_anonymous_person_takes_a_seat_with_a_pin_or_a_token_and_leaves_it(seats: Seats) -> None:
    taken = seats.take(IPV6_RIG, {"pin": "1111"}).json()
    assert ("Ann", "driver's own code") == (taken["driver"], taken["by"])
    seats.take(records.RIG, {"token": seats.ann.token})
    assert seats.rig(IPV6_RIG)["driver"] is None
    seats.take(records.RIG, {"token": seats.ann.token}, 204, "leave")
    assert seats.rig(records.RIG)["driver"] is None


def test_a_wrong_pin_and_a_wrong_token_get_the_same_error(seats: Seats) -> None:
    answers = [
        seats.take(records.RIG, code, 404, what).json()
        for code in ({"pin": "9999"}, {"token": "x" * 22})
        for what in ("take", "leave")
    ]
    assert {WRONG_PIN} == {answer["detail"] for answer in answers}


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
def test_an_invalid_code_is_refused(unchanged: Seats, code: Json) -> None:
    unchanged.take(records.RIG, code, 422)


def test_guessing_is_slowed_down_at_that_rig_only(seats: Seats) -> None:
    tries = [
        seats.anonymous.post(f"/rigs/{records.RIG}/take", json={"pin": f"{n:04}"}) for n in range(3000, 3008)
    ]
    assert [404] * 5 == [answer.status_code for answer in tries[:5]]
    assert {429} == {answer.status_code for answer in tries[5:]}
    assert 0 < int(tries[-1].headers["retry-after"]) <= 900
    # The correct PIN must wait here too, so that a guess learns nothing; at another rig it works.
    seats.take(records.RIG, {"pin": "1111"}, 429)
    seats.take(IPV6_RIG, {"pin": "1111"})


def test_a_pin_signs_a_phone_in_and_the_token_then_takes_a_seat(seats: Seats) -> None:
    answer = seats.anonymous.post("/me-as-driver", json={"pin": "1111"})
    assert (200, "no-store") == (answer.status_code, answer.headers["cache-control"])
    token = answer.json()["token"]
    page = seats.anonymous.get("/me-as-driver", params={"driver_token": token}).json()
    assert "Ann" == page["driver"]["name"]
    assert "Ann" == seats.take(IPV6_RIG, {"token": token}).json()["driver"]


@pytest.mark.parametrize("body", [{}, {"pin": "1" * 300}, {"pin": "١٢٣٤"}, {"pin": 1111}, {"pin": None}])
def test_an_invalid_pin_signs_nobody_in(unchanged: Seats, body: Json) -> None:
    assert 422 == unchanged.anonymous.post("/me-as-driver", json=body).status_code


def test_guessing_a_pin_to_sign_in_is_slowed_down(seats: Seats) -> None:
    def guess(pin: int, path: str = "/me-as-driver") -> httpx.Response:
        return seats.anonymous.post(path, json={"pin": str(pin)})

    tries = [guess(pin) for pin in range(3000, 3006)]
    assert [404] * 5 + [429] == [answer.status_code for answer in tries]
    assert WRONG_PIN == tries[0].json()["detail"]
    assert 429 == guess(1111).status_code


def test_correct_codes_are_never_slowed_down(seats: Seats) -> None:
    for _ in range(30):
        seats.take(records.RIG, {"pin": "1111"})


# The queue ---------------------------------------------------------------------------------------------


def queue(seats: Seats) -> list[tuple[str, str, int | None]]:
    return [
        (entry["driver"], entry["state"], entry["place"]) for entry in seats.ask("GET", "/queue")["items"]
    ]


def test_the_queue_from_joining_to_being_done(seats: Seats) -> None:
    ann = seats.ask("POST", "/queue", {"driver_id": seats.ann.id}, 201)
    ben = seats.ask("POST", "/queue", {"driver_id": seats.ben.id, "place": 1}, 201)
    assert [("Ben", "waiting", 1), ("Ann", "waiting", 2)] == queue(seats)

    called = seats.ask("POST", "/queue/next", {"rig": IPV6_RIG}, key="next-1")
    assert called == seats.ask("POST", "/queue/next", {"rig": IPV6_RIG}, key="next-1")
    assert ("Ben", IPV6_RIG) == (called["driver"], called["rig"])
    assert "Ben" == seats.rig(IPV6_RIG)["driver"]["name"]

    seats.ask("PATCH", f"/queue/{ben['id']}", {"version": called["version"], "state": "waiting"})
    assert [("Ann", "waiting", 1), ("Ben", "waiting", 2)] == queue(seats)
    assert seats.rig(IPV6_RIG)["driver"] is None

    stale = seats.ask("PATCH", f"/queue/{ben['id']}", {"version": called["version"], "place": 1}, 409)
    assert "Ben" == stale["current"]["driver"]
    done = seats.ask("PATCH", f"/queue/{ann['id']}", {"version": ann["version"], "state": "done"})
    assert ("done", None) == (done["state"], done["place"])
    seats.ask("DELETE", f"/queue/{ben['id']}?version={stale['current']['version']}", status=204)
    assert [] == queue(seats)
    seats.ask("POST", "/queue/next", {"rig": IPV6_RIG}, 409)


def test_undoing_a_call_removes_the_seat(seats: Seats) -> None:
    seats.ask("POST", "/queue", {"driver_id": seats.ann.id}, 201)
    seats.ask("POST", "/queue/next", {"rig": IPV6_RIG})
    act = seats.ask("GET", "/acts")["items"][0]
    assert "queue_called" == act["kind"]
    seats.ask("POST", f"/acts/{act['id']}/undo")
    assert [("Ann", "waiting", 1)] == queue(seats)
    assert seats.rig(IPV6_RIG)["driver"] is None


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
def test_an_invalid_request_to_the_queue_is_refused(
    unchanged: Seats, method: str, path: str, body: Json | None, status: int
) -> None:
    unchanged.ask(method, path, body, status)


# QR codes ----------------------------------------------------------------------------------------------


def test_the_code_of_a_rig_contains_the_address_that_the_client_used(unchanged: Seats) -> None:
    answer = unchanged.anonymous.get(f"/rigs/{quote(IPV6_RIG, safe='')}/qr.svg")
    assert (200, "image/svg+xml") == (answer.status_code, answer.headers["content-type"].partition(";")[0])
    assert build_svg(f"http://{unchanged.address}/me?rig=fe80%3A%3A1%25eth0") == answer.content


@pytest.mark.parametrize(
    ("host", "addresses", "shown"),
    [
        ("localhost:8080", ("192.168.1.5", "10.0.0.5"), "192.168.1.5:8080"),
        ("LOCALHOST", ("192.168.1.5",), "192.168.1.5"),
        ("127.0.0.1:80", ("192.168.1.5",), "192.168.1.5:80"),
        ("[::1]:8080", ("192.168.1.5",), "192.168.1.5:8080"),
        ("127.0.0.1:8080", (), "127.0.0.1:8080"),
        ("10.0.0.5:8080", ("192.168.1.5",), "10.0.0.5:8080"),
        ("localhost.example:8080", ("192.168.1.5",), "localhost.example:8080"),
        ("f1timings.local", ("192.168.1.5",), "f1timings.local"),
    ],
)
def test_a_code_that_is_made_at_the_server_itself_has_its_address_in_the_network(
    host: str, addresses: tuple[str, ...], shown: str
) -> None:
    assert shown == host_for_devices(host, addresses)


def test_the_code_of_a_driver_is_for_marshals(unchanged: Seats) -> None:
    answer = unchanged.marshal.get(f"/drivers/{unchanged.ann.id}/qr.svg")
    assert build_svg(f"http://{unchanged.address}/me?token={unchanged.ann.token}") == answer.content
    assert "no-store" == answer.headers["cache-control"]
    assert 401 == unchanged.anonymous.get(f"/drivers/{unchanged.ann.id}/qr.svg").status_code
    assert 404 == unchanged.marshal.get("/drivers/none/qr.svg").status_code
    assert 404 == unchanged.marshal.get("/rigs/none/qr.svg").status_code


def test_a_code_has_no_styles_no_scripts_and_no_links() -> None:
    drawn = build_svg("http://192.168.1.5:8080/me?rig=192.168.1.21").decode()
    root = ElementTree.fromstring(drawn)
    names = {name for element in root.iter() for name in element.attrib}
    assert names <= {"viewBox", "d", "fill", "stroke", "transform"}
    assert {"svg", "path"} == {re.sub(r"\{.*\}", "", element.tag) for element in root.iter()}


# Access ------------------------------------------------------------------------------------------------


def test_an_anonymous_client_reads_but_changes_nothing(unchanged: Seats) -> None:
    assert 200 == unchanged.anonymous.get("/queue").status_code
    assert 200 == unchanged.anonymous.get(f"/rigs/{records.RIG}/assignments").status_code
    changes: list[tuple[str, str, Json]] = [
        ("POST", assign(records.RIG), {"driver_id": None}),
        ("PATCH", f"/rigs/{records.RIG}", {"version": 0, "name": "Left"}),
        ("POST", "/queue", {"driver_id": unchanged.ann.id}),
        ("POST", "/queue/next", {"rig": IPV6_RIG}),
    ]
    for method, path, body in changes:
        assert 401 == unchanged.anonymous.request(method, path, json=body).status_code
