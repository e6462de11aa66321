"""The JSON models of boards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field

from f1timings.meeting.boards import SectorMark, sector_marks
from f1timings.meeting.lap_class import ROW_CLASSES, LapClass
from f1timings.store import Board, BoardEntry, BoardSummary
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text

LEADERBOARD_ROW: dict[str, Any] = {
    "position": 2,
    "is_equal": False,
    "entrant": "d:5b0c9e1f77a2",
    "driver_id": "5b0c9e1f77a2",
    "driver": "Marta",
    "team": "Red Bull Racing",
    "colour": "#3671c6",
    "race_number": 33,
    "rig": "192.168.1.21",
    "rig_name": "Left rig",
    "best_lap_ms": 83456,
    "gap_ms": 211,
    "interval_ms": 211,
    "sector1_ms": 27801,
    "sector2_ms": 28502,
    "sector3_ms": 27153,
    "best_sector1_ms": 27801,
    "best_sector2_ms": 28402,
    "best_sector3_ms": 27153,
    "ideal_lap_ms": 83356,
    "laps": 14,
    "valid_laps": 12,
    "set_at": "2026-11-22T20:12:00.123456Z",
    "lap_id": "192.168.1.21~14061966829349171242~0~19~7~0",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "source": "telemetry",
    **{entry.api_name: entry.example for entry in ROW_CLASSES},
    "points": 18,
    "is_fastest": False,
    "s1_mark": "personal",
    "s2_mark": "slower",
    "s3_mark": "best",
}
LEADERBOARD: dict[str, Any] = {
    "items": [LEADERBOARD_ROW],
    "next": None,
    "meeting_id": "3f9a1c52b7d0",
    "meeting": "Thursday night",
    "circuit": "Monza",
}
BOARD: dict[str, Any] = {
    "meeting_id": "3f9a1c52b7d0",
    "meeting": "Thursday night",
    "circuit": "Monza",
    "laps": 214,
    "entrants": 17,
    "best_lap_ms": 83245,
    "last_lap_at": "2026-11-22T21:40:02.004100Z",
}


def _class_type(entry: LapClass) -> Any:
    """The type of a field with the best lap's value of a lap class."""
    described = Field(description="Of the best lap; null where it is unknown, and for a lap typed by hand.")
    return Annotated[entry.kind | None, described]


# Fields of a row that have the same name in a BoardEntry, and in a Best.
_SAME = ("driver_id", "driver", "team", "colour", "race_number", "rig", "rig_name", "session_id", "source")
_SECTORS = tuple(f"{kind}sector{number}_ms" for kind in ("", "best_") for number in (1, 2, 3))


class LeaderboardRowBody(Body):
    """One place on the board."""

    model_config = ConfigDict(json_schema_extra={"examples": [LEADERBOARD_ROW]})

    position: int = Field(description="From 1; equal times share a position.")
    is_equal: bool = Field(description="Another entrant has the same time; the earlier one is ahead.")
    entrant: str = Field(description="`d:` and the id of a driver, or `r:` and a rig with unclaimed laps.")
    driver_id: str | None
    driver: str | None = Field(description="null for unclaimed laps, which appear under the name of the rig.")
    team: str | None
    colour: str | None
    race_number: int | None
    rig: str | None = Field(description="The rig of the best lap; null for a lap typed by hand.")
    rig_name: str | None
    best_lap_ms: int
    gap_ms: int = Field(description="To the first place.")
    interval_ms: int | None = Field(description="To the place ahead; null for the first.")
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    best_sector1_ms: int | None = Field(description="Of any lap that counts.")
    best_sector2_ms: int | None
    best_sector3_ms: int | None
    ideal_lap_ms: int | None = Field(description="The sum of the best sectors; null if one is unknown.")
    laps: int = Field(description="Complete laps.")
    valid_laps: int = Field(description="Laps that count.")
    set_at: Timestamp
    lap_id: str
    session_id: str | None
    source: Literal["telemetry", "manual"]
    # A field for each lap class that rows show; null where it is unknown, and for a lap typed by hand.
    __annotations__ |= {entry.api_name: _class_type(entry) for entry in ROW_CLASSES}
    points: int = Field(description="For the position, by the meeting's scale.")
    is_fastest: bool
    s1_mark: SectorMark | None = Field(
        description="Of the best lap's sector: best of the board, the entrant's personal best, or slower."
    )
    s2_mark: SectorMark | None
    s3_mark: SectorMark | None

    @classmethod
    def of(cls, entry: BoardEntry, marks: Sequence[SectorMark | None]) -> Self:
        """The body of one place on a board with the marks of its sectors."""
        standing, best = entry.standing, entry.standing.best
        assert best.best_lap_ms is not None
        assert best.set_at is not None
        assert best.lap_id is not None
        return cls(
            position=standing.position,
            is_equal=standing.is_equal,
            entrant=best.entrant,
            best_lap_ms=best.best_lap_ms,
            gap_ms=standing.gap_ms,
            interval_ms=standing.interval_ms,
            ideal_lap_ms=best.ideal_lap_ms,
            laps=best.laps,
            valid_laps=best.valid_laps,
            set_at=moment_text(best.set_at),
            lap_id=best.lap_id,
            points=standing.points,
            is_fastest=standing.is_fastest,
            s1_mark=marks[0],
            s2_mark=marks[1],
            s3_mark=marks[2],
            **{name: getattr(entry, name) for name in _SAME},
            **_class_values(entry),
            **{name: getattr(best, name) for name in _SECTORS},
        )


def _class_values(entry: BoardEntry) -> dict[str, Any]:
    return {lap_class.api_name: entry.classes[lap_class.name] for lap_class in ROW_CLASSES}


class LeaderboardBody(ListBody[LeaderboardRowBody]):
    """The best laps of one circuit at one meeting, the fastest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [LEADERBOARD]})

    meeting_id: str
    meeting: str
    circuit: str = Field(description="Empty where it is unknown.")

    @classmethod
    def of(cls, board: Board, limit: int) -> Self:
        """The body with the first places of a board."""
        marked = list(zip(board.entries, sector_marks(board.entries), strict=True))[:limit]
        return cls(
            items=[LeaderboardRowBody.of(entry, marks) for entry, marks in marked],
            next=None,
            meeting_id=board.meeting_id,
            meeting=board.meeting,
            circuit=board.circuit,
        )


class BoardRowBody(Body):
    """A board that has laps; it counts every lap, whatever the meeting's rules are."""

    model_config = ConfigDict(json_schema_extra={"examples": [BOARD]})

    meeting_id: str
    meeting: str
    circuit: str = Field(description="Empty where it is unknown.")
    laps: int
    entrants: int
    best_lap_ms: int | None
    last_lap_at: Timestamp

    @classmethod
    def of(cls, board: BoardSummary) -> Self:
        """The body of one board."""
        same = {name: getattr(board, name) for name in cls.model_fields if name != "last_lap_at"}
        return cls(**same, last_lap_at=moment_text(board.last_lap_at))


class BoardListBody(ListBody[BoardRowBody]):
    """Every board that has laps, the board with the newest lap first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [BOARD], "next": None}]})
