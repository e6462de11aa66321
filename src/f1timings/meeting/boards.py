"""What a query of a board states, and what it returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from f1timings.meeting.lap_class import ClassValue, check_filters
from f1timings.meeting.leaderboard import RankedBest

Source = Literal["telemetry", "manual"]
SectorMark = Literal["best", "personal", "slower"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderboardQuery:
    """Which board, and which of its laps; see :meth:`of`."""

    meeting_id: str | None = None
    circuit: str | None = None
    filters: Mapping[str, ClassValue] = field(default_factory=dict)

    @classmethod
    def of(
        cls, meeting_id: str | None = None, circuit: str | None = None, **filters: ClassValue
    ) -> LeaderboardQuery:
        """Build a query.

        Args:
            meeting_id: None for the open meeting.
            circuit: any name of it, empty for laps of an unknown circuit; None for the meeting's circuit.
            filters: the wanted value by the name of a lap class; None does not filter by the class.

        Raises:
            QueryError: there is no such lap class, or the value has another type.
        """
        given = {name: value for name, value in filters.items() if value is not None}
        check_filters(given)
        return cls(meeting_id=meeting_id, circuit=circuit, filters=given)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardEntry:
    """One place on a board, with the driver and the best lap.

    Attributes:
        driver_id / driver: None for the unclaimed laps of a rig; the name as screens show it.
        rig / rig_name: where the best lap was driven, and the rig's name; None for a lap typed by hand.
        classes: the best lap's value of each class that rows show, by name; None where it is unknown, and for
            a lap typed by hand.
    """

    standing: RankedBest
    driver_id: str | None
    driver: str | None
    team: str | None
    colour: str | None
    race_number: int | None
    rig: str | None
    rig_name: str | None
    session_id: str | None
    source: Source
    classes: Mapping[str, ClassValue]

    @property
    def name(self) -> str:
        """The name on the board: the driver, or the rig of unclaimed laps."""
        return self.driver or self.rig_name or "Rig"

    @property
    def sectors(self) -> tuple[int | None, int | None, int | None]:
        """The sector times of the best lap in milliseconds."""
        best = self.standing.best
        return best.sector1_ms, best.sector2_ms, best.sector3_ms

    @property
    def best_sectors(self) -> tuple[int | None, int | None, int | None]:
        """The best sector times of any lap that counts, in milliseconds."""
        best = self.standing.best
        return best.best_sector1_ms, best.best_sector2_ms, best.best_sector3_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The leaderboard of one circuit at one meeting; ``circuit`` is empty where it is unknown."""

    meeting_id: str
    meeting: str
    circuit: str
    entries: tuple[BoardEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSummary:
    """A board that has laps; it counts all laps, whatever the meeting's rules are."""

    meeting_id: str
    meeting: str
    circuit: str
    laps: int
    entrants: int
    best_lap_ms: int | None
    last_lap_at: datetime


def sector_marks(entries: Sequence[BoardEntry]) -> list[tuple[SectorMark | None, ...]]:
    """For each entry, the marks of the three sectors of its best lap.

    ``best`` of the whole board, the entrant's ``personal`` best, or ``slower``; None if the time is unknown.
    """
    board_bests = [_least(entry.best_sectors[at] for entry in entries) for at in range(3)]
    return [tuple(map(sector_mark, entry.sectors, entry.best_sectors, board_bests)) for entry in entries]


def sector_mark(sector: int | None, own_best: int | None, board_best: int | None) -> SectorMark | None:
    """The mark of one sector time against the bests of its entrant and of the board."""
    if sector is None:
        return None
    if sector == board_best:
        return "best"
    return "personal" if sector == own_best else "slower"


def _least(times: Iterable[int | None]) -> int | None:
    return min((time for time in times if time is not None), default=None)
