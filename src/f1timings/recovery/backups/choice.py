"""Choosing a backup to restore: from both folders, only good ones, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from f1timings.config import Settings
from f1timings.errors import BackupError
from f1timings.recovery.address import address_of
from f1timings.recovery.backups import files
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.backups.making import source_of
from f1timings.store.data_folder import backups_folder
from f1timings.store.migrations import newest_number


def list_restorable(settings: Settings) -> list[Backup]:
    """The backups in both folders that fit the kind of database, the newest first.

    One that is in both folders is there twice: if one of them is damaged, the other may be good.
    """
    folders = [backups_folder(settings.data_dir), *filter(None, [settings.backup_folder])]
    kind = source_of(address_of(settings), is_in_use=False).kind
    found = [backup for folder in folders for backup in files.list_backups(folder)]
    fitting = [backup for backup in found if backup.path.suffix == f".{kind}"]
    return sorted(fitting, key=lambda backup: backup.order, reverse=True)


def newest_good(backups: Sequence[Backup]) -> tuple[Backup | None, list[str]]:
    """Find the newest backup that is whole and that this program can read.

    Args:
        backups: the newest first.

    Returns:
        It, or None if there is none; and what is wrong with each newer one.
    """
    faults = []
    for backup in backups:
        try:
            files.need_unchanged(backup)
            need_known_schema(backup)
        except BackupError as error:
            faults.append(f"{error}.")
        else:
            return backup, faults
    return None, faults


def need_known_schema(backup: Backup) -> None:
    """Refuse a backup of a newer program: this one could not open the restored database.

    Raises:
        BackupError: the backup has a newer schema.
    """
    if backup.contents.schema > (known := newest_number()):
        raise BackupError(
            f"{backup.path} is of a newer program: its schema is {backup.contents.schema}, and this program "
            f"knows schemas up to {known}"
        )
