"""Drivers at the API: which facts each role sees and may change, and names that try to do harm."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.store.acts import assignments
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged
from f1timings.web.boards import exports
from f1timings.web.drivers import bodies as driver_bodies
from f1timings.web.drivers import data_bodies as driver_data_bodies
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

HOSTILE = ("<img src=x onerror=alert(1)>", "=cmd()", "🏎️ Ágnes", 'O\'Brien "x"; DROP TABLE drivers')


class Club:
    """A server, with a client of each role."""

    def __init__(self, world: World, address: str) -> None:
        self.world = world
        self._address = address
        self.clients: list[httpx.Client] = []
        self.anonymous = self._client({})
        self.marshal, self.admin = (
            self._client({"Authorization": f"Bearer {world.token(role)}"})
            for role in (Role.MARSHAL, Role.ADMIN)
        )

    def _client(self, headers: dict[str, str]) -> httpx.Client:
        base = f"http://{self._address}/api/v1"
        self.clients.append(open_client(base, headers))
        return self.clients[-1]

    def make(self, name: str, **facts: Any) -> dict[str, Any]:
        answer = self.marshal.post("/drivers", json={"name": name, **facts})
        assert 201 == answer.status_code, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def names(self, client: httpx.Client, **query: str) -> list[str]:
        answer = client.get("/drivers", params=query)
        assert 200 == answer.status_code, answer.text
        return [driver["name"] for driver in answer.json()["items"]]


@contextmanager
def opened(folder: Path) -> Iterator[Club]:
    with open_world(folder) as world, serve(world.app) as address:
        club = Club(world, address)
        yield club
        for client in club.clients:
            client.close()


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    with opened(tmp_path) as club:
        yield club


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    """A club with a race and no drivers, for tests that add none, so that they can share it."""
    with opened(tmp_path_factory.mktemp("refusing")) as club:
        club.world.commit_race()
        yield club


# Adding and editing --------------------------------------------------------------------------------------


def test_a_driver_is_created_and_marshals_see_every_fact(club: Club) -> None:
    made = club.make(" Ada  Brandt ", team="Night Shift", colour="#FF8000", race_number=44, pin="4711")
    assert set(driver_bodies.DRIVER) == set(made)
    assert ("Ada Brandt", "#ff8000", 44, "4711") == (
        made["name"],
        made["colour"],
        made["race_number"],
        made["pin"],
    )
    assert made == club.marshal.get(f"/drivers/{made['id']}").json()


def test_a_request_that_is_sent_twice_creates_one_driver(club: Club) -> None:
    first, again = (
        club.marshal.post("/drivers", json={"name": "Ada"}, headers={"Idempotency-Key": "key-1"})
        for _ in "ab"
    )
    assert (201, 201, first.json()) == (first.status_code, again.status_code, again.json())
    assert ["Ada"] == club.names(club.marshal)


def test_a_name_in_use_is_refused_with_its_driver(club: Club) -> None:
    made = club.make("Ada")
    answer = club.marshal.post("/drivers", json={"name": "Ada "})
    assert (409, made) == (answer.status_code, answer.json()["current"])
    assert {"code": "driver-name-taken", "values": {"name": "Ada"}} == answer.json()["refusal"]


def test_a_pin_in_use_is_refused_without_its_driver(club: Club) -> None:
    club.make("Ada", pin="4711")
    answer = club.marshal.post("/drivers", json={"name": "Bo", "pin": "4711"})
    assert (409, None) == (answer.status_code, answer.json().get("current"))


def test_an_edit_changes_only_the_given_facts(club: Club) -> None:
    made = club.make("Ada", team="Red", pin="4711", race_number=7)
    edit = {"version": made["version"], "pin": None, "name": "Ada B."}
    changed = club.marshal.patch(f"/drivers/{made['id']}", json=edit)
    assert made | {
        "name": "Ada B.",
        "shown_name": "Ada B.",
        "pin": None,
        "has_pin": False,
    } == changed.json() | {"version": made["version"]}
    assert changed.json() == club.marshal.patch(f"/drivers/{made['id']}", json=edit).json()


def test_an_outdated_edit_is_refused_with_the_current_driver(club: Club) -> None:
    made = club.make("Ada")
    newest = club.marshal.patch(
        f"/drivers/{made['id']}", json={"version": made["version"], "team": "Red"}
    ).json()
    answer = club.marshal.patch(f"/drivers/{made['id']}", json={"version": made["version"], "team": "Blue"})
    assert (409, newest) == (answer.status_code, answer.json()["current"])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": "x" * 200}, "body.name"),
        ({"name": "  "}, "body.name"),
        ({"name": "a\0b"}, "body.name"),
        ({"name": "abc\u202edef"}, "body.name"),
        ({"name": 7}, "body.name"),
        ({"name": None}, "body.name"),
        ({}, "body.name"),
        ({"name": "Ada", "colour": "red"}, "body.colour"),
        ({"name": "Ada", "race_number": 2**70}, "body.race_number"),
        ({"name": "Ada", "race_number": "44"}, "body.race_number"),
        ({"name": "Ada", "pin": "12"}, "body.pin"),
        ({"name": "Ada", "shows_name": 1}, "body.shows_name"),
        ({"name": "Ada", "is_admin": True}, "body.is_admin"),
    ],
)
def test_an_invalid_fact_is_refused_with_its_field(refusing: Club, body: dict[str, Any], where: str) -> None:
    answer = refusing.marshal.post("/drivers", json=body)
    assert (422, [where]) == (answer.status_code, [error["where"] for error in answer.json()["errors"]])
    assert [] == refusing.names(refusing.marshal)


def test_half_a_character_is_refused(refusing: Club) -> None:
    answer = refusing.marshal.post(
        "/drivers", content=b'{"name": "\\ud83c"}', headers={"Content-Type": "application/json"}
    )
    assert 422 == answer.status_code


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_text(club: Club, name: str) -> None:
    club.make(name)
    assert [name] == club.names(club.anonymous, name=name)
    table = club.anonymous.get("/drivers", headers={"Accept": "text/csv"})
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert (f"'{name}" if name.startswith("=") else name) == row["name"]


@pytest.mark.parametrize("driver_id", ["unknown", "%00", "a%00b", "..%2f..", "%ed%a0%80", "x" * 41])
def test_an_unknown_driver_is_not_found(refusing: Club, driver_id: str) -> None:
    for answer in (
        refusing.anonymous.get(f"/drivers/{driver_id}"),
        refusing.admin.get(f"/drivers/{driver_id}/data"),
        refusing.marshal.delete(f"/drivers/{driver_id}", params={"version": 1}),
        refusing.marshal.patch(f"/drivers/{driver_id}", json={"version": 1, "team": "Red"}),
        refusing.marshal.post(f"/drivers/{driver_id}/merge", json={"version": 1, "into": "unknown"}),
    ):
        assert answer.status_code in (404, 422), answer.text


# Visibility ----------------------------------------------------------------------------------------------


def test_only_marshals_see_pins_tokens_and_hidden_names(club: Club) -> None:
    shy = club.make("Zoe Secret", shows_name=False, pin="4711")
    club.make("Ada", nickname="Flash", pin="4712")
    masked = club.make("Mia Secret", shows_name=False, nickname="Mask")

    seen = club.anonymous.get("/drivers").text
    assert [] == [word for word in ("Secret", "4711", "4712", shy["token"], "Flash") if word in seen]
    assert ["Driver 1", "Ada", "Mask"] == club.names(club.anonymous)
    assert "Mask" == club.anonymous.get(f"/drivers/{masked['id']}").json()["nickname"]
    assert ["Zoe Secret", "Ada", "Mia Secret"] == club.names(club.marshal)


def test_filters_and_sorting_do_not_give_hidden_names_away(club: Club) -> None:
    club.make("Zoe Secret", shows_name=False)
    club.make("Ada")
    assert [] == club.names(club.anonymous, name="Zoe Secret")
    assert [] == club.names(club.anonymous, name_gt="Z")
    assert ["Driver 1"] == club.names(club.anonymous, name="Driver 1")
    assert ["Driver 1", "Ada"] == club.names(club.anonymous, sort="-name")
    assert ["Zoe Secret", "Ada"] == club.names(club.marshal, sort="-name")
    for field in ("pin", "nickname"):
        assert 422 == club.anonymous.get("/drivers", params={field: "x"}).status_code


def test_pages_sorted_by_name_have_every_driver_once(club: Club) -> None:
    for name in ("Cem", "Ada", "Bo"):
        club.make(name, shows_name=name != "Bo")
    found, cursor = [], None
    while True:
        query = {"sort": "name", "limit": "1"} | ({} if cursor is None else {"cursor": cursor})
        page = club.anonymous.get("/drivers", params=query).json()
        found += [driver["name"] for driver in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert ["Ada", "Cem", "Driver 3"] == found


def test_everybody_reads_whether_a_driver_has_a_pin_but_not_the_pin(club: Club) -> None:
    club.make("Ada", pin="4711")
    club.make("Ben")
    listed = club.anonymous.get("/drivers", params={"sort": "name"}).json()["items"]
    assert [("Ada", None, True), ("Ben", None, False)] == [
        (driver["name"], driver["pin"], driver["has_pin"]) for driver in listed
    ]


def test_an_own_page_needs_only_the_token(club: Club) -> None:
    made = club.make("Ada", pin="4711")
    club.world.store.act("Marta", lambda desk: assignments.assign(desk, records.RIG, made["id"]))
    club.world.commit(
        records.rig(),
        SessionChanged(records.session()),
        ParticipantsChanged(records.SESSION_ID, (records.participant(19, "ada_gt"),)),
        LapRecorded(records.lap(1, 83_456)),
        at=4_000_000_000.0,
    )
    page = club.anonymous.get("/me-as-driver", params={"driver_token": made["token"]}).json()
    assert set(driver_bodies.OWN_PAGE) == set(page)
    assert ("Ada", None, None, records.RIG) == (
        page["driver"]["name"],
        page["driver"]["pin"],
        page["driver"]["token"],
        page["rig"],
    )
    assert [("Monza", 83_456)] == [(lap["circuit"], lap["lap_time_ms"]) for lap in page["best_laps"]]
    for wrong in ("", "x", "\0", made["id"]):
        answer = club.anonymous.get("/me-as-driver", params={"driver_token": wrong})
        assert 404 == answer.status_code, answer.text


# Deleting, merging, erasing ------------------------------------------------------------------------------


def test_a_deleted_driver_is_listed_on_request_and_the_deletion_can_be_undone(club: Club) -> None:
    made = club.make("Ada")
    gone = club.marshal.delete(f"/drivers/{made['id']}", params={"version": made["version"]}).json()
    assert ("Former driver 1", True) == (gone["name"], gone["is_deleted"])
    assert [] == club.names(club.anonymous)
    assert ["Former driver 1"] == club.names(club.anonymous, is_deleted="true")
    again = club.marshal.delete(f"/drivers/{made['id']}", params={"version": made["version"]})
    assert (200, gone) == (again.status_code, again.json())

    act = club.marshal.get("/acts").json()["items"][0]
    assert 200 == club.marshal.post(f"/acts/{act['id']}/undo").status_code
    assert ["Ada"] == club.names(club.anonymous)


def test_a_merge_returns_the_remaining_driver(club: Club) -> None:
    ada, double = club.make("Ada"), club.make("Ada B", pin="4711")
    body = {"into": ada["id"], "version": double["version"]}
    merged = club.marshal.post(f"/drivers/{double['id']}/merge", json=body)
    assert (200, ada["id"], "4711") == (merged.status_code, merged.json()["id"], merged.json()["pin"])
    assert merged.json() == club.marshal.post(f"/drivers/{double['id']}/merge", json=body).json()
    assert ada["id"] == club.anonymous.get(f"/drivers/{double['id']}").json()["merged_into"]


def test_only_an_admin_erases_and_reads_personal_data(club: Club) -> None:
    made = club.make("Ada Brandt", pin="4711")
    erasure = {"version": made["version"], "confirm": "Ada Brandt"}
    for client, status in ((club.anonymous, 401), (club.marshal, 403)):
        assert status == client.post(f"/drivers/{made['id']}/erase", json=erasure).status_code
        assert status == client.get(f"/drivers/{made['id']}/data").status_code
    held = club.admin.get(f"/drivers/{made['id']}/data").json()
    assert set(driver_data_bodies.DRIVER_DATA) == set(held)
    assert ("Ada Brandt", ["driver_made"]) == (held["driver"]["name"], [act["kind"] for act in held["acts"]])

    wrong = club.admin.post(f"/drivers/{made['id']}/erase", json=erasure | {"confirm": "Ada"})
    assert (422, "body.confirm") == (wrong.status_code, wrong.json()["errors"][0]["where"])
    gone = club.admin.post(f"/drivers/{made['id']}/erase", json=erasure)
    assert (200, "Former driver 1") == (gone.status_code, gone.json()["name"])
    assert "Brandt" not in club.admin.get(f"/drivers/{made['id']}/data").text
    assert "Brandt" not in club.marshal.get("/acts").text


@pytest.mark.parametrize("is_open_elsewhere", [False, True])
def test_an_erasure_changes_exported_files_or_names_them(
    club: Club, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_open_elsewhere: bool
) -> None:
    made = club.make("Zebrowska")
    others = club.make("Zebrowska Jr")
    for driver in (made, others):
        lap = {"driver_id": driver["id"], "time": "1:23.456", "circuit": "Monza"}
        assert 201 == club.marshal.post("/laps", json=lap).status_code
    meeting = club.marshal.get("/meeting").json()
    changed = {"version": meeting["version"], "circuit": "Monza"}
    assert 200 == club.marshal.patch(f"/meetings/{meeting['id']}", json=changed).status_code
    file = exports.export_board(club.world.store.reads, tmp_path, datetime(2026, 11, 22, 20, 15))
    if is_open_elsewhere:
        monkeypatch.setattr(Path, "replace", _refuse)

    body = {"version": made["version"], "confirm": "Zebrowska"}
    erased = club.admin.post(f"/drivers/{made['id']}/erase", json=body).json()

    assert ("Former driver 1", True) == (erased["name"], erased["is_deleted"])
    outcome = (erased["exports_changed"], erased["exports_unchanged"])
    assert (([], [file]) if is_open_elsewhere else ([file], [])) == outcome
    with (tmp_path / file).open(encoding="utf-8", newline="") as rows:
        names = {row["Driver"] for row in csv.DictReader(rows)}
    assert {"Zebrowska" if is_open_elsewhere else "Former driver 1", "Zebrowska Jr"} == names


def test_an_erasure_is_done_although_the_exported_files_cannot_be_read(
    club: Club, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = club.make("Zebrowska")
    folder = tmp_path / exports.FOLDER
    folder.mkdir()
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: _refuse() if str(path) == str(folder) else scandir(path))
    monkeypatch.setattr(Path, "iterdir", _refuse)
    body = {"version": made["version"], "confirm": "Zebrowska"}
    erased = club.admin.post(f"/drivers/{made['id']}/erase", json=body)
    assert (200, ["exports"]) == (erased.status_code, erased.json()["exports_unchanged"])
    assert "Zebrowska" not in club.admin.get(f"/drivers/{made['id']}/data").text


def _refuse(*_: object) -> None:
    raise PermissionError(13, "Another process uses the file")


# Names in the games --------------------------------------------------------------------------------------


def test_a_name_in_the_games_is_mapped(club: Club) -> None:
    club.world.commit_race()
    ada = club.make("Ada")
    (first,) = club.marshal.get("/game-names").json()["items"]
    assert ("VERSTAPPEN", False, None, 5) == (
        first["name"],
        first["is_known"],
        first["driver"],
        first["laps"],
    )
    mapped = club.marshal.put("/game-names", json={"name": "VERSTAPPEN", "driver_id": ada["id"]}).json()
    assert first | {"driver_id": ada["id"], "driver": "Ada", "is_known": True} == mapped
    assert [mapped] == club.marshal.get("/game-names", params={"driver": "Ada"}).json()["items"]
    assert {"Ada"} == {
        lap["driver"] for lap in club.anonymous.get("/laps", params={"car_index": 19}).json()["items"]
    }
    unclaimed = club.marshal.put("/game-names", json={"name": "VERSTAPPEN", "driver_id": None}).json()
    assert (None, True) == (unclaimed["driver_id"], unclaimed["is_known"])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": "Player", "driver_id": None}, "body.name"),
        ({"name": "LECLERC", "driver_id": None}, "body.name"),
        ({"name": "", "driver_id": None}, "body.name"),
        ({"name": "ada_gt", "driver_id": "unknown"}, "body.driver_id"),
        ({"name": "ada_gt"}, "body.driver_id"),
    ],
)
def test_a_name_that_cannot_be_mapped_is_refused(refusing: Club, body: dict[str, Any], where: str) -> None:
    answer = refusing.marshal.put("/game-names", json=body)
    assert (422, [where]) == (answer.status_code, [error["where"] for error in answer.json()["errors"]])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/drivers"),
        ("PATCH", "/drivers/x"),
        ("DELETE", "/drivers/x"),
        ("POST", "/drivers/x/merge"),
        ("GET", "/game-names"),
        ("PUT", "/game-names"),
    ],
)
def test_an_anonymous_client_changes_nothing(refusing: Club, method: str, path: str) -> None:
    assert 401 == refusing.anonymous.request(method, path).status_code


@pytest.mark.parametrize(
    "model", [driver_bodies.DriverBody, driver_bodies.GameNameBody, driver_bodies.OwnPageBody]
)
def test_the_examples_are_valid(model: type[driver_bodies.DriverBody]) -> None:
    (example,) = model.model_json_schema()["examples"]
    assert example == model.model_validate(example).model_dump(mode="json")


def test_the_example_of_personal_data_is_valid() -> None:
    example = driver_data_bodies.DRIVER_DATA
    assert example == driver_data_bodies.DriverDataBody.model_validate(example).model_dump(mode="json")
