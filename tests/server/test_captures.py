"""Live timing, an import and a rebuild of the same captures give the same laps with the same ids."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from f1timings.simulator import scenario_for
from f1timings.simulator.sender import send
from tests.command_line import output_of
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S

FACTS = (
    "id",
    "lap_time_ms",
    "sector1_ms",
    "sector2_ms",
    "sector3_ms",
    "is_valid",
    "compound",
    "state",
    "recovered",
)

# The tests of clock steps import it under this name.
run_command = output_of


def facts(laps: list[Any]) -> set[tuple[Any, ...]]:
    return {tuple(lap[name] for name in FACTS) for lap in laps}


def test_live_timing_import_and_rebuild_give_the_same_laps(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "evening") as server:
        scenario = scenario_for("hot_lap_evening", 2025, 5, laps=2, rigs=2, cars=4, rate_hz=20)
        sent = send([scenario], "127.0.0.1", server.udp_port, speed=50.0)
        driven = sum(
            lap["state"] == "completed" for session in sent.truth["sessions"] for lap in session["laps"]
        )
        server.until(lambda: len(server.everything("/api/v1/laps", state="completed")) == driven)
        live = facts(server.settled("/api/v1/laps"))
    captures = tmp_path / "evening" / "captures"
    shutil.copytree(captures, tmp_path / "rebuilt" / "captures")
    output_of("rebuild", "--data-dir", str(tmp_path / "rebuilt"))
    for capture in sorted(captures.iterdir()):
        output_of("import", str(capture), "--data-dir", str(tmp_path / "imported"))
    with RunningServer(tmp_path / "rebuilt") as server:
        rebuilt = facts(server.everything("/api/v1/laps"))
    with RunningServer(tmp_path / "imported") as server:
        imported = facts(server.everything("/api/v1/laps"))
    # At the end of a capture, unfinished laps become partial laps; all others are the same.
    assert live <= rebuilt
    assert {lap for lap in rebuilt - live if lap[-1] != "partial"} == set()
    assert rebuilt == imported


def test_a_rebuild_while_a_server_runs_changes_nothing_and_leaves_other_laps(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        scenario = scenario_for("time_trial", 2024, 3, laps=2, cars=2, rate_hz=20)
        send([scenario], "127.0.0.1", server.udp_port, speed=50.0)
        before = server.settled("/api/v1/laps", state="completed")
        assert before
        server.until(lambda: "1 captures" in output_of("rebuild", "--data-dir", str(tmp_path / "data")))
        assert before == server.everything("/api/v1/laps", state="completed")
        for capture in (tmp_path / "data" / "captures").iterdir():
            capture.unlink()
        output_of("rebuild", "--data-dir", str(tmp_path / "data"))
        assert before == server.everything("/api/v1/laps", state="completed")


def test_only_the_owner_of_the_data_folder_may_send_records(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        assert 0o600 == (tmp_path / "data" / ".control").stat().st_mode & 0o777
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/api/internal/records",
            data=b'{"entries":[]}',
            headers={"Content-Type": "application/json", "Authorization": "Bearer wrong"},
        )
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request, timeout=LONGEST_WAIT_S)
        with refusal.value:
            assert 401 == refusal.value.code
    assert not (tmp_path / "data" / ".control").exists()
