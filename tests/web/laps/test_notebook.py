"""The notebook of the documentation, run on a real server: its numbers are those of the API."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scripts.demo import Marshal
from scripts.notebook import NOTEBOOK, drive_evening, evening
from scripts.notebook_cells import DOCUMENTED

from tests.server.running import RunningServer
from tests.web.laps.notebooks import code_cell, need_environment, printed, run

MOST_BYTES = 200_000
# A cell at the end, which gives the numbers to the test.
PROBE = code_cell("""
import json

print(json.dumps({
    "best": json.loads(best.reset_index().to_json(orient="records")),
    "fastest": json.loads(fastest.to_json(orient="index")),
    "pair": [traced.loc[name, "id"] for name in (driver, other)],
    "places_m": list(places_m),
    "delta_ms": list(delta_ms),
    "speeds_kmh": [list(driver_speed), list(other_speed)],
    "consistency": json.loads(consistency.to_json(orient="index", double_precision=12)),
}, default=float))
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookRun:
    """A server with an evening, and what the notebook made of it.

    Attributes:
        cells: of the notebook, with their outputs.
        numbers: what it has calculated.
    """

    server: RunningServer
    cells: list[dict[str, Any]]
    numbers: dict[str, Any]


def stored_cells() -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return cells


def kinds_of_outputs(cells: list[dict[str, Any]]) -> list[list[str]]:
    """Of each cell with code: what it shows."""
    return [
        [kind for output in cell["outputs"] for kind in (*output.get("data", ()), output["output_type"])]
        for cell in cells
        if cell["cell_type"] == "code"
    ]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookRun]:
    need_environment()
    folder = tmp_path_factory.mktemp("notebook")
    with RunningServer(folder / "data") as server:
        marshal = Marshal(server.port, server.token("marshal"))
        drive_evening(marshal, server.udp_port, evening(rigs=2, laps=3), speed=30.0)
        *cells, probe = run([*stored_cells(), PROBE], server.address, folder / "laps.ipynb")
        yield NotebookRun(server=server, cells=cells, numbers=json.loads(printed(probe)))


def test_the_best_and_ideal_laps_and_sectors_are_those_of_the_leaderboard(ran: NotebookRun) -> None:
    board = ran.server.get("/api/v1/leaderboard")["items"]
    names = {"name": "driver", "lap_time_ms": "best_lap_ms", "ideal_ms": "ideal_lap_ms"}
    names |= {f"sector{number}_ms": f"best_sector{number}_ms" for number in (1, 2, 3)}
    assert 2 == len(board)
    assert [{name: row[field] for name, field in names.items()} for row in board] == ran.numbers["best"]
    for sector, found in ran.numbers["fastest"].items():
        first, second = sorted(board, key=lambda row: int(row[f"best_{sector}"]))
        times = [row[f"best_{sector}"] for row in (first, second)]
        assert {
            "fastest": first["driver"],
            "time_ms": times[0],
            "ahead_by_ms": times[1] - times[0],
        } == found


def test_the_delta_is_that_of_the_comparison_and_ends_at_the_difference_of_the_lap_times(
    ran: NotebookRun,
) -> None:
    slower, faster = ran.numbers["pair"]
    compared = ran.server.get(f"/api/v1/laps/{slower}/comparison", other=faster)
    lost = compared["lap_time_ms"] - compared["other_time_ms"]
    assert 0 < lost
    assert ran.numbers["delta_ms"][-1] == pytest.approx(lost, abs=1e-6)
    assert ran.numbers["places_m"] == pytest.approx(compared["places_m"])
    assert ran.numbers["delta_ms"] == pytest.approx(compared["delta_ms"], abs=1.0)
    for found, name in zip(ran.numbers["speeds_kmh"], ("lap", "other"), strict=True):
        known = [pair for pair in zip(found, compared[name]["speed_kmh"], strict=True) if pair[1] is not None]
        assert 0.95 * len(found) < len(known)
        assert [value for value, _ in known] == pytest.approx([value for _, value in known], abs=1.0)


def test_the_spread_and_the_trend_are_those_of_the_laps_of_the_api(ran: NotebookRun) -> None:
    times = defaultdict(list)
    query = {"state": "completed", "is_valid": "true", "sort": "recorded_at"}
    for lap in ran.server.everything("/api/v1/laps", **query):
        times[lap["driver"]].append(lap["lap_time_ms"] / 1000)
    assert [3, 3] == [len(laps) for laps in times.values()]
    for name, laps in times.items():
        quarter, median, three_quarters = statistics.quantiles(laps, n=4, method="inclusive")
        slope, _ = statistics.linear_regression(range(1, 4), laps)
        expected = {"laps": 3, "median_s": median, "spread_s": three_quarters - quarter}
        assert ran.numbers["consistency"][name] == pytest.approx(expected | {"trend_s_a_lap": slope})


def test_the_stored_notebook_shows_what_a_run_shows_and_is_small(ran: NotebookRun) -> None:
    assert kinds_of_outputs(ran.cells) == kinds_of_outputs(stored_cells())
    assert 3 == sum("image/png" in kinds for kinds in kinds_of_outputs(stored_cells()))
    assert NOTEBOOK.stat().st_size < MOST_BYTES
    assert 1 == NOTEBOOK.read_text("utf-8").count(DOCUMENTED)


def test_a_notebook_that_fails_stays_as_it_was(tmp_path: Path) -> None:
    need_environment()
    file = tmp_path / "broken.ipynb"
    with pytest.raises(subprocess.CalledProcessError):
        run([code_cell("print(1)"), code_cell("1 / 0")], "http://127.0.0.1:9", file)
    assert [[], []] == [cell["outputs"] for cell in json.loads(file.read_text("utf-8"))["cells"]]
