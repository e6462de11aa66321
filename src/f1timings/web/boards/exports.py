"""A board of the open meeting as a file in ``exports/``: like the older program's, CSV or a workbook."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import IO, Final, NamedTuple

from f1timings.errors import F1TimingsError
from f1timings.store import BoardEntry, LeaderboardQuery, Reads
from f1timings.web.tables.answers import file_word
from f1timings.web.tables.columns import columns_of
from f1timings.web.tables.csv_text import PLAIN_CSV, CsvForm, csv_text
from f1timings.web.tables.formats import FileFormat
from f1timings.web.tables.workbook import write_workbook

FOLDER = "exports"
#: Held while files in the folder are written, from the moment at which their content is read.
writing: Final = Lock()


def export_name(circuit: str, now: datetime, extension: str = "csv") -> str:
    """The name of the file, such as ``Monza_20261122_201500_laptimes.csv``: any file system accepts it.

    Args:
        now: local time at the venue.
        extension: the end of the name.
    """
    return f"{file_word(circuit, 'circuit')}_{now:%Y%m%d_%H%M%S}_laptimes.{extension}"


class NothingToExport(F1TimingsError):
    """There is no board to export, or it is empty; the text states which."""


class ExportForm(NamedTuple):
    """How a board is written to a file.

    Attributes:
        format: None writes the CSV of the older program, which has no times in milliseconds.
        csv: the separator, and whether there is a byte order mark; not for workbooks.
    """

    format: FileFormat | None = None
    csv: CsvForm = PLAIN_CSV

    @property
    def extension(self) -> str:
        """The end of the name of the file."""
        return self.format or "csv"


OLDER_FORM: Final = ExportForm()

#: The fields of a row in the order of the file: a name, and the value for a place on the board. Before a time
#: ``NAME_ms`` the file has a column ``NAME`` with the time as text.
FIELDS: Final[Mapping[str, Callable[[BoardEntry], str | int | None]]] = {
    "Position": lambda entry: entry.standing.position,
    "Driver": lambda entry: entry.name,
    "Team": lambda entry: entry.team or "",
    "Time_ms": lambda entry: entry.standing.best.best_lap_ms,
    "Points": lambda entry: entry.standing.points,
}
_NOT_IN_OLDER_FORM: Final = {"Time_ms"}


def export_board(
    reads: Reads, data_dir: Path, now: datetime, *, circuit: str | None = None, form: ExportForm = OLDER_FORM
) -> str:
    """Write a board of the open meeting.

    Args:
        now: local time at the venue.
        circuit: any usual name of it; the meeting's circuit if None.
        form: how to write the file.

    Returns:
        The path of the file, relative to the data folder.

    Raises:
        NothingToExport: the circuit is unknown, or no lap counts.
        OSError: the file cannot be written.
    """
    with writing:
        board = reads.get_leaderboard(LeaderboardQuery.of(None, circuit))
        if not board.circuit:
            raise NothingToExport("No track name set")
        if not board.entries:
            raise NothingToExport("No lap time data to export")
        rows = [{name: value(entry) for name, value in FIELDS.items()} for entry in board.entries]
        return write_export(data_dir, board.circuit, rows, now=now, form=form)


def write_export(
    data_dir: Path,
    circuit: str,
    rows: Sequence[Mapping[str, object]],
    *,
    now: datetime,
    form: ExportForm = OLDER_FORM,
) -> str:
    """Write the file, completely or not at all.

    Returns:
        Its path relative to the data folder, with ``/`` on every system.

    Raises:
        OSError: the file cannot be written.
    """
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = export_name(circuit, now, form.extension)
    unfinished = folder / f".{name}.{os.getpid()}"
    try:
        with unfinished.open("wb") as file:
            _write_table(file, rows, form)
        unfinished.replace(folder / name)
    finally:
        unfinished.unlink(missing_ok=True)
    return f"{FOLDER}/{name}"


def _write_table(file: IO[bytes], rows: Sequence[Mapping[str, object]], form: ExportForm) -> None:
    columns = columns_of(FIELDS)
    if form.format == "xlsx":
        write_workbook(file, "board", columns, rows=rows)
        return
    if form.format is None:
        columns = tuple(column for column in columns if column.name not in _NOT_IN_OLDER_FORM)
    file.write(csv_text(columns, rows, form.csv).encode("utf-8"))
