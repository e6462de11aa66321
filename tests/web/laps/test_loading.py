"""The lines of docs/traces.md that load laps into pandas and polars, run against a server.

Only polars is among the packages for development; the lines for pandas run in the environment of the
notebook.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripts.documentation.parts import ROOT
from scripts.notebook_cells import DOCUMENTED

from f1timings.traces.channels import CHANNELS
from tests.traces.test_blobs import lap_like
from tests.web import records
from tests.web.laps.notebooks import code_cell, need_environment, printed, run
from tests.web.world import World, open_world, serve

LIBRARIES = ("pandas", "polars")
# Gives the tables to the test.
PRINT_TABLES = "import json; print(json.dumps([table.to_dict('list') for table in (laps, trace)]))"


def documented_lines(library: str) -> str:
    """The lines for one library, as the documentation has them."""
    blocks: list[str] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/traces.md").read_text("utf-8"), re.S)
    (found,) = [block for block in blocks if f"import {library}" in block]
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("loading")) as world:
        world.commit_race()
        world.commit_trace()
        yield world


def check(laps: Any, trace: Any) -> None:
    """The tables are the one lap that has a trace, and its trace; both map names of columns to values."""
    assert [(records.lap(1).id, 83_001, records.UID)] == list(
        zip(laps["id"], laps["lap_time_ms"], laps["session_uid"], strict=True)
    )
    assert [channel.name for channel in CHANNELS] == list(trace)
    expected = {name: lap_like(1).values(name).tolist() for name in ("time_ms", "speed_kmh", "gear", "x_m")}
    assert expected == {name: trace[name] for name in expected}
    assert {None} == {value if value == value else None for value in trace["aero"]}


def test_the_documented_lines_for_polars_load_laps_and_a_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    found: dict[str, Any] = {}
    with serve(world.app) as address:
        exec(documented_lines("polars").replace(DOCUMENTED, f"http://{address}"), found)
    check(found["laps"].to_dict(as_series=False), found["trace"].to_dict(as_series=False))


def test_the_documented_lines_for_pandas_load_laps_and_a_trace(world: World, tmp_path: Path) -> None:
    need_environment()
    with serve(world.app) as address:
        cells = [code_cell(documented_lines("pandas")), code_cell(PRINT_TABLES)]
        _, tables = run(cells, f"http://{address}", tmp_path / "lines.ipynb")
    check(*json.loads(printed(tables)))


def test_the_lines_ask_for_the_same_addresses() -> None:
    """Except for the format of the trace."""
    pandas, polars = (
        [url.rpartition("=")[0] for url in re.findall(r'\{server\}(.*?)"', documented_lines(library))]
        for library in LIBRARIES
    )
    assert 2 == len(pandas)
    assert pandas == polars


def test_they_are_ten_lines() -> None:
    lines = [line for library in LIBRARIES for line in documented_lines(library).split("\n") if line]
    assert 10 == len(lines)
