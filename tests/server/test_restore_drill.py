"""A drill: laps in the database, a rig that drives, a backup meanwhile, the database lost, and restored.

Every lap that was official before the backup is there after it, and the laps after it come back from the
captures. Without a setting there are 2,000 laps; ``make drill`` has 100,000.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from threading import Thread

from benchmarks.leaderboard import build_entries

from f1timings.clock import ServerClock
from f1timings.config import load_settings
from f1timings.recovery.backups import files
from f1timings.recovery.opening import open_store
from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from f1timings.store.data_folder import backups_folder
from tests.command_line import output_of
from tests.migrated import copy_migrated
from tests.server.running import RunningServer

LAPS = int(os.environ.get("F1TIMINGS_DRILL_LAPS", "2000"))
BATCH = 500


def test_every_official_lap_is_there_after_the_restore(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    copy_migrated(folder)
    _fill(folder)
    with RunningServer(folder) as server:
        scenario = scenario_for(
            "hot_lap_evening", 2025, 7, laps=3, rigs=4, cars=1, rate_hz=20, kinds=TIMING_KINDS
        )
        driving = Thread(target=send, args=([scenario], "127.0.0.1", server.udp_port), kwargs={"speed": 20.0})
        driving.start()
        server.until(lambda: len(_newer(server)) > 0)
        official = {lap["id"] for lap in server.everything("/api/v1/laps")}
        output_of("backup", "--data-dir", folder)
        backup = files.newest_of(backups_folder(folder))
        assert backup is not None
        driving.join()
        server.settled("/api/v1/rigs")
        everything = {lap["id"]: lap["lap_time_ms"] for lap in server.everything("/api/v1/laps")}
    assert LAPS < len(official) <= backup.contents.laps
    database = folder / "f1timings.db"
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])

    printed = output_of("restore", "--newest", "--data-dir", folder)
    assert f"Restored: {backup.path} ({backup.text})." in printed
    with RunningServer(folder) as server:
        restored = {lap["id"]: lap["lap_time_ms"] for lap in server.everything("/api/v1/laps")}
    assert official <= restored.keys()
    assert everything == restored


def _fill(folder: Path) -> None:
    """Store laps that no capture has."""
    entries = build_entries(LAPS, Random(1))
    with open_store(load_settings(data_dir=folder), clock=ServerClock()) as store:
        for start in range(0, len(entries), BATCH):
            store.submit(entries[start : start + BATCH])
            store.flush(300)


def _newer(server: RunningServer) -> list[object]:
    """The laps that the driving rigs have completed."""
    rigs = [rig["rig"] for rig in server.everything("/api/v1/rigs") if not rig["rig"].startswith("10.0.0.")]
    return [lap for rig in rigs for lap in server.everything("/api/v1/laps", rig=rig, state="completed")]
