"""The open meeting's board as a CSV file in ``exports/``, in the format of the older program."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

from f1timings.errors import F1TimingsError
from f1timings.meeting.people import ManualLap
from f1timings.store import BoardEntry, LeaderboardQuery, Reads
from f1timings.units import lap_text
from f1timings.web.http.csv_text import csv_text

FOLDER = "exports"
#: Held while files in the folder are written, from the moment at which their content is read.
writing: Final = Lock()
_LONGEST_NAME = 60


def export_name(circuit: str, now: datetime) -> str:
    """The name of the file, such as ``Monza_20261122_201500_laptimes.csv``: any file system accepts it.

    Args:
        now: local time at the venue.
    """
    plain = unicodedata.normalize("NFKD", circuit)
    allowed = "".join(
        character
        for character in plain
        if character.isascii() and (character.isalnum() or character in "-_ ")
    )
    word = "_".join(allowed.split())[:_LONGEST_NAME].strip("_") or "circuit"
    return f"{word}_{now:%Y%m%d_%H%M%S}_laptimes.csv"


class NothingToExport(F1TimingsError):
    """There is no board to export, or it is empty; the text states which."""


def export_board(reads: Reads, data_dir: Path, now: datetime) -> str:
    """Write the board of the open meeting.

    Args:
        now: local time at the venue.

    Returns:
        The path of the file, relative to the data folder.

    Raises:
        NothingToExport: the circuit is unknown, or no lap counts.
        OSError: the file cannot be written.
    """
    with writing:
        board = reads.get_leaderboard(LeaderboardQuery())
        if not board.circuit:
            raise NothingToExport("No track name set")
        if not board.entries:
            raise NothingToExport("No lap time data to export")
        rows = [_row(reads, entry) for entry in board.entries]
        return write_export(data_dir, board.circuit, rows, now=now)


def time_text(reads: Reads, entry: BoardEntry) -> str:
    """A best lap as it was typed, or in the usual form ``1:23.456``."""
    best = entry.standing.best
    typed = None if best.lap_id is None else reads.get_record(ManualLap, best.lap_id)
    return lap_text(best.best_lap_ms) if typed is None else typed.typed


#: The columns in the order of the file: a name, and the value for a place on the board.
COLUMNS: Final[Mapping[str, Callable[[Reads, BoardEntry], str | int]]] = {
    "Position": lambda _reads, entry: entry.standing.position,
    "Driver": lambda _reads, entry: entry.name,
    "Team": lambda _reads, entry: entry.team or "",
    "Time": time_text,
    "Points": lambda _reads, entry: entry.standing.points,
}


def _row(reads: Reads, entry: BoardEntry) -> dict[str, object]:
    return {name: value(reads, entry) for name, value in COLUMNS.items()}


def write_export(data_dir: Path, circuit: str, rows: Sequence[Mapping[str, object]], *, now: datetime) -> str:
    """Write the file, completely or not at all.

    Returns:
        Its path relative to the data folder, with ``/`` on every system.

    Raises:
        OSError: the file cannot be written.
    """
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = export_name(circuit, now)
    unfinished = folder / f".{name}.{os.getpid()}"
    unfinished.write_text(csv_text(tuple(COLUMNS), rows), encoding="utf-8", newline="")
    unfinished.replace(folder / name)
    return f"{FOLDER}/{name}"
