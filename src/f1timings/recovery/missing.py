"""A database that is not there although its backups are: nothing takes its place by mistake.

The database may be on a disk that is not plugged in, or was moved or deleted. A server that began an empty
one would soon make backups of that, and the newest backup would no longer be the one to restore.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from f1timings.config import Settings
from f1timings.errors import StoreError
from f1timings.recovery.address import address_of
from f1timings.recovery.advice import command_for
from f1timings.recovery.backups.choice import list_restorable, newest_good
from f1timings.recovery.backups.files import Backup
from f1timings.store.damage.file_checks import sqlite_path
from f1timings.store.probe.rescue import rescued_path


@dataclass(frozen=True, slots=True)
class MissingDatabase:
    """An SQLite file that is not there, and the newest good backup of one."""

    path: Path
    backup: Backup


def find_missing(settings: Settings) -> MissingDatabase | None:
    """The missing database of a server; None if it is there, or has no good backup, as before a first start.

    None as well if a rescued copy is beside it: that has more than a backup, and the store names it.
    """
    path = sqlite_path(address_of(settings))
    if path is None or path.exists() or rescued_path(path).exists():
        return None
    backup, _ = newest_good(list_restorable(settings))
    return None if backup is None else MissingDatabase(path, backup)


def need_present(settings: Settings) -> None:
    """Refuse to begin an empty database where there are backups of one.

    Raises:
        StoreError: the database is missing; the text has the commands that restore it or begin an empty one.
    """
    missing = find_missing(settings)
    if missing is None:
        return
    lines = [
        f"There is no database {missing.path}, but there are backups of one. Nothing was changed.",
        "If its disk is not plugged in, or the file was moved, bring it back.",
        f"The newest good backup is {missing.backup.path} ({missing.backup.text}). To restore it, enter:",
        f"    {command_for('restore --newest', settings)}",
        "To begin with an empty database, enter this; the backups are kept:",
        f"    {command_for('serve --fresh-database', settings)}",
    ]
    raise StoreError("\n".join(lines))


def report_begun(missing: MissingDatabase, settings: Settings) -> str:
    """What happened at the start on an empty database, and how to restore the backup later."""
    return "\n".join(
        [
            f"There was no database {missing.path}. The server begins with an empty one.",
            f"The newest good backup of the earlier one is of {missing.backup.text}. To restore it, stop the "
            "server and enter:",
            f"    {command_for(f'restore {missing.backup.path}', settings)}",
        ]
    )
