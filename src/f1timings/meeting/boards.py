"""Boards as they are asked for and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from f1timings.meeting.leaderboard import RankedBest

Source = Literal["telemetry", "manual"]


@dataclass(frozen=True, slots=True)
class LeaderboardQuery:
    """Which board, and which laps of it; None asks for all.

    Attributes:
        meeting_id: None for the open one.
        circuit: any name of it, empty for laps of no known circuit; None for the meeting's.
        assists: ``none``, ``any`` (at least one), or those of the lap exactly: words joined by commas.
    """

    meeting_id: str | None = None
    circuit: str | None = None
    packet_format: int | None = None
    session_type: str | None = None
    formula: str | None = None
    assists: str | None = None
    weather: str | None = None
    compound: str | None = None
    equal_performance: bool | None = None
    rig: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class BoardEntry:
    """One place on a board, and who it is.

    Attributes:
        driver_id / driver: None for the laps of nobody at a rig; the name as screens show it.
        rig / rig_name: where the best lap was driven, and what people call it; None for one typed by hand.
        packet_format: None for a lap typed by hand.
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
    compound: str | None
    weather: str | None
    assists: str | None
    session_type: str | None
    packet_format: int | None

    @property
    def name(self) -> str:
        """What stands on the board: the driver, or the rig with laps of nobody."""
        return self.driver or self.rig_name or self.rig or self.standing.best.entrant


@dataclass(frozen=True, slots=True)
class Board:
    """The leaderboard of one circuit at one meeting; ``circuit`` is empty where it is not known."""

    meeting_id: str
    meeting: str
    circuit: str
    entries: tuple[BoardEntry, ...]


@dataclass(frozen=True, slots=True)
class BoardSummary:
    """A board with laps; all laps, whatever the meeting's rules say."""

    meeting_id: str
    meeting: str
    circuit: str
    laps: int
    entrants: int
    best_lap_ms: int | None
    last_lap_at: datetime
