"""``f1timings export``: write the current board to a CSV file."""

from __future__ import annotations

from datetime import datetime

from f1timings.clock import ServerClock
from f1timings.commands.options import DatabaseUrlOption, DataDirOption
from f1timings.commands.running_server import call_server
from f1timings.config import load_settings
from f1timings.errors import FolderInUse
from f1timings.recovery.opening import open_store
from f1timings.store.data_folder import DataFolder
from f1timings.web.boards.exports import export_board


def export(data_dir: DataDirOption = None, database_url: DatabaseUrlOption = None) -> None:
    """Write the board of the open meeting to a CSV file in exports/ of the data folder; print its path."""
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    try:
        folder = DataFolder.acquire(settings.data_dir)
    except FolderInUse:
        file_name = call_server(settings.data_dir, "GET", "/api/export")["filename"]
    else:
        with folder, open_store(settings, clock=ServerClock()) as store:
            file_name = export_board(store.reads, settings.data_dir, datetime.now().astimezone())
    print(settings.data_dir / file_name)
