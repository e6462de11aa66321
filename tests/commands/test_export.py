"""``f1timings export`` writes the same file with and without a running server."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.command_line import run_command, run_program
from tests.server.running import RunningServer


def export(data_dir: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    return run_command("export", "--data-dir", data_dir, *flags)


def exported(data_dir: Path, *flags: str) -> Path:
    result = export(data_dir, *flags)
    file = Path(result.stdout.strip())
    assert data_dir / "exports" == file.parent, result.stderr
    return file


FORMS: tuple[tuple[str, ...], ...] = (
    (),
    ("--circuit", "Spa", "--format", "csv", "--delimiter", ";", "--bom"),
    ("--format", "xlsx"),
)


def read(file: Path) -> object:
    """The text of a CSV file; the cells of a workbook."""
    if file.suffix == ".csv":
        return file.read_bytes().decode()
    rows = openpyxl.load_workbook(file)["board"].rows
    return [[str(cell.value) if cell.is_date else cell.value for cell in row] for row in rows]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export") / "data"


def test_laps_come_from_the_running_server_or_from_its_database(data_dir: Path) -> None:
    with RunningServer(data_dir) as server:
        empty = run_program("export", "--data-dir", data_dir)
        token = server.token("marshal")
        server.ask("POST", "/api/track", {"name": "Spa"}, token)
        server.ask("POST", "/api/laptime", {"name": "Zoë", "team": "Audi", "time": "59.999"}, token)
        server.ask("POST", "/api/track", {"name": "Monza"}, token)
        server.ask("POST", "/api/laptime", {"name": "Ann", "team": "Audi", "time": "1.23.456"}, token)
        with_server = [read(exported(data_dir, *flags)) for flags in FORMS]
    without_server = [read(exported(data_dir, *flags)) for flags in FORMS]

    assert (2, "f1timings: No track name set\n") == (empty.returncode, empty.stderr)
    assert [
        "Position,Driver,Team,Time,Points\r\n1,Ann,Audi,1:23.456,25\r\n",
        "\ufeffPosition;Driver;Team;Time;Time_ms;Points\r\n1;Zoë;Audi;0:59.999;59999;25\r\n",
        [
            ["Position", "Driver", "Team", "Time", "Time_ms", "Points"],
            [1, "Ann", "Audi", "0:01:23.456000", 83456, 25],
        ],
    ] == with_server
    assert with_server == without_server


def test_details_of_csv_are_refused_for_a_workbook(data_dir: Path) -> None:
    refused = export(data_dir, "--format", "xlsx", "--bom")
    assert (2, True) == (refused.returncode, "--bom are for CSV only" in refused.stderr)
