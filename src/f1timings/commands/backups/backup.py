"""``f1timings backup``: make a backup of the database, whether a server runs or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from f1timings.clock import ServerClock
from f1timings.commands.options import DatabaseUrlOption, DataDirOption
from f1timings.commands.running_server import call_server
from f1timings.config import Settings, load_settings
from f1timings.errors import BackupError, FolderInUse
from f1timings.recovery.backups import files
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.opening import back_up_unused
from f1timings.store.data_folder import DataFolder, backups_folder
from f1timings.web.backups.routes import OWNER_PATH


def backup(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", help="Copy it to this folder too, which must exist.")
    ] = None,
    data_dir: DataDirOption = None,
    database_url: DatabaseUrlOption = None,
) -> None:
    """Make a backup of the database, check it, and print its path."""
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    if to is not None and not to.is_dir():
        raise BackupError(f"There is no folder {to}. Nothing was done.")
    made = _make(settings)
    if to is not None:
        try:
            made = files.copy_to(made, to)
        except OSError as error:
            raise BackupError(
                f"{made.path} is made, but {to} could not be written: {error.strerror}"
            ) from error
    print(f"{made.path}  {made.text}, {made.bytes / 1e6:,.1f} MB, checked")


def _make(settings: Settings) -> Backup:
    try:
        folder = DataFolder.acquire(settings.data_dir)
    except FolderInUse:
        name = call_server(settings.data_dir, "POST", OWNER_PATH)["name"]
        made = files.read_description(backups_folder(settings.data_dir) / name)
        if made is None:
            raise BackupError(f"The server made the backup {name}, but it cannot be read.") from None
        return made
    with folder:
        return back_up_unused(settings, ServerClock())
