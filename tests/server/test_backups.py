"""Backups of a running server, and how an evening comes back from one, with real processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from f1timings.recovery.backups import files
from f1timings.recovery.backups.files import Backup
from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from f1timings.store import sqlite_url
from f1timings.store.data_folder import backups_folder
from f1timings.store.migrations import newest_number
from tests.command_line import output_of, run_command
from tests.forked_command import RUN_FIRST
from tests.migrated import downgrade
from tests.server.test_damaged_database import Evening

# The histories repeat what lap data say; they would be half of the datagrams.
_KINDS = TIMING_KINDS - {"session_history"}

# Kills the command when a step of its restore is done.
_KILLED_AFTER = """
import os, signal
from f1timings.recovery import restoring

step = restoring.{step}

def do_and_die(*arguments, **named):
    step(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)

restoring.{step} = do_and_die
"""


class BackedUpEvening(Evening):
    """An evening with backups."""

    @property
    def backups(self) -> list[Backup]:
        """Its backups, the oldest first."""
        return files.list_backups(backups_folder(self.data_dir))

    def drive(self, seed: int) -> None:
        """Drive a lap in each of two sessions at two rigs, until they are stored."""
        scenario = scenario_for(
            "hot_lap_evening", 2025, seed, laps=1, rigs=2, cars=1, rate_hz=20, kinds=_KINDS
        )
        send([scenario], "127.0.0.1", self.udp_port, speed=50.0)
        self.settled("/api/v1/laps", state="completed")

    def seat(self, token: str, name: str) -> str:
        """Add a driver and assign the first rig; return the driver's id."""
        driver: str = self.ask("POST", "/api/v1/drivers", {"name": name}, token).json["id"]
        rig = self.everything("/api/v1/rigs")[0]["rig"]
        path = f"/api/v1/rigs/{rig}/assign"
        assert 200 == self.ask("POST", path, {"driver_id": driver}, token).status
        return driver

    def names(self) -> set[str]:
        """The names of drivers on laps."""
        return {fact[-2] for fact in self.facts()} - {None}

    def restore(self, *words: str | Path) -> str:
        """Restore a backup; return what was printed."""
        return output_of("restore", *words, "--data-dir", self.data_dir)


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[tuple[Any, ...]]]:
    """The data folder of a stopped server: laps, a backup, and more laps; and what is known about them.

    Ann sat at a rig before the backup, Bo after it.
    """
    folder = tmp_path_factory.mktemp("evening") / "data"
    with BackedUpEvening(folder) as server:
        token = server.token("admin")
        server.drive(1)
        server.seat(token, "Ann")
        server.drive(2)
        # The end of a session brings a backup, which may be made before or after this one.
        output_of("backup", "--data-dir", folder)
        server.seat(token, "Bo")
        server.drive(3)
        facts = server.facts()
        assert {"Ann", "Bo"} == server.names()
    return folder, facts


@pytest.fixture
def evening(driven: tuple[Path, set[tuple[Any, ...]]], tmp_path: Path) -> Iterator[BackedUpEvening]:
    """The same evening in a folder of its own; the server is not started."""
    shutil.copytree(driven[0], tmp_path / "data")
    server = BackedUpEvening(tmp_path / "data")
    yield server
    server.kill()


def requested(evening: BackedUpEvening) -> Backup:
    """The backup that was made between Ann and Bo."""
    return [backup for backup in evening.backups if backup.reason == "requested"][-1]


