"""Rows of lap data for tests, told in words."""

from __future__ import annotations

from f1timings.timing.car import CarLaps
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.records import Lap

ACTIVE, FINISHED, RETIRED = 2, 3, 7
GAP_S = 1 / 60


def row(
    lap: int,
    clock: int,
    *,
    last: int = 0,
    s1: int = 0,
    s2: int = 0,
    at: float | None = None,
    distance: float = 1.0,
    status: int = ACTIVE,
    invalid: bool = False,
) -> LapRow:
    """A row: lap number, its clock in ms, and what else matters; ``at`` defaults to the clock's time."""
    sector = 2 if s2 else 1 if s1 else 0
    session_time = clock / 1000.0 if at is None else at
    return LapRow(lap, sector, invalid, 0, 4, status, last, s1, s2, clock, distance, session_time)


class Drive:
    """A car and its rows one after the other, as an undisturbed rig sends them."""

    def __init__(self) -> None:
        self.car = CarLaps("s", 7, "rig", 0, compound_now=lambda _car: "soft")
        self.before: LapRow | None = None

    def see(self, new: LapRow, *, lost: bool = False) -> list[Lap]:
        """The next row; ``lost`` says that datagrams are missing before it."""
        gap = GAP_S
        if self.before is not None and not lost:
            gap = max(GAP_S, new.session_time_s - self.before.session_time_s)
        laps = self.car.see(new, self.before, usual_gap_s=gap)
        self.before = new
        return laps

    def rewind(self, new: LapRow) -> list[Lap]:
        """The first row after a flashback."""
        laps = self.car.rewind(new)
        self.before = new
        return laps

    def lap(self, number: int, start: float, s1: int, s2: int, s3: int, last: int = 0) -> list[Lap]:
        """A whole lap up to the row before the line; the crossing itself is the next lap's first row."""
        laps = self.see(row(number, 5, last=last, at=start))
        for clock, sectors in ((s1 - 8, (0, 0)), (s1 + 8, (s1, 0)), (s1 + s2 - 8, (s1, 0))):
            at = start + clock / 1000
            laps += self.see(row(number, clock, last=last, s1=sectors[0], s2=sectors[1], at=at))
        for clock in (s1 + s2 + 8, s1 + s2 + s3 - 5):
            laps += self.see(row(number, clock, last=last, s1=s1, s2=s2, at=start + clock / 1000))
        return laps
