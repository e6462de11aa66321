"""The trace of a lap as columns, as CSV and as a workbook; a lap without one says why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import httpx
import numpy as np
import pytest

from f1timings.store import Stamped, StoredEvent
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.traces.blobs import encode
from f1timings.traces.lap_trace import LapTrace
from tests.traces.test_blobs import lap_like
from tests.web import records
from tests.web.world import open_client, open_world, serve

LAP = records.lap(1)
BARE = records.lap(2)
PATH = f"/api/v1/laps/{LAP.id}/trace"


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with open_world(tmp_path_factory.mktemp("traces")) as world:
        trace = lap_like(2)
        gaps = np.zeros(len(trace), np.bool_)
        gaps[3:5] = True
        trace = replace(trace, gaps={"gear": gaps, "x_m": gaps})
        events: list[StoredEvent] = [records.rig(), SessionChanged(records.session())]
        events += [LapRecorded(LAP), LapRecorded(BARE)]
        entries = [Stamped(1_795_000_000.0, event) for event in events]
        entries[2] = entries[2]._replace(trace=LapTrace.of_blob(encode(trace)))
        world.store.submit(entries)
        world.store.flush()
        with serve(world.app) as address, open_client(f"http://{address}") as client:
            yield client


def test_the_columns_have_null_in_gaps(traced: httpx.Client) -> None:
    answer = traced.get(PATH)
    assert 200 == answer.status_code, answer.text
    body = answer.json()
    assert (LAP.id, 2025, 120) == (body["lap_id"], body["packet_format"], body["samples"])
    assert {120} == {len(column) for column in body["channels"].values()}
    assert [None, None] == body["channels"]["x_m"][3:5] == body["channels"]["gear"][3:5]
    assert None not in body["channels"]["speed_kmh"]
    assert "aero" not in body["channels"]
    assert [17, 34, 50] == body["channels"]["time_ms"][:3]


def test_the_file_has_the_same_values(traced: httpx.Client) -> None:
    columns = traced.get(PATH).json()["channels"]
    for answer in (traced.get(f"{PATH}?format=csv"), traced.get(PATH, headers={"Accept": "text/csv"})):
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [str(value) for value in columns["time_ms"]] == [row["time_ms"] for row in rows]
        assert [None if row["x_m"] == "" else float(row["x_m"]) for row in rows] == columns["x_m"]
        assert columns["g_longitudinal"] == [float(row["g_longitudinal"]) for row in rows]
        assert min(columns["g_longitudinal"]) < 0
        assert {""} == {row["aero"] for row in rows}


def test_a_workbook_is_possible(traced: httpx.Client) -> None:
    answer = traced.get(f"{PATH}?format=xlsx")
    assert 200 == answer.status_code
    assert answer.content.startswith(b"PK")


def test_an_answer_is_kept_and_not_sent_twice(traced: httpx.Client) -> None:
    answer = traced.get(PATH)
    again = traced.get(PATH, headers={"If-None-Match": answer.headers["etag"]})
    assert 304 == again.status_code


@pytest.mark.parametrize(
    ("lap_id", "says"),
    [(BARE.id, "has no trace"), ("unknown", "There is no lap"), ("%00", "There is no lap")],
)
def test_a_lap_without_trace_is_refused_with_the_reason(traced: httpx.Client, lap_id: str, says: str) -> None:
    answer = traced.get(f"/api/v1/laps/{lap_id}/trace")
    assert 404 == answer.status_code
    assert says in answer.json()["detail"]


def test_unknown_parameters_are_refused(traced: httpx.Client) -> None:
    assert 422 == traced.get(f"{PATH}?channels=speed").status_code
