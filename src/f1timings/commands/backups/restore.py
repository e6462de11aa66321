"""``f1timings restore``: put a backup in the place of the database, and bring newer laps back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from f1timings.clock import ServerClock
from f1timings.commands.derived_records import derive_records
from f1timings.commands.options import DatabaseUrlOption, DataDirOption
from f1timings.commands.storing import write_to_database
from f1timings.config import Settings, load_settings
from f1timings.errors import BackupError, ConfigError, FolderInUse
from f1timings.intake.captures.folder import iter_datagrams, list_capture_paths
from f1timings.recovery.backups.choice import list_restorable, newest_good
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.opening import open_store
from f1timings.recovery.restoring import (
    RestoredDatabase,
    count_laps,
    read_backup,
    restore_backup,
)
from f1timings.store.data_folder import DataFolder, captures_folder


def restore(
    file: Annotated[
        Path | None, typer.Argument(help="A backup, from any folder.", show_default=False)
    ] = None,
    *,
    newest: Annotated[bool, typer.Option("--newest", help="The newest good backup.")] = False,
    without_captures: Annotated[
        bool,
        typer.Option(
            "--without-captures", help="Do not time the captures; `f1timings rebuild` does it later."
        ),
    ] = False,
    data_dir: DataDirOption = None,
    database_url: DatabaseUrlOption = None,
) -> None:
    """Put a backup in the place of the database, and bring newer laps back from the captures."""
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    if (file is None) is not newest:
        raise ConfigError(f"Name a backup, or choose --newest. {_list(settings)}")
    with _stopped(settings):
        backup = read_backup(file, settings) if file is not None else _newest(settings)
        restored = restore_backup(backup, settings, ServerClock())
        _report(restored)
        if not without_captures:
            _bring_newer_laps_back(settings, restored)


def _stopped(settings: Settings) -> DataFolder:
    """Lock the data folder.

    Raises:
        FolderInUse: a server runs.
    """
    try:
        return DataFolder.acquire(settings.data_dir)
    except FolderInUse as error:
        raise FolderInUse(f"{error} A backup can only be restored while no server runs.") from error


def _newest(settings: Settings) -> Backup:
    backup, faults = newest_good(list_restorable(settings))
    for fault in faults:
        print(f"Not used: {fault}")
    if backup is None:
        raise BackupError(f"There is no good backup in {settings.data_dir}/backups. Nothing was changed.")
    return backup


def _report(restored: RestoredDatabase) -> None:
    print(f"Restored: {restored.backup.path} ({restored.backup.text}).")
    if restored.kept is not None:
        print(f"The database that was there is kept as {restored.kept}.")
    if restored.erased_again:
        print(f"Erased again, because they were erased after this backup: {restored.erased_again} persons.")
    if restored.seats_ended:
        print(
            f"{restored.seats_ended} drivers sat at rigs then. Who sat there since is not known: their seats "
            "ended at that moment, and newer laps wait on the admin page for their drivers. If nobody has "
            "changed places, undo this there within 15 minutes (More, Log of changes)."
        )


def _bring_newer_laps_back(settings: Settings, restored: RestoredDatabase) -> None:
    paths = list_capture_paths(captures_folder(settings.data_dir))
    print(f"Timing {len(paths)} captures …", flush=True)
    write_to_database(derive_records(iter_datagrams(paths)), settings)
    with open_store(settings, clock=ServerClock()) as store:
        laps = count_laps(store)
    print(f"{laps - restored.laps:,} laps came back from the captures; the database has {laps:,} laps.")
    print("What people entered after the backup is not in it: drivers, seats, decisions, typed laps.")


def _list(settings: Settings) -> str:
    backups = list_restorable(settings)
    if not backups:
        return "There is no backup yet."
    return "The backups are:\n" + "\n".join(f"    {backup.path}  {backup.text}" for backup in backups)
