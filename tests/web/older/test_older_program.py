"""The older program's routes on a real server: what its clients rely on, and its faults, corrected."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.server.running import Answer, RunningServer

Json = dict[str, Any]


class Client:
    """A client of the older program that sends a token."""

    def __init__(self, server: RunningServer, token: str) -> None:
        self.server = server
        self.token: str | None = token

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        return self.server.ask(method, path, body, self.token)

    def user(self, name: str, team: str = "Ferrari") -> Answer:
        return self.ask("POST", "/api/users", {"name": name, "team": team})

    def lap(self, name: str, time: str, team: str = "Ferrari") -> Answer:
        return self.ask("POST", "/api/laptime", {"name": name, "team": team, "time": time})

    def track(self, name: str) -> Answer:
        return self.ask("POST", "/api/track", {"name": name})

    def drivers(self) -> Json:
        drivers: Json = self.ask("GET", "/api/drivers").json
        return drivers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("older") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def token(server: RunningServer) -> str:
    return server.token("marshal")


@pytest.fixture
def client(server: RunningServer, token: str) -> Client:
    """A client of a server without drivers, whose meeting has no laps."""
    client = Client(server, token)
    for name in client.ask("GET", "/api/users").json["users"]:
        client.ask("DELETE", f"/api/users/{quote(name, safe='')}")
    assert 201 == client.ask("POST", "/api/v1/meetings", {"name": "Another evening"}).status
    return client


@pytest.fixture
def screen(client: Client) -> Iterator[ClientConnection]:
    """A page of the older program: it connects and sends nothing."""
    with connect(f"ws://127.0.0.1:{client.server.port}/ws", open_timeout=60) as socket:
        yield socket


def next_message(screen: ClientConnection) -> Json:
    message: Json = json.loads(screen.recv(timeout=60))
    return message


def driver(name: str, *laps: tuple[str, float, bool], team: str = "Ferrari") -> Json:
    times = [{"time": text, "time_seconds": seconds, "is_fastest": best} for text, seconds, best in laps]
    return {"name": name, "team": team, "lap_times": times}


# The contract --------------------------------------------------------------------------------------------


def test_an_empty_server_answers_empty_lists(client: Client) -> None:
    assert {"users": {}} == client.ask("GET", "/api/users").json
    assert {} == client.drivers()
    assert {"name": ""} == client.ask("GET", "/api/track").json


def test_users_are_added_changed_and_deleted_by_name(client: Client) -> None:
    added = client.user("  Ann  ", " McLaren ")
    changed = client.user("Ann", "Audi")
    listed = client.ask("GET", "/api/users").json
    deleted = client.ask("DELETE", "/api/users/Ann")
    missing = client.ask("DELETE", "/api/users/Ann")

    assert (201, {"name": "Ann", "team": "McLaren"}) == added[:2]
    assert (201, {"name": "Ann", "team": "Audi"}) == changed[:2]
    assert {"users": {"Ann": {"name": "Ann", "team": "Audi"}}} == listed
    assert (200, {"message": "User 'Ann' deleted successfully"}) == deleted[:2]
    assert (404, "User 'Ann' not found") == (missing.status, missing.json["detail"])


def test_a_name_with_a_slash_can_be_deleted(client: Client) -> None:
    client.user("Ann / Ben")

    assert 200 == client.ask("DELETE", "/api/users/Ann%20%2F%20Ben").status
    assert {"users": {}} == client.ask("GET", "/api/users").json


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:23.456", 83.456),
        ("1.23.456", 83.456),
        ("83.456", 83.456),
        ("59.9", 59.9),
        ("83", 83.0),
        ("1:23,456", 83.456),
    ],
)
def test_a_lap_time_is_accepted_in_every_form_and_shown_as_typed(
    client: Client, text: str, seconds: float
) -> None:
    answer = client.lap("Ann", text)

    assert (200, {"Ann": driver("Ann", (text, seconds, True))}) == answer[:2]
    assert answer.json == client.drivers()


def test_each_driver_has_the_best_lap_and_the_fastest_of_all_is_marked(client: Client) -> None:
    client.lap("Ann", "1:23.456")
    client.lap("Ben", "1:22.000", "McLaren")
    drivers = client.lap("Ann", "1:24.000", "Audi").json

    assert {
        "Ann": driver("Ann", ("1:23.456", 83.456, False), team="Audi"),
        "Ben": driver("Ben", ("1:22.000", 82.0, True), team="McLaren"),
    } == drivers


def test_a_lap_is_deleted_by_name_and_time_and_the_driver_remains(client: Client) -> None:
    client.lap("Ann", "1:23.456")

    deleted = client.ask("DELETE", "/api/laptime", {"name": "Ann", "time": "83.456"})
    again = client.ask("DELETE", "/api/laptime", {"name": "Ann", "time": "83.456"})
    unknown = client.ask("DELETE", "/api/laptime", {"name": "Nobody", "time": "83.456"})

    assert (200, {"message": "Lap time deleted successfully"}) == deleted[:2]
    assert {"Ann": driver("Ann")} == client.drivers()
    assert 404 == again.status == unknown.status
    assert "Driver or specified lap time not found" == again.json["detail"] == unknown.json["detail"]


def test_the_track_is_set_and_read(client: Client) -> None:
    assert (200, {"name": "Monza"}) == client.track(" Monza ")[:2]
    assert {"name": "Monza"} == client.ask("GET", "/api/track").json


def test_an_empty_track_is_refused(client: Client) -> None:
    empty = client.track("   ")

    assert (400, "Track name cannot be empty") == (empty.status, empty.json["detail"])
    assert 422 == client.ask("POST", "/api/track", {}).status


def test_the_export_is_a_file_with_points_below_the_data_folder(client: Client) -> None:
    client.track("Monza")
    for number in range(16):
        client.lap(f"Driver {number:02}", f"1:{20 + number}.000")
    answer = client.ask("GET", "/api/export")

    name = answer.json["filename"]
    assert {"success": True, "filename": name, "message": "Export successful"} == answer.json
    assert re.fullmatch(r"exports/Monza_\d{8}_\d{6}_laptimes\.csv", name)
    with (client.server.data_dir / name).open(newline="") as file:
        rows = list(csv.reader(file))
    assert ["Position", "Driver", "Team", "Time", "Points"] == rows[0]
    assert ["1", "Driver 00", "Ferrari", "1:20.000", "25"] == rows[1]
    assert [25, 18, 15, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0] == [int(row[4]) for row in rows[1:]]


def test_an_export_has_one_form_of_time_however_laps_were_typed(client: Client) -> None:
    client.track("Monza")
    for name, time in (("Ann", "1.02.000"), ("Zoe", "59.999"), ("Ida", "83")):
        client.lap(name, time)
    name = client.ask("GET", "/api/export").json["filename"]

    with (client.server.data_dir / name).open(newline="") as file:
        assert ["0:59.999", "1:02.000", "1:23.000"] == [row["Time"] for row in csv.DictReader(file)]


def test_an_export_of_another_circuit_in_another_format(client: Client) -> None:
    client.track("Spa")
    client.lap("Ann", "1:44.000")
    client.track("Monza")
    spa = client.ask("GET", "/api/export?circuit=spa&format=xlsx").json["filename"]
    nothing = client.ask("GET", "/api/export?circuit=Imola")
    refused = [
        client.ask("GET", f"/api/export?{query}")
        for query in ("format=json", "format=xlsx&bom=true", "delimiter=|", "limit=5")
    ]

    assert re.fullmatch(r"exports/Spa_\d{8}_\d{6}_laptimes\.xlsx", spa)
    assert (400, "No lap time data to export") == (nothing.status, nothing.json["message"])
    assert [(422, "query.format"), (422, "query.bom"), (422, "query.delimiter"), (422, "query.limit")] == [
        (answer.status, answer.json["errors"][0]["where"]) for answer in refused
    ]


def test_an_export_without_track_or_laps_is_refused_with_the_reason(client: Client) -> None:
    no_track = client.ask("GET", "/api/export")
    client.track("Monza")
    no_laps = client.ask("GET", "/api/export")

    assert (400, {"success": False, "filename": "", "message": "No track name set"}) == no_track[:2]
    assert (400, {"success": False, "filename": "", "message": "No lap time data to export"}) == no_laps[:2]


def test_a_silent_client_receives_updates_of_users_laps_and_the_track(
    client: Client, screen: ClientConnection
) -> None:
    client.user("Ann")
    client.lap("Ann", "1:23.456")
    client.lap("Ann", "1:22.000")
    client.lap("Ann", "1:25.000")
    client.ask("DELETE", "/api/laptime", {"name": "Ann", "time": "1:22.000"})
    client.track("Monza")
    client.ask("DELETE", "/api/users/Ann")

    def lap(action: str, time: str, seconds: float, faster: bool, fastest: bool) -> Json:
        facts = {"name": "Ann", "team": "Ferrari", "time": time, "time_seconds": seconds}
        facts |= {"is_faster": faster, "is_overall_fastest": fastest}
        return {"type": "laptime_update", "action": action, "data": facts}

    assert [
        {"type": "user_update", "action": "add", "data": {"name": "Ann", "team": "Ferrari"}},
        lap("add", "1:23.456", 83.456, False, True),
        lap("update", "1:22.000", 82.0, True, True),
        lap("update", "1:25.000", 85.0, False, False),
        {"type": "laptime_update", "action": "delete", "data": {"name": "Ann", "time": "1:22.000"}},
        {"type": "track_update", "action": "set", "data": {"name": "Monza"}},
        {"type": "user_update", "action": "delete", "data": {"name": "Ann"}},
    ] == [next_message(screen) for _ in range(7)]


# The faults, corrected ------------------------------------------------------------------------------------


def test_a_restart_loses_nothing(client: Client) -> None:
    client.track("Monza")
    client.user("Cleo")
    client.lap("Ann", "1:23.456")
    before = [client.ask("GET", f"/api/{name}").json for name in ("users", "drivers", "track")]

    client.server.kill()
    client.server.start()

    assert before == [client.ask("GET", f"/api/{name}").json for name in ("users", "drivers", "track")]


def test_another_track_deletes_no_laps(client: Client) -> None:
    client.track("Monza")
    client.lap("Ann", "1:23.456")
    at_monza = client.drivers()

    client.track("Spa")
    at_spa = client.drivers()
    client.track("Monza")

    assert {"Ann": driver("Ann")} == at_spa
    assert at_monza == client.drivers()


def test_a_lap_typed_before_the_track_was_set_belongs_to_that_track(client: Client) -> None:
    client.lap("Ann", "1:23.456")
    client.track("Monza")

    assert {"Ann": driver("Ann", ("1:23.456", 83.456, True))} == client.drivers()


def test_setting_the_same_track_again_sends_no_update(client: Client, screen: ClientConnection) -> None:
    client.track("Monza")
    client.track("Monza")
    client.user("Ann")

    assert ["track_update", "user_update"] == [next_message(screen)["type"] for _ in range(2)]


@pytest.mark.parametrize("time", ["1.2", "1.20", "1.200", "1:20", "80000"])
def test_a_refused_time_says_how_to_write_what_was_probably_meant(client: Client, time: str) -> None:
    body = {"name": "Ann", "team": "Ferrari", "time": time}

    for answer in (client.ask("POST", "/api/laptime", body), client.ask("DELETE", "/api/laptime", body)):
        assert 422 == answer.status
        assert "perhaps it should be 1:20.000 (1 min 20 s)" in answer.json["detail"]


@pytest.mark.parametrize(
    "time",
    ["abc", "", "a:b", "nan", "inf", "-5", "0", "1:61.000", "61:00.000", "1e3", "١:٢٣.٤٥٦", "1:23.4567"],
)
def test_a_mistyped_time_gets_422_with_a_valid_example(client: Client, time: str) -> None:
    answer = client.lap("Ann", time)

    assert 422 == answer.status
    assert "1:23.456" in json.dumps(answer.json)
    assert {} == client.drivers()


@pytest.mark.parametrize(
    "body", [{"name": " ", "team": "Audi"}, {"name": "Ann", "team": ""}, {"name": "Ann"}, {}]
)
def test_a_blank_or_missing_name_or_team_gets_422(client: Client, body: Json) -> None:
    assert 422 == client.ask("POST", "/api/users", body).status
    assert 422 == client.ask("POST", "/api/laptime", body | {"time": "1:23.456"}).status
    assert {"users": {}} == client.ask("GET", "/api/users").json


def test_a_body_that_is_not_json_gets_422(client: Client) -> None:
    assert 422 == client.ask("POST", "/api/laptime", b"{").status


def test_equal_times_are_ordered_by_when_they_were_set(client: Client) -> None:
    client.track("Monza")
    client.lap("Zoe", "1:23.456")
    client.lap("Ann", "1:23.456")
    name = client.ask("GET", "/api/export").json["filename"]

    lines = (client.server.data_dir / name).read_text().splitlines()
    assert ["1,Zoe,Ferrari,1:23.456,25", "1,Ann,Ferrari,1:23.456,25"] == lines[1:]


def test_any_team_name_is_accepted(client: Client) -> None:
    client.lap("Ann", "1:23.456", "Scuderia Pizza")

    assert "Scuderia Pizza" == client.drivers()["Ann"]["team"]


def test_markup_in_a_name_stays_text_and_a_formula_is_escaped(client: Client) -> None:
    client.track("Monza")
    name, team = "<img src=x onerror=alert(1)>", '=HYPERLINK("http://x")'
    client.lap(name, "1:23.456", team)
    file = client.ask("GET", "/api/export").json["filename"]

    assert {name: driver(name, ("1:23.456", 83.456, True), team=team)} == client.drivers()
    with (client.server.data_dir / file).open(newline="") as opened:
        assert ["1", name, f"'{team}", "1:23.456", "25"] == list(csv.reader(opened))[1]


def test_a_track_name_never_leaves_the_exports_folder(client: Client) -> None:
    client.track("../../etc/passwd")
    client.lap("Ann", "1:23.456")
    name = client.ask("GET", "/api/export").json["filename"]

    assert re.fullmatch(r"exports/etcpasswd_\d{8}_\d{6}_laptimes\.csv", name)
    assert (client.server.data_dir / name).is_file()


def test_an_anonymous_client_may_read_but_not_write(client: Client) -> None:
    client.token = None

    assert 401 == client.user("Ann").status
    assert 401 == client.lap("Ann", "1:23.456").status
    assert 401 == client.track("Monza").status
    assert 401 == client.ask("DELETE", "/api/users/Ann").status
    assert 401 == client.ask("DELETE", "/api/laptime", {"name": "Ann", "time": "83"}).status
    assert 401 == client.ask("GET", "/api/export").status
    assert 200 == client.ask("GET", "/api/drivers").status


def test_the_default_password_of_the_older_program_does_not_work(client: Client) -> None:
    answer = client.server.ask("POST", "/api/v1/login", {"name": "admin", "password": "admin123"})

    assert answer.status in (401, 403)


def test_pages_of_other_sites_get_no_cors_headers(client: Client) -> None:
    answer = client.server.ask("GET", "/api/drivers", None, None, Origin="http://evil.example")

    assert not any(name.lower().startswith("access-control-") for name in answer.headers)


def test_a_client_that_reads_nothing_does_not_delay_others(client: Client, screen: ClientConnection) -> None:
    with connect(f"ws://127.0.0.1:{client.server.port}/ws", open_timeout=60, max_queue=1) as stalled:
        stalled.socket.setsockopt(1, 8, 2048)
        for number in range(40):
            assert 200 == client.lap("Ann", f"1:{number + 10}.000").status
        assert 40 == len([next_message(screen) for _ in range(41)][1:])
