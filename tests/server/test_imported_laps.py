"""A lap goes from one real server to another as a file: it is compared there, and counts nowhere."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest

from f1timings.simulator import Scenario
from f1timings.traces.blobs import encode
from f1timings.traces.lap_files import MEDIA_TYPE, MOST_FILE_BYTES, read_lap_file
from tests.sending import driving
from tests.server.running import Answer, RunningServer
from tests.traces.test_lap_files import with_facts
from tests.waiting import LONGEST_WAIT_S

_PATH = "/api/v1/imported-laps"
_COUNTED = ("leaderboard", "boards", "laps", "sessions", "drivers", "circuits")
_SPEED = 30.0


class Clubs(NamedTuple):
    """Two servers, each with a driven lap: where one comes from and where it goes to."""

    home: RunningServer
    away: RunningServer
    marshal: str


def drive(server: RunningServer, seed: int) -> None:
    scenario = Scenario("time_trial", 2025, laps=1, cars=1, seed=seed, rate_hz=20, track_id=17)
    with driving([scenario], server.udp_port, speed=_SPEED):
        server.until(lambda: bool(server.get("/api/v1/laps", has_trace="true", state="completed")["items"]))


@pytest.fixture(scope="module")
def clubs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clubs]:
    folder = tmp_path_factory.mktemp("clubs")
    with RunningServer(folder / "home") as home, RunningServer(folder / "away") as away:
        drive(home, 3)
        drive(away, 4)
        yield Clubs(home, away, away.token("marshal"))


def lap_of(server: RunningServer) -> str:
    found = server.get("/api/v1/laps", has_trace="true", state="completed")["items"]
    return str(found[0]["id"])


def saved(server: RunningServer, path: str) -> bytes:
    with urllib.request.urlopen(f"{server.address}{path}", timeout=LONGEST_WAIT_S) as answer:
        content: bytes = answer.read()
        return content


def bring(clubs: Clubs, data: bytes, media_type: str = MEDIA_TYPE) -> Answer:
    return clubs.away.ask("POST", _PATH, data, clubs.marshal, Content_Type=media_type)


def status_of_announced(clubs: Clubs, size: int) -> int:
    """The status of the answer to a file of this size, of which nothing is ever sent."""
    connection = HTTPConnection("127.0.0.1", clubs.away.port, timeout=LONGEST_WAIT_S)
    with closing(connection):
        connection.putrequest("POST", _PATH)
        facts = {"Authorization": f"Bearer {clubs.marshal}", "Content-Type": MEDIA_TYPE}
        for name, value in {**facts, "Content-Length": str(size)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status


def counted(server: RunningServer) -> dict[str, Any]:
    """What a board, a result or a person has."""
    return {name: server.get(f"/api/v1/{name}") for name in _COUNTED}


def test_a_lap_is_imported_to_the_byte_and_compared_and_counts_nowhere(clubs: Clubs) -> None:
    lap_id = lap_of(clubs.home)
    data = saved(clubs.home, f"/api/v1/laps/{lap_id}/trace?format=f1lap")
    before = counted(clubs.away)
    imported = bring(clubs, data)
    assert 201 == imported.status, imported.json
    assert imported.json == bring(clubs, data).json
    path = f"{_PATH}/{imported.json['id']}"
    assert data == saved(clubs.away, f"{path}/file")
    assert [imported.json] == clubs.away.get(_PATH)["items"] == [clubs.away.get(path)]

    trace = clubs.home.get(f"/api/v1/laps/{lap_id}/trace")
    alone = clubs.home.get(f"/api/v1/laps/{lap_id}/comparison", other=lap_id)
    there = clubs.away.get(f"/api/v1/laps/{imported.json['id']}/comparison", other=imported.json["id"])
    assert trace["samples"] > 100
    assert alone["lap"] == there["lap"]
    own = lap_of(clubs.away)
    both = clubs.away.get(f"/api/v1/laps/{own}/comparison", other=imported.json["id"])
    assert any(value not in (None, 0.0) for value in both["delta_ms"])
    assert alone["lap_time_ms"] == both["other_time_ms"] == imported.json["lap_time_ms"]

    assert before == counted(clubs.away)
    assert None is clubs.away.get(f"/api/v1/laps/{imported.json['id']}")
    assert None is clubs.away.get(f"/api/v1/laps/{imported.json['id']}/trace")
    assert 204 == clubs.away.ask("DELETE", path, token=clubs.marshal).status
    assert 404 == clubs.away.ask("DELETE", path, token=clubs.marshal).status
    assert None is clubs.away.get(f"/api/v1/laps/{own}/comparison", other=imported.json["id"])
    assert before == counted(clubs.away)


def test_a_file_that_is_not_right_is_refused_in_words(clubs: Clubs) -> None:
    data = saved(clubs.home, f"/api/v1/laps/{lap_of(clubs.home)}/trace?format=f1lap")
    middle = len(data) // 2
    refused = {
        b"no lap": "lap-file-form",
        data[:middle]: "lap-file-damaged",
        data[:middle] + bytes((data[middle] ^ 1,)) + data[middle + 1 :]: "lap-file-damaged",
        data.replace(b"F1LAP 1", b"F1LAP 9", 1): "lap-file-version",
        with_facts(lap_time_ms=float("nan")): "lap-file-damaged",
    }
    for sent, code in refused.items():
        answer = bring(clubs, sent)
        assert (422, code) == (answer.status, answer.json["refusal"]["code"])
        assert answer.json["detail"]
    assert 422 == bring(clubs, b"{}", "application/json").status
    assert 413 == status_of_announced(clubs, MOST_FILE_BYTES + 1)
    assert [] == clubs.away.get(_PATH)["items"]


def test_only_staff_imports_and_deletes(clubs: Clubs) -> None:
    data = saved(clubs.home, f"/api/v1/laps/{lap_of(clubs.home)}/trace?format=f1lap")
    viewer = clubs.away.token("viewer")
    for token, status in ((None, 401), (viewer, 403)):
        assert status == clubs.away.ask("POST", _PATH, data, token, Content_Type=MEDIA_TYPE).status
        assert status == clubs.away.ask("DELETE", f"{_PATH}/imported~1", token=token).status


def test_the_file_is_small(clubs: Clubs) -> None:
    data = saved(clubs.home, f"/api/v1/laps/{lap_of(clubs.home)}/trace?format=f1lap")
    assert len(data) - len(encode(read_lap_file(data).trace)) < 1_000
