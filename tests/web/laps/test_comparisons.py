"""Two simulated laps are compared: the delta ends at the difference of their times, and words say where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.traces.blobs import encode
from f1timings.traces.lap_trace import LapTrace
from tests.traces.driven import drive, entries_of
from tests.traces.test_blobs import lap_like
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

MONZA, BARE = records.lap(1), records.lap(2)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("comparisons")) as world:
        world.store.submit(entries_of(drive(2025).datagrams))
        at = 1_795_000_000.0
        trace = LapTrace.of_blob(encode(lap_like(2)))
        events = (records.rig(), SessionChanged(records.session()), LapRecorded(BARE))
        world.store.submit([Stamped(at, event) for event in events])
        world.store.submit([Stamped(at, LapRecorded(MONZA), trace=trace)])
        world.store.flush()
        yield world


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[httpx.Client]:
    with serve(world.app) as address, open_client(f"http://{address}") as client:
        yield client


@pytest.fixture(scope="module")
def driven(client: httpx.Client) -> list[dict[str, Any]]:
    """The slower and the faster of two timed laps."""
    laps = client.get("/api/v1/laps", params={"circuit_ne": "Monza", "state": "completed"}).json()["items"]
    return sorted(laps, key=lambda lap: -int(lap["lap_time_ms"]))[:2]


def compare(client: httpx.Client, lap: str, other: str, **parameters: str) -> httpx.Response:
    return client.get(f"/api/v1/laps/{lap}/comparison", params={"other": other} | parameters)


def test_the_delta_ends_at_the_difference_of_the_times(
    client: httpx.Client, driven: list[dict[str, Any]]
) -> None:
    slower, faster = driven
    answer = compare(client, slower["id"], faster["id"])
    assert 200 == answer.status_code, answer.text
    body = answer.json()
    lost = slower["lap_time_ms"] - faster["lap_time_ms"]
    assert body["delta_ms"][-1] == pytest.approx(lost, abs=0.1)
    assert 0 < lost
    places = len(body["places_m"])
    columns = [body["delta_ms"], *body["lap"].values(), *body["other"].values()]
    assert {places} == {len(column) for column in columns}
    assert body["track_length_m"] == body["places_m"][-1]
    assert body["ideal_time_ms"] <= faster["lap_time_ms"]
    assert [*range(1, len(body["corners"]) + 1)] == [corner["number"] for corner in body["corners"]]
    assert body["corners"]
    assert [] == body["remarks"]


def test_the_other_way_round_the_delta_is_negative(
    client: httpx.Client, driven: list[dict[str, Any]]
) -> None:
    slower, faster = driven
    there = compare(client, slower["id"], faster["id"]).json()["delta_ms"]
    back = compare(client, faster["id"], slower["id"]).json()["delta_ms"]
    assert [None if value is None else -value for value in there] == back


@pytest.mark.parametrize(("language", "says"), [("en", " in turn"), ("it", " nell")])
def test_the_sentences_are_in_the_language_of_the_request(
    client: httpx.Client, driven: list[dict[str, Any]], language: str, says: str
) -> None:
    slower, faster = driven
    sentences = compare(client, slower["id"], faster["id"], language=language).json()["sentences"]
    assert sentences
    assert all(says in sentence for sentence in sentences)


def test_laps_of_different_circuits_are_not_compared(
    client: httpx.Client, driven: list[dict[str, Any]]
) -> None:
    answer = compare(client, driven[0]["id"], MONZA.id)
    assert 422 == answer.status_code
    (error,) = answer.json()["errors"]
    assert "query.other" == error["where"]
    assert "different circuits" in error["message"]
    assert "Monza" in error["message"]


def test_a_lap_without_a_trace_and_an_unknown_lap_are_refused(
    client: httpx.Client, driven: list[dict[str, Any]]
) -> None:
    lap = driven[0]["id"]
    for first, second, says in (
        (lap, BARE.id, "has no trace"),
        (BARE.id, lap, "has no trace"),
        (lap, "unknown", "There is no lap"),
    ):
        answer = compare(client, first, second)
        assert 404 == answer.status_code
        assert says in answer.json()["detail"]


@pytest.mark.parametrize("query", ["", "other=a&other=b", "other=a&channels=speed", "other=a&language=xx"])
def test_a_wrong_query_is_refused(client: httpx.Client, query: str) -> None:
    assert 422 == client.get(f"/api/v1/laps/{MONZA.id}/comparison?{query}").status_code


def test_a_lap_with_too_few_samples_is_compared_as_a_gap(client: httpx.Client) -> None:
    body = compare(client, MONZA.id, MONZA.id).json()
    assert ([], []) == (body["corners"], body["sentences"])
    assert None in body["delta_ms"]


def test_the_list_of_laps_is_filtered_by_whether_a_lap_has_a_trace(
    client: httpx.Client, driven: list[dict[str, Any]]
) -> None:
    with_trace, without = (
        {lap["id"] for lap in client.get("/api/v1/laps", params={"has_trace": has_trace}).json()["items"]}
        for has_trace in ("true", "false")
    )
    assert {MONZA.id, *(lap["id"] for lap in driven)} <= with_trace
    assert BARE.id in without
    assert not with_trace & without


@pytest.mark.parametrize(
    ("query", "is_driven", "is_of_race"),
    [
        ({"session_kind": "time trial"}, True, False),
        ({"session_kind": "race"}, False, True),
        ({"session_kind": "qualifying"}, False, False),
        ({"session_type": "Time Trial"}, True, False),
        ({"session_type_ne": "Time Trial"}, False, True),
    ],
)
def test_the_list_of_laps_is_filtered_by_session(
    client: httpx.Client,
    driven: list[dict[str, Any]],
    query: dict[str, str],
    is_driven: bool,
    is_of_race: bool,
) -> None:
    found = {lap["id"] for lap in client.get("/api/v1/laps", params=query).json()["items"]}
    assert is_driven == (driven[0]["id"] in found)
    assert is_of_race == (BARE.id in found)


def test_an_unknown_kind_of_session_is_refused_with_the_possible_ones(client: httpx.Client) -> None:
    answer = client.get("/api/v1/laps", params={"session_kind": "rally"})
    assert 422 == answer.status_code
    assert "time trial" in answer.text
