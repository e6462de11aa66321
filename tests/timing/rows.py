"""Rows of lap data for tests, and a car that gets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from f1timings.timing.car import CarLaps
from f1timings.timing.events import LapBegan
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.records import Lap, Session

ACTIVE, FINISHED, RETIRED = 2, 3, 7
GAP_S = 1 / 60
SESSION = Session(id="s", rig="rig", uid=7, epoch=0, packet_format=2025)


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
    """A row: lap number, clock of the lap in ms, and other facts; ``at`` defaults to the clock's time."""
    return LapRow(
        lap_number=lap,
        sector=2 if s2 else 1 if s1 else 0,
        is_invalid=invalid,
        pit_status=0,
        driver_status=4,
        result_status=status,
        last_lap_ms=last,
        sector1_ms=s1,
        sector2_ms=s2,
        current_lap_ms=clock,
        lap_distance_m=distance,
        session_time_s=clock / 1000.0 if at is None else at,
    )


def car(
    compound: str | None = "soft",
    *,
    known_laps: Iterable[Lap] = (),
    on_lap_began: Callable[[LapBegan], None] = lambda _began: None,
    year: int = SESSION.packet_format,
) -> CarLaps:
    """The laps of car 0 in a game of this year."""
    return CarLaps(
        replace(SESSION, packet_format=year),
        0,
        compound_now=lambda _car: compound,
        known_laps=known_laps,
        on_lap_began=on_lap_began,
    )


class Drive:
    """A car that gets its rows one after the other, as an undisturbed rig sends them."""

    def __init__(self) -> None:
        self.car = car()
        self.before: LapRow | None = None

    def next_row(self, new: LapRow, *, lost: bool = False) -> list[Lap]:
        """Handle the next row; with ``lost``, datagrams are missing before it."""
        gap = GAP_S
        if self.before is not None and not lost:
            gap = max(GAP_S, new.session_time_s - self.before.session_time_s)
        laps = self.car.handle_row(new, self.before, usual_gap_s=gap)
        self.before = new
        return laps

    def rewind(self, new: LapRow) -> list[Lap]:
        """Handle the first row after a flashback."""
        laps = self.car.handle_rewind(new)
        self.before = new
        return laps

    def lap(self, number: int, start: float, s1: int, s2: int, s3: int, last: int = 0) -> list[Lap]:
        """A whole lap up to the row before the line; the next lap's first row crosses the line."""
        laps = self.next_row(row(number, 5, last=last, at=start))
        for clock, sectors in ((s1 - 8, (0, 0)), (s1 + 8, (s1, 0)), (s1 + s2 - 8, (s1, 0))):
            at = start + clock / 1000
            laps += self.next_row(row(number, clock, last=last, s1=sectors[0], s2=sectors[1], at=at))
        for clock in (s1 + s2 + 8, s1 + s2 + s3 - 5):
            laps += self.next_row(row(number, clock, last=last, s1=s1, s2=s2, at=start + clock / 1000))
        return laps
