"""What the checks must know about the database and its backups, with a server and without one."""

from __future__ import annotations

from datetime import UTC, datetime

from f1timings.clock import ServerClock
from f1timings.config import Settings
from f1timings.doctor.situation import Stored
from f1timings.recovery.advice import command_for
from f1timings.recovery.backups.copies import look_for_old_copy
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.recovery.missing import find_missing
from f1timings.store.data_folder import backups_folder


def stored_at_server(backups: BackupKeeper, now_s: float) -> Stored:
    """The backups of a running server, which has its database open.

    Args:
        now_s: server time, seconds since 1970.
    """
    copy = backups.state().old_copy
    if copy is None:
        return Stored()
    return Stored(second_folder=str(copy.folder), copied_h=copy.hours(datetime.fromtimestamp(now_s, UTC)))


def stored_without_server(settings: Settings) -> Stored:
    """The database and both folders of backups while no server uses them."""
    now = datetime.fromtimestamp(ServerClock().now(), UTC)
    missing = find_missing(settings)
    copy = look_for_old_copy(backups_folder(settings.data_dir), settings.backup_folder, now)
    return Stored(
        missing=None if missing is None else str(missing.path),
        newest_backup="" if missing is None else missing.backup.text,
        restoring=command_for("restore --newest", settings),
        beginning=command_for("serve --fresh-database", settings),
        second_folder=None if copy is None else str(copy.folder),
        copied_h=0 if copy is None else copy.hours(now),
    )
