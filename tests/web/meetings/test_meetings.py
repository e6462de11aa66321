"""Meetings, boards and acts at the API: created, copied, opened, cleared, undone, and refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.web.access.credentials.changes import Requester
from f1timings.web.meetings import bodies as meeting_bodies
from tests.web.world import World, open_client, open_world, serve

HOSTILE = ("<img src=x onerror=alert(1)>", "=cmd()", "🏎️ Ágnes", 'O\'Brien "x"; DROP TABLE meetings')


class Office:
    """A server, with clients that may change something and clients that may not."""

    def __init__(self, world: World, address: str) -> None:
        self.world = world
        base = f"http://{address}/api/v1"
        self.anonymous, self.viewer, self.marshal, self.other = (
            open_client(base, headers)
            for headers in (
                {},
                _with_token(world.token(Role.VIEWER)),
                _with_token(world.token(Role.MARSHAL)),
                _with_token(world.access.tokens.add("Bo", Role.MARSHAL, by=Requester("the test"))[1]),
            )
        )

    @property
    def clients(self) -> tuple[httpx.Client, ...]:
        return self.anonymous, self.viewer, self.marshal, self.other

    def open_meeting(self) -> dict[str, Any]:
        found: dict[str, Any] = self.anonymous.get("/meeting").json()
        return found

    def make(self, name: str, **facts: Any) -> dict[str, Any]:
        answer = self.marshal.post("/meetings", json={"name": name, **facts})
        assert 201 == answer.status_code, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def acts(self, **query: str) -> list[dict[str, Any]]:
        answer = self.marshal.get("/acts", params=query)
        assert 200 == answer.status_code, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def board(self) -> list[str]:
        return [row["driver"] for row in self.anonymous.get("/leaderboard").json()["items"]]


def _with_token(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def wrong_in(answer: httpx.Response) -> list[str]:
    """The fields of a refused request that are wrong."""
    assert 422 == answer.status_code, answer.text
    return [error["where"] for error in answer.json()["errors"]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_world(tmp_path) as world, serve(world.app) as address:
        office = Office(world, address)
        yield office
        for client in office.clients:
            client.close()


# Creating, editing, opening ------------------------------------------------------------------------------


def test_one_meeting_is_open_from_the_first_start(office: Office) -> None:
    meeting = office.open_meeting()
    assert set(meeting_bodies.MEETING) == set(meeting)
    assert ("open", None) == (meeting["state"], meeting["circuit"])
    assert [meeting] == office.anonymous.get("/meetings").json()["items"]


def test_a_new_meeting_is_open_and_the_previous_one_is_archived(office: Office) -> None:
    before = office.open_meeting()
    made = office.make(" Thursday  night ", date="2026-11-26", venue="Club house", points=[3, 2, 1])
    assert ("Thursday night", "2026-11-26", [3, 2, 1]) == (made["name"], made["date"], made["points"])
    assert made == office.open_meeting() == office.anonymous.get(f"/meetings/{made['id']}").json()
    assert [(made["id"], "open"), (before["id"], "archived")] == [
        (meeting["id"], meeting["state"]) for meeting in office.anonymous.get("/meetings").json()["items"]
    ]


def test_a_copy_has_the_facts_of_the_original_that_are_not_given(office: Office) -> None:
    rules = {"session_types": ["time_trial"], "formats": [2025], "assists_allowed": False}
    model = office.make("Round 1", venue="Hall", circuit="Monza", points="f1_sprint", rules=rules)
    copy = office.make("Round 2", copy_of=model["id"], circuit=None, open=False)
    assert (model["venue"], model["rules"], model["points"]) == (copy["venue"], copy["rules"], copy["points"])
    assert ("archived", None, "Monza") == (copy["state"], copy["circuit"], model["circuit"])


def test_a_request_that_is_sent_twice_creates_one_meeting(office: Office) -> None:
    first, again = (
        office.marshal.post("/meetings", json={"name": "Cup"}, headers={"Idempotency-Key": "key-1"})
        for _ in "ab"
    )
    assert (201, 201, first.json()) == (first.status_code, again.status_code, again.json())
    assert 2 == len(office.anonymous.get("/meetings").json()["items"])


def test_a_key_belongs_to_one_person_and_one_path(office: Office) -> None:
    key = {"Idempotency-Key": "key-1"}
    office.marshal.post("/meetings", json={"name": "Cup"}, headers=key)
    other = office.other.post("/meetings", json={"name": "Cup of others"}, headers=key)
    lap = office.marshal.post("/laps", json={"driver": "Ann", "time": "1:23.456"}, headers=key)
    assert (201, "Cup of others") == (other.status_code, other.json()["name"])
    assert (201, "1:23.456") == (lap.status_code, lap.json()["typed"])


def test_an_edit_changes_only_the_given_facts(office: Office) -> None:
    made = office.make("Cup", circuit="Monza", venue="Hall")
    edit = {"version": made["version"], "circuit": None, "name": "Cup 2"}
    changed = office.marshal.patch(f"/meetings/{made['id']}", json=edit).json()
    expected = made | {"name": "Cup 2", "circuit": None, "current_circuit": changed["current_circuit"]}
    assert expected == changed | {"version": made["version"]}
    again = office.marshal.patch(f"/meetings/{made['id']}", json=edit)
    assert changed == again.json()


@pytest.mark.parametrize("path", ["", "/open"])
def test_an_outdated_version_is_refused_with_the_current_meeting(office: Office, path: str) -> None:
    made = office.make("Cup", open=False)
    newest = office.marshal.patch(
        f"/meetings/{made['id']}", json={"version": made["version"], "venue": "Hall"}
    ).json()
    body = {"version": made["version"]} | ({} if path else {"venue": "Barn"})
    answer = office.marshal.request("POST" if path else "PATCH", f"/meetings/{made['id']}{path}", json=body)
    assert (409, newest) == (answer.status_code, answer.json()["current"])
    assert newest == office.anonymous.get(f"/meetings/{made['id']}").json()


def test_an_archived_meeting_is_opened_again(office: Office) -> None:
    first = office.open_meeting()
    office.make("Cup")
    archived = office.anonymous.get(f"/meetings/{first['id']}").json()
    opened = office.marshal.post(f"/meetings/{first['id']}/open", json={"version": archived["version"]})
    assert (200, "open", first["id"]) == (
        opened.status_code,
        opened.json()["state"],
        office.open_meeting()["id"],
    )


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": ""}, "body.name"),
        ({"name": "x" * 81}, "body.name"),
        ({"name": "a\0b"}, "body.name"),
        ({"name": "abc\u202edef"}, "body.name"),
        ({"name": 7}, "body.name"),
        ({}, "body.name"),
        ({"name": "Cup", "date": "22.11.2026"}, "body.date"),
        ({"name": "Cup", "date": "2026-02-30"}, "body.date"),
        ({"name": "Cup", "venue": "a\x07b"}, "body.venue"),
        ({"name": "Cup", "circuit": " "}, "body.circuit"),
        ({"name": "Cup", "points": [1, 2]}, "body.points"),
        ({"name": "Cup", "points": [2**70]}, "body.points"),
        ({"name": "Cup", "rules": {"formats": ["2025"]}}, "body.rules.formats.0"),
        ({"name": "Cup", "rules": {"assists_allowed": 1}}, "body.rules.assists_allowed"),
        ({"name": "Cup", "rules": {"weather": "dry"}}, "body.rules.weather"),
        ({"name": "Cup", "open": "yes"}, "body.open"),
        ({"name": "Cup", "keep_seats": "yes"}, "body.keep_seats"),
        ({"name": "Cup", "is_best": True}, "body.is_best"),
    ],
)
def test_an_invalid_fact_is_refused_with_its_field(office: Office, body: dict[str, Any], where: str) -> None:
    assert where in {field[: len(where)] for field in wrong_in(office.marshal.post("/meetings", json=body))}
    assert 1 == len(office.anonymous.get("/meetings").json()["items"])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_text(office: Office, name: str) -> None:
    made = office.make(name, venue=name, circuit=name)
    assert [name] * 3 == [made["name"], made["venue"], made["circuit"]]
    table = office.anonymous.get("/meetings", headers={"Accept": "text/csv"})
    row = next(csv.DictReader(io.StringIO(table.text)))
    assert (f"'{name}" if name.startswith("=") else name) == row["name"]
    assert name in office.acts()[0]["summary"]


@pytest.mark.parametrize("meeting_id", ["none", "%00", "a%00b", "..%2f..", "%ed%a0%80", "x" * 41])
def test_an_unknown_meeting_is_not_found(office: Office, meeting_id: str) -> None:
    for answer in (
        office.anonymous.get(f"/meetings/{meeting_id}"),
        office.marshal.patch(f"/meetings/{meeting_id}", json={"version": 1, "name": "Cup"}),
        office.marshal.post(f"/meetings/{meeting_id}/open", json={"version": 1}),
        office.marshal.post(f"/meetings/{meeting_id}/clear", json={"circuit": "Spa", "confirm": "Spa"}),
        office.marshal.post(f"/acts/{meeting_id}/undo"),
    ):
        assert answer.status_code in (404, 422), answer.text


# Boards and circuits -------------------------------------------------------------------------------------


def test_clearing_a_board_deletes_no_lap_and_can_be_undone(office: Office) -> None:
    meeting = office.make("Cup", circuit="Monza")
    office.marshal.post("/laps", json={"driver": "Ann", "time": "1:23.456"})
    assert ["Ann"] == office.board()

    clear = {"circuit": "monza", "confirm": "Monza"}
    act = office.marshal.post(f"/meetings/{meeting['id']}/clear", json=clear).json()
    assert ("board_cleared", True) == (act["kind"], act["can_undo"])
    assert [] == office.board()
    assert 1 == len(office.anonymous.get("/laps").json()["items"])

    undone = office.marshal.post(f"/acts/{act['id']}/undo").json()
    assert ("undone", act["id"]) == (undone["kind"], undone["undoes"])
    assert ["Ann"] == office.board()


def test_a_request_to_clear_a_board_that_is_sent_twice_clears_once(office: Office) -> None:
    path, clear = f"/meetings/{office.open_meeting()['id']}/clear", {"circuit": "Spa", "confirm": "Spa"}
    key = {"Idempotency-Key": "c"}
    first, again = (office.marshal.post(path, json=clear, headers=key) for _ in "ab")
    assert (200, first.json()) == (again.status_code, again.json())
    assert 1 == len(office.acts(kind="board_cleared"))


@pytest.mark.parametrize(
    "clear",
    [
        {"circuit": "Monza", "confirm": "Spa"},
        {"circuit": "Monza"},
        {"circuit": "a\0", "confirm": "a\0"},
    ],
)
def test_a_board_is_not_cleared_without_its_circuit_typed_twice(
    office: Office, clear: dict[str, str]
) -> None:
    path = f"/meetings/{office.open_meeting()['id']}/clear"
    assert 422 == office.marshal.post(path, json=clear).status_code
    assert [] == office.acts(kind="board_cleared")


def test_circuits_are_those_of_the_games_and_those_that_people_entered(office: Office) -> None:
    office.make("Cup", circuit="Our Backyard")
    office.make("Cup 2", circuit="MONZA")
    known = {
        circuit["circuit"]: circuit["is_known"]
        for circuit in office.anonymous.get("/circuits").json()["items"]
    }
    assert (True, False) == (known["Monza"], known["Our Backyard"])
    assert "MONZA" not in known
    assert sorted(known, key=str.casefold) == list(known)


# Acts ----------------------------------------------------------------------------------------------------


def test_acts_name_the_person_and_are_listed_newest_first(office: Office) -> None:
    made = office.make("Cup")
    office.other.patch(f"/meetings/{made['id']}", json={"version": made["version"], "venue": "Hall"})
    changed, first = office.acts()
    assert set(meeting_bodies.ACT) == set(changed)
    assert [("meeting_changed", "Bo"), ("meeting_made", "a marshal")] == [
        (act["kind"], act["by"]) for act in (changed, first)
    ]
    assert [made["id"]] * 2 == [changed["subject"], first["subject"]]


def test_acts_can_be_filtered_paged_and_read_as_csv(office: Office) -> None:
    for number in range(3):
        office.make(f"Cup {number}")
    office.marshal.post("/laps", json={"driver": "Ann", "time": "1:23.456"})
    assert 3 == len(office.acts(kind="meeting_made"))
    assert [] == office.acts(by="unknown")
    assert [] == office.acts(at_lt="2020-01-01T00:00:00Z")

    page = office.marshal.get("/acts", params={"limit": 2, "kind": "meeting_made"})
    rest = office.marshal.get(
        "/acts", params={"limit": 2, "kind": "meeting_made", "cursor": page.json()["next"]}
    )
    assert (2, 1, None) == (len(page.json()["items"]), len(rest.json()["items"]), rest.json()["next"])
    table = office.marshal.get("/acts", headers={"Accept": "text/csv"}, params={"kind": "meeting_made"})
    assert [act["id"] for act in office.acts(kind="meeting_made")] == [
        row["id"] for row in csv.DictReader(io.StringIO(table.text))
    ]


def test_an_act_is_undone_once_and_only_before_a_newer_change(office: Office) -> None:
    made = office.make("Cup", venue="Hall")
    path = f"/meetings/{made['id']}"
    barn = office.marshal.patch(path, json={"version": made["version"], "venue": "Barn"}).json()
    office.marshal.patch(path, json={"version": barn["version"], "venue": "Pub"})
    newest, older = office.acts(kind="meeting_changed")

    assert 409 == office.marshal.post(f"/acts/{older['id']}/undo").status_code
    assert 200 == office.marshal.post(f"/acts/{newest['id']}/undo").status_code
    assert "Barn" == office.anonymous.get(path).json()["venue"]
    refused = office.marshal.post(f"/acts/{newest['id']}/undo")
    assert (409, newest["id"]) == (refused.status_code, refused.json()["current"]["id"])
    assert refused.json()["current"]["undone_by"] is not None


# Access --------------------------------------------------------------------------------------------------


def test_clients_without_the_role_marshal_read_meetings_and_change_nothing(office: Office) -> None:
    meeting = office.open_meeting()
    for client, refused in ((office.anonymous, 401), (office.viewer, 403)):
        assert [200] * 3 == [client.get(path).status_code for path in ("/meeting", "/meetings", "/circuits")]
        path = f"/meetings/{meeting['id']}"
        answers = (
            client.post("/meetings", json={"name": "Cup"}),
            client.patch(path, json={"version": meeting["version"], "name": "Cup"}),
            client.post(f"{path}/open", json={"version": meeting["version"]}),
            client.post(f"{path}/clear", json={"circuit": "Spa", "confirm": "Spa"}),
            client.get("/acts"),
            client.post("/acts/none/undo"),
        )
        assert [refused] * 6 == [answer.status_code for answer in answers]
    assert [meeting] == office.anonymous.get("/meetings").json()["items"]
    assert [] == office.acts()
