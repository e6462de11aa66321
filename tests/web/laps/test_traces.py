"""The trace of a lap as columns, as CSV and as a workbook; a lap without one says why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import httpx
import pytest

from tests.web import records
from tests.web.laps.traced import lap_served

LAP = records.lap(1)
BARE = records.lap(2)
PATH = f"/api/v1/laps/{LAP.id}/trace"


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    gaps = {"gear": slice(3, 5), "x_m": slice(3, 5)}
    with lap_served(tmp_path_factory.mktemp("traces"), LAP, gaps, BARE) as client:
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
