"""``f1timings export``: write a board to a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from f1timings.clock import ServerClock
from f1timings.commands.options import DatabaseUrlOption, DataDirOption
from f1timings.commands.running_server import call_server
from f1timings.config import Settings, load_settings
from f1timings.errors import ConfigError, FolderInUse
from f1timings.recovery.opening import open_store
from f1timings.store.data_folder import DataFolder
from f1timings.web.boards.exports import ExportForm, export_board
from f1timings.web.tables.csv_text import CsvForm
from f1timings.web.tables.formats import DELIMITERS, Delimiter, FileFormat


def export(
    *,
    circuit: Annotated[
        str | None, typer.Option(help="Name of a circuit; by default that of the board.")
    ] = None,
    file_format: Annotated[
        FileFormat | None,
        typer.Option("--format", help="Format of the file; by default the older program's CSV."),
    ] = None,
    delimiter: Annotated[
        Delimiter, typer.Option(help="CSV only: the character between two cells. Excel in Italian expects ;")
    ] = ",",
    bom: Annotated[
        bool, typer.Option("--bom", help="CSV only: begin with a byte order mark, for Excel.")
    ] = False,
    data_dir: DataDirOption = None,
    database_url: DatabaseUrlOption = None,
) -> None:
    """Write a board of the open meeting to a file in exports/ of the data folder; print its path."""
    if file_format == "xlsx" and (delimiter != "," or bom):
        raise ConfigError("--delimiter and --bom are for CSV only. Leave them out, or use --format csv.")
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    try:
        folder = DataFolder.acquire(settings.data_dir)
    except FolderInUse:
        query = {"circuit": circuit, "format": file_format}
        if file_format != "xlsx":
            query |= {"delimiter": delimiter, "bom": str(bom).lower()}
        file_name = _export_by_server(settings.data_dir, query)
    else:
        form = ExportForm(file_format, CsvForm(DELIMITERS[delimiter], bom))
        with folder:
            file_name = _export_from_database(settings, circuit, form)
    print(settings.data_dir / file_name)


def _export_by_server(data_dir: Path, query: dict[str, str | None]) -> str:
    given = urlencode({name: value for name, value in query.items() if value is not None})
    return str(call_server(data_dir, "GET", f"/api/export?{given}")["filename"])


def _export_from_database(settings: Settings, circuit: str | None, form: ExportForm) -> str:
    with open_store(settings, clock=ServerClock()) as store:
        now = datetime.now().astimezone()
        return export_board(store.reads, settings.data_dir, now, circuit=circuit, form=form)
