"""A lap with its trace as one file: the trace to the byte, the facts of the lap, and no address of a rig."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest

from f1timings.traces.lap_files import MEDIA_TYPE, read_lap_file
from f1timings.web.laps.files import lap_file_response
from tests.web import records
from tests.web.laps.traced import lap_served

LAP = records.lap(1)
BARE = records.lap(2)
PATH = f"/api/v1/laps/{LAP.id}/trace"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with lap_served(tmp_path_factory.mktemp("files"), LAP, {"gear": slice(3, 5)}, BARE) as client:
        yield client


def test_a_browser_saves_it_under_its_circuit_and_time(api: httpx.Client) -> None:
    answer = api.get(f"{PATH}?format=f1lap")
    assert (200, MEDIA_TYPE) == (answer.status_code, answer.headers["content-type"])
    assert 'attachment; filename="Monza-1.23.456.f1lap"' == answer.headers["content-disposition"]
    assert answer.content == api.get(PATH, headers={"Accept": MEDIA_TYPE}).content


@pytest.mark.parametrize(
    ("circuit", "time_ms", "name"),
    [
        ("São Paulo", 71_234, "Sao_Paulo-1.11.234"),
        ('../a"\r\nX: b', None, "aX_b-lap"),
        ("鈴鹿", None, "lap-lap"),
        (None, 83_456, "lap-1.23.456"),
    ],
)
def test_its_name_is_harmless(circuit: str | None, time_ms: int | None, name: str) -> None:
    header = lap_file_response(b"", circuit, time_ms).headers["content-disposition"]
    assert f'attachment; filename="{name}.f1lap"' == header


def test_it_has_the_facts_and_the_trace_of_the_lap(api: httpx.Client) -> None:
    read = read_lap_file(api.get(f"{PATH}?format=f1lap").content)
    lap, columns = api.get(f"/api/v1/laps/{LAP.id}").json(), api.get(PATH).json()["channels"]
    for name in ("circuit", "lap_time_ms", "sector1_ms", "sector3_ms", "is_valid", "compound", "weather"):
        assert lap[name] == getattr(read.head, name)
    assert (lap["driver"] or lap["participant"]) == read.head.name
    assert datetime.fromisoformat(lap["recorded_at"]) == read.head.driven_at
    assert columns["time_ms"] == read.trace.numbers["time_ms"].tolist()
    assert [False, True, True, False] == read.trace.gaps["gear"][2:6].tolist()


def test_it_says_nothing_about_the_rig(api: httpx.Client) -> None:
    head = api.get(f"{PATH}?format=f1lap").content.split(b"\n", 2)[1]
    assert LAP.rig.encode() not in head
    assert str(LAP.session_uid).encode() not in head


def test_a_lap_without_a_trace_has_no_file(api: httpx.Client) -> None:
    answer = api.get(f"/api/v1/laps/{BARE.id}/trace?format=f1lap")
    assert (404, True) == (answer.status_code, "has no trace" in answer.json()["detail"])
