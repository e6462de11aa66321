"""``f1timings export``: the board that is shown as a file, server or none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from f1timings.commands.running_server import ask_server
from f1timings.config import Settings, load_settings
from f1timings.errors import FolderInUse
from f1timings.store import Store, sqlite_url
from f1timings.store.data_folder import DataFolder
from f1timings.web.boards.exports import export_board


def export(
    data_dir: Annotated[Path | None, typer.Option(help=Settings.model_fields["data_dir"].description)] = None,
    database_url: Annotated[
        str | None, typer.Option(help=Settings.model_fields["database_url"].description)
    ] = None,
) -> None:
    """Write the open meeting's board to a CSV file in exports/ of the data folder, and print its path."""
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    try:
        folder = DataFolder.acquire(settings.data_dir)
    except FolderInUse:
        name = ask_server(settings.data_dir, "GET", "/api/export")["filename"]
    else:
        with folder, Store.open(settings.database_url or sqlite_url(settings.data_dir)) as store:
            name = export_board(store.reads, settings.data_dir, datetime.now().astimezone())
    print(settings.data_dir / name)
