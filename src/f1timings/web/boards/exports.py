"""The open meeting's board as a file in ``exports/``: the older program's CSV, safe in a spreadsheet."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from f1timings.errors import F1TimingsError
from f1timings.meeting.people import ManualLap
from f1timings.store import BoardEntry, LeaderboardQuery, Reads
from f1timings.units import lap_text
from f1timings.web.http.csv_text import csv_text

FOLDER = "exports"
COLUMNS = ("Position", "Driver", "Team", "Time", "Points")
_LONGEST_NAME = 60


class ExportLine(NamedTuple):
    """One line of the file."""

    position: int
    driver: str
    team: str
    time: str
    points: int


def export_name(circuit: str, now: datetime) -> str:
    """The file's name: ``Monza_20261122_201500_laptimes.csv``, of characters that any file system takes.

    Args:
        now: at the venue.
    """
    plain = unicodedata.normalize("NFKD", circuit)
    kept = "".join(one for one in plain if one.isascii() and (one.isalnum() or one in "-_ "))
    word = "_".join(kept.split())[:_LONGEST_NAME].strip("_") or "circuit"
    return f"{word}_{now:%Y%m%d_%H%M%S}_laptimes.csv"


class NothingToExport(F1TimingsError):
    """There is no board to write, or nobody on it; the text says which."""


def export_board(reads: Reads, data_dir: Path, now: datetime) -> str:
    """Write the board that is shown.

    Args:
        now: at the venue.

    Returns:
        The file's path below the data folder.

    Raises:
        NothingToExport: no circuit is known, or no lap counts.
        OSError: it cannot be written.
    """
    board = reads.get_leaderboard(LeaderboardQuery())
    if not board.circuit:
        raise NothingToExport("No track name set")
    if not board.entries:
        raise NothingToExport("No lap time data to export")
    return write_export(data_dir, board.circuit, [_line(reads, entry) for entry in board.entries], now)


def time_text(reads: Reads, entry: BoardEntry) -> str:
    """A best lap as it was typed, or as people write it."""
    best = entry.standing.best
    typed = None if best.lap_id is None else reads.get_record(ManualLap, best.lap_id)
    return lap_text(best.best_lap_ms) if typed is None else typed.typed


def _line(reads: Reads, entry: BoardEntry) -> ExportLine:
    standing = entry.standing
    return ExportLine(
        standing.position, entry.name, entry.team or "", time_text(reads, entry), standing.points
    )


def write_export(data_dir: Path, circuit: str, lines: Sequence[ExportLine], now: datetime) -> str:
    """Write the file, whole or not at all.

    Returns:
        Its path below the data folder, with ``/`` on every system.

    Raises:
        OSError: it cannot be written.
    """
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = export_name(circuit, now)
    rows = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    unfinished = folder / f".{name}.{os.getpid()}"
    unfinished.write_text(csv_text(COLUMNS, rows), encoding="utf-8", newline="")
    unfinished.replace(folder / name)
    return f"{FOLDER}/{name}"