def times(facts: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Laps without their drivers."""
    return {fact[:-2] for fact in facts}


def test_the_end_of_a_session_brings_a_backup(tmp_path: Path) -> None:
    with BackedUpEvening(tmp_path / "data") as server:
        server.drive(1)
        server.drive(2)
        server.until(lambda: any(backup.reason == "session" for backup in server.backups))
        token = server.token("marshal")
        listed = server.ask("GET", "/api/v1/backups", token=token).json["items"][0]
        backup = server.backups[-1]
        assert (backup.reason, backup.path.name, backup.contents.laps) == (
            listed["reason"],
            listed["name"],
            listed["laps"],
        )
        assert listed["laps"]


def test_the_command_asks_the_running_server_and_copies_the_backup(
    evening: BackedUpEvening, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    refused = run_command("backup", "--to", stick, "--data-dir", evening.data_dir)
    assert (2, f"f1timings: There is no folder {stick}. Nothing was done.\n") == (
        refused.returncode,
        refused.stderr,
    )
    stick.mkdir()
    evening.start()
    printed = output_of("backup", "--to", stick, "--data-dir", evening.data_dir)
    (copied,) = files.list_backups(stick)
    assert evening.backups[-1].sha256 == copied.sha256
    assert printed.startswith(f"{copied.path}  {copied.text}, ")
    evening.stop()
    stopped = output_of("backup", "--data-dir", evening.data_dir)
    assert str(evening.backups[-1].path) in stopped
    assert evening.backups[-1].contents.laps == copied.contents.laps


def test_nothing_is_restored_while_a_server_runs(evening: BackedUpEvening) -> None:
    evening.start()
    refused = run_command("restore", "--newest", "--data-dir", evening.data_dir)
    assert 2 == refused.returncode
    assert "A backup can only be restored while no server runs." in refused.stderr


def test_without_a_choice_the_backups_are_listed(evening: BackedUpEvening) -> None:
    refused = run_command("restore", "--data-dir", evening.data_dir)
    assert 2 == refused.returncode
    assert "Name a backup, or choose --newest. The backups are:\n" in refused.stderr
    for backup in evening.backups:
        assert f"    {backup.path}  {backup.text}\n" in refused.stderr


def test_a_damaged_database_comes_back_by_the_command_in_the_message(
    evening: BackedUpEvening, driven: tuple[Path, set[tuple[Any, ...]]]
) -> None:
    with evening.database.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(evening.database.stat().st_size - 4096))
    damaged = evening.database.read_bytes()
    code, text = evening.refused_start()
    assert 2 == code
    good = evening.backups[-1]
    assert f"The newest good backup is of {good.text}." in text
    command = f"    f1timings restore --newest --data-dir {evening.data_dir}\n"
    assert command in text
    printed = evening.restore(*command.split()[2:3])
    assert f"Restored: {good.path} ({good.text})." in printed
    (kept,) = evening.data_dir.glob("f1timings.db.replaced-*Z")
    assert f"kept as {kept}." in printed
    assert damaged == kept.read_bytes()
    came_back = re.search(r"(\d+) laps came back from the captures; the database has (\d+) laps", printed)
    assert came_back is not None
    assert int(came_back[2]) == good.contents.laps + int(came_back[1])
    evening.start()
    assert times(driven[1]) == times(evening.facts())


def test_a_missing_database_is_never_replaced_silently(
    evening: BackedUpEvening, driven: tuple[Path, set[tuple[Any, ...]]]
) -> None:
    evening.database.unlink()
    good = evening.backups[-1]
    code, text = evening.refused_start()
    assert 2 == code
    assert f"There is no database {evening.database}, but there are backups of one." in text
    assert f"The newest good backup is {good.path} ({good.text})." in text
    command = f"    f1timings restore --newest --data-dir {evening.data_dir}\n"
    assert command in text
    assert not evening.database.exists()
    refused = run_command("token", "create", "--role", "viewer", "--data-dir", evening.data_dir)
    assert (2, False) == (refused.returncode, evening.database.exists())
    checked = run_command("doctor", "--seconds", "0", "--data-dir", evening.data_dir)
    assert f"WRONG The database {evening.database} is not there" in checked.stdout
    assert f"the newest good backup, of {good.text}: {command.strip()} " in checked.stdout

    evening.restore(*command.split()[2:3])
    evening.start()
    assert times(driven[1]) == times(evening.facts())


def test_an_empty_database_begins_where_it_is_wanted_and_the_backups_stay(evening: BackedUpEvening) -> None:
    evening.database.unlink()
    good = evening.backups[-1]
    evening.start("--fresh-database")
    assert [] == evening.everything("/api/v1/laps")
    assert f"There was no database {evening.database}. The server begins with an empty one." in evening.log
    assert f"    f1timings restore {good.path} --data-dir {evening.data_dir}\n" in evening.log
    assert good in evening.backups


def test_laps_after_the_backup_are_nobodys_and_those_before_keep_their_driver(
    evening: BackedUpEvening, driven: tuple[Path, set[tuple[Any, ...]]]
) -> None:
    printed = evening.restore(requested(evening).path)
    assert "1 drivers sat at rigs then." in printed
    assert "What people entered after the backup is not in it" in printed
    evening.start()
    found = evening.facts()
    assert times(driven[1]) == times(found)
    # Bo's laps are not Ann's, although Ann sat there in the backup.
    assert {fact for fact in driven[1] if fact[-2] == "Ann"} == {fact for fact in found if fact[-2]}
    token = evening.token("marshal")
    acts = evening.ask("GET", "/api/v1/acts", token=token).json["items"]
    assert "All seats ended at the moment of the restored backup." in [act["summary"] for act in acts]


def test_a_damaged_backup_is_refused_and_the_next_good_one_is_offered(evening: BackedUpEvening) -> None:
    output_of("backup", "--data-dir", evening.data_dir)
    *_, good, damaged = evening.backups
    content = bytearray(damaged.path.read_bytes())
    content[5000] ^= 1
    damaged.path.write_bytes(content)
    before = evening.database.read_bytes()
    refused = run_command("restore", damaged.path, "--data-dir", evening.data_dir)
    assert 2 == refused.returncode
    assert refused.stderr == (
        f"f1timings: {damaged.path} is damaged: its checksum is wrong. The newest good backup is {good.path} "
        f"({good.text}): f1timings restore --newest. Nothing was changed.\n"
    )
    assert before == evening.database.read_bytes()
    printed = evening.restore("--newest", "--without-captures")
    assert f"Not used: {damaged.path} is damaged: its checksum is wrong.\nRestored: {good.path}" in printed


@pytest.mark.parametrize("size", [0, 4096, -1])
def test_a_cut_backup_is_refused(evening: BackedUpEvening, size: int) -> None:
    for backup in evening.backups:
        os.truncate(backup.path, size % backup.bytes)
    refused = run_command("restore", "--newest", "--data-dir", evening.data_dir)
    assert 2 == refused.returncode
    assert "There is no good backup" in refused.stderr
    assert len(evening.backups) == refused.stdout.count("is damaged: it has ")


def test_a_file_without_its_description_is_checked_page_by_page(
    evening: BackedUpEvening, tmp_path: Path
) -> None:
    backup = requested(evening)
    copy = tmp_path / "from a stick.db"
    shutil.copyfile(backup.path, copy)
    copy.write_bytes(copy.read_bytes()[:-4096])
    refused = run_command("restore", copy, "--data-dir", evening.data_dir)
    assert "from a stick.db is damaged, or no backup: the file is cut" in refused.stderr
    (tmp_path / "letter.db").write_text("Dear club, " * 100)
    refused = run_command("restore", tmp_path / "letter.db", "--data-dir", evening.data_dir)
    assert "the file does not begin as an SQLite database" in refused.stderr
    shutil.copyfile(backup.path, copy)
    assert f"Restored: {copy}" in evening.restore(copy, "--without-captures")


def test_a_database_that_lost_its_log_after_a_kill_comes_back(tmp_path: Path) -> None:
    server = BackedUpEvening(tmp_path / "data")
    with server:
        server.drive(1)
        output_of("backup", "--data-dir", server.data_dir)
        server.drive(2)
        facts = server.facts()
        server.kill()
        server.database.with_name(f"{server.database.name}-wal").unlink(missing_ok=True)
        server.restore("--newest")
        server.start()
        assert times(facts) == times(server.facts())


def test_a_person_who_was_erased_later_is_erased_again(evening: BackedUpEvening, tmp_path: Path) -> None:
    outside = files.copy_to(requested(evening), _folder(tmp_path / "outside"))
    evening.start()
    token = evening.token("admin")
    ann = next(driver for driver in evening.everything("/api/v1/drivers") if driver["name"] == "Ann")
    body = {"version": ann["version"], "confirm": "Ann"}
    assert 200 == evening.ask("POST", f"/api/v1/drivers/{ann['id']}/erase", body, token).status
    evening.until(lambda: all(ann["id"] in backup.contents.erased for backup in evening.backups))
    assert "erasure" == evening.backups[-1].reason
    evening.stop()
    assert "Erased again, because they were erased after this backup: 1 persons." in evening.restore(
        outside.path
    )
    evening.start()
    assert "Ann" not in evening.names()
    assert "Ann" not in {driver["name"] for driver in evening.everything("/api/v1/drivers")}


def test_a_backup_of_a_newer_program_is_refused_and_an_older_one_is_offered(evening: BackedUpEvening) -> None:
    output_of("backup", "--data-dir", evening.data_dir)
    *_, older, newer = evening.backups
    files.write_description(replace(newer, contents=newer.contents._replace(schema="9999")))
    refused = run_command("restore", newer.path, "--data-dir", evening.data_dir)
    assert 2 == refused.returncode
    assert f"{newer.path} is of a newer program: its schema is 9999" in refused.stderr
    assert str(newest_number()) in refused.stderr
    assert "Nothing was changed." in refused.stderr
    assert f"Restored: {older.path} " in evening.restore("--newest")


@pytest.mark.parametrize("moment", ["set_aside", "store_names", "end_seats_of_backup"])
def test_a_killed_restore_is_said_and_done_again(
    evening: BackedUpEvening, tmp_path: Path, moment: str
) -> None:
    backup = requested(evening)
    killing = tmp_path / "killing.py"
    killing.write_text(_KILLED_AFTER.format(step=moment))
    killed = run_command("restore", backup.path, "--data-dir", evening.data_dir, **{RUN_FIRST: str(killing)})
    assert -signal.SIGKILL == killed.returncode, killed.stderr
    code, text = evening.refused_start()
    assert 2 == code
    command = f"    f1timings restore {backup.path} --data-dir {evening.data_dir}\n"
    assert f"Restoring the backup {backup.path} was interrupted" in text
    assert command in text
    exported = run_command("export", "--data-dir", evening.data_dir)
    assert "was interrupted" in exported.stderr
    output_of(*command.split()[1:])
    evening.start()
    assert {"Ann"} == evening.names()


def test_a_backup_is_made_before_a_migration(evening: BackedUpEvening) -> None:
    downgrade(sqlite_url(evening.data_dir), "0025")
    evening.start()
    backup = next(backup for backup in reversed(evening.backups) if backup.reason == "migration")
    assert ("0025", evening.backups[0].contents.schema) == (backup.contents.schema, newest_number())
    assert "The database is migrated to a new schema. Before: " in evening.log
    evening.stop()
    evening.restore(backup.path, "--without-captures")
    with closing(sqlite3.connect(evening.database)) as connection:
        assert [(newest_number(),)] == connection.execute("SELECT * FROM alembic_version").fetchall()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
