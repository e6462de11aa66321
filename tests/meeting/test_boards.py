"""The marks of the sectors on a board."""

from __future__ import annotations

from f1timings.meeting.boards import BoardEntry, sector_marks
from f1timings.meeting.leaderboard import Best, RankedBest
from tests.meeting.driving import at


def entry(name: str, sector1_ms: int | None, best_sector1_ms: int | None) -> BoardEntry:
    """A place on a board with the times of the first sector; the others are unknown."""
    best = Best(
        entrant=f"d:{name}",
        laps=1,
        valid_laps=1,
        best_lap_ms=90_000,
        set_at=at(0),
        lap_id=name,
        sector1_ms=sector1_ms,
        best_sector1_ms=best_sector1_ms,
    )
    return BoardEntry(
        standing=RankedBest(
            best=best, position=1, is_equal=False, gap_ms=0, interval_ms=None, is_fastest=False, points=0
        ),
        driver_id=name,
        driver=name,
        team=None,
        colour=None,
        race_number=None,
        rig=None,
        rig_name=None,
        session_id=None,
        source="telemetry",
        classes={},
    )


def test_a_sector_is_the_best_of_the_board_a_personal_best_or_slower() -> None:
    entries = [entry("a", 28, 28), entry("b", 29, 29), entry("c", 31, 30), entry("d", None, None)]
    assert [("best", None, None), ("personal", None, None), ("slower", None, None), (None, None, None)] == (
        sector_marks(entries)
    )


def test_a_best_sector_of_a_slower_lap_counts_for_the_board() -> None:
    assert [("personal", None, None), ("slower", None, None)] == sector_marks(
        [entry("a", 29, 29), entry("b", 30, 28)]
    )
