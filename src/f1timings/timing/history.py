"""A car's laps in the session history packet (2021 and later)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from f1timings.packets import Layout, Scalars, first_records, visual_compound_name
from f1timings.timing.plausible import Plausibility
from f1timings.timing.records import Lap, LapState
from f1timings.units import ms_from_parts

_WRAP_MS = 65_536
_LAP_VALID = 0x01
# How far a sector, and the sum of the sectors, may be off (spec: 2 ms).
SECTOR_SLACK_MS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLap:
    """One completed lap in a session history; None is unknown."""

    lap_number: int
    lap_time_ms: int
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool

    @property
    def lacks_first_sector(self) -> bool:
        """Whether the game timed the lap from the second sector on only; such a lap counts nowhere."""
        if self.sector1_ms is not None or self.sector2_ms is None or self.sector3_ms is None:
            return False
        return abs(self.sector2_ms + self.sector3_ms - self.lap_time_ms) <= SECTOR_SLACK_MS

    def has_times_of(self, lap: Lap) -> bool:
        """Whether a lap has these times, as far as they are known.

        Sectors may differ a little: the game rounds each of them; the third of a lap is the rest of its time.
        """
        listed = self.sector1_ms, self.sector2_ms, self.sector3_ms
        driven = lap.sector1_ms, lap.sector2_ms, lap.sector3_ms
        return self.lap_time_ms == lap.lap_time_ms and all(
            one is None or other is None or abs(one - other) <= SECTOR_SLACK_MS
            for one, other in zip(listed, driven, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarHistory:
    """One session history packet.

    Attributes:
        running_lap: number of the lap that the car was on; its times are not final.
        laps: completed laps by lap number.
        stints: (last lap, visual compound) in order; the last lap of the current stint is 255.
    """

    car_index: int
    running_lap: int
    laps: dict[int, HistoryLap]
    stints: tuple[tuple[int, str | None], ...]

    def compound(self, lap_number: int) -> str | None:
        """Visual compound of the stint in which the lap ended, None if unknown."""
        for end_lap, compound in self.stints:
            if lap_number <= end_lap:
                return compound
        return None


def read_history(data: bytes, layout: Layout, plausibility: Plausibility) -> CarHistory:
    """Read one session history packet; counts that are too high are clamped (nine stints in eight places).

    Most of its hundred entries are empty; they are not read.
    """
    car_index, lap_count, stint_count = _counts(layout).read(data)
    entries = first_records(data, layout, "lap_history_data", count=lap_count)
    laps = (_lap(number, entry, plausibility) for number, entry in enumerate(entries, 1))
    stints = first_records(data, layout, "tyre_stints_history_data", count=stint_count)
    year = layout.packet_format
    return CarHistory(
        car_index=car_index,
        running_lap=len(entries),
        laps={lap.lap_number: lap for lap in laps if lap is not None},
        stints=tuple(
            (stint.end_lap, visual_compound_name(year, stint.tyre_visual_compound)) for stint in stints
        ),
    )


@cache
def _counts(layout: Layout) -> Scalars:
    return Scalars(layout, ("car_idx", "num_laps", "num_tyre_stints"))


def _lap(number: int, entry: Any, plausibility: Plausibility) -> HistoryLap | None:
    """One lap; None without a lap time."""
    lap_time_ms = plausibility.known("session_history.lap", entry.lap_time_ms)
    if lap_time_ms is None:
        return None
    sectors = tuple(
        ms_from_parts(getattr(entry, f"sector{n}_time_minutes", 0), getattr(entry, f"sector{n}_time_ms"))
        for n in (1, 2, 3)
    )
    if not hasattr(entry, "sector1_time_minutes"):
        sectors = _unwrapped(lap_time_ms, sectors)
    s1, s2, s3 = (plausibility.known("session_history.sector", sector) for sector in sectors)
    return HistoryLap(
        lap_number=number,
        lap_time_ms=lap_time_ms,
        sector1_ms=s1,
        sector2_ms=s2,
        sector3_ms=s3,
        is_valid=bool(entry.lap_valid_bit_flags & _LAP_VALID),
    )


def _unwrapped(lap_time_ms: int, sectors: tuple[int, ...]) -> tuple[int, ...]:
    """Sectors in ms if none of them wrapped, otherwise no sectors; in 2021 and 2022 they have 16 bits.

    The lap time shows how many wraps there are in total, but not in which sector.
    """
    wraps = round((lap_time_ms - sum(sectors)) / _WRAP_MS)
    return sectors if wraps == 0 else (0, 0, 0)


def mended_lap(lap: Lap, entry: HistoryLap, history: CarHistory) -> Lap:
    """A lap, completed and corrected by its entry in a session history."""
    sectors = _agreed_sectors(lap, entry)
    if entry.lacks_first_sector and sectors[0] is None:
        return replace(
            lap,
            lap_time_ms=None,
            sector2_ms=entry.sector2_ms,
            sector3_ms=entry.sector3_ms,
            is_valid=entry.is_valid,
            state=LapState.PARTIAL,
        )
    ours = (lap.sector1_ms, lap.sector2_ms, lap.sector3_ms)
    is_corrected = lap.lap_time_ms != entry.lap_time_ms or sectors != ours
    return replace(
        lap,
        lap_time_ms=entry.lap_time_ms,
        sector1_ms=sectors[0],
        sector2_ms=sectors[1],
        sector3_ms=sectors[2],
        is_valid=entry.is_valid,
        state=LapState.COMPLETED,
        recovered=lap.recovered or is_corrected,
        compound=history.compound(entry.lap_number) if lap.compound is None else lap.compound,
    )


def _agreed_sectors(lap: Lap, entry: HistoryLap) -> tuple[int | None, int | None, int | None]:
    """Our sectors if they add up to the lap time, else the history's, else each that either knows."""
    ours = (lap.sector1_ms, lap.sector2_ms, lap.sector3_ms)
    theirs = (entry.sector1_ms, entry.sector2_ms, entry.sector3_ms)
    if None not in ours and lap.lap_time_ms == entry.lap_time_ms:
        return ours
    if None not in theirs:
        return theirs
    s1, s2 = (lap.sector1_ms or entry.sector1_ms), (lap.sector2_ms or entry.sector2_ms)
    if s1 and s2 and s1 + s2 < entry.lap_time_ms:
        return s1, s2, entry.lap_time_ms - s1 - s2
    return s1, s2, None
