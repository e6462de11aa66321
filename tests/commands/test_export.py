"""``f1timings export`` writes the same file with and without a running server."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.command_line import run_command
from tests.server.running import RunningServer


def export(data_dir: Path) -> subprocess.CompletedProcess[str]:
    return run_command("export", "--data-dir", data_dir)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export") / "data"


def test_laps_come_from_the_running_server_or_from_its_database(data_dir: Path) -> None:
    with RunningServer(data_dir) as server:
        empty = export(data_dir)
        token = server.token("marshal")
        server.ask("POST", "/api/track", {"name": "Monza"}, token)
        server.ask("POST", "/api/laptime", {"name": "Ann", "team": "Audi", "time": "1:23.456"}, token)
        with_server = export(data_dir)
    without_server = export(data_dir)

    lines = ["Position,Driver,Team,Time,Points", "1,Ann,Audi,1:23.456,25"]
    assert (2, "f1timings: No track name set\n") == (empty.returncode, empty.stderr)
    for result in (with_server, without_server):
        file = Path(result.stdout.strip())
        assert lines == file.read_text().splitlines(), result.stderr
        assert data_dir / "exports" == file.parent
