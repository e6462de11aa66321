"""The wall clock is set back or ahead during an evening: every lap stays with who drove it."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from f1timings.simulator import TIMING_KINDS, Scenario, scenario_for
from f1timings.simulator.sender import send
from f1timings.store import DATABASE_FILE
from tests.chaos.forms import some_of
from tests.forked_command import RUN_FIRST
from tests.server.running import RunningServer
from tests.server.test_captures import run_command
from tests.server.test_leaderboard import best_laps, rows_by

HOUR_S, DAY_S = 3600, 86_400
# Names under which people drive in the simulator.
GAME_NAMES = ("Señor Apex", "tyre_whisperer")
NAMES = ("Ann", "Bo")
# Patches the wall clock of a server process; everything else in it is real.
_PATCH = """
import time
_real = time.time
def _stepped():
    with open({path!r}) as file:
        return _real() + float(file.read() or 0.0)
time.time = _stepped
"""


class SteppedWall:
    """The wall clock of the servers that this test starts."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._file = folder / "offset"
        self.step(0.0)
        patch = folder / "patch.py"
        patch.write_text(_PATCH.format(path=str(self._file)))
        monkeypatch.setenv(RUN_FIRST, str(patch))

    def step(self, offset_s: float) -> None:
        """Set the wall clock this far from the true time."""
        new = self._file.with_suffix(".new")
        new.write_text(str(offset_s))
        new.replace(self._file)


@pytest.fixture
def wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SteppedWall:
    folder = tmp_path / "site"
    folder.mkdir()
    return SteppedWall(folder, monkeypatch)


class Evening:
    """A server, and one rig at which drivers take turns."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.token = server.token("admin")
        self.seed = 0

    def act(self, method: str, path: str, body: object) -> Any:
        answer = self.server.ask(method, path, body, self.token)
        assert answer.status in (200, 201), answer
        return answer.json

    def drive(self) -> None:
        """Drive one lap in a session of its own, always on the same circuit."""
        before = len(self.completed_laps())
        self.seed += 1
        drive = Scenario(
            kind="time_trial", format=2025, laps=1, cars=1, seed=self.seed, rate_hz=20, track_id=11,
            kinds=TIMING_KINDS,
        )  # fmt: skip
        send([drive], "127.0.0.1", self.server.udp_port, speed=80.0)
        self.server.until(lambda: len(self.completed_laps()) > before)

    def completed_laps(self) -> list[dict[str, Any]]:
        laps = self.server.everything("/api/v1/laps", state="completed")
        return sorted(laps, key=lambda lap: str(lap["official_at"]))

    def drivers_of_laps(self) -> list[str | None]:
        return [lap["driver"] for lap in self.completed_laps()]


@pytest.mark.parametrize("step_s", some_of((-HOUR_S, HOUR_S, -DAY_S, DAY_S), (-HOUR_S, DAY_S)))
@pytest.mark.parametrize("is_restarted", [False, True], ids=["running", "restarted"])
def test_laps_stay_with_who_drove_them(
    tmp_path: Path, wall: SteppedWall, step_s: float, is_restarted: bool
) -> None:
    with RunningServer(tmp_path / "data") as server:
        evening = Evening(server)
        ann, bo = (evening.act("POST", "/api/v1/drivers", {"name": name})["id"] for name in ("Ann", "Bo"))
        evening.drive()
        rig = server.everything("/api/v1/rigs")[0]["rig"]
        evening.act("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": ann})
        evening.drive()
        meeting = evening.act("POST", "/api/v1/meetings", {"name": "Second"})["id"]
        evening.act("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": ann})
        wall.step(step_s)
        if is_restarted:
            server.stop()
            server.start()
        evening.drive()
        evening.act("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": bo})
        evening.drive()
        assert [None, "Ann", "Ann", "Bo"] == evening.drivers_of_laps()
        assert [meeting] * 2 == [lap["meeting_id"] for lap in evening.completed_laps()][2:]
        history = server.everything(f"/api/v1/rigs/{rig}/assignments")
        assert ("Ann", "Bo") == (history[0]["driver"], history[-1]["driver"])
        assert [rig] == [known["rig"] for known in server.everything("/api/v1/rigs")]


@pytest.mark.parametrize("step_s", [-HOUR_S, DAY_S])
def test_in_a_lobby_each_lap_counts_once_for_who_drove_it_although_the_clock_is_set(
    tmp_path: Path, wall: SteppedWall, step_s: float
) -> None:
    lobby = scenario_for("lobby", 2025, 3, laps=3, cars=4, rigs=2, rate_hz=20, kinds=TIMING_KINDS)
    with RunningServer(tmp_path / "data") as server, ThreadPoolExecutor(1) as thread:
        evening = Evening(server)
        drive = thread.submit(send, [lobby], "127.0.0.1", server.udp_port, speed=30.0)
        server.until(lambda: len(server.everything("/api/v1/rigs")) == 2)
        names = dict(zip(sorted(rig["rig"] for rig in server.everything("/api/v1/rigs")), NAMES, strict=True))
        for rig, name in names.items():
            driver = evening.act("POST", "/api/v1/drivers", {"name": name})["id"]
            since = "2020-01-01T00:00:00Z"
            evening.act("POST", f"/api/v1/rigs/{rig}/assign", {"driver_id": driver, "since": since})
        server.until(lambda: len(evening.completed_laps()) > 0)
        wall.step(step_s)
        truth = drive.result().truth
        server.settled("/api/v1/laps")
        driven = best_laps(truth, server.everything("/api/v1/sessions"))
        board = server.get("/api/v1/leaderboard")
        assert {names[rig]: best for rig, best in driven.items()} == rows_by(board, "driver")


@pytest.mark.parametrize("step_s", [-HOUR_S, 0, DAY_S])
def test_a_deleted_driver_gets_no_later_laps_by_name_also_after_a_rebuild(
    tmp_path: Path, wall: SteppedWall, step_s: float
) -> None:
    with RunningServer(tmp_path / "data") as server:
        evening = Evening(server)
        evening.drive()
        ann = evening.act("POST", "/api/v1/drivers", {"name": "Ann"})["id"]
        for name in GAME_NAMES:
            evening.act("PUT", "/api/v1/game-names", {"name": name, "driver_id": ann})
        version = server.ask("GET", f"/api/v1/drivers/{ann}", None, evening.token).json["version"]
        deletion = f"/api/v1/drivers/{ann}?version={version}"
        assert server.ask("DELETE", deletion, None, evening.token).status < 300
        wall.step(step_s)
        evening.drive()
        assert {lap["participant"] for lap in evening.completed_laps()} <= set(GAME_NAMES)
        assert ["Former driver 1", None] == evening.drivers_of_laps()
        live = {lap["id"]: lap["driver"] for lap in evening.completed_laps()}

    with contextlib.closing(sqlite3.connect(tmp_path / "data" / DATABASE_FILE)) as database:
        for table in ("board_bests", "attributions", "lap_revisions", "laps"):
            database.execute(f"DELETE FROM {table}")
        database.commit()
    run_command("rebuild", "--data-dir", str(tmp_path / "data"))
    with server:
        assert live == {lap["id"]: lap["driver"] for lap in evening.completed_laps()}
