"""What the lap logic needs of a lap data packet, read without decoding the rest."""

from __future__ import annotations

from typing import Any, NamedTuple

from f1timings.packets import Columns, Fingerprint, Layout
from f1timings.units import ms_from_parts, ms_from_seconds

# A row's columns that stand still for most of a lap: while they are equal, nothing has happened. They are in
# the order of the wire, which is the cheapest to read.
_TIMES_2020 = ("last_lap_time", "sector1_time_ms", "sector2_time_ms")
_TIMES_2021 = ("last_lap_time_ms", "sector1_time_ms", "sector2_time_ms")
_TIMES_2023 = (
    "last_lap_time_ms",
    "sector1_time_ms",
    "sector1_time_minutes",
    "sector2_time_ms",
    "sector2_time_minutes",
)
_STEPS = ("current_lap_num", "pit_status", "sector", "current_lap_invalid", "driver_status", "result_status")


class LapRow(NamedTuple):
    """One car's row in one lap data packet.

    Attributes:
        last_lap_ms: 0 where there is none yet.
        current_lap_ms: time since the line.
        sector1_ms / sector2_ms: 0 until driven; up to 2022 modulo 65,536.
        lap_distance_m: metres from the line, negative before the first crossing.
        session_time_s: the packet's session time.
    """

    lap_number: int
    sector: int
    is_invalid: bool
    pit_status: int
    driver_status: int
    result_status: int
    last_lap_ms: int
    sector1_ms: int
    sector2_ms: int
    current_lap_ms: int
    lap_distance_m: float
    session_time_s: float


class LapReader:
    """Reads rows of one layout of lap data."""

    def __init__(self, layout: Layout) -> None:
        year = layout.packet_format
        self._times = _TIMES_2020 if year == 2020 else _TIMES_2021 if year < 2023 else _TIMES_2023
        self.width = len(self._times) + len(_STEPS)
        self._in_seconds = year == 2020
        self._slow = Columns(layout, (*self._times, *_STEPS))
        self._fingerprint = Fingerprint(layout, self._slow.names)
        clock = "current_lap_time" if self._in_seconds else "current_lap_time_ms"
        self._fast = Columns(layout, (clock, "lap_distance"))

    def slow_columns(self, data: bytes) -> tuple[Any, ...]:
        """The columns that change only when something happens, car after car in one flat tuple."""
        return self._slow.flat(data)

    def fingerprint(self, data: bytes) -> int:
        """The same columns as one number: while it stays, nothing has happened."""
        return self._fingerprint.of(data)

    def row(self, flat: tuple[Any, ...], data: bytes, car_index: int, session_time_s: float) -> LapRow:
        """One car's row, of the flat tuple and the packet it was read from."""
        start = car_index * self.width
        last, *sectors, number, pit, sector, invalid, driver, result = flat[start : start + self.width]
        s1, s2 = self._sectors(*sectors)
        clock, distance = self._fast.flat(data)[car_index * 2 : car_index * 2 + 2]
        return LapRow(
            number,
            sector,
            bool(invalid),
            pit,
            driver,
            result,
            self._milliseconds(last),
            s1,
            s2,
            self._milliseconds(clock),
            distance,
            session_time_s,
        )

    def _sectors(self, first: int, second: int, *rest: int) -> tuple[int, int]:
        """Sector 1 and 2 in ms; since 2023 each has a minutes part behind it."""
        if not rest:
            return first, second
        return ms_from_parts(second, first), ms_from_parts(rest[1], rest[0])

    def _milliseconds(self, value: float) -> int:
        return ms_from_seconds(value) or 0 if self._in_seconds else int(value)
