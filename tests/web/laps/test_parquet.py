"""The trace of a lap as a Parquet file: values, units and the facts of the lap; or why there is none."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pyarrow import parquet

from f1timings.traces.channels import CHANNELS
from tests.web import records
from tests.web.laps.traced import lap_served

LAP = records.lap(1)
PATH = f"/api/v1/laps/{LAP.id}/trace"
MEDIA_TYPE = "application/vnd.apache.parquet"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with lap_served(
        tmp_path_factory.mktemp("parquet"), LAP, {"rpm": slice(3, 5), "x_m": slice(3, 5)}
    ) as client:
        yield client


@pytest.fixture(scope="module")
def table(api: httpx.Client) -> Any:
    answer = api.get(f"{PATH}?format=parquet")
    assert 200 == answer.status_code, answer.text
    return parquet.read_table(io.BytesIO(answer.content))


def test_a_browser_saves_it_and_a_program_accepts_it(api: httpx.Client) -> None:
    saved = api.get(f"{PATH}?format=parquet")
    accepted = api.get(PATH, headers={"Accept": MEDIA_TYPE})
    assert MEDIA_TYPE == saved.headers["content-type"] == accepted.headers["content-type"]
    assert 'attachment; filename="trace.parquet"' == saved.headers["content-disposition"]
    assert saved.content == accepted.content


def test_the_columns_have_the_values_of_the_json_and_null_in_gaps(api: httpx.Client, table: Any) -> None:
    columns = api.get(PATH).json()["channels"]
    assert [channel.name for channel in CHANNELS] == table.column_names
    assert columns == {name: table[name].to_pylist() for name in columns}
    assert [None, None] == table["rpm"].to_pylist()[3:5]
    assert {None} == set(table["aero"].to_pylist())


def test_whole_numbers_are_whole(table: Any) -> None:
    kinds = {name: str(table.schema.field(name).type) for name in ("time_ms", "gear", "rpm", "speed_kmh")}
    assert {"time_ms": "int32", "gear": "int32", "rpm": "int32", "speed_kmh": "double"} == kinds


def test_each_column_has_its_unit(table: Any) -> None:
    names = (
        "time_ms",
        "distance_m",
        "speed_kmh",
        "throttle_pct",
        "gear",
        "rpm",
        "g_lateral",
        "tyre_inner_fl_c",
    )
    units = {name: table.schema.field(name).metadata[b"unit"].decode() for name in names}
    assert ["ms", "m", "km/h", "%", "", "rpm", "g", "°C"] == list(units.values())
    assert b"of the pedal" == table.schema.field("throttle_pct").metadata[b"meaning"]


def test_the_file_has_the_facts_of_the_lap(api: httpx.Client, table: Any) -> None:
    facts = table.schema.metadata
    assert api.get(f"/api/v1/laps/{LAP.id}").json() == json.loads(facts[b"lap"])
    assert b"2025" == facts[b"packet_format"]


def test_without_pyarrow_the_answer_says_what_to_install(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    # Not in the words of a test before: an answer may be kept.
    answer = api.get(PATH, headers={"Accept": f"{MEDIA_TYPE};q=0.9"})
    assert 406 == answer.status_code
    assert "f1timings[parquet]" in answer.json()["detail"]
    assert 200 == api.get(f"{PATH}?format=csv").status_code
