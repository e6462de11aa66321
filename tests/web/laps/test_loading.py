"""The lines of docs/traces.md that load laps into pandas and polars, run against a server.

Only polars is among the packages for development: both together would be more than 200 MB. The lines for
pandas run where somebody has it; everywhere, they must ask for the same addresses as those for polars.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from typing import Any

import pytest
from scripts.documentation.parts import ROOT

from f1timings.traces.channels import CHANNELS
from tests.traces.test_blobs import lap_like
from tests.web import records
from tests.web.world import World, open_world, serve

DOCUMENTED = "http://localhost:8080"
LIBRARIES = ("pandas", "polars")


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


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_documented_lines_load_laps_and_a_trace(
    world: World, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if library == "pandas" and not importlib.util.find_spec(library):
        pytest.skip("there is no pandas, see above: pip install pandas")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    found: dict[str, Any] = {}
    with serve(world.app) as address:
        exec(documented_lines(library).replace(DOCUMENTED, f"http://{address}"), found)
    laps, trace = found["laps"], found["trace"]
    assert [(records.lap(1).id, 83_001, records.UID)] == list(
        zip(laps["id"], laps["lap_time_ms"], laps["session_uid"], strict=True)
    )
    assert [channel.name for channel in CHANNELS] == list(trace.columns)
    expected = {name: lap_like(1).values(name).tolist() for name in ("time_ms", "speed_kmh", "gear", "x_m")}
    assert expected == {name: trace[name].to_list() for name in expected}
    assert {None} == {value if value == value else None for value in trace["aero"].to_list()}


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
