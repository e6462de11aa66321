"""Laps of other servers, which people import from lap files to compare them. They count nowhere. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: Their files take at most 1 GB, each being at most 2 MB; that of a lap of 90 s has about 50 kB.
MOST_IMPORTED_LAPS: Final = 500
_PREFIX: Final = "imported~"
_DIGITS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLap:
    """What a lap file says about its lap, see :class:`f1timings.traces.lap_files.LapFileHead`.

    Attributes:
        id: derived from the content of the file, so that a file is imported once; never the id of a lap.
        imported_at: UTC.
    """

    id: str
    name: str | None
    circuit: str | None
    track_length_m: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None
    compound: str | None
    assists: str | None
    weather: str | None
    start: str | None
    packet_format: int
    session_type: str | None
    formula: str | None
    driven_at: datetime
    meeting: str | None
    venue: str | None
    imported_at: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """The bytes of the lap file of an imported lap, as they were imported."""

    lap_id: str
    data: bytes
    seq: int = 0


def imported_id(digest: str) -> str:
    """The id of the lap of a file.

    Args:
        digest: of its content, 64 hexadecimal digits.
    """
    return f"{_PREFIX}{digest[:_DIGITS]}"


def is_imported(lap_id: str) -> bool:
    """Whether an id is that of an imported lap."""
    return lap_id.startswith(_PREFIX)
