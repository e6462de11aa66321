"""The SQLite file is deleted while rigs drive: noticed at once, and every lap comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from f1timings.store import DATABASE_FILE
from tests.chaos.forms import count_of
from tests.chaos.ledger import Ledger, assert_as_driven, assert_nothing_lost, count_driven
from tests.command_line import output_of
from tests.server.running import RunningServer

PUBLIC = "cannot be written: the console of the server and, for marshals, the admin page show the reason"


def drive(server: RunningServer, seed: int) -> dict[str, Any]:
    """Drive two laps; return the truth about them."""
    scenario = scenario_for("time_trial", 2025, seed, laps=2, rigs=1, cars=1, rate_hz=20, kinds=TIMING_KINDS)
    return send([scenario], "127.0.0.1", server.udp_port, speed=100.0).truth


def check_of_database(server: RunningServer, token: str | None = None) -> str:
    return str(server.ask("GET", "/api/health/ready", token=token).json["checks"]["database"])


def is_official(server: RunningServer, ledger: Ledger, truth: dict[str, Any]) -> bool:
    """Check that nothing is lost; return whether every driven lap is stored, and its session announced."""
    stored = assert_nothing_lost(ledger, server)
    sessions = {session["session_uid"] for session in truth["sessions"]}
    laps = {lap["id"] for lap in server.everything("/api/v1/laps") if lap["session_uid"] in sessions}
    return count_driven(truth) == assert_as_driven(stored, truth) and laps <= ledger.laps.keys()


def lose_the_file(server: RunningServer, ledger: Ledger, seed: int) -> None:
    """Delete the database files between two drives, and follow what the server says."""
    path = server.data_dir / DATABASE_FILE
    rescued = path.with_name(f"{path.name}.rescued")
    token = server.token("admin")
    before = drive(server, 2 * seed + 1)
    server.until(lambda: is_official(server, ledger, before))
    for file in server.data_dir.glob(f"{DATABASE_FILE}*"):
        file.unlink()
    server.until(lambda: f"rename {rescued}" in check_of_database(server, token))
    # A lap that was under way may have ended until now.
    official = dict(ledger.laps)
    assert PUBLIC == check_of_database(server)
    assert 503 == server.ask("POST", "/api/v1/drivers", {"name": "Ann"}, token).status
    after = drive(server, 2 * seed + 2)
    assert official == ledger.laps, "laps are official that no file has"
    server.stop()

    code, text = server.refused_start()
    assert 2 == code
    assert f"Rename {rescued} to {DATABASE_FILE}, start the server" in text
    assert not path.exists()
    rescued.rename(path)
    server.start()
    output_of("rebuild", "--data-dir", server.data_dir)
    stored = assert_nothing_lost(ledger, server)
    for truth in (before, after):
        assert count_driven(truth) == assert_as_driven(stored, truth)


def test_a_deleted_file_is_noticed_rescued_and_never_silently_replaced(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server, Ledger(server) as ledger:
        for seed in range(count_of(20, 1)):
            lose_the_file(server, ledger, seed)
